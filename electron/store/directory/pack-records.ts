import { AppError } from '../../../shared/rpc/errors.ts'
import { type PackedChunk, type PackedRecords, type PackedRows, valueKinds } from './packed-records.ts'
import type { Schema } from './schema.ts'
import { type Row, type Sqlite, type SqlValue, textOf } from './sqlite.ts'

/** Chroma's server takes 40 MB at once, so a healthy record is never near it; holding more several times over could end the app. */
const mostBytes = 256_000_000
/** Records in one JSON text; more at once gain nothing. */
const chunk = 500
/** Texts that are longer are read one by one, so that what one JSON text holds stays small. */
const longestInline = 8192
const largestSafe = Number.MAX_SAFE_INTEGER

/** @throws AppError 'unsupported' */
function refuseTooMuch(): never {
  throw new AppError(
    'unsupported',
    `These records hold more than ${mostBytes / 1_000_000} MB of text, more than can be shown at once.`,
    'Ask for fewer records at a time.',
  )
}

/**
 * SQLite makes arrays of the columns: to take values over from WebAssembly one by one costs more than to find them.
 * It writes floats with 17 digits, which tell every double from every other.
 */
function rowsQuery(table: string, boolean: string, condition: string): string {
  const { text, apart, whole, float, truth } = valueKinds
  const exact = `iif(int_value BETWEEN -${largestSafe} AND ${largestSafe}, int_value, CAST(int_value AS TEXT))`
  const isShort = `octet_length(string_value) <= ${longestInline}`
  const byKind = (ofText: string, ofWhole: string, ofReal: string, ofFloat: string, ofTruth: string): string =>
    `CASE WHEN string_value IS NOT NULL THEN ${ofText} WHEN typeof(int_value) = 'integer' THEN ${ofWhole}
      WHEN typeof(int_value) = 'real' THEN ${ofReal} WHEN typeof(float_value) IN ('real', 'integer') THEN ${ofFloat}
      WHEN ${boolean} IS NOT NULL THEN ${ofTruth} END`
  const value = byKind(`iif(${isShort}, CAST(string_value AS TEXT), NULL)`, exact, 'int_value', 'float_value', `${boolean} IS NOT 0`)
  const kind = byKind(`iif(${isShort}, ${text}, ${apart})`, `${whole}`, `${float}`, `${float}`, `${truth}`)
  const column = (expression: string, name: string): string => `CAST(json_group_array(${expression}) AS BLOB) ${name}`
  return `SELECT ${column('rowid', 'places')}, ${column('id', 'owners')}, ${column('CAST(key AS TEXT)', 'keys')},
      ${column(value, '"values"')}, ${column(kind, 'kinds')}
    FROM main.${table} WHERE ${condition}`
}

/** Which records are meant, as SQL. */
interface Wanted {
  readonly condition: string
  readonly values: readonly SqlValue[]
}

/** Rows without a gap are one stretch of each index, found at once. */
function wantedRows(rows: readonly number[]): Wanted {
  const [low, high] = [Math.min(...rows), Math.max(...rows)]
  const isStretch = high - low + 1 === rows.length && new Set(rows).size === rows.length
  if (isStretch) return { condition: 'id BETWEEN ? AND ?', values: [low, high] }
  return { condition: 'id IN (SELECT value FROM json_each(?))', values: [`[${rows.join(',')}]`] }
}

function arrayAt(row: Row | null, column: string): string {
  return textOf(row?.[column]) ?? '[]'
}

/** What one request reads, up to the most that it may. */
class Packing {
  readonly #database: Sqlite
  readonly #schema: Schema
  #bytes = 0

  constructor(database: Sqlite, schema: Schema) {
    this.#database = database
    this.#schema = schema
  }

  chunk(rows: readonly number[]): PackedChunk {
    const wanted = wantedRows(rows)
    const found = this.#database.first(
      `SELECT CAST(json_group_array(id) AS BLOB) found, CAST(json_group_array(CAST(embedding_id AS TEXT)) AS BLOB) ids
        FROM embeddings WHERE ${wanted.condition}`,
      wanted.values,
    )
    const { hasArrays, hasBooleans } = this.#schema
    const values = this.#rows('embedding_metadata', hasBooleans ? 'bool_value' : 'NULL', wanted)
    const elements = hasArrays ? this.#rows('embedding_metadata_array', 'bool_value', wanted) : null
    return { rows: [...rows], found: arrayAt(found, 'found'), ids: arrayAt(found, 'ids'), values, elements }
  }

  #rows(table: string, boolean: string, wanted: Wanted): PackedRows {
    const row = this.#database.first(rowsQuery(table, boolean, wanted.condition), wanted.values)
    const packed = {
      places: arrayAt(row, 'places'),
      owners: arrayAt(row, 'owners'),
      keys: arrayAt(row, 'keys'),
      values: arrayAt(row, 'values'),
      kinds: arrayAt(row, 'kinds'),
    }
    this.#count(packed.keys.length + packed.values.length)
    const apart = packed.kinds.includes(String(valueKinds.apart)) ? this.#apart(table, wanted) : new Map<number, string>()
    return { ...packed, apart }
  }

  #apart(table: string, { condition, values }: Wanted): Map<number, string> {
    const apart = new Map<number, string>()
    const sql = `SELECT rowid place, CASE WHEN octet_length(string_value) <= ${mostBytes} THEN CAST(string_value AS BLOB) END text,
        octet_length(string_value) bytes
      FROM main.${table} WHERE ${condition} AND octet_length(string_value) > ${longestInline}`
    this.#database.visit(sql, values, (row) => {
      this.#count(Number(row['bytes'] ?? 0))
      apart.set(Number(row['place']), textOf(row['text']) ?? '')
    })
    return apart
  }

  #count(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > mostBytes) refuseTooMuch()
  }
}

/**
 * Reads whole records by their row ids. Rows that do not exist are left out.
 * @throws AppError 'damaged', 'unsupported'
 */
export function packRecords(database: Sqlite, schema: Schema, rowIds: ArrayLike<number>): PackedRecords {
  const packing = new Packing(database, schema)
  const rows = Array.from(rowIds)
  const packed: PackedRecords = []
  for (let from = 0; from < rows.length; from += chunk) packed.push(packing.chunk(rows.slice(from, from + chunk)))
  return packed
}
