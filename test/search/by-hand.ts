import { expect } from 'vitest'
import type { Found } from '../../electron/search/compare-vectors.ts'
import type { Store, StoredVectors } from '../../electron/store/store.ts'
import type { Space } from '../../shared/domain/space.ts'
import { seededRandom } from '../support/random.ts'

/** A store that holds nothing but vectors, for what no engine would store: numbers that are not finite. */
export function storeOf(vectors: Omit<StoredVectors, 'missing'>, missing: string[] = []): Store {
  const summary = { count: vectors.ids.length, dimension: vectors.dimension }
  const held: Partial<Store> = {
    snapshot: () => Promise.resolve('only one'),
    detail: () => Promise.resolve({ summary } as never),
    vectors: () => Promise.resolve({ ...vectors, data: vectors.data.slice(), missing }),
  }
  return held as Store
}

export function generate(rows: number, dimension: number, seed: number): StoredVectors & { at(row: number): Float32Array } {
  const random = seededRandom(seed)
  const data = new Float32Array(rows * dimension)
  for (let row = 0; row < rows; row += 1) {
    const scale = random.pick([0.01, 1, 1, 30])
    const copyOf = row > 20 && random.chance(0.1) ? random.below(row) : null
    if (copyOf !== null) data.copyWithin(row * dimension, copyOf * dimension, (copyOf + 1) * dimension)
    else if (!random.chance(0.02)) for (let at = 0; at < dimension; at += 1) data[row * dimension + at] = random.normal() * scale
    if (random.chance(0.01)) data[row * dimension + random.below(dimension)] = random.pick([Number.NaN, Infinity, -Infinity])
  }
  const ids = Array.from({ length: rows }, (_, row) => `r${row}`)
  return { ids, dimension, data, missing: [], at: (row) => data.subarray(row * dimension, (row + 1) * dimension) }
}

/** Everything by the book, one number at a time. */
export function byHand(
  space: Space,
  query: ArrayLike<number>,
  vector: Float32Array,
): { distance: number | null; similarity: number | null } {
  let [product, squares, own, difference] = [0, 0, 0, 0]
  for (const [at, value] of vector.entries()) {
    const asked = query[at] as number
    product += asked * value
    squares += value * value
    own += asked * asked
    difference += (asked - value) * (asked - value)
  }
  if (!Number.isFinite(squares)) return { distance: null, similarity: null }
  const similarity = squares === 0 || own === 0 ? null : product / Math.sqrt(squares * own)
  return { similarity, distance: space === 'l2' ? difference : space === 'ip' ? 1 - product : 1 - (similarity ?? 0) }
}

export function expectSame(
  space: Space,
  found: readonly Found[],
  query: ArrayLike<number>,
  vectors: ReturnType<typeof generate>,
  among: readonly number[],
  limit: number,
): void {
  const isLast = (row: { distance: number | null; similarity: number | null }): boolean =>
    row.distance === null || (space === 'cosine' && row.similarity === null)
  const expected = among
    .map((position) => ({ position, ...byHand(space, query, vectors.at(position)) }))
    .sort(
      (a, b) => Number(isLast(a)) - Number(isLast(b)) || (isLast(a) ? 0 : (a.distance ?? 0) - (b.distance ?? 0)) || a.position - b.position,
    )
    .slice(0, limit)
  expect(found).toHaveLength(expected.length)
  for (const [place, { position, distance, similarity }] of found.entries()) {
    const truth = byHand(space, query, vectors.at(position))
    const close = (mine: number | null, theirs: number | null): void => {
      if (theirs === null) expect(mine).toBeNull()
      else expect(Math.abs((mine ?? Number.NaN) - theirs)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(theirs)))
    }
    close(distance, truth.distance)
    close(similarity, truth.similarity)
    // Another record may stand at this place only where it is as near.
    close(distance, expected[place]?.distance ?? null)
    if (expected[place]?.distance === null) expect(position).toBe(expected[place]?.position)
  }
}
