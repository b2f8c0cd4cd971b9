import type { Curve } from './curve.ts'
import { LayoutOptimiser } from './layout-optimiser.ts'
import { membershipStrengths } from './fuzzy-graph.ts'
import type { NeighbourRows } from './neighbour-rows.ts'
import { smoothDistances } from './smooth-distances.ts'

const epochs = 30
/** A quarter of a layout's, as in umap-learn's `transform`. */
const learningRate = 0.25

/** Moves placed points a little, so that they keep their distance: the layout's rule, with all others standing still. */
function settle(
  positions: Float64Array,
  { heads, tails, weights }: { heads: number[]; tails: number[]; weights: number[] },
  curve: Curve,
  seed: number,
): void {
  const strongest = weights.reduce((most, weight) => Math.max(most, weight), 0)
  const drawn = weights.flatMap((weight, edge) => (weight >= strongest / epochs && weight > 0 ? [edge] : []))
  const optimiser = new LayoutOptimiser({
    start: positions,
    edges: {
      heads: Int32Array.from(drawn, (edge) => heads[edge] ?? 0),
      tails: Int32Array.from(drawn, (edge) => tails[edge] ?? 0),
      epochsPerSample: Float64Array.from(drawn, (edge) => strongest / (weights[edge] ?? 1)),
    },
    curve,
    epochs,
    seed,
    learningRate,
    headsOnly: true,
  })
  while (!optimiser.isDone) optimiser.step()
  for (const point of new Set(heads)) {
    positions[2 * point] = optimiser.positions[2 * point] as number
    positions[2 * point + 1] = optimiser.positions[2 * point + 1] as number
  }
}

/**
 * Places points among those that have a place, which do not move: first in the middle of their true neighbours, weighted by how
 * much each belongs to them, then a few steps of the layout (McInnes, Healy and Melville 2018, arXiv 1802.03426, section 4;
 * `transform` of umap-js). Points whose neighbours are all new follow those.
 * @param rows to be placed
 * @param neighbours of each of these rows, numbered among all
 * @param positions x and y of all rows, NaN for none; filled in place
 * @returns how many were placed; a row that no neighbours lead to the layout stays without a place
 */
export function placePoints(rows: Int32Array, neighbours: NeighbourRows, positions: Float64Array, curve: Curve, seed: number): number {
  const { k, indices } = neighbours
  const strengths = membershipStrengths(neighbours, smoothDistances(neighbours))
  const [heads, tails, weights]: [number[], number[], number[]] = [[], [], []]
  let placed = 0
  let waiting = Array.from(rows.keys())
  while (waiting.length > 0) {
    const wave: { row: number; x: number; y: number }[] = []
    const later: number[] = []
    for (const place of waiting) {
      const row = rows[place] as number
      let [x, y, total] = [0, 0, 0]
      for (let at = place * k; at < (place + 1) * k; at += 1) {
        const other = 2 * (indices[at] as number)
        const weight = strengths[at] as number
        if (other < 0 || weight === 0 || Number.isNaN(positions[other])) continue
        x += weight * (positions[other] as number)
        y += weight * (positions[other + 1] as number)
        total += weight
        heads.push(row)
        tails.push(other / 2)
        weights.push(weight)
      }
      if (total > 0) wave.push({ row, x: x / total, y: y / total })
      else later.push(place)
    }
    if (wave.length === 0) break
    for (const { row, x, y } of wave) {
      positions[2 * row] = x
      positions[2 * row + 1] = y
    }
    placed += wave.length
    waiting = later
  }
  if (heads.length > 0) settle(positions, { heads, tails, weights }, curve, seed)
  return placed
}
