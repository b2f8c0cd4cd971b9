import type { NeighbourRows } from './neighbour-rows.ts'

/** The neighbours of some rows that are among these rows themselves, numbered by their place in `rows`. */
export function inducedNeighbours({ k, indices, distances }: NeighbourRows, all: number, rows: Int32Array): NeighbourRows {
  const placeOf = new Int32Array(all).fill(-1)
  for (const [place, row] of rows.entries()) placeOf[row] = place
  const kept = new Int32Array(rows.length * k).fill(-1)
  const keptDistances = new Float32Array(rows.length * k)
  for (const [place, row] of rows.entries()) {
    let to = place * k
    for (let at = row * k; at < (row + 1) * k; at += 1) {
      const other = indices[at] as number
      if (other < 0 || placeOf[other] === -1) continue
      kept[to] = placeOf[other] as number
      keptDistances[to] = distances[at] as number
      to += 1
    }
  }
  return { rows: rows.length, k, indices: kept, distances: keptDistances }
}
