import type { Metadata, MetadataScalar } from '../../../shared/domain/metadata.ts'
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
 * Puts a record together from its values, in the order in which they are added. Keys that start with `chroma:` are Chroma's own and
 * hidden; metadata is null where no value but the document's was added, and empty where only hidden ones were, as Chroma answers it.
 */
export class RecordBuilder {
  readonly #metadata: Metadata = new Map()
  #hasOther = false
  #document: string | null = null
  #uri: string | null = null

  /** @param value null where all columns of its row are empty */
  add(key: string, value: MetadataScalar | null): void {
    if (key === documentKey) {
      this.#document = value === null ? null : String(value)
      return
    }
    this.#hasOther = true
    if (key === uriKey) this.#uri = value === null ? null : String(value)
    else if (value !== null && !key.startsWith(hiddenPrefix)) this.#metadata.set(key, value)
  }

  /** Lists come after all other values, in the order of their keys here. */
  addLists(lists: ReadonlyMap<string, readonly MetadataScalar[]>): void {
    this.#hasOther = true
    for (const [key, list] of lists) if (list.length > 0 && !key.startsWith(hiddenPrefix)) this.#metadata.set(key, [...list])
  }

  parts(): RecordParts {
    return { metadata: this.#hasOther ? this.#metadata : null, document: this.#document, uri: this.#uri }
  }
}
