import { Candidates } from './candidates.ts'
import type { ComparableRows } from './comparable-rows.ts'
import type { Matrix, NativeScores } from './native-scores.ts'

/** Queries of one run of the runtime. */
export const queriesAtOnce = 512
/** Bytes of the prepared rows that are compared with all queries before the next are prepared. */
const blockBytes = 48 * 2 ** 20

export interface Comparison {
  readonly scores: NativeScores
  readonly compared: ComparableRows
  /** @throws AppError 'cancelled' */
  readonly check: () => void
}

/** Rows prepared in memory that is used again and again. */
export function preparedMatrix(width: number, most: number): (compared: ComparableRows, rows: Int32Array, asQueries: boolean) => Matrix {
  const data = new Float32Array(width * most)
  return (compared, rows, asQueries) => {
    compared.prepare(rows, data)
    if (asQueries) compared.asQueries(data, rows.length)
    return { data, rows: rows.length, width }
  }
}

/**
 * Compares every query with every row, in blocks, and keeps the `limit` best of each.
 * @param queries comparable rows, in any order
 * @param rows comparable rows, ascending
 * @param onQueries told how many queries more were compared with all rows
 */
export async function exactCandidates(
  { scores, compared, check }: Comparison,
  queries: Int32Array,
  rows: Int32Array,
  limit: number,
  onDone: (share: number) => void = () => undefined,
): Promise<Candidates> {
  const { width } = compared
  const found = new Candidates(queries.length, limit)
  const rowsAtOnce = Math.min(rows.length, Math.max(queriesAtOnce, Math.floor(blockBytes / (width * 4))))
  const prepareRows = preparedMatrix(width, rowsAtOnce)
  const prepareQueries = preparedMatrix(width, Math.min(queriesAtOnce, queries.length))
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const block = rows.subarray(from, from + rowsAtOnce)
    const matrix = prepareRows(compared, block, false)
    const most = Math.min(limit, block.length)
    for (let start = 0; start < queries.length; start += queriesAtOnce) {
      check()
      const asked = queries.subarray(start, start + queriesAtOnce)
      const best = await scores.best(prepareQueries(compared, asked, true), matrix, most)
      for (let index = 0; index < asked.length; index += 1) {
        for (let at = index * most; at < (index + 1) * most; at += 1) {
          const score = best.scores[at] as number
          if (score <= found.worst(start + index)) break
          found.offer(start + index, block[best.places[at * 2] as number] as number, score)
        }
      }
      onDone((from + (block.length * (start + asked.length)) / queries.length) / rows.length)
    }
  }
  return found
}
