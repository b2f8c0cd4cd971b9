import type { NeighbourGraph } from '../../electron/neighbours/neighbour-graph.ts'
import type { Store, StoredVectors } from '../../electron/store/store.ts'
import type { Space } from '../../shared/domain/space.ts'
import { expect } from 'vitest'

export interface Vectors {
  readonly ids: string[]
  readonly dimension: number
  readonly data: Float32Array
}

export function vectorsOf(rows: readonly ArrayLike<number>[], dimension = rows[0]?.length ?? 0): Vectors {
  const data = new Float32Array(rows.length * dimension)
  for (const [row, numbers] of rows.entries()) data.set(numbers, row * dimension)
  return { ids: rows.map((_, row) => `r${row}`), dimension, data }
}

/** A store that holds nothing but vectors, for what no engine would store: numbers that are not finite. */
export function storeOf(vectors: Vectors, missing: string[] = []): Store {
  const held: Partial<Store> = {
    snapshot: () => Promise.resolve('only one'),
    detail: () => Promise.resolve({ summary: { count: vectors.ids.length, dimension: vectors.dimension } } as never),
    vectors: () => Promise.resolve<StoredVectors>({ ...vectors, data: vectors.data.slice(), missing }),
  }
  return held as Store
}

/** Chroma's distance, one number at a time; null where the vectors cannot be compared. */
function distanceByHand({ data, dimension }: Vectors, metric: Space, a: number, b: number): number | null {
  let [product, left, right, difference] = [0, 0, 0, 0]
  for (let at = 0; at < dimension; at += 1) {
    const [x, y] = [data[a * dimension + at] as number, data[b * dimension + at] as number]
    product += x * y
    left += x * x
    right += y * y
    difference += (x - y) ** 2
  }
  if (!Number.isFinite(left) || !Number.isFinite(right)) return null
  if (metric === 'l2') return difference
  if (metric === 'ip') return 1 - product
  return left === 0 || right === 0 ? null : 1 - product / Math.sqrt(left * right)
}

/** The k nearest by a comparison with all, the first of equals first; kept sorted by insertion. */
function nearestByHand(vectors: Vectors, metric: Space, row: number, k: number): { other: number; distance: number }[] {
  const nearest: { other: number; distance: number }[] = []
  for (let other = 0; other < vectors.ids.length; other += 1) {
    const distance = other === row ? null : distanceByHand(vectors, metric, row, other)
    if (distance === null || (nearest.length === k && distance >= (nearest[k - 1]?.distance ?? Infinity))) continue
    const place = nearest.findLastIndex((each) => each.distance <= distance) + 1
    nearest.splice(place, 0, { other, distance })
    if (nearest.length > k) nearest.pop()
  }
  return nearest
}

/** Checks every list against a comparison of all with all: the same distances, and other records only where they are as near. */
export function expectTrueNeighbours(graph: NeighbourGraph, vectors: Vectors): void {
  const { k, metric } = graph
  const rows = vectors.ids.length
  expect(graph.ids).toEqual(vectors.ids)
  expect([graph.indices.length, graph.distances.length]).toEqual([rows * k, rows * k])
  const problems: string[] = []
  for (let row = 0; row < rows; row += 1) {
    const truth = nearestByHand(vectors, metric, row, k)
    const seen = new Set<number>()
    for (let place = 0; place < k; place += 1) {
      const other = graph.indices[row * k + place] as number
      const distance = graph.distances[row * k + place] as number
      const expected = truth[place]
      if (!expected) {
        if (other !== -1 || !Number.isNaN(distance))
          problems.push(`row ${row} has neighbour ${other} at place ${place}, where there is none`)
        continue
      }
      const own = other < 0 || other === row || seen.has(other) ? null : distanceByHand(vectors, metric, row, other)
      seen.add(other)
      const isClose = (a: number, b: number, share: number): boolean => Math.abs(a - b) <= share * Math.max(1, Math.abs(b))
      const isRight = own !== null && isClose(own, expected.distance, 1e-12) && isClose(distance, own, 2 ** -23)
      if (!isRight)
        problems.push(`row ${row}, place ${place}: ${other} at ${distance} (${own}) instead of ${expected.other} at ${expected.distance}`)
    }
  }
  expect(problems.slice(0, 5)).toEqual([])
}
