import type { StoreView } from '../store.ts'
import type { Session } from './session.ts'
import { bindText } from './sqlite.ts'

function isWhole(view: StoreView): boolean {
  const { filter, sort } = view
  return (
    filter.where === null &&
    filter.whereDocument === null &&
    filter.find === '' &&
    sort.by.kind === 'stored' &&
    sort.direction === 'ascending'
  )
}

/** The first rows of an unfiltered view in stored order straight from the table, before anything else is known about the collection. */
export function firstPage(session: Session, view: StoreView, offset: number, limit: number): { total: number; rows: number[] } | null {
  const collection = session.collection(view.collectionId)
  if (!isWhole(view) || offset > 0 || collection.metadataSegment === null) return null
  const rows = session.database.rows('SELECT id FROM embeddings WHERE +segment_id = CAST(? AS TEXT) ORDER BY id LIMIT ?', [
    bindText(collection.metadataSegment),
    limit,
  ])
  return { total: session.count(collection), rows: rows.map((row) => Number(row['id'])) }
}

/** Row ids of a view in its order. */
export async function viewRows(session: Session, view: StoreView, signal?: AbortSignal): Promise<Float64Array> {
  const collection = session.collection(view.collectionId)
  return (await session.members(collection, signal)).rows
}
