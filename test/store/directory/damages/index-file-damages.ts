import { execFileSync } from 'node:child_process'
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Damage, cut, damage, file, garble, header, long, patch, pickle, slots } from './damage.ts'

export const indexFileDamages: Damage[] = [
  damage('data_level0.bin is missing', /data_level0.bin is missing/, 'tail', (p) => rm(file(p, slots))),
  damage('data_level0.bin is empty', /data_level0.bin holds 0/, 'tail', (p) => truncate(file(p, slots), 0)),
  damage('data_level0.bin lost its second half', /data_level0.bin holds/, 'tail', (p) => truncate(file(p, slots), 300 * 172)),
  damage('data_level0.bin is all zero', /does not hold|no vector|cannot be matched|not in the index file/, 'tail', async (p) =>
    writeFile(file(p, slots), Buffer.alloc((await readFile(file(p, slots))).length)),
  ),
  damage('data_level0.bin is garbage in the middle', null, 'none', (p) => garble(file(p, slots), 0.02, 0.04)),
  damage('data_level0.bin has bytes behind its end', null, 'all', async (p) =>
    writeFile(file(p, slots), Buffer.concat([await readFile(file(p, slots)), Buffer.alloc(5000, 7)])),
  ),
  damage('data_level0.bin is a folder', /data_level0.bin/, 'tail', async (p) => {
    await rm(file(p, slots))
    await mkdir(file(p, slots))
  }),
  damage('header.bin is missing', /header.bin is missing/, 'all', (p) => rm(file(p, header))),
  damage('header.bin ends after 40 bytes', /header.bin of its index is damaged/, 'all', (p) => truncate(file(p, header), 40)),
  damage('header.bin is empty', /header.bin of its index is damaged/, 'all', (p) => truncate(file(p, header), 0)),
  damage('header.bin has another version', /format version is 2/, 'all', (p) => patch(file(p, header), 0, Buffer.from([2, 0, 0, 0]))),
  damage('header.bin counts twice as many', null, 'all', (p) => patch(file(p, header), 20, long(2000n))),
  damage('header.bin counts a trillion', /header.bin of its index is damaged/, 'all', (p) => patch(file(p, header), 20, long(2n ** 40n))),
  damage('header.bin has another place for labels', /header.bin of its index is damaged/, 'all', (p) =>
    patch(file(p, header), 36, long(999_999n)),
  ),
  damage('header.bin has another element size', /header.bin of its index is damaged/, 'all', (p) => patch(file(p, header), 28, long(1n))),
  damage('header.bin has an entry point that does not exist', /entry point/, 'all', (p) =>
    patch(file(p, header), 56, Buffer.from([255, 255, 255, 127])),
  ),
  damage('header.bin is all ones', /header.bin of its index is damaged/, 'all', (p) => writeFile(file(p, header), Buffer.alloc(100, 255))),
  damage('header.bin is all zero', /header.bin of its index is damaged/, 'all', (p) => writeFile(file(p, header), Buffer.alloc(100))),
  damage('length.bin is missing', /length.bin is missing/, 'all', (p) => rm(file(p, 'length.bin'))),
  damage('length.bin is too short', /length.bin is shorter/, 'all', (p) => truncate(file(p, 'length.bin'), 10)),
  damage('length.bin is garbage', null, 'all', (p) => garble(file(p, 'length.bin'), 0, 1)),
  damage('link_lists.bin is missing', /link_lists.bin is missing/, 'all', (p) => rm(file(p, 'link_lists.bin'))),
  damage('link_lists.bin is too short', /link_lists.bin/, 'all', (p) => cut(file(p, 'link_lists.bin'), 0.5)),
  damage('link_lists.bin is garbage', /link_lists.bin/, 'all', (p) => garble(file(p, 'link_lists.bin'), 0, 1)),
  damage('the index folder is missing', /folder of its index is missing/, 'tail', (p) => rm(p.folder, { recursive: true })),
  damage('the index folder is a file', /folder of its index is missing/, 'tail', async (p) => {
    await rm(p.folder, { recursive: true })
    await writeFile(p.folder, 'no folder')
  }),
  damage('a pipe has the name of the header', /header.bin/, 'all', async (p) => {
    await rm(file(p, header))
    execFileSync('mkfifo', [file(p, header)])
  }),
  damage('a pipe has the name of the pickle', /pickle/, 'all', async (p) => {
    await rm(file(p, pickle))
    execFileSync('mkfifo', [file(p, pickle)])
  }),
  damage('an index folder belongs to no collection', /belongs to no collection/, 'all', async (p) => {
    const other = path.join(p.directory, '00000000-1111-2222-3333-444444444444')
    await mkdir(other)
    await writeFile(path.join(other, header), Buffer.alloc(100))
  }),
]
