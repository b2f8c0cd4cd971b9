import type { StoredRecord } from '../../../shared/domain/record.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { metadataFromRows } from './metadata-rows.ts'
import type { Schema } from './schema.ts'
import { type Row, type Sqlite, textOf, wholeNumber } from './sqlite.ts'

/** Chroma's server takes 40 MB at once, so a healthy record is never near it. */
const mostBytes = 256_000_000

function byOwner(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const owner = Number(row['id'])
    const group = groups.get(owner)
    if (group) group.push(row)
    else groups.set(owner, [row])
  }
  return groups
}

/** @throws AppError 'unsupported' for so much text that holding it several times over, as passing it on does, could end the app */
function assertFits(database: Sqlite, wanted: string): void {
  const answer = database.first(
    'SELECT sum(octet_length(string_value)) AS bytes FROM main.embedding_metadata WHERE id IN (SELECT value FROM json_each(?))',
    [wanted],
  )
  const bytes = wholeNumber(answer?.['bytes']) ?? 0
  if (bytes <= mostBytes) return
  throw new AppError(
    'unsupported',
    `These records hold ${Math.round(bytes / 1_000_000).toLocaleString('en')} MB of text, more than can be shown at once.`,
    'Ask for fewer records at a time.',
  )
}

/**
 * Reads whole records by their row ids, in the order asked for. Rows that do not exist are left out.
 * @throws AppError 'damaged', 'unsupported'
 */
export function readRecords(database: Sqlite, schema: Schema, rowIds: ArrayLike<number>): StoredRecord[] {
  const wanted = `[${Array.from(rowIds).join(',')}]`
  assertFits(database, wanted)
  const ids = new Map(
    database
      .rows('SELECT id, CAST(embedding_id AS BLOB) name FROM embeddings WHERE id IN (SELECT value FROM json_each(?))', [wanted])
      .map((row) => [Number(row['id']), textOf(row['name']) ?? '']),
  )
  const columns = 'id, CAST(key AS BLOB) key, CAST(string_value AS BLOB) text, int_value, float_value, bool_value'
  const boolean = schema.hasBooleans ? columns : columns.replace('bool_value', 'NULL AS bool_value')
  const rows = byOwner(
    database.rows(`SELECT ${boolean} FROM main.embedding_metadata WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id, rowid`, [
      wanted,
    ]),
  )
  const arrays = byOwner(
    schema.hasArrays
      ? database.rows(
          `SELECT ${columns} FROM main.embedding_metadata_array WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id, rowid`,
          [wanted],
        )
      : [],
  )
  const records: StoredRecord[] = []
  for (const rowId of Array.from(rowIds)) {
    const id = ids.get(rowId)
    if (id === undefined) continue
    const { document, metadata, uri } = metadataFromRows(rows.get(rowId) ?? [], arrays.get(rowId) ?? [])
    records.push({ id, document, metadata, uri })
  }
  return records
}
