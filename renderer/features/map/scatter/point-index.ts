import KDBush from 'kdbush'
import { isPlaced } from './bounds.ts'

/** A KDBush of the placed points, and which point each of its items is. Both may be handed to another thread. */
export interface PointIndex {
  readonly data: ArrayBuffer
  /** Null where every point is placed and item i is point i. */
  readonly points: Uint32Array | null
}

/** Builds the index; about half a second for a million points, so in a worker. Null where nothing is placed. */
export function buildPointIndex(positions: Float32Array): PointIndex | null {
  const count = positions.length / 2
  const placed = new Uint32Array(count)
  let placedCount = 0
  for (let index = 0; index < count; index += 1) if (isPlaced(positions, index)) placed[placedCount++] = index
  if (placedCount === 0) return null
  const tree = new KDBush(placedCount, 64, Float32Array)
  for (let at = 0; at < placedCount; at += 1) {
    const index = placed[at] ?? 0
    tree.add(positions[2 * index] ?? 0, positions[2 * index + 1] ?? 0)
  }
  tree.finish()
  return { data: tree.data as ArrayBuffer, points: placedCount === count ? null : placed.slice(0, placedCount) }
}

/**
 * Finds the nearest point of an index within a distance. A descent into the tree that leaves out what is farther than the best
 * so far, so that a million points on one place are no slower than one.
 */
export function nearestSearch({ data, points }: PointIndex): (x: number, y: number, within: number) => number | null {
  const { ids, coords, nodeSize } = KDBush.from(data)
  return (x, y, within) => {
    let best = -1
    let bestSquare = within * within
    const visit = (left: number, right: number, axis: number): void => {
      const middle = right - left <= nodeSize ? -1 : (left + right) >> 1
      const first = middle === -1 ? left : middle
      const last = middle === -1 ? right : middle
      for (let at = first; at <= last; at += 1) {
        const square = ((coords[2 * at] ?? 0) - x) ** 2 + ((coords[2 * at + 1] ?? 0) - y) ** 2
        if (square < bestSquare || (square === bestSquare && best === -1)) {
          best = ids[at] ?? 0
          bestSquare = square
        }
      }
      if (middle === -1) return
      const away = (axis === 0 ? x : y) - (coords[2 * middle + axis] ?? 0)
      const near = away < 0 ? [left, middle - 1] : [middle + 1, right]
      const far = away < 0 ? [middle + 1, right] : [left, middle - 1]
      visit(near[0] ?? 0, near[1] ?? 0, 1 - axis)
      if (away * away < bestSquare || (away * away === bestSquare && best === -1)) visit(far[0] ?? 0, far[1] ?? 0, 1 - axis)
    }
    visit(0, ids.length - 1, 0)
    return best === -1 ? null : points ? (points[best] ?? null) : best
  }
}

/** The same by looking at every point, for as long as there is no index: a few milliseconds for a million points. */
export function nearestByScan(positions: Float32Array, x: number, y: number, within: number): number | null {
  let best: number | null = null
  let bestSquare = within * within
  for (let index = 0; 2 * index < positions.length; index += 1) {
    const square = ((positions[2 * index] ?? Number.NaN) - x) ** 2 + ((positions[2 * index + 1] ?? Number.NaN) - y) ** 2
    if (square < bestSquare || (square === bestSquare && best === null)) {
      best = index
      bestSquare = square
    }
  }
  return best
}
