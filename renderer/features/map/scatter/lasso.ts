import type { Bounds } from './bounds.ts'
import { inPieces, type Steps } from './steps.ts'

/** Horizontal bands into which the edges of a polygon are sorted. */
const bands = 512

/**
 * Tells whether a place lies in a polygon by the even-odd rule: a ray to the right crosses its outline an odd number of times.
 * `outline` is 2m coordinates and closes itself. Places exactly on an edge count to one side only, so that polygons that share
 * an edge share no point. Edges are sorted into bands first, so that a place is compared with few of them.
 * After W. R. Franklin, PNPOLY (https://wrfranklin.org/Research/Short_Notes/pnpoly.html).
 */
export function polygonTest(outline: Float64Array): (x: number, y: number) => boolean {
  const corners = outline.length / 2
  let [minY, maxY] = [Infinity, -Infinity]
  for (let at = 0; at < corners; at += 1) {
    minY = Math.min(minY, outline[2 * at + 1] ?? 0)
    maxY = Math.max(maxY, outline[2 * at + 1] ?? 0)
  }
  const height = maxY - minY
  if (corners < 3 || !(height > 0)) return () => false
  const bandOf = (y: number): number => Math.min(bands - 1, Math.max(0, Math.floor(((y - minY) / height) * bands)))
  const edges: number[][] = Array.from({ length: bands }, () => [])
  for (let at = 0; at < corners; at += 1) {
    const next = (at + 1) % corners
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = [outline[2 * at], outline[2 * at + 1], outline[2 * next], outline[2 * next + 1]]
    if (y1 === y2) continue
    for (let band = bandOf(Math.min(y1, y2)); band <= bandOf(Math.max(y1, y2)); band += 1) edges[band]?.push(x1, y1, x2, y2)
  }
  return (x, y) => {
    if (!(y >= minY && y <= maxY)) return false
    const near = edges[bandOf(y)] ?? []
    let isInside = false
    for (let at = 0; at < near.length; at += 4) {
      const [x1, y1, x2, y2] = [near[at] as number, near[at + 1] as number, near[at + 2] as number, near[at + 3] as number]
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) isInside = !isInside
    }
    return isInside
  }
}

/** Indices of the placed points that a polygon of 2m coordinates holds, ascending. */
export function pointsInPolygon(positions: Float32Array, outline: ArrayLike<number>): Steps<Int32Array> {
  return collect(positions, polygonTest(Float64Array.from(outline)))
}

/** Indices of the placed points in a rectangle, its sides included, ascending. */
export function pointsInBox(positions: Float32Array, { minX, minY, maxX, maxY }: Bounds): Steps<Int32Array> {
  return collect(positions, (x, y) => x >= minX && x <= maxX && y >= minY && y <= maxY)
}

function* collect(positions: Float32Array, isInside: (x: number, y: number) => boolean): Steps<Int32Array> {
  const found = new Int32Array(positions.length / 2)
  let count = 0
  yield* inPieces(found.length, (from, to) => {
    for (let index = from; index < to; index += 1) {
      const x = positions[2 * index] ?? Number.NaN
      const y = positions[2 * index + 1] ?? Number.NaN
      if (Number.isFinite(x) && Number.isFinite(y) && isInside(x, y)) found[count++] = index
    }
  })
  return found.slice(0, count)
}
