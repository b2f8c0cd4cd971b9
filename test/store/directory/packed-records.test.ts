import { rm } from 'node:fs/promises'
import path from 'node:path'
import sqlite3 from 'node-sqlite3-wasm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packRecords } from '../../../electron/store/directory/pack-records.ts'
import { adaptSchema } from '../../../electron/store/directory/schema.ts'
import { Sqlite } from '../../../electron/store/directory/sqlite.ts'
import { unpackRecords } from '../../../electron/store/directory/unpack-records.ts'
import type { MetadataScalar, MetadataValue } from '../../../shared/domain/metadata.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { temporaryFolder } from '../../support/fixtures.ts'
import { seededRandom } from '../../support/random.ts'

const tables = `
  CREATE TABLE collections (id TEXT PRIMARY KEY, name TEXT, dimension INTEGER, database_id TEXT, config_json_str TEXT, schema_str TEXT);
  CREATE TABLE segments (id TEXT PRIMARY KEY, type TEXT, scope TEXT, collection TEXT);
  CREATE TABLE embeddings (id INTEGER PRIMARY KEY, segment_id TEXT, embedding_id TEXT, seq_id BLOB, created_at TIMESTAMP);
  CREATE TABLE embedding_metadata (id INTEGER, key TEXT, string_value TEXT, int_value INTEGER, float_value REAL, bool_value INTEGER, PRIMARY KEY (id, key));
  CREATE TABLE embedding_metadata_array (id INTEGER, key TEXT, string_value TEXT, int_value INTEGER, float_value REAL, bool_value INTEGER);`

let folder: string
let file: string

beforeAll(async () => {
  folder = await temporaryFolder('packed')
  file = path.join(folder, 'chroma.sqlite3')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The columns of a value: text, integer, float, boolean. */
function columnsOf(value: MetadataScalar): (Uint8Array | bigint | number | null)[] {
  if (typeof value === 'string') return [Buffer.from(value), null, null, null]
  if (typeof value === 'bigint') return [null, value, null, null]
  return typeof value === 'number' ? [null, null, value, null] : [null, null, null, value ? 1 : 0]
}

/** Any double but NaN, which SQLite does not keep, by its bits. */
function anyDouble(below: (limit: number) => number): number {
  const bits = new DataView(new ArrayBuffer(8))
  for (;;) {
    bits.setUint32(0, below(2 ** 32))
    bits.setUint32(4, below(2 ** 32))
    const value = bits.getFloat64(0)
    if (!Number.isNaN(value) && value !== 0) return value
  }
}

test('records come out of the reader as they were put in, whatever they hold', () => {
  const random = seededRandom(3)
  const long = (bytes: number): string => 'é'.repeat(bytes / 2)
  const metadata: [string, MetadataValue][][] = [
    [
      ['least', -(2n ** 63n)],
      ['most', 2n ** 63n - 1n],
      ['beyond a double', 2n ** 53n + 1n],
      ['safe', 2n ** 53n - 1n],
      ['zero', 0n],
    ],
    [
      ['endless', Infinity],
      ['less', -Infinity],
      ['tiny', 5e-324],
      ['huge', Number.MAX_VALUE],
      ['whole', 3],
      ['true', true],
      ['false', false],
    ],
    [
      ['text', 'a\0b\ufeff"\\\n\u2028🙂'],
      ['empty', ''],
      ['kept apart', long(8194)],
      ['just not', long(8192)],
      ['__proto__', 'key'],
      ['key "with" \\ \n', 'x'],
    ],
    [
      ['list', [1n, 2n ** 60n + 1n]],
      ['texts', ['', 'a\0b', long(20_000)]],
      ['after', 'the lists'],
    ],
    ...Array.from({ length: 2000 }, (): [string, MetadataValue][] =>
      Array.from({ length: 5 }, (_, index) => [`float ${index}`, anyDouble(random.below)]),
    ),
  ]
  const expected = metadata.map((entries, index): StoredRecord => {
    const lists = entries.filter(([, value]) => Array.isArray(value))
    const rest = entries.filter(([, value]) => !Array.isArray(value))
    const document = index === 2 ? long(300_000) : `Document ${index}`
    return { id: `id "${index}"\0${index}`, document, uri: index === 1 ? 'file:///1' : null, metadata: new Map([...rest, ...lists]) }
  })
  const database = new sqlite3.Database(file)
  database.exec(tables)
  database.exec('BEGIN')
  const value = database.prepare('INSERT INTO embedding_metadata VALUES (?, CAST(? AS TEXT), CAST(? AS TEXT), ?, ?, ?)')
  const element = database.prepare('INSERT INTO embedding_metadata_array VALUES (?, CAST(? AS TEXT), CAST(? AS TEXT), ?, ?, ?)')
  for (const [index, record] of expected.entries()) {
    database.run('INSERT INTO embeddings VALUES (?, ?, CAST(? AS TEXT), 1, 0)', [index + 1, 's', Buffer.from(record.id)])
    const put = (key: string, scalar: MetadataScalar): void => void value.run([index + 1, Buffer.from(key), ...columnsOf(scalar)])
    for (const [key, kept] of record.metadata ?? []) {
      if (!Array.isArray(kept)) put(key, kept)
      else for (const item of kept) element.run([index + 1, Buffer.from(key), ...columnsOf(item)])
    }
    put('chroma:document', record.document ?? '')
    if (record.uri !== null) put('chroma:uri', record.uri)
  }
  value.finalize()
  element.finalize()
  database.exec('COMMIT')
  database.close()

  const opened = new Sqlite(file, { readOnly: true, bytes: 1_000_000 })
  try {
    const schema = adaptSchema(opened)
    const rows = expected.map((_, index) => index + 1).toReversed()
    const read = unpackRecords(structuredClone(packRecords(opened, schema, [...rows, 99_999])))
    expect(read).toEqual(expected.toReversed())
    // Maps are equal in any order; keys shall come in the order of writing.
    expect(read.map(({ metadata: map }) => [...(map?.keys() ?? [])])).toEqual(
      expected.toReversed().map(({ metadata: map }) => [...(map?.keys() ?? [])]),
    )
    expect(packRecords(opened, schema, [])).toEqual([])
  } finally {
    opened.close()
  }
})
