import type { NeighbourRows } from './neighbour-rows.ts'
import { PlanarNeighbours } from './planar-neighbours.ts'

/**
 * For each point the share of its true neighbours that are among as many nearest ones on the map, 0 to 1; NaN for a point without
 * a place or neighbours.
 * @param positions x and y of each point, NaN for a point without a place
 */
export function localFidelity({ rows, k, indices }: Pick<NeighbourRows, 'rows' | 'k' | 'indices'>, positions: Float32Array): Float32Array {
  const planar = new PlanarNeighbours(positions)
  const shares = new Float32Array(rows).fill(Number.NaN)
  const found = new Int32Array(k)
  const distances = new Float64Array(k)
  const truly = new Set<number>()
  for (let row = 0; row < rows; row += 1) {
    if (Number.isNaN(positions[2 * row])) continue
    truly.clear()
    for (let at = row * k; at < (row + 1) * k; at += 1) if ((indices[at] as number) >= 0) truly.add(indices[at] as number)
    if (truly.size === 0) continue
    const count = planar.nearest(row, truly.size, found, distances)
    let shared = 0
    for (let at = 0; at < count; at += 1) if (truly.has(found[at] as number)) shared += 1
    shares[row] = shared / truly.size
  }
  return shares
}
