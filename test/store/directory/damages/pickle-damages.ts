import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { type Damage, asPythonObject, cut, damage, file, garble, malicious, pickle, pickledText } from './damage.ts'

export const pickleDamages: Damage[] = [
  damage('the pickle is missing', /pickle is missing/, 'all', (p) => rm(file(p, pickle))),
  damage('the pickle is empty', /pickle cannot be read/, 'all', (p) => truncate(file(p, pickle), 0)),
  damage('the pickle ends after a tenth', /pickle cannot be read/, 'all', (p) => cut(file(p, pickle), 0.1)),
  damage('the pickle ends in the middle', /pickle cannot be read/, 'all', (p) => cut(file(p, pickle), 0.5)),
  damage('the pickle lost its last byte', /pickle cannot be read/, 'all', async (p) =>
    truncate(file(p, pickle), (await readFile(file(p, pickle))).length - 1),
  ),
  damage('the pickle is garbage', /pickle cannot be read/, 'all', (p) => garble(file(p, pickle), 0, 1)),
  ...(['reduce', 'stack-global', 'inst', 'extension', 'build'] as const).map((kind) =>
    damage(`the pickle is malicious (${kind})`, /refused/, 'all', (p) => writeFile(file(p, pickle), malicious(kind))),
  ),
  damage('the pickle is an object of an old Python version', null, 'all', asPythonObject),
  damage('the pickle has labels that are texts', /pickle/, 'all', (p) =>
    writeFile(
      file(p, pickle),
      Buffer.concat([
        Buffer.from([0x80, 3]),
        Buffer.from('}('),
        pickledText('id_to_label'),
        Buffer.from('}('),
        pickledText('first-30'),
        pickledText('x'),
        Buffer.from('uu.'),
      ]),
    ),
  ),
  damage('the pickle asks for an endless text', /pickle cannot be read/, 'all', (p) =>
    writeFile(file(p, pickle), Buffer.concat([Buffer.from([0x80, 4, 0x8d]), Buffer.alloc(8, 0xff), Buffer.from('x')])),
  ),
  damage('the pickle uses a huge memo number', /pickle cannot be read/, 'all', (p) =>
    writeFile(file(p, pickle), Buffer.from([0x80, 3, 0x7d, 0x72, 0xff, 0xff, 0xff, 0xff, 0x2e])),
  ),
  damage('the pickle is nested a million times', /pickle cannot be read/, 'all', (p) =>
    writeFile(file(p, pickle), Buffer.concat([Buffer.from([0x80, 3]), Buffer.alloc(6_000_000, '(')])),
  ),
  damage('the pickle refers to itself', /pickle/, 'all', (p) =>
    writeFile(
      file(p, pickle),
      Buffer.concat([Buffer.from([0x80, 3, 0x7d, 0x71, 0]), pickledText('id_to_label'), Buffer.from([0x68, 0, 0x73, 0x2e])]),
    ),
  ),
]
