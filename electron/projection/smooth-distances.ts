import type { NeighbourRows } from './neighbour-rows.ts'

const tolerance = 1e-5
const leastShareOfMean = 1e-3
const steps = 64

/** How each row measures nearness: `nearest` is taken off every distance, the rest divided by `widths`. */
export interface SmoothDistances {
  /** Distance of the nearest neighbour that is not at distance 0; 0 where there is none. */
  readonly nearest: Float64Array
  readonly widths: Float64Array
}

/** Sum of the memberships of a row's neighbours at a width. */
function memberships({ k, indices, distances }: NeighbourRows, row: number, nearest: number, width: number): number {
  let sum = 0
  for (let at = row * k; at < (row + 1) * k; at += 1) {
    if ((indices[at] as number) < 0) continue
    const beyond = (distances[at] as number) - nearest
    sum += beyond > 0 ? Math.exp(-(beyond / width)) : 1
  }
  return sum
}

/**
 * Finds for each row the width at which the memberships of its neighbours sum up to log2(k + 1), by bisection: algorithm 3 of
 * McInnes, Healy and Melville 2018 (arXiv 1802.03426), with the lower bounds of umap-js. The row itself counts as a neighbour
 * there, hence k + 1.
 */
export function smoothDistances(neighbours: NeighbourRows): SmoothDistances {
  const { rows, k, indices, distances } = neighbours
  const target = Math.log2(k + 1)
  const nearest = new Float64Array(rows)
  const widths = new Float64Array(rows)
  let total = 0
  for (const distance of distances) total += distance
  const meanOfAll = total / (rows * (k + 1))
  for (let row = 0; row < rows; row += 1) {
    let [closest, sum] = [0, 0]
    for (let at = row * k; at < (row + 1) * k; at += 1) {
      if ((indices[at] as number) < 0) continue
      const distance = distances[at] as number
      sum += distance
      if (closest === 0 && distance > 0) closest = distance
    }
    let [low, high, width] = [0, Infinity, 1]
    for (let step = 0; step < steps; step += 1) {
      const reached = memberships(neighbours, row, closest, width)
      if (Math.abs(reached - target) < tolerance) break
      if (reached > target) high = width
      else low = width
      width = high === Infinity ? width * 2 : (low + high) / 2
    }
    const mean = closest > 0 ? sum / (k + 1) : meanOfAll
    nearest[row] = closest
    widths[row] = Math.max(width, leastShareOfMean * mean)
  }
  return { nearest, widths }
}
