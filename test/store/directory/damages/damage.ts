import { execFileSync } from 'node:child_process'
import { open, readFile, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sqlite3 from 'node-sqlite3-wasm'
import { seededRandom } from '../../../support/random.ts'
import type { BaseStore } from '../base-store.ts'

export interface Patient {
  readonly directory: string
  readonly base: BaseStore
  /** The folder of the index of `kept`, and its name. */
  readonly folder: string
  readonly segment: string
}

export interface Damage {
  readonly name: string
  readonly make: (patient: Patient) => Promise<void> | void
  /** A pattern for what is said about it: in a finding, in a collection's problem, or as the reason not to open it. Null where it needs no word. */
  readonly says: RegExp | null
  /** How many of the vectors of `kept` must still be right; 'none' where that cannot be asked. */
  readonly vectors: 'all' | 'most' | 'tail' | 'none'
  /** Whether the records of `kept` must all be there. */
  readonly records: boolean
}

export const database = (patient: Patient): string => path.join(patient.directory, 'chroma.sqlite3')
export const file = (patient: Patient, name: string): string => path.join(patient.folder, name)

export function sql(patient: Patient, ...statements: string[]): void {
  const opened = new sqlite3.Database(database(patient))
  try {
    opened.exec('PRAGMA foreign_keys = OFF')
    for (const statement of statements)
      opened.exec(statement.replaceAll('$kept', patient.base.kept).replaceAll('$segment', patient.segment))
  } finally {
    opened.close()
  }
}

export async function patch(name: string, at: number, bytes: Buffer): Promise<void> {
  const handle = await open(name, 'r+')
  await handle.write(bytes, 0, bytes.length, at)
  await handle.close()
}

export function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}

export async function cut(name: string, share: number): Promise<void> {
  await truncate(name, Math.floor((await readFile(name)).length * share))
}

export async function garble(name: string, from: number, to: number, seed = 1): Promise<void> {
  const random = seededRandom(seed)
  const bytes = await readFile(name)
  for (let at = Math.floor(bytes.length * from); at < bytes.length * to; at += 1) bytes[at] = random.below(256)
  await writeFile(name, bytes)
}

export async function flip(name: string, count: number, seed: number): Promise<void> {
  const random = seededRandom(seed)
  const bytes = await readFile(name)
  for (let index = 0; index < count; index += 1) {
    const at = random.below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
  }
  await writeFile(name, bytes)
}

export function pickledText(value: string): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([Buffer.from('X'), length, bytes])
}

/** A pickle that runs `os.system` when Python reads it. */
export function malicious(kind: 'reduce' | 'stack-global' | 'inst' | 'extension' | 'build'): Buffer {
  const start = Buffer.from([0x80, 4])
  const command = pickledText('touch /tmp/mnemoscope-was-here')
  switch (kind) {
    case 'reduce':
      return Buffer.concat([start, Buffer.from('cos\nsystem\n('), command, Buffer.from('tR.')])
    case 'stack-global':
      return Buffer.concat([
        start,
        pickledText('os'),
        pickledText('system'),
        Buffer.from([0x93]),
        Buffer.from('('),
        command,
        Buffer.from('tR.'),
      ])
    case 'inst':
      return Buffer.concat([start, Buffer.from('('), command, Buffer.from('ios\nsystem\n.')])
    case 'extension':
      return Buffer.concat([start, Buffer.from([0x82, 1]), Buffer.from('.')])
    case 'build':
      return Buffer.concat([start, Buffer.from('cbuiltins\neval\n'), Buffer.from('}b.')])
  }
}

/** What old Python versions wrote: an object of a class, with a memo and frames. */
export async function asPythonObject(patient: Patient): Promise<void> {
  const name = file(patient, 'index_metadata.pickle')
  const script = `
import pickle, sys, types
module = types.ModuleType('chromadb.segment.impl.vector.local_persistent_hnsw')
class PersistentData: pass
PersistentData.__module__ = module.__name__
PersistentData.__qualname__ = 'PersistentData'
module.PersistentData = PersistentData
parts = module.__name__.split('.')
for end in range(1, len(parts)): sys.modules['.'.join(parts[:end])] = types.ModuleType('.'.join(parts[:end]))
sys.modules[module.__name__] = module
data = PersistentData()
data.__dict__.update(pickle.load(open(sys.argv[1], 'rb')))
pickle.dump(data, open(sys.argv[1], 'wb'), 5)
`
  execFileSync('python3', ['-c', script, name])
}

export const pickle = 'index_metadata.pickle'
export const slots = 'data_level0.bin'
export const header = 'header.bin'

export function damage(name: string, says: RegExp | null, vectors: Damage['vectors'], make: Damage['make'], records = true): Damage {
  return { name, says, vectors, make, records }
}
