import type { Curve } from './curve.ts'
import { LayoutOptimiser } from './layout-optimiser.ts'
import { membershipStrengths } from './fuzzy-graph.ts'
import type { NeighbourRows } from './neighbour-rows.ts'
import { smoothDistances } from './smooth-distances.ts'

const epochs = 30
/** A quarter of a layout's, as in umap-learn's `transform`. */
const learningRate = 0.25

/** Moves placed points a little, so that they keep their distance: the layout's rule, with all others standing still. */
function settle(positions: Float64Array, heads: number[], tails: number[], weights: number[], curve: Curve, seed: number): void {
  const strongest = weights.reduce((most, weight) => Math.max(most, weight), 0)
  const drawn = weights.flatMap((weight, edge) => (weight >= strongest / epochs && weight > 0 ? [edge] : []))
  const optimiser = new LayoutOptimiser({
    positions,
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
}

/**
 * Places the points that have none (NaN) among those that have one, which do not move: first in the middle of their true
 * neighbours, weighted by how much each belongs to them, then a few steps of the layout (McInnes, Healy and Melville 2018,
 * arXiv 1802.03426, section 4; `transform` of umap-js). Points whose neighbours are all new follow those.
 * @param positions x and y of each row; filled in place
 * @returns the rows that were placed; a row that no neighbours lead to the layout stays without a place
 */
export function placePoints(neighbours: NeighbourRows, positions: Float64Array, curve: Curve, seed: number): Int32Array {
  const { rows, k, indices } = neighbours
  const strengths = membershipStrengths(neighbours, smoothDistances(neighbours))
  const isPlaced = (row: number): boolean => !Number.isNaN(positions[2 * row])
  let waiting = Array.from({ length: rows }, (_, row) => row).filter((row) => !isPlaced(row))
  const placed: number[] = []
  const [heads, tails, weights]: [number[], number[], number[]] = [[], [], []]
  while (waiting.length > 0) {
    const wave: { row: number; x: number; y: number }[] = []
    for (const row of waiting) {
      let [x, y, total] = [0, 0, 0]
      for (let at = row * k; at < (row + 1) * k; at += 1) {
        const other = indices[at] as number
        const weight = strengths[at] as number
        if (other < 0 || weight === 0 || !isPlaced(other)) continue
        x += weight * (positions[2 * other] as number)
        y += weight * (positions[2 * other + 1] as number)
        total += weight
        heads.push(row)
        tails.push(other)
        weights.push(weight)
      }
      if (total > 0) wave.push({ row, x: x / total, y: y / total })
    }
    if (wave.length === 0) break
    for (const { row, x, y } of wave) {
      positions[2 * row] = x
      positions[2 * row + 1] = y
      placed.push(row)
    }
    waiting = waiting.filter((row) => !isPlaced(row))
  }
  if (heads.length > 0) settle(positions, heads, tails, weights, curve, seed)
  return Int32Array.from(placed)
}
