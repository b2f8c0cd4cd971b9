/** How far two vectors are apart, as a share of the length of the second; infinite where only one is there or their dimensions differ. */
export function differenceOf(a: Float32Array | null, b: Float32Array | null): number {
  if (a === null || b === null) return a === b ? 0 : Infinity
  if (a.length !== b.length) return Infinity
  const off = Math.hypot(...a.map((value, index) => value - (b[index] ?? 0)))
  return off === 0 ? 0 : off / Math.hypot(...b)
}
