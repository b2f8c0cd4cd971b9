import { type Comparison, exactCandidates } from './exact-candidates.ts'
import type { NeighbourLists } from './neighbour-lists.ts'
import { sample } from './row-clusters.ts'

/** Rows whose true neighbours an approximate graph is measured by. */
const sampledRows = 1000

/**
 * The share of true neighbours that lists have, on a sample of rows; one that is as near as a true neighbour is one. The lists stay
 * as they are, so that a later measurement finds the same rows neither better nor worse than others.
 * @param rows comparable rows of which no two are identical, ascending
 * @returns 0 to 1; null where no row has neighbours
 */
export async function graphRecall(comparison: Comparison, lists: NeighbourLists, rows: Int32Array, limit: number): Promise<number | null> {
  const { k, indices, distances } = lists
  const asked = sample(rows, sampledRows, 2)
  const candidates = await exactCandidates(comparison, asked, rows, limit)
  let [found, total] = [0, 0]
  for (const [index, row] of asked.entries()) {
    const kept = lists.sameAs(row).map((same) => {
      const [from, to] = [same * k, (same + 1) * k]
      return { from, indices: indices.slice(from, to), distances: distances.slice(from, to) }
    })
    const mine = distances.slice(row * k, (row + 1) * k)
    lists.write(row, candidates.rows.subarray(index * limit, (index + 1) * limit), Infinity)
    const theirs = distances.subarray(row * k, (row + 1) * k).filter((distance) => !Number.isNaN(distance))
    const farthest = theirs.at(-1) ?? Number.NaN
    found += mine.filter((distance) => distance <= farthest).length
    total += theirs.length
    for (const list of kept) {
      indices.set(list.indices, list.from)
      distances.set(list.distances, list.from)
    }
  }
  return total === 0 ? null : found / total
}
