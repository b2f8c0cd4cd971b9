import type { StoredRecord } from '../../shared/domain/record.ts'
import type { Store, StoreOptions } from '../store/store.ts'
import type { RecordState } from './change.ts'
import { readAhead } from './early.ts'

/** As many texts as are read at once. Vectors of all ids are read at once, because an index is looked through whole for each reading. */
const chunk = 2000

/**
 * Whole records as the store has them now, by id; those that do not exist are left out.
 * @throws AppError as the store does, 'not-found' for an unknown collection
 */
export async function readStates(
  store: Store,
  collectionId: string,
  ids: readonly string[],
  options: StoreOptions = {},
): Promise<Map<string, RecordState>> {
  const states = new Map<string, RecordState>()
  const { ids: found, dimension, data } = await vectorsOf(store, collectionId, ids, options)
  const vectors = new Map(found.map((id, index) => [id, data.subarray(index * dimension, (index + 1) * dimension)]))
  for await (const records of readAhead(recordsOf(store, collectionId, ids, options))) {
    for (const { id, document, metadata, uri } of records) states.set(id, { id, document, metadata, uri, vector: vectors.get(id) ?? null })
  }
  return states
}

async function* recordsOf(
  store: Store,
  collectionId: string,
  ids: readonly string[],
  options: StoreOptions,
): AsyncGenerator<StoredRecord[]> {
  for (let from = 0; from < ids.length; from += chunk) yield await store.records(collectionId, ids.slice(from, from + chunk), options)
}

async function vectorsOf(
  store: Store,
  collectionId: string,
  ids: readonly string[],
  options: StoreOptions,
): Promise<{ ids: string[]; dimension: number; data: Float32Array }> {
  if (ids.length === 0) return { ids: [], dimension: 0, data: new Float32Array(0) }
  return store.vectors(collectionId, ids, options)
}
