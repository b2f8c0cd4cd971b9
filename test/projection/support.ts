import type { NeighbourRows } from '../../electron/projection/neighbour-rows.ts'
import type { VectorRows } from '../../electron/projection/vector-rows.ts'
import { clusteredVectors } from '../bench/support/clustered-vectors.ts'

export interface Points {
  readonly rows: number
  readonly dimension: number
  readonly data: Float32Array
  readonly cluster: Int32Array
}

export function clusteredPoints(rows: number, dimension: number, seed: number, clusters: number): Points {
  return { rows, dimension, ...clusteredVectors(rows, dimension, seed, clusters) }
}

/** In shared memory with a stride of whole eights, as the app keeps vectors. */
export function vectorRows({ rows, dimension, data }: Points): VectorRows {
  const stride = Math.ceil(dimension / 8) * 8
  const buffer = new SharedArrayBuffer(rows * stride * 4)
  const numbers = new Float32Array(buffer)
  for (let row = 0; row < rows; row += 1) numbers.set(data.subarray(row * dimension, (row + 1) * dimension), row * stride)
  return { buffer, at: 0, rows, dimension, stride }
}

export function euclidean({ dimension, data }: Points, a: number, b: number): number {
  let squares = 0
  for (let at = 0; at < dimension; at += 1) squares += ((data[a * dimension + at] as number) - (data[b * dimension + at] as number)) ** 2
  return Math.sqrt(squares)
}

/** Rows by distance from one of them, itself and rows without a place left out; ties by row. */
export function ordered(points: Points, row: number): { other: number; distance: number }[] {
  return Array.from({ length: points.rows }, (_, other) => ({ other, distance: euclidean(points, row, other) }))
    .filter(({ other, distance }) => other !== row && !Number.isNaN(distance))
    .toSorted((a, b) => a.distance - b.distance || a.other - b.other)
}

/** Nearest neighbours by comparison with every row. */
export function bruteNeighbours(points: Points, k: number): NeighbourRows {
  const indices = new Int32Array(points.rows * k).fill(-1)
  const distances = new Float32Array(points.rows * k)
  for (let row = 0; row < points.rows; row += 1) {
    for (const [place, { other, distance }] of ordered(points, row).slice(0, k).entries()) {
      indices[row * k + place] = other
      distances[row * k + place] = distance
    }
  }
  return { rows: points.rows, k, indices, distances }
}
