import type { StoredGraph } from './graph-file.ts'

/** What an earlier graph of a collection still says. */
export interface EarlierGraph {
  readonly stored: StoredGraph
  /** The earlier row of each row whose id and vector are the same; -1 for others. */
  readonly earlierOf: Int32Array
  /** The row of each earlier row, by the same rule. */
  readonly rowOf: Int32Array
}

/**
 * Finds the rows of an earlier graph again. Null where nothing is the same, or where rows changed places among each other: then
 * rows at the same distance may stand in another order.
 */
export function matchEarlier(stored: StoredGraph, ids: readonly string[], hashes: Uint32Array): EarlierGraph | null {
  const places = new Map(stored.ids.map((id, place) => [id, place]))
  const earlierOf = new Int32Array(ids.length).fill(-1)
  const rowOf = new Int32Array(stored.ids.length).fill(-1)
  let last = -1
  for (const [row, id] of ids.entries()) {
    const place = places.get(id)
    if (place === undefined) continue
    if (hashes[row * 2] !== stored.hashes[place * 2] || hashes[row * 2 + 1] !== stored.hashes[place * 2 + 1]) continue
    if (place < last) return null
    last = place
    earlierOf[row] = place
    rowOf[place] = row
  }
  return last === -1 ? null : { stored, earlierOf, rowOf }
}

/**
 * Copies the lists of rows that are the same and have lost no neighbour.
 * @returns for each row 1 where a list was copied
 */
export function copyLists({ stored, earlierOf, rowOf }: EarlierGraph, indices: Int32Array, distances: Float32Array): Uint8Array {
  const { k } = stored
  const copied = new Uint8Array(earlierOf.length)
  for (const [row, earlier] of earlierOf.entries()) {
    if (earlier < 0) continue
    const list = stored.indices.subarray(earlier * k, (earlier + 1) * k)
    if (list.some((neighbour) => neighbour >= 0 && rowOf[neighbour] === -1)) continue
    for (const [place, neighbour] of list.entries()) indices[row * k + place] = neighbour < 0 ? -1 : (rowOf[neighbour] as number)
    distances.set(stored.distances.subarray(earlier * k, (earlier + 1) * k), row * k)
    copied[row] = 1
  }
  return copied
}
