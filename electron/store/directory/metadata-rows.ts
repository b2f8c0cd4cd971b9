import type { Metadata, MetadataScalar, MetadataValue } from '../../../shared/domain/metadata.ts'
import { type Row, textOf } from './sqlite.ts'

const documentKey = 'chroma:document'
const uriKey = 'chroma:uri'
const hiddenPrefix = 'chroma:'

/** The value that a row of one of the metadata tables holds; null where all of its columns are empty. */
export function valueOfRow(row: Row): MetadataScalar | null {
  const text = textOf(row['text'])
  if (text !== null) return text
  const whole = row['int_value']
  if (typeof whole === 'number' || typeof whole === 'bigint') return Number.isInteger(Number(whole)) ? BigInt(whole) : Number(whole)
  const float = row['float_value']
  if (typeof float === 'number' || typeof float === 'bigint') return Number(float)
  const truth = row['bool_value']
  return truth === null || truth === undefined ? null : truth !== 0
}

export interface RecordParts {
  readonly metadata: Metadata | null
  readonly document: string | null
  readonly uri: string | null
}

/**
 * Puts a record together from its metadata rows, in the order given. Keys that start with `chroma:` are Chroma's own and hidden;
 * metadata is null where no row but the document's exists, and empty where only hidden ones do, as Chroma answers it.
 * @param rows key, text, int_value, float_value, bool_value
 * @param arrayRows the same, one row for each element
 */
export function metadataFromRows(rows: readonly Row[], arrayRows: readonly Row[]): RecordParts {
  const metadata: Metadata = new Map()
  let hasOther = false
  let document: string | null = null
  let uri: string | null = null
  for (const row of rows) {
    const key = textOf(row['key']) ?? ''
    const value = valueOfRow(row)
    if (key === documentKey) {
      document = value === null ? null : String(value)
      continue
    }
    hasOther = true
    if (key === uriKey) uri = value === null ? null : String(value)
    else if (value !== null && !key.startsWith(hiddenPrefix)) metadata.set(key, value)
  }
  const lists = new Map<string, MetadataScalar[]>()
  for (const row of arrayRows) {
    hasOther = true
    const key = textOf(row['key']) ?? ''
    const value = valueOfRow(row)
    if (value === null || key.startsWith(hiddenPrefix)) continue
    const list = lists.get(key)
    if (list) list.push(value)
    else lists.set(key, [value])
  }
  for (const [key, list] of lists) metadata.set(key, list satisfies MetadataValue)
  return { metadata: hasOther ? metadata : null, document, uri }
}
