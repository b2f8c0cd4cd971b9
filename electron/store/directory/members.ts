import { AppError } from '../../../shared/rpc/errors.ts'
import type { StoredCollection } from './collections.ts'
import { RowSet } from './row-set.ts'
import { bindText, type Sqlite, wholeNumber } from './sqlite.ts'

/** The records of one collection by their row ids, in stored order, which is ascending. */
export interface Members {
  readonly collectionId: string
  /** The METADATA segment; null where the store names none. */
  readonly segment: string | null
  readonly rows: Float64Array
  readonly set: RowSet
  /** Set where a part of the database could not be read, so that records may be missing. */
  readonly problem: AppError | null
}

/** The largest row id in use, which every set of rows is made for. */
export function largestRow(database: Sqlite): number {
  return Math.max(
    0,
    wholeNumber(database.first('SELECT max(id) AS largest FROM main.embeddings WHERE id <= 9007199254740991')?.['largest']) ?? 0,
  )
}

function isPossible(row: number): boolean {
  return row >= 0 && row <= Number.MAX_SAFE_INTEGER
}

function impossible(count: number): AppError {
  return new AppError(
    'damaged',
    `${count} of its records have impossible row numbers and cannot be shown.`,
    'No program of Chroma writes such numbers; look for a backup.',
  )
}

function withoutRepeats(sorted: Float64Array): Float64Array {
  return sorted.filter((row, index) => row !== sorted[index - 1])
}

/** Whether a segment has all rows of the table, which is the usual large store. */
export function isOnlySegment(database: Sqlite, segment: string): boolean {
  const ends = database.first(
    'SELECT (SELECT min(segment_id) FROM main.embeddings) AS low, (SELECT max(segment_id) FROM main.embeddings) AS high',
  )
  return ends?.['low'] === segment && ends['high'] === segment
}

/** The first row of a segment that has all whole numbers from there on; null where there are gaps, or other segments. */
export function firstWithoutGaps(database: Sqlite, segment: string, count: number): number | null {
  if (!isOnlySegment(database, segment)) return null
  const ends = database.first('SELECT (SELECT min(id) FROM main.embeddings) AS low, (SELECT max(id) FROM main.embeddings) AS high')
  const low = wholeNumber(ends?.['low'])
  const high = wholeNumber(ends?.['high'])
  if (low === null || high === null || !isPossible(low) || !isPossible(high)) return null
  return count === high - low + 1 ? low : null
}

/** All rows of a segment without gaps; none needs to be read then. */
function rowsWithoutGaps(database: Sqlite, segment: string): Float64Array<ArrayBuffer> | null {
  const count = countMembers(database, segment)
  const low = firstWithoutGaps(database, segment, count)
  if (low === null) return null
  const rows = new Float64Array(count)
  for (let index = 0; index < count; index += 1) rows[index] = low + index
  return rows
}

/**
 * Reads which rows belong to a segment. Where the index is damaged the table is read, and what both still tell is joined.
 * @throws AppError 'cancelled'
 */
export async function readMembers(database: Sqlite, collection: StoredCollection, limit: number, signal?: AbortSignal): Promise<Members> {
  const segment = collection.metadataSegment
  const owner = { collectionId: collection.id, segment }
  if (segment === null) return { ...owner, rows: new Float64Array(0), set: new RowSet(limit), problem: null }
  const values = [bindText(segment)]
  try {
    const known = rowsWithoutGaps(database, segment)
    if (known) return { ...owner, rows: known, set: RowSet.of(limit, known), problem: null }
    const all = await database.numbers('SELECT id FROM embeddings WHERE segment_id = CAST(? AS TEXT)', values, signal)
    const rows = all.filter(isPossible).sort()
    const problem = rows.length === all.length ? null : impossible(all.length - rows.length)
    return { ...owner, rows, set: RowSet.of(limit, rows), problem }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'damaged') throw error
    const found: number[] = []
    const keep = (row: number): void => void found.push(row)
    for (const condition of ['segment_id = CAST(? AS TEXT)', '+segment_id = CAST(? AS TEXT)']) {
      try {
        await database.scan(`SELECT id FROM embeddings WHERE ${condition}`, values, 1, keep, signal)
      } catch (again) {
        if (again instanceof AppError && again.code === 'damaged') continue
        throw again
      }
    }
    const rows = withoutRepeats(Float64Array.from(found).filter(isPossible).sort())
    return { ...owner, rows, set: RowSet.of(limit, rows), problem: error }
  }
}

/** How many records a segment has, without reading which. */
export function countMembers(database: Sqlite, segment: string | null): number {
  if (segment === null) return 0
  // Counting pages is ten times faster than counting entries.
  if (isOnlySegment(database, segment)) {
    return wholeNumber(database.first('SELECT count(*) AS n FROM main.embeddings')?.['n']) ?? 0
  }
  return (
    wholeNumber(database.first('SELECT count(*) AS n FROM embeddings WHERE segment_id = CAST(? AS TEXT)', [bindText(segment)])?.['n']) ?? 0
  )
}
