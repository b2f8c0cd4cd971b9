import type { Metadata, MetadataScalar, MetadataValue } from '../../../shared/domain/metadata.ts'
import { type Row, textOf } from './sqlite.ts'

const documentKey = 'chroma:document'
const uriKey = 'chroma:uri'
const hiddenPrefix = 'chroma:'

/** A row of a table of values; null where all of its columns are empty. */
export interface KeyedValue {
  readonly key: string
  readonly value: MetadataScalar | null
}

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

/** @param row key, text, int_value, float_value, bool_value */
export function keyedValue(row: Row): KeyedValue {
  return { key: textOf(row['key']) ?? '', value: valueOfRow(row) }
}

export interface RecordParts {
  readonly metadata: Metadata | null
  readonly document: string | null
  readonly uri: string | null
}

/**
 * Puts a record together from its values, in the order given. Keys that start with `chroma:` are Chroma's own and hidden;
 * metadata is null where no value but the document's exists, and empty where only hidden ones do, as Chroma answers it.
 * @param elements of lists, one value for each element
 */
export function recordParts(values: readonly KeyedValue[], elements: readonly KeyedValue[]): RecordParts {
  const metadata: Metadata = new Map()
  let hasOther = false
  let document: string | null = null
  let uri: string | null = null
  for (const { key, value } of values) {
    if (key === documentKey) {
      document = value === null ? null : String(value)
      continue
    }
    hasOther = true
    if (key === uriKey) uri = value === null ? null : String(value)
    else if (value !== null && !key.startsWith(hiddenPrefix)) metadata.set(key, value)
  }
  if (elements.length === 0) return { metadata: hasOther ? metadata : null, document, uri }
  const lists = new Map<string, MetadataScalar[]>()
  for (const { key, value } of elements) {
    if (value === null || key.startsWith(hiddenPrefix)) continue
    const list = lists.get(key)
    if (list) list.push(value)
    else lists.set(key, [value])
  }
  for (const [key, list] of lists) metadata.set(key, list satisfies MetadataValue)
  return { metadata, document, uri }
}
