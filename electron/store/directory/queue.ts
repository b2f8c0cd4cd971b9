import type { StoredCollection } from './collections.ts'
import { bindText, type Row, type Sqlite, type SqlValue, textOf, wholeNumber } from './sqlite.ts'

export const operations = { add: 0, update: 1, upsert: 2, delete: 3 } as const

/** An operation in the write-ahead queue, without its vector. */
export interface QueuedOperation {
  readonly sequence: number
  readonly operation: number
  readonly id: string
  /** Bytes of the vector; null where the operation has none. */
  readonly vectorBytes: number | null
  readonly encoding: string | null
}

const columns = `seq_id, operation, CAST(id AS BLOB) id, CASE typeof(vector) WHEN 'blob' THEN length(vector) WHEN 'null' THEN NULL ELSE -1 END size, CAST(encoding AS BLOB) encoding`

/** Conditions that pick a collection's operations. */
export function ofCollection(collection: StoredCollection): { condition: string; values: SqlValue[] } {
  return {
    condition: `topic IN (${collection.topics.map(() => 'CAST(? AS TEXT)').join(', ')})`,
    values: collection.topics.map(bindText),
  }
}

function operationOf(row: Row): QueuedOperation {
  return {
    sequence: wholeNumber(row['seq_id']) ?? 0,
    operation: wholeNumber(row['operation']) ?? -1,
    id: textOf(row['id']) ?? '',
    vectorBytes: wholeNumber(row['size']),
    encoding: textOf(row['encoding']),
  }
}

/** The operations after `sequence`, in order. @throws AppError 'damaged', 'cancelled' */
export async function* operationsAfter(
  database: Sqlite,
  collection: StoredCollection,
  sequence: number,
  signal?: AbortSignal,
): AsyncGenerator<QueuedOperation> {
  const { condition, values } = ofCollection(collection)
  const sql = `SELECT ${columns} FROM embeddings_queue WHERE seq_id > ? AND ${condition} ORDER BY seq_id`
  for await (const row of database.iterate(sql, [sequence, ...values], signal)) yield operationOf(row)
}

/**
 * Where the newest vector of each id is after the operations, by Chroma's rules: add only an unknown id, update only a known one
 * that is given a vector, upsert always, delete. See local_hnsw.rs in Chroma.
 * @param isKnown whether the index already holds an id before the first operation
 * @returns for each id whose vector changed the operation that holds it, or 'deleted'
 */
export async function replayVectors(
  all: AsyncIterable<QueuedOperation>,
  isKnown: (id: string) => boolean,
): Promise<Map<string, QueuedOperation | 'deleted'>> {
  const states = new Map<string, QueuedOperation | 'deleted'>()
  for await (const entry of all) {
    const state = states.get(entry.id)
    const known = state === undefined ? isKnown(entry.id) : state !== 'deleted'
    switch (entry.operation) {
      case operations.add:
        if (!known && entry.vectorBytes !== null) states.set(entry.id, entry)
        break
      case operations.update:
        if (known && entry.vectorBytes !== null) states.set(entry.id, entry)
        break
      case operations.upsert:
        if (entry.vectorBytes !== null) states.set(entry.id, entry)
        break
      case operations.delete:
        if (known) states.set(entry.id, 'deleted')
        break
    }
  }
  return states
}

/** Vectors of operations by their sequence numbers, as raw little-endian bytes. */
export function queuedVectors(database: Sqlite, sequences: readonly number[]): Map<number, Uint8Array> {
  const vectors = new Map<number, Uint8Array>()
  for (let from = 0; from < sequences.length; from += 500) {
    const wanted = `[${sequences.slice(from, from + 500).join(',')}]`
    for (const row of database.rows(
      'SELECT seq_id, CAST(vector AS BLOB) vector FROM embeddings_queue WHERE seq_id IN (SELECT value FROM json_each(?))',
      [wanted],
    )) {
      const vector = row['vector']
      if (vector instanceof Uint8Array) vectors.set(Number(row['seq_id']), vector)
    }
  }
  return vectors
}
