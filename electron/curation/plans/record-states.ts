import type { StoredRecord } from '../../../shared/domain/record.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { Store } from '../../store/store.ts'
import type { RecordState } from '../change.ts'

/** Most records that are read at once, and about how many bytes of vectors. */
const mostRecords = 5000
const mostVectorBytes = 32_000_000

/** How many records with vectors of this dimension are taken at once. */
export function recordsAtOnce(dimension: number | null): number {
  return Math.max(100, Math.min(mostRecords, Math.floor(mostVectorBytes / (4 * Math.max(1, dimension ?? 1)))))
}

/** Parts of a list, in order. */
export function* partsOf<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

/** Records by their ids, in stored order; in halves where their texts are too many to be read at once. Errors as in `Store.records`. */
async function recordsOf(store: Store, collectionId: string, ids: readonly string[], signal: AbortSignal): Promise<StoredRecord[]> {
  try {
    return await store.records(collectionId, ids, { signal })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'unsupported' || ids.length < 2) throw error
    const middle = ids.length >> 1
    const first = await recordsOf(store, collectionId, ids.slice(0, middle), signal)
    return [...first, ...(await recordsOf(store, collectionId, ids.slice(middle), signal))]
  }
}

/** Records by their ids, a part at a time and without vectors; unknown ids are left out. Errors as in `Store.records`. */
export async function* storedRecords(
  store: Store,
  collectionId: string,
  ids: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<StoredRecord[]> {
  for (const part of partsOf(ids, mostRecords)) yield await recordsOf(store, collectionId, part, signal)
}

/** Vectors by id, each in memory of its own; ids without a vector that can be read are absent. Errors as in `Store.vectors`. */
export async function vectorsById(
  store: Store,
  collectionId: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Float32Array>> {
  if (ids.length === 0) return new Map()
  const { ids: found, dimension, data } = await store.vectors(collectionId, ids, { signal })
  return new Map(found.map((id, place) => [id, data.slice(place * dimension, (place + 1) * dimension)]))
}

/** Whole records with their vectors, in stored order; unknown ids are left out. Errors as in `Store.records` and `Store.vectors`. */
export async function recordStates(
  store: Store,
  collectionId: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<RecordState[]> {
  const [records, vectors] = await Promise.all([recordsOf(store, collectionId, ids, signal), vectorsById(store, collectionId, ids, signal)])
  return records.map((record) => ({ ...record, vector: vectors.get(record.id) ?? null }))
}
