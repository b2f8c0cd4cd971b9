import { useQuery } from '@tanstack/react-query'
import type { CollectionRef, CollectionSummary } from '../../../shared/contract/collections.ts'
import { useClient } from '../../lib/client-context.tsx'
import { collectionsOf } from '../../lib/collections-of.ts'

/** A collection as its store lists it, and the others of its database; null while it is not known. */
export function useCollection({ connectionId, collectionId }: CollectionRef): {
  readonly collection: CollectionSummary | null
  readonly others: readonly CollectionSummary[]
} {
  const client = useClient()
  const { data: catalog } = useQuery(client.query('collections.catalog', { connectionId }))
  const all = catalog ? collectionsOf(catalog) : []
  const collection = all.find(({ id }) => id === collectionId) ?? null
  const others = all.filter(
    ({ id, tenant, database }) => id !== collectionId && tenant === collection?.tenant && database === collection.database,
  )
  return { collection, others }
}
