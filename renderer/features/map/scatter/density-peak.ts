import type { Bounds } from './bounds.ts'

const cells = 128
const sampled = 50_000

/** Points per square unit of the plane where they are densest: the cell that the 97th of 100 points lies in, by density. */
export function densityPeak(positions: Float32Array, order: Uint32Array, bounds: Bounds | null): number {
  if (bounds === null) return 0
  const width = (bounds.maxX - bounds.minX) / cells
  const height = (bounds.maxY - bounds.minY) / cells
  if (!(width > 0 && height > 0)) return 0
  const counts = new Uint32Array(cells * cells)
  const taken = Math.min(sampled, order.length)
  let placed = 0
  for (let at = 0; at < taken; at += 1) {
    const index = order[at] ?? 0
    const column = Math.min(cells - 1, Math.floor(((positions[2 * index] ?? Number.NaN) - bounds.minX) / width))
    const row = Math.min(cells - 1, Math.floor(((positions[2 * index + 1] ?? Number.NaN) - bounds.minY) / height))
    const cell = row * cells + column
    if (!(cell >= 0)) continue
    counts[cell] = (counts[cell] ?? 0) + 1
    placed += 1
  }
  counts.sort()
  let seen = 0
  for (const count of counts) {
    seen += count
    if (seen >= placed * 0.97) return (count / (width * height)) * (order.length / Math.max(1, taken))
  }
  return 0
}
