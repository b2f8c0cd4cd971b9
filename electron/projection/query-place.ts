import type { MapSettings } from '../../shared/contract/maps.ts'
import type { Space } from '../../shared/domain/space.ts'
import type { Found } from '../search/compare-vectors.ts'
import { fitCurve } from './curve.ts'
import { layoutNeighbours } from './neighbour-rows.ts'
import { placePoints } from './placement.ts'

/**
 * Where a query belongs on a map: among its true neighbours, as a new record would be placed.
 * @param found its nearest records, nearest first
 * @param positions x and y of each point, NaN for none
 * @returns null where none of them has a place
 */
export function placeQuery(
  found: readonly Found[],
  positions: Float32Array,
  space: Space,
  settings: MapSettings,
): { x: number; y: number } | null {
  const near = found.filter(({ position, distance, similarity }) => {
    const isComparable = distance !== null && (space !== 'cosine' || similarity !== null)
    return isComparable && !Number.isNaN(positions[2 * position])
  })
  if (near.length === 0) return null
  const graph = {
    rows: 1,
    k: near.length,
    indices: Int32Array.from(near, ({ position }) => position),
    distances: Float32Array.from(near, ({ distance }) => distance ?? 0),
  }
  // The query is one row more than there are points.
  const places = new Float64Array(positions.length + 2).fill(Number.NaN)
  places.set(positions)
  const row = Int32Array.of(positions.length / 2)
  placePoints(row, layoutNeighbours(graph, near.length, space), places, fitCurve(settings.minDist), settings.seed)
  return { x: places[positions.length] as number, y: places[positions.length + 1] as number }
}
