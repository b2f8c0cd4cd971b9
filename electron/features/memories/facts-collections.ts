import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { isMemory } from '../../../shared/domain/memory/is-memory.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import type { OpenStores } from '../../store/open-stores.ts'

export interface FactsCollection {
  readonly collectionId: string
  readonly name: string
  readonly count: number | null
  readonly isLikely: boolean
}

export interface FactsCollectionsOptions {
  readonly stores: OpenStores
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
}

/** Collections whose profiles are looked at; a store can have thousands. */
const mostProfiles = 24
const factsName = /fact|preference|persona|profile|trait|belief|knowledge|note|memor/i

function likelihood(mapping: ProfileMapping, own: ProfileMapping, name: string): number {
  if (!isMemory(mapping) || mapping.fields.user === undefined) return 0
  const isFacts = mapping.kind === 'facts' && own.kind !== 'facts'
  return isFacts ? (factsName.test(name) ? 3 : 2) : 1
}

/** Other collections of the same database that name users, those that hold facts first; a likely one is worth showing unasked. */
export async function factsCollections(
  { stores, mappingOf }: FactsCollectionsOptions,
  ref: CollectionRef,
  signal: AbortSignal,
): Promise<FactsCollection[]> {
  const store = await stores.get(ref.connectionId, signal)
  const catalog = await store.catalog({ signal })
  const databases = catalog.tenants.flatMap((tenant) => tenant.databases.map(({ collections }) => collections))
  const here = databases.find((collections) => collections.some(({ id }) => id === ref.collectionId)) ?? []
  const own = await mappingOf(ref, signal)
  const others = here
    .filter(({ id, count }) => id !== ref.collectionId && count !== 0)
    .toSorted((a, b) => Number(factsName.test(b.name)) - Number(factsName.test(a.name)))
    .slice(0, mostProfiles)
  const weighed: { found: FactsCollection; weight: number }[] = []
  for (const { id, name, count } of others) {
    // A damaged collection beside this one is no reason to show none.
    const mapping = await mappingOf({ connectionId: ref.connectionId, collectionId: id }, signal).catch(() => null)
    signal.throwIfAborted()
    const weight = mapping === null ? 0 : likelihood(mapping, own, name)
    if (weight > 0) weighed.push({ found: { collectionId: id, name, count, isLikely: weight >= 2 }, weight })
  }
  return weighed.toSorted((a, b) => b.weight - a.weight).map(({ found }) => found)
}
