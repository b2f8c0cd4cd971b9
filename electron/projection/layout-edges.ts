import type { FuzzyGraph } from './fuzzy-graph.ts'
import type { LayoutEdges } from './layout-optimiser.ts'

/** Epochs that a layout of this many points takes, as in umap-js. */
export function epochsFor(points: number): number {
  if (points <= 2500) return 500
  if (points <= 5000) return 400
  return points <= 7500 ? 300 : 200
}

/**
 * The edges that are drawn at least once in so many epochs: the strongest in each one, others as often as they are strong
 * (`makeEpochsPerSample` of umap-js).
 */
export function layoutEdges({ rows, starts, columns, weights }: FuzzyGraph, epochs: number): LayoutEdges {
  let strongest = 0
  for (const weight of weights) strongest = Math.max(strongest, weight)
  const heads = new Int32Array(columns.length)
  const tails = new Int32Array(columns.length)
  const epochsPerSample = new Float64Array(columns.length)
  let edges = 0
  for (let row = 0; row < rows; row += 1) {
    for (let at = starts[row] as number; at < (starts[row + 1] as number); at += 1) {
      const weight = weights[at] as number
      if (weight < strongest / epochs) continue
      heads[edges] = row
      tails[edges] = columns[at] as number
      epochsPerSample[edges] = epochs / ((weight / strongest) * epochs)
      edges += 1
    }
  }
  return { heads: heads.slice(0, edges), tails: tails.slice(0, edges), epochsPerSample: epochsPerSample.slice(0, edges) }
}
