import { isUnfiltered } from '../../../shared/domain/where.ts'
import type { StoreView } from '../store.ts'
import { filterRows } from './filter-rows.ts'
import type { RowSet } from './row-set.ts'
import type { Session } from './session.ts'
import { sortRows } from './sort-rows.ts'
import { bindText } from './sqlite.ts'

/** The same for filters that mean the same; tells 3 and 3n apart. */
function keyOf(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'bigint') return { integer: item.toString() }
    return typeof item === 'number' && !Number.isFinite(item) ? { float: String(item) } : item
  })
}

/** The first rows of an unfiltered view in stored order straight from the table, before anything else is known about the collection. */
export function firstPage(session: Session, view: StoreView, limit: number): { total: number; rows: Float64Array } | null {
  const collection = session.collection(view.collectionId)
  const isStored = view.sort.by.kind === 'stored' && view.sort.direction === 'ascending'
  if (!isUnfiltered(view.filter) || !isStored || collection.metadataSegment === null || session.hasMembers(collection)) return null
  const total = session.count(collection)
  const rows = session.database.rows('SELECT id FROM main.embeddings WHERE +segment_id = CAST(? AS TEXT) ORDER BY id LIMIT ?', [
    bindText(collection.metadataSegment),
    limit,
  ])
  return { total, rows: Float64Array.from(rows, (row) => Number(row['id'])) }
}

/** The records that pass a view's filter; null where all do. */
export async function filteredSet(session: Session, view: StoreView, signal?: AbortSignal): Promise<RowSet | null> {
  if (isUnfiltered(view.filter)) return null
  const collection = session.collection(view.collectionId)
  return session.filters.get(`${collection.id} ${keyOf(view.filter)}`, async () =>
    filterRows(session, await session.members(collection, signal), view.filter, signal),
  )
}

/**
 * Row ids of a view in its order, kept for the pages that follow.
 * @throws AppError 'not-found', 'invalid-input', 'damaged', 'cancelled'
 */
export async function viewRows(session: Session, view: StoreView, signal?: AbortSignal): Promise<Float64Array> {
  const collection = session.collection(view.collectionId)
  const members = await session.members(collection, signal)
  const sortKey = `${collection.id} ${keyOf(view.sort)}`
  const ordered = (): Promise<Float64Array> => session.orders.get(sortKey, () => sortRows(session, members, view.sort, signal))
  if (isUnfiltered(view.filter)) return ordered()
  return session.orders.get(`${sortKey} ${keyOf(view.filter)}`, async () => {
    const passing = await filteredSet(session, view, signal)
    const all = await ordered()
    return passing ? all.filter((row) => passing.has(row)) : all
  })
}
