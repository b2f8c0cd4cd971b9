import { stringify } from 'lossless-json'
import type { Catalog, CollectionSummary } from '../../shared/contract/collections.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { ApiCollection } from '../store/server/api-schemas.ts'
import type { ChromaApi } from '../store/server/api.ts'
import type { CollectionState } from './change.ts'
import { sameMetadata } from './same-state.ts'

/** What tells collections apart that have no id yet. */
export function nameKey({ tenant, database, name }: Pick<CollectionState, 'tenant' | 'database' | 'name'>): string {
  return JSON.stringify([tenant, database, name])
}

/** The collection of a catalog that has this id. */
export function collectionById(catalog: Catalog, id: string): CollectionSummary | null {
  const all = catalog.tenants.flatMap(({ databases }) => databases.flatMap(({ collections }) => collections))
  return all.find((collection) => collection.id === id) ?? null
}

/** The collection under this name as Chroma answers it, null where there is none. */
export async function askForCollection(api: ChromaApi, { tenant, database, name }: CollectionState): Promise<ApiCollection | null> {
  try {
    return await api.collection({ tenant, database }, name)
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return null
    throw error
  }
}

/** A collection as it would have to be asked for to be made again. */
export function completeState(state: CollectionState, stored: ApiCollection): CollectionState {
  const configuration = stored.configuration_json
  return {
    ...state,
    id: stored.id,
    name: stored.name,
    metadata: stored.metadata,
    configuration: configuration === null || configuration === undefined ? state.configuration : (stringify(configuration) ?? null),
    dimension: stored.dimension,
  }
}

/**
 * Makes a collection where none of its name is there.
 * @param isOwn whether one of that name would be what an earlier try made
 * @returns its id
 * @throws AppError 'conflict' where there is another one of that name, and as {@link ChromaApi} does
 */
export async function makeCollection(api: ChromaApi, state: CollectionState, isOwn: boolean): Promise<string> {
  const { tenant, database, name, metadata, configuration } = state
  const present = await askForCollection(api, state)
  if (present && isOwn) return present.id
  if (present) throw new AppError('conflict', `There is another collection named ${name} by now.`, 'Rename it, then try again.')
  const made = await api.createCollection(
    { tenant, database },
    { name, metadata: metadata && metadata.size > 0 ? metadata : null, ...(configuration === null ? {} : { configuration }) },
  )
  return made.id
}

/**
 * Deletes a collection, which must be the one that is meant. Nothing happens where it is gone.
 * @throws AppError 'conflict' where another collection has its name by now
 */
export async function dropCollection(api: ChromaApi, state: CollectionState, id: string): Promise<void> {
  const present = await askForCollection(api, state)
  if (present === null) return
  if (present.id !== id) throw new AppError('conflict', `There is another collection named ${state.name} by now.`, 'It was left as it is.')
  await api.deleteCollection({ tenant: state.tenant, database: state.database }, state.name)
}

/** Renames a collection and replaces its metadata where they differ. Chroma cannot take the last metadata away; then it stays. */
export async function alterCollection(api: ChromaApi, from: CollectionState, to: CollectionState, id: string): Promise<void> {
  const name = from.name === to.name ? undefined : to.name
  const differs = !sameMetadata(from.metadata, to.metadata)
  const metadata = differs && to.metadata !== null && to.metadata.size > 0 ? to.metadata : undefined
  if (name === undefined && metadata === undefined) return
  await api.modifyCollection({ tenant: to.tenant, database: to.database, id }, { name, metadata })
}
