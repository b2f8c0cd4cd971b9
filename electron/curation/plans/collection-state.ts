import type { Store } from '../../store/store.ts'
import type { CollectionState } from '../change.ts'

/** All of a collection but its records, as the store has it. @throws AppError 'not-found', and as the store does */
export async function collectionState(store: Store, collectionId: string, signal: AbortSignal): Promise<CollectionState> {
  const { summary, metadata, configuration, schema } = await store.detail(collectionId, { signal })
  const { id, tenant, database, name, dimension } = summary
  return { id, tenant, database, name, metadata, configuration, schema, dimension }
}
