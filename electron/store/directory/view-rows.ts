import { isUnfiltered } from '../../../shared/domain/where.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { StoreView } from '../store.ts'
import { filterRows } from './filter-rows.ts'
import { firstWithoutGaps, isOnlySegment } from './members.ts'
import type { ReaderView } from './protocol.ts'
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

/**
 * Rows of an unfiltered view in stored order straight from the table, while it is not known yet which rows a collection has.
 * @returns null where a page has to wait for that
 */
export function earlyPage(
  session: Session,
  view: StoreView,
  offset: number,
  limit: number,
): { readonly total: number; readonly rows: Float64Array } | null {
  const collection = session.collection(view.collectionId)
  const segment = collection.metadataSegment
  if (!isUnfiltered(view.filter) || view.sort.by.kind !== 'stored' || segment === null || session.knowsMembers(collection)) return null
  try {
    const total = session.count(collection)
    const length = Math.max(0, Math.min(limit, total - offset))
    const isDescending = view.sort.direction === 'descending'
    const low = firstWithoutGaps(session.database, segment, total)
    if (low !== null) {
      const at = isDescending ? total - 1 - offset : offset
      return { total, rows: Float64Array.from({ length }, (_, step) => low + at + (isDescending ? -step : step)) }
    }
    // Without a look at any column, SQLite passes over ten times as many rows in the same time.
    const [test, values] = isOnlySegment(session.database, segment)
      ? ['', []]
      : [' WHERE +segment_id = CAST(? AS TEXT)', [bindText(segment)]]
    // From the end that is nearer.
    const isFar = test !== '' && offset > total / 2
    const order = isDescending === isFar ? 'ASC' : 'DESC'
    const skipped = isFar ? total - offset - length : offset
    const found = session.database.rows(`SELECT id FROM main.embeddings${test} ORDER BY id ${order} LIMIT ? OFFSET ?`, [
      ...values,
      length,
      skipped,
    ])
    const rows = Float64Array.from(found, (row) => Number(row['id']))
    return { total, rows: isFar ? rows.reverse() : rows }
  } catch (error) {
    if (error instanceof AppError && error.code === 'damaged') return null
    throw error
  }
}

/** The records that pass a view's filter; null where all do. */
export async function filteredSet(session: Session, { view, members }: ReaderView, signal?: AbortSignal): Promise<RowSet | null> {
  if (isUnfiltered(view.filter)) return null
  const collection = session.collection(view.collectionId)
  return session.filters.get(`${collection.id} ${keyOf(view.filter)}`, signal, async () =>
    filterRows(session, await session.members(collection, signal), { filter: view.filter, ids: members }, signal),
  )
}

/**
 * Row ids of a view in its order, kept for the pages that follow.
 * @throws AppError 'not-found', 'invalid-input', 'damaged', 'cancelled'
 */
export async function viewRows(session: Session, asked: ReaderView, signal?: AbortSignal): Promise<Float64Array> {
  const { view } = asked
  const collection = session.collection(view.collectionId)
  const members = await session.members(collection, signal)
  const sortKey = `${collection.id} ${keyOf(view.sort)}`
  const ordered = (): Promise<Float64Array> => session.orders.get(sortKey, signal, () => sortRows(session, members, view.sort, signal))
  if (isUnfiltered(view.filter)) return ordered()
  return session.orders.get(`${sortKey} ${keyOf(view.filter)}`, signal, async () => {
    const passing = await filteredSet(session, asked, signal)
    const all = await ordered()
    return passing ? all.filter((row) => passing.has(row)) : all
  })
}
