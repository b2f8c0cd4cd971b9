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
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
  const count = indices?.length ?? positions.length / 2
  for (let at = 0; at < count; at += 1) {
    const index = indices ? (indices[at] ?? 0) : at
    if (!isPlaced(positions, index)) continue
    const x = positions[2 * index] ?? 0
    const y = positions[2 * index + 1] ?? 0
    if (x < minX) minX = x
    if (x > maxX) maxX = x
    if (y < minY) minY = y
    if (y > maxY) maxY = y
  }
  return maxX >= minX ? { minX, minY, maxX, maxY } : null
}
