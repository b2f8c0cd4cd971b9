import type { FuzzyGraph } from './fuzzy-graph.ts'
import type { LayoutEdges } from './layout-optimiser.ts'

/**
 * Epochs that a layout of this many points takes, as in umap-js. umap-learn takes 500 up to 10,000 points; at 5,000 that is more
 * trustworthy by 0.001.
 */
export function epochsFor(points: number): number {
  if (points <= 2500) return 500
  if (points <= 5000) return 400
  return points <= 7500 ? 300 : 200
}

/**
 * The edges that are drawn at least once in so many epochs: the strongest in each one, others as often as they are strong
 * (`makeEpochsPerSample` of umap-js). The first of each point come first, then the second ones, and so on: edges of different points
 * beside each other can be calculated side by side.
 */
export function layoutEdges({ rows, starts, columns, weights }: FuzzyGraph, epochs: number): LayoutEdges {
  let strongest = 0
  for (const weight of weights) strongest = Math.max(strongest, weight)
  const isDrawn = (at: number): boolean => (weights[at] as number) >= strongest / epochs
  // A counting sort by the place of an edge among those of its row.
  const ends: number[] = []
  for (let row = 0; row < rows; row += 1) {
    for (let at = starts[row] as number, place = 0; at < (starts[row + 1] as number); at += 1) {
      if (!isDrawn(at)) continue
      ends[place] = (ends[place] ?? 0) + 1
      place += 1
    }
  }
  const edges = ends.reduce((sum, count) => sum + count, 0)
  let before = 0
  const next = ends.map((count) => (before += count) - count)
  const heads = new Int32Array(edges)
  const tails = new Int32Array(edges)
  const epochsPerSample = new Float64Array(edges)
  for (let row = 0; row < rows; row += 1) {
    for (let at = starts[row] as number, place = 0; at < (starts[row + 1] as number); at += 1) {
      if (!isDrawn(at)) continue
      const edge = next[place] as number
      next[place] = edge + 1
      place += 1
      heads[edge] = row
      tails[edge] = columns[at] as number
      epochsPerSample[edge] = epochs / (((weights[at] as number) / strongest) * epochs)
    }
  }
  return { heads, tails, epochsPerSample }
}
