import { fitCurve } from './curve.ts'
import { fuzzyGraph, membershipStrengths } from './fuzzy-graph.ts'
import { inducedNeighbours } from './induced-neighbours.ts'
import { initialLayout } from './initial-layout.ts'
import { epochsFor, layoutEdges } from './layout-edges.ts'
import { LayoutOptimiser } from './layout-optimiser.ts'
import { type NeighbourRows, rowsWithoutPlace, selectRows } from './neighbour-rows.ts'
import { placePoints } from './placement.ts'
import { smoothDistances } from './smooth-distances.ts'
import { stratifiedSample } from './stratified-sample.ts'

export interface UmapOptions {
  readonly neighbours: NeighbourRows
  /** The first picture, x and y of each row; it receives the layout whenever one is told. */
  readonly picture: Float32Array
  readonly minDist: number
  readonly seed: number
  /** Rows that are laid out together; the rest is placed among them. */
  readonly mostLaidOut: number
  /** Asked after each epoch: whether the layout of the moment shall be the last. */
  readonly isFrozen: () => boolean
  /** Told after each epoch; where it returns true, the picture is brought up to date and `onPicture` told. */
  readonly isPictureDue: () => boolean
  readonly onPicture: (epoch: number, epochs: number) => void
}

export interface UmapOutcome {
  readonly epoch: number
  readonly epochs: number
  readonly frozen: boolean
  readonly laidOut: number
  readonly placed: number
  readonly unplaced: number
  /** For each row 1 where it was laid out with others. */
  readonly laidOutRows: Uint8Array<ArrayBuffer>
}

function hasNeighbour({ k, indices }: NeighbourRows, row: number): boolean {
  return k > 0 && (indices[row * k] as number) >= 0
}

function write(picture: Float32Array, rows: Int32Array, positions: Float32Array): void {
  for (const [place, row] of rows.entries()) {
    picture[2 * row] = positions[2 * place] as number
    picture[2 * row + 1] = positions[2 * place + 1] as number
  }
}

/**
 * Lays a neighbour graph out in the plane, from a first picture. Rows without a neighbour get no place (NaN).
 * While the layout runs, the picture of a sample holds only the sampled rows.
 */
export function umapLayout(options: UmapOptions): UmapOutcome {
  const { neighbours, picture, minDist, seed, mostLaidOut, isFrozen, isPictureDue, onPicture } = options
  const all = picture.length / 2
  const connected = Int32Array.from(
    Array.from({ length: all }, (_, row) => row).filter((row) => hasNeighbour(neighbours, row) && !Number.isNaN(picture[2 * row])),
  )
  const rows = stratifiedSample(picture, connected, mostLaidOut, seed)
  const chosen = rows.length === all ? neighbours : inducedNeighbours(neighbours, all, rows)
  const epochs = epochsFor(rows.length)
  const edges = layoutEdges(fuzzyGraph(chosen, membershipStrengths(chosen, smoothDistances(chosen))), epochs)
  const start = initialLayout(picture, rows, seed)
  const curve = fitCurve(minDist)
  const optimiser = new LayoutOptimiser({ start, edges, curve, epochs, seed })
  if (rows.length < all) picture.fill(Number.NaN)
  let frozen = false
  while (!optimiser.isDone && !frozen) {
    optimiser.step()
    frozen = isFrozen()
    if (!isPictureDue()) continue
    write(picture, rows, optimiser.positions)
    onPicture(optimiser.epoch, epochs)
  }
  write(picture, rows, optimiser.positions)
  const laidOutRows = new Uint8Array(all)
  for (const row of rows) laidOutRows[row] = 1
  let placed = 0
  if (rows.length < connected.length) {
    const whole = Float64Array.from(picture)
    const rest = rowsWithoutPlace(whole)
    placed = placePoints(rest, selectRows(neighbours, rest), whole, curve, seed)
    picture.set(whole)
  }
  const unplaced = all - rows.length - placed
  return { epoch: optimiser.epoch, epochs, frozen, laidOut: rows.length, placed, unplaced, laidOutRows }
}
