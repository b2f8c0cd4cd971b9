import { execFileSync } from 'node:child_process'
import { mkdir, open, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sqlite3 from 'node-sqlite3-wasm'
import type { BaseStore } from './base-store.ts'
import { seededRandom } from '../../support/random.ts'

/** The store that a damage is done to, and the names that are needed for it. */
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

const database = (patient: Patient): string => path.join(patient.directory, 'chroma.sqlite3')
const file = (patient: Patient, name: string): string => path.join(patient.folder, name)

function sql(patient: Patient, ...statements: string[]): void {
  const opened = new sqlite3.Database(database(patient))
  try {
    opened.exec('PRAGMA foreign_keys = OFF')
    for (const statement of statements)
      opened.exec(statement.replaceAll('$kept', patient.base.kept).replaceAll('$segment', patient.segment))
  } finally {
    opened.close()
  }
}

async function patch(name: string, at: number, bytes: Buffer): Promise<void> {
  const handle = await open(name, 'r+')
  await handle.write(bytes, 0, bytes.length, at)
  await handle.close()
}

function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}

async function cut(name: string, share: number): Promise<void> {
  await truncate(name, Math.floor((await readFile(name)).length * share))
}

async function garble(name: string, from: number, to: number, seed = 1): Promise<void> {
  const random = seededRandom(seed)
  const bytes = await readFile(name)
  for (let at = Math.floor(bytes.length * from); at < bytes.length * to; at += 1) bytes[at] = random.below(256)
  await writeFile(name, bytes)
}

async function flip(name: string, count: number, seed: number): Promise<void> {
  const random = seededRandom(seed)
  const bytes = await readFile(name)
  for (let index = 0; index < count; index += 1) {
    const at = random.below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
  }
  await writeFile(name, bytes)
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([Buffer.from('X'), length, bytes])
}

/** A pickle that runs `os.system` when Python reads it. */
function malicious(kind: 'reduce' | 'stack-global' | 'inst' | 'extension' | 'build'): Buffer {
  const start = Buffer.from([0x80, 4])
  const command = text('touch /tmp/mnemoscope-was-here')
  switch (kind) {
    case 'reduce':
      return Buffer.concat([start, Buffer.from('cos\nsystem\n('), command, Buffer.from('tR.')])
    case 'stack-global':
      return Buffer.concat([start, text('os'), text('system'), Buffer.from([0x93]), Buffer.from('('), command, Buffer.from('tR.')])
    case 'inst':
      return Buffer.concat([start, Buffer.from('('), command, Buffer.from('ios\nsystem\n.')])
    case 'extension':
      return Buffer.concat([start, Buffer.from([0x82, 1]), Buffer.from('.')])
    case 'build':
      return Buffer.concat([start, Buffer.from('cbuiltins\neval\n'), Buffer.from('}b.')])
  }
}

/** What old Python versions wrote: an object of a class, with a memo and frames. */
async function asPythonObject(patient: Patient): Promise<void> {
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

const pickle = 'index_metadata.pickle'
const slots = 'data_level0.bin'
const header = 'header.bin'

function damage(name: string, says: RegExp | null, vectors: Damage['vectors'], make: Damage['make'], records = true): Damage {
  return { name, says, vectors, make, records }
}

const pickles: Damage[] = [
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
        text('id_to_label'),
        Buffer.from('}('),
        text('first-30'),
        text('x'),
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
      Buffer.concat([Buffer.from([0x80, 3, 0x7d, 0x71, 0]), text('id_to_label'), Buffer.from([0x68, 0, 0x73, 0x2e])]),
    ),
  ),
]

const indexFiles: Damage[] = [
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

const databases: Damage[] = [
  damage('the database lost its second half', /lost its end/, 'none', (p) => cut(database(p), 0.5), false),
  damage(
    'the database lost its last page',
    /lost its end/,
    'none',
    async (p) => truncate(database(p), (await readFile(database(p))).length - 4096),
    false,
  ),
  damage('the database has 50 bytes left', /database cannot be used/, 'none', (p) => truncate(database(p), 50), false),
  damage('the database is empty', /database cannot be used/, 'none', (p) => truncate(database(p), 0), false),
  damage('the database is missing', /database cannot be used/, 'none', (p) => rm(database(p)), false),
  damage('the database is garbage', /database cannot be used/, 'none', (p) => garble(database(p), 0, 1), false),
  damage(
    'the first page of the database is garbage',
    /database cannot be used/,
    'none',
    (p) => patch(database(p), 0, Buffer.alloc(4096, 'x')),
    false,
  ),
  damage(
    'the database has another magic',
    /database cannot be used/,
    'none',
    (p) => patch(database(p), 0, Buffer.from('SQLite format 9')),
    false,
  ),
  damage(
    'the database claims an impossible page size',
    /database cannot be used/,
    'none',
    (p) => patch(database(p), 16, Buffer.from([3, 3])),
    false,
  ),
  damage(
    'the database and the pickle are missing',
    /made-up ids/,
    'none',
    async (p) => {
      await rm(database(p))
      await rm(file(p, pickle))
    },
    false,
  ),
  damage(
    'the database and the header are missing',
    /Nothing could be recovered|no file|not a database|empty/i,
    'none',
    async (p) => {
      await rm(database(p))
      await rm(file(p, header))
    },
    false,
  ),
  damage(
    'the database is a Git LFS pointer',
    /LFS/,
    'none',
    (p) => writeFile(database(p), 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n'),
    false,
  ),
  damage(
    'a folder has the name of the database',
    /not a file/,
    'none',
    async (p) => {
      await rm(database(p))
      await mkdir(database(p))
    },
    false,
  ),
  damage(
    'a pipe has the name of the database',
    /not a file/,
    'none',
    async (p) => {
      await rm(database(p))
      execFileSync('mkfifo', [database(p)])
    },
    false,
  ),
  damage(
    'a page in the middle of the database is zero',
    /./,
    'none',
    async (p) => {
      const size = (await readFile(database(p))).length
      await patch(database(p), Math.floor(size / 8192) * 4096, Buffer.alloc(4096))
    },
    false,
  ),
  damage('a journal of garbage lies beside the database', null, 'all', (p) => writeFile(`${database(p)}-journal`, Buffer.alloc(5000, 'j'))),
  damage('an empty journal lies beside the database', null, 'all', (p) => writeFile(`${database(p)}-journal`, '')),
  damage('a write-ahead log of garbage lies beside the database', null, 'all', (p) =>
    writeFile(`${database(p)}-wal`, Buffer.alloc(5000, 'w')),
  ),
  damage('the database is marked for write-ahead logging', null, 'all', (p) => patch(database(p), 18, Buffer.from([2, 2]))),
  damage(
    'the database is no store of Chroma',
    /tables? .* missing/,
    'none',
    async (p) => {
      await rm(database(p))
      await rename(p.folder, path.join(p.directory, 'elsewhere'))
      sql(p, 'CREATE TABLE notes (text)')
    },
    false,
  ),
]

const tables: Damage[] = [
  damage('the dimension in the database is wrong', /4,096 dimensions/, 'all', (p) =>
    sql(p, "UPDATE collections SET dimension = 4096 WHERE name = 'kept'"),
  ),
  damage('a queued vector is too short', /do(es)? not have 8 dimensions/, 'most', (p) =>
    sql(p, "UPDATE embeddings_queue SET vector = x'0000803f' WHERE id = 'tail-3'"),
  ),
  damage('a queued vector has an odd length', /do(es)? not have 8 dimensions/, 'most', (p) =>
    sql(p, "UPDATE embeddings_queue SET vector = x'00008' || 'x' WHERE id = 'tail-3'".replace("x'00008' || 'x'", "x'0000803f12'")),
  ),
  damage('queued metadata is no JSON', /no valid JSON/, 'all', (p) =>
    sql(p, "UPDATE embeddings_queue SET metadata = '{oops' WHERE id = 'tail-3'", lag(5)),
  ),
  damage('a queued document is a number', /stops Chroma for the whole database/, 'all', (p) =>
    sql(
      p,
      `UPDATE embeddings_queue SET metadata = '{"chroma:document":5}' WHERE id = 'tail-19'`,
      lag(1),
      "DELETE FROM embeddings WHERE embedding_id = 'tail-19'",
    ),
  ),
  damage(
    'a queued document is null',
    /stops Chroma for the whole database/,
    'most',
    (p) => sql(p, `UPDATE embeddings_queue SET metadata = '{"chroma:document":null}', operation = 1 WHERE id = 'tail-19'`, lag(1)),
    true,
  ),
  damage('a queued operation is of an unknown kind', /unknown kind|does not exist/, 'most', (p) =>
    sql(p, "UPDATE embeddings_queue SET operation = 9 WHERE id = 'tail-3'"),
  ),
  damage('the configuration is garbage', /configuration is no valid JSON/, 'all', (p) =>
    sql(p, "UPDATE collections SET config_json_str = '{{{'"),
  ),
  damage('the schema is garbage', /schema is no valid JSON/, 'all', (p) =>
    sql(p, 'ALTER TABLE collections ADD COLUMN schema_str TEXT', "UPDATE collections SET schema_str = 'nonsense'"),
  ),
  damage(
    'the segment of the records is not named',
    /segment of its records is missing/,
    'none',
    (p) => sql(p, "DELETE FROM segments WHERE scope = 'METADATA' AND collection = '$kept'"),
    false,
  ),
  damage('the segment of the vectors is not named', /segment of its vectors is missing/, 'tail', (p) =>
    sql(p, "DELETE FROM segments WHERE id = '$segment'"),
  ),
  damage('the segment of the vectors is of an unknown type', /unknown type/, 'all', (p) =>
    sql(p, "UPDATE segments SET type = 'urn:other' WHERE id = '$segment'"),
  ),
  damage('the segment has the name of another folder', /index is missing|segment/, 'tail', (p) =>
    sql(
      p,
      "UPDATE max_seq_id SET segment_id = '../../etc' WHERE segment_id = '$segment'",
      "UPDATE segments SET id = '../../etc' WHERE id = '$segment'",
    ),
  ),
  damage('max_seq_id of the vectors is missing', null, 'all', (p) => sql(p, "DELETE FROM max_seq_id WHERE segment_id = '$segment'")),
  damage('max_seq_id of the vectors is too high', /ends at operation/, 'all', (p) =>
    sql(p, "UPDATE max_seq_id SET seq_id = 999999 WHERE segment_id = '$segment'"),
  ),
  damage('max_seq_id is bytes', /mismatched types/, 'all', (p) =>
    sql(p, "UPDATE max_seq_id SET seq_id = x'00000000000003e8' WHERE segment_id = '$segment'"),
  ),
  damage('max_seq_id is text', null, 'all', (p) => sql(p, "UPDATE max_seq_id SET seq_id = 'abc' WHERE segment_id = '$segment'")),
  damage('the queue was emptied by hand', /ends at operation 0/, 'most', (p) => sql(p, 'DELETE FROM embeddings_queue')),
  damage('full-text rows are missing', /full-text table holds/, 'all', (p) =>
    sql(p, 'DELETE FROM embedding_fulltext_search WHERE rowid < 100'),
  ),
  damage('the full-text table is dropped', /full-text table is missing/, 'all', (p) => sql(p, 'DROP TABLE embedding_fulltext_search')),
  damage('lists of deleted records are left', /list elements? of deleted records/, 'all', (p) =>
    sql(
      p,
      'CREATE TABLE embedding_metadata_array (id INTEGER NOT NULL, key TEXT NOT NULL, string_value TEXT, int_value INTEGER, float_value REAL, bool_value INTEGER)',
      "INSERT INTO embedding_metadata_array VALUES (999999, 'secret', 'alpha', NULL, NULL, NULL)",
    ),
  ),
  ...['collections', 'segments', 'embeddings', 'embedding_metadata'].map((table) =>
    damage(`the table ${table} is dropped`, /database cannot be used/, 'none', (p: Patient) => sql(p, `DROP TABLE ${table}`), false),
  ),
  damage('the table embeddings_queue is dropped', /embeddings_queue is missing/, 'most', (p) => sql(p, 'DROP TABLE embeddings_queue')),
  ...['max_seq_id', 'tenants', 'databases', 'migrations', 'collection_metadata', 'embeddings_queue_config'].map((table) =>
    damage(`the table ${table} is dropped`, null, 'all', (p: Patient) => sql(p, `DROP TABLE ${table}`)),
  ),
  damage(
    'the records are a view without end',
    /database cannot be used/,
    'none',
    (p) =>
      sql(
        p,
        'DROP TABLE embeddings',
        "CREATE VIEW embeddings AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, 'x' AS segment_id, id AS embedding_id, 1 AS seq_id, 1 AS created_at FROM n",
      ),
    false,
  ),
  damage('a collection is in a database that does not exist', null, 'all', (p) =>
    sql(p, "UPDATE collections SET database_id = 'nowhere' WHERE name = 'kept'"),
  ),
  damage('a text value is bytes', null, 'all', (p) => sql(p, "UPDATE embedding_metadata SET string_value = x'ff00fe' WHERE key = 'topic'")),
  damage('a number is a text', null, 'all', (p) => sql(p, "UPDATE embedding_metadata SET int_value = 'many' WHERE key = 'n'")),
  damage('metadata rows hold nothing', null, 'all', (p) =>
    sql(p, 'UPDATE embedding_metadata SET string_value = NULL, int_value = NULL, float_value = NULL, bool_value = NULL'),
  ),
  damage('metadata of records that do not exist is left', /Metadata of .* do not exist/, 'all', (p) =>
    sql(p, "INSERT INTO embedding_metadata (id, key, string_value) VALUES (888888, 'lost', 'x')"),
  ),
  damage('records belong to no collection', /belong to no collection/, 'all', (p) =>
    sql(p, "INSERT INTO embeddings (segment_id, embedding_id, seq_id) VALUES ('nobody', 'x', 1)"),
  ),
  damage(
    'a record has an impossible row',
    /impossible/,
    'most',
    (p) => sql(p, "UPDATE embeddings SET id = 1152921504606846975 WHERE embedding_id = 'tail-19'"),
    false,
  ),
  damage('a record has a negative row', null, 'most', (p) => sql(p, "UPDATE embeddings SET id = -5 WHERE embedding_id = 'tail-19'"), false),
  damage('the index over metadata is dropped', null, 'all', (p) =>
    sql(
      p,
      'DROP INDEX embedding_metadata_int_value',
      'DROP INDEX embedding_metadata_string_value',
      'DROP INDEX embedding_metadata_float_value',
    ),
  ),
  damage('a trigger waits for changes', null, 'all', (p) =>
    sql(p, 'CREATE TRIGGER trap AFTER INSERT ON embeddings BEGIN DELETE FROM embeddings; END'),
  ),
]

/** SQL that makes the records lag behind the last operations of `kept`, as after a crash. */
function lag(operations: number): string {
  return `UPDATE max_seq_id SET seq_id = (SELECT max(seq_id) FROM embeddings_queue WHERE topic LIKE '%$kept') - ${operations}
    WHERE segment_id = (SELECT id FROM segments WHERE scope = 'METADATA' AND collection = '$kept')`
}

const seeds = [1, 2, 3, 4]
const random: Damage[] = [
  ...seeds.flatMap((seed) => [
    damage(`bytes of the database are flipped (${seed})`, null, 'none', (p: Patient) => flip(database(p), 40, seed), false),
    damage(`bytes of data_level0.bin are flipped (${seed})`, null, 'none', (p: Patient) => flip(file(p, slots), 40, seed)),
    damage(`bytes of header.bin are flipped (${seed})`, null, 'none', (p: Patient) => flip(file(p, header), 6, seed)),
    damage(`bytes of the pickle are flipped (${seed})`, null, 'none', (p: Patient) => flip(file(p, pickle), 10, seed)),
    damage(
      `the database ends at a random place (${seed})`,
      /lost its end|database cannot be used/,
      'none',
      (p: Patient) => cut(database(p), seededRandom(seed).next()),
      false,
    ),
    damage(`the pickle ends at a random place (${seed})`, /pickle cannot be read/, 'all', (p: Patient) =>
      cut(file(p, pickle), seededRandom(seed).next()),
    ),
  ]),
]

export const damages: readonly Damage[] = [...pickles, ...indexFiles, ...databases, ...tables, ...random]
