import type { StoredRecord } from '../../../shared/domain/record.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { metadataFromRows } from './metadata-rows.ts'
import type { Schema } from './schema.ts'
import { type Row, type Sqlite, textOf } from './sqlite.ts'

/** Chroma's server takes 40 MB at once, so a healthy record is never near it; holding more several times over could end the app. */
const mostBytes = 256_000_000

/** @throws AppError 'unsupported' */
function refuseTooMuch(): never {
  throw new AppError(
    'unsupported',
    `These records hold more than ${mostBytes / 1_000_000} MB of text, more than can be shown at once.`,
    'Ask for fewer records at a time.',
  )
}

/** Rows of a table of values by the record that they belong to, each record's in the order in which they were written. */
function valuesByOwner(database: Sqlite, table: string, boolean: string, wanted: string): Map<number, Row[]> {
  const text = `CASE WHEN octet_length(string_value) <= ${mostBytes} THEN CAST(string_value AS BLOB) END text, octet_length(string_value) bytes`
  const sql = `SELECT rowid place, id, CAST(key AS BLOB) key, ${text}, int_value, float_value, ${boolean}
    FROM main.${table} WHERE id IN (SELECT value FROM json_each(?))`
  const groups = new Map<number, Row[]>()
  let bytes = 0
  database.visit(sql, [wanted], (row) => {
    bytes += Number(row['bytes'] ?? 0)
    if (bytes > mostBytes) refuseTooMuch()
    const owner = Number(row['id'])
    const group = groups.get(owner)
    if (group) group.push(row)
    else groups.set(owner, [row])
  })
  // To sort so few at a time here is cheaper than to have SQLite sort whole texts.
  for (const group of groups.values()) group.sort((a, b) => Number(a['place']) - Number(b['place']))
  return groups
}

/**
 * Reads whole records by their row ids, in the order asked for. Rows that do not exist are left out.
 * @throws AppError 'damaged', 'unsupported'
 */
export function readRecords(database: Sqlite, schema: Schema, rowIds: ArrayLike<number>): StoredRecord[] {
  const wanted = `[${Array.from(rowIds).join(',')}]`
  const ids = new Map(
    database
      .rows('SELECT id, CAST(embedding_id AS BLOB) name FROM embeddings WHERE id IN (SELECT value FROM json_each(?))', [wanted])
      .map((row) => [Number(row['id']), textOf(row['name']) ?? '']),
  )
  const rows = valuesByOwner(database, 'embedding_metadata', schema.hasBooleans ? 'bool_value' : 'NULL bool_value', wanted)
  const arrays = schema.hasArrays ? valuesByOwner(database, 'embedding_metadata_array', 'bool_value', wanted) : new Map<number, Row[]>()
  const records: StoredRecord[] = []
  for (const rowId of Array.from(rowIds)) {
    const id = ids.get(rowId)
    if (id === undefined) continue
    const { document, metadata, uri } = metadataFromRows(rows.get(rowId) ?? [], arrays.get(rowId) ?? [])
    records.push({ id, document, metadata, uri })
  }
  return records
}
