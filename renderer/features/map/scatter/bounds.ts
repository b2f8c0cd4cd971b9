import { finishSteps, inPieces, type Steps } from './steps.ts'

/** A rectangle of the plane, sides included. */
export interface Bounds {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
}

/** True where both coordinates of a point are finite. */
export function isPlaced(positions: Float32Array, index: number): boolean {
  return Number.isFinite(positions[2 * index]) && Number.isFinite(positions[2 * index + 1])
}

/** Bounds of the placed points, of all or of those named; null where none is placed. */
export function boundsOf(positions: Float32Array, indices?: ArrayLike<number>): Bounds | null {
  return finishSteps(boundsInSteps(positions, indices))
}

/** The same, in steps. */
export function* boundsInSteps(positions: Float32Array, indices?: ArrayLike<number>): Steps<Bounds | null> {
  let bounds = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity }
  yield* inPieces(indices?.length ?? positions.length / 2, (from, to) => {
    let { minX, minY, maxX, maxY } = bounds
    for (let at = from; at < to; at += 1) {
      const index = indices ? (indices[at] ?? 0) : at
      if (!isPlaced(positions, index)) continue
      const x = positions[2 * index] ?? 0
      const y = positions[2 * index + 1] ?? 0
      if (x < minX) minX = x
      if (x > maxX) maxX = x
      if (y < minY) minY = y
      if (y > maxY) maxY = y
    }
    bounds = { minX, minY, maxX, maxY }
  })
  return bounds.maxX >= bounds.minX ? bounds : null
}
