import { serialize } from 'node:v8'
import { z } from 'zod'
import { type Metadata, type MetadataValue, metadataSchema, metadataValuesSchema } from '../../shared/domain/metadata.ts'
import type { RecordChange, RecordState } from './change.ts'
import { damagedJournal, parsePayload } from './journal-payloads.ts'
import { identicalVectors } from './same-state.ts'

/** What each change has, as bits: states, and the parts in which its two states differ. */
const bits = { before: 1, after: 2, document: 4, metadata: 8, uri: 16, vector: 32 } as const
const allParts = bits.document | bits.metadata | bits.uri | bits.vector

/**
 * States of a batch part by part, one behind the other in the order of the changes: of each change what is before, then of what is
 * after only the parts that differ, or all of it where nothing is before. Columns are read and written three times as fast as objects.
 */
const columnsSchema = z.object({
  ids: z.array(z.string()),
  /** {@link bits} of each change. */
  bits: z.instanceof(Uint8Array),
  documents: z.array(z.string().nullable()),
  uris: z.array(z.string().nullable()),
  /** How many values each metadata has, -1 for none at all. */
  sizes: z.instanceof(Int32Array),
  /** Each key once, and which of them every value has. */
  keys: z.array(z.string()),
  keyOf: z.instanceof(Uint32Array),
  values: metadataValuesSchema,
  /** How many numbers each vector has, -1 for none. */
  lengths: z.instanceof(Int32Array),
  /** Vectors one behind the other. */
  numbers: z.instanceof(Float32Array),
})
type Columns = z.infer<typeof columnsSchema>

class ColumnsWriter {
  readonly #documents: (string | null)[] = []
  readonly #uris: (string | null)[] = []
  readonly #sizes: number[] = []
  readonly #keys = new Map<string, number>()
  readonly #keyOf: number[] = []
  readonly #values: MetadataValue[] = []
  readonly #vectors: (Float32Array | null)[] = []

  write({ document, metadata, uri, vector }: RecordState, parts: number): void {
    if (parts & bits.document) this.#documents.push(document)
    if (parts & bits.metadata) this.#writeMetadata(metadata)
    if (parts & bits.uri) this.#uris.push(uri)
    if (parts & bits.vector) this.#vectors.push(vector)
  }

  columns(ids: string[], flags: Uint8Array<ArrayBuffer>): Columns {
    return {
      ids,
      bits: flags,
      documents: this.#documents,
      uris: this.#uris,
      sizes: Int32Array.from(this.#sizes),
      keys: [...this.#keys.keys()],
      keyOf: Uint32Array.from(this.#keyOf),
      values: this.#values,
      lengths: Int32Array.from(this.#vectors, (vector) => vector?.length ?? -1),
      numbers: this.#joined(),
    }
  }

  #writeMetadata(metadata: Metadata | null): void {
    this.#sizes.push(metadata?.size ?? -1)
    for (const [key, value] of metadata ?? []) {
      const known = this.#keys.get(key) ?? this.#keys.size
      this.#keys.set(key, known)
      this.#keyOf.push(known)
      this.#values.push(value)
    }
  }

  /** A view of a large buffer would be written with the whole buffer. */
  #joined(): Float32Array<ArrayBuffer> {
    let length = 0
    for (const vector of this.#vectors) length += vector?.length ?? 0
    const all = new Float32Array(length)
    let at = 0
    for (const vector of this.#vectors) {
      if (vector === null) continue
      all.set(vector, at)
      at += vector.length
    }
    return all
  }
}

/** Goes through a column. */
class Cursor<Item> {
  readonly #column: ArrayLike<Item>
  #at = 0

  constructor(column: ArrayLike<Item>) {
    this.#column = column
  }

  /** @throws AppError 'damaged' behind the end */
  next(): Item {
    const item = this.#column[this.#at]
    this.#at += 1
    if (item === undefined) throw damagedJournal()
    return item
  }
}

class ColumnsReader {
  readonly #columns: Columns
  readonly #documents: Cursor<string | null>
  readonly #uris: Cursor<string | null>
  readonly #sizes: Cursor<number>
  readonly #keyOf: Cursor<number>
  readonly #values: Cursor<MetadataValue>
  readonly #lengths: Cursor<number>
  #numbers = 0

  constructor(columns: Columns) {
    this.#columns = columns
    this.#documents = new Cursor(columns.documents)
    this.#uris = new Cursor(columns.uris)
    this.#sizes = new Cursor(columns.sizes)
    this.#keyOf = new Cursor(columns.keyOf)
    this.#values = new Cursor(columns.values)
    this.#lengths = new Cursor(columns.lengths)
  }

  /** The parts that are not kept here are those of `same`. */
  read(id: string, parts: number, same: RecordState | null): RecordState {
    return {
      id,
      document: parts & bits.document ? this.#documents.next() : (same?.document ?? null),
      metadata: parts & bits.metadata ? this.#metadata() : (same?.metadata ?? null),
      uri: parts & bits.uri ? this.#uris.next() : (same?.uri ?? null),
      vector: parts & bits.vector ? this.#vector() : (same?.vector ?? null),
    }
  }

  #metadata(): Metadata | null {
    const size = this.#sizes.next()
    if (size < 0) return null
    const metadata: Metadata = new Map()
    for (let count = 0; count < size; count += 1) {
      const key = this.#columns.keys[this.#keyOf.next()]
      if (key === undefined) throw damagedJournal()
      metadata.set(key, this.#values.next())
    }
    return metadata
  }

  #vector(): Float32Array | null {
    const length = this.#lengths.next()
    if (length < 0) return null
    const vector = this.#columns.numbers.subarray(this.#numbers, this.#numbers + length)
    this.#numbers += length
    if (vector.length < length) throw damagedJournal()
    return vector
  }
}

function differences(before: RecordState, after: RecordState): number {
  return (
    (after.document === before.document ? 0 : bits.document) |
    (after.metadata === before.metadata ? 0 : bits.metadata) |
    (after.uri === before.uri ? 0 : bits.uri) |
    (identicalVectors(after.vector, before.vector) ? 0 : bits.vector)
  )
}

/** The bytes that a journal keeps of a batch. */
export function packChanges(changes: readonly RecordChange[]): Buffer {
  const writer = new ColumnsWriter()
  const flags = new Uint8Array(changes.length)
  for (const [index, { before, after }] of changes.entries()) {
    const parts = before !== null && after !== null ? differences(before, after) : 0
    if (before !== null) writer.write(before, allParts)
    if (after !== null) writer.write(after, before === null ? allParts : parts)
    flags[index] = (before === null ? 0 : bits.before) | (after === null ? 0 : bits.after) | parts
  }
  const ids = changes.map(({ id }) => id)
  return serialize(writer.columns(ids, flags))
}

/** The batch again. @throws AppError 'damaged' */
export function unpackChanges(payload: Buffer): RecordChange[] {
  const columns = parsePayload(batchSchema, payload)
  if ('changes' in columns) return unpackObjects(columns)
  if (columns.bits.length !== columns.ids.length) throw damagedJournal()
  const reader = new ColumnsReader(columns)
  return columns.ids.map((id, index) => {
    const flags = columns.bits[index] ?? 0
    const before = flags & bits.before ? reader.read(id, allParts, null) : null
    const after = flags & bits.after ? reader.read(id, before === null ? allParts : flags, before) : null
    return { id, before, after }
  })
}

const objectSchema = z.object({
  document: z.string().nullable(),
  metadata: metadataSchema.nullable(),
  uri: z.string().nullable(),
  /** Where the vector is among the numbers of its frame: the first and how many; null where there is none. */
  vector: z.tuple([z.number(), z.number()]).nullable(),
})

/** A batch of a journal of version 1. */
const objectsSchema = z.object({
  /** Of what is after, only what differs from before is kept: those parts are named in `differs`. */
  changes: z.array(
    z.object({
      id: z.string(),
      before: objectSchema.nullable(),
      after: objectSchema.nullable(),
      differs: z.array(z.enum(['document', 'metadata', 'uri', 'vector'])),
    }),
  ),
  numbers: z.instanceof(Float32Array),
})

const batchSchema = z.union([columnsSchema, objectsSchema])

function unpackObjects({ changes, numbers }: z.infer<typeof objectsSchema>): RecordChange[] {
  const whole = (id: string, { document, metadata, uri, vector }: z.infer<typeof objectSchema>): RecordState => ({
    id,
    document,
    metadata,
    uri,
    vector: vector && numbers.subarray(vector[0], vector[0] + vector[1]),
  })
  return changes.map(({ id, before, after, differs }) => {
    const state = before && whole(id, before)
    if (after === null || before === null) return { id, before: state, after: after && whole(id, after) }
    const merged = { ...before, ...Object.fromEntries(differs.map((part) => [part, after[part]])) }
    return { id, before: state, after: whole(id, merged) }
  })
}
