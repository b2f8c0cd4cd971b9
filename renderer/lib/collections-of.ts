import type { Catalog, CollectionSummary } from '../../shared/contract/collections.ts'

/** All collections of a catalog in its order. */
export function collectionsOf(catalog: Catalog): CollectionSummary[] {
  return catalog.tenants.flatMap((tenant) => tenant.databases.flatMap((database) => database.collections))
}
