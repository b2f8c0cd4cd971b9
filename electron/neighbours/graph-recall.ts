import { type Comparison, exactCandidates } from './exact-candidates.ts'
import type { NeighbourLists } from './neighbour-lists.ts'
import { sample } from './row-clusters.ts'

/** Rows whose true neighbours an approximate graph is measured by. */
const sampledRows = 1000

/**
 * The share of true neighbours that lists have, on a sample of rows; one that is as near as a true neighbour is one. The rows of
 * the sample keep their true neighbours afterwards.
 * @param rows comparable rows of which no two are identical, ascending
 * @returns 0 to 1; null where no row has neighbours
 */
export async function graphRecall(comparison: Comparison, lists: NeighbourLists, rows: Int32Array, limit: number): Promise<number | null> {
  const { k, distances } = lists
  const asked = sample(rows, sampledRows, 2)
  const candidates = await exactCandidates(comparison, asked, rows, limit)
  let [found, total] = [0, 0]
  for (const [index, row] of asked.entries()) {
    const mine = distances.slice(row * k, (row + 1) * k)
    lists.write(row, candidates.rows.subarray(index * limit, (index + 1) * limit), Infinity)
    const theirs = distances.subarray(row * k, (row + 1) * k).filter((distance) => !Number.isNaN(distance))
    const farthest = theirs.at(-1) ?? Number.NaN
    found += mine.filter((distance) => distance <= farthest).length
    total += theirs.length
  }
  return total === 0 ? null : found / total
}
