import type { Catalog, CollectionSummary } from '../../../shared/contract/collections.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { StoredCollection } from './collections.ts'
import { folderBytes } from './folder-bytes.ts'
import type { Session } from './session.ts'

/** One collection with its count. A count that cannot be had is null, with the reason in `problem`. */
export async function summarise(session: Session, collection: StoredCollection): Promise<CollectionSummary> {
  const { id, name, tenant, database, dimension, space, vectorSegment } = collection
  let count: number | null = null
  let problem: string | null = null
  try {
    count = session.count(collection)
    if (collection.metadataSegment === null) problem = 'The store does not say which segment holds the records of this collection.'
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    problem = error.message
    count = await session.members(collection).then(
      (members) => members.rows.length,
      () => null,
    )
  }
  const bytes = vectorSegment ? await folderBytes(session.directory, vectorSegment.id) : null
  return { id, name, tenant, database, count, dimension, space, bytes, problem }
}

/** Everything that is in the store, also empty tenants and databases. */
export async function readCatalog(session: Session): Promise<Catalog> {
  const summaries: { databaseId: string; summary: CollectionSummary }[] = []
  for (const collection of session.collections.values()) {
    summaries.push({ databaseId: collection.databaseId, summary: await summarise(session, collection) })
  }
  const databases = new Map(session.databases.map((database) => [database.id, database]))
  for (const { databaseId, summary } of summaries) {
    if (!databases.has(databaseId)) databases.set(databaseId, { id: databaseId, name: summary.database, tenant: summary.tenant })
  }
  const tenants = [...new Set([...session.tenants, ...[...databases.values()].map((database) => database.tenant)])]
  return {
    tenants: tenants.map((name) => ({
      name,
      databases: [...databases.values()]
        .filter((database) => database.tenant === name)
        .map((database) => ({
          id: database.id,
          name: database.name,
          collections: summaries.filter((entry) => entry.databaseId === database.id).map((entry) => entry.summary),
        })),
    })),
  }
}
