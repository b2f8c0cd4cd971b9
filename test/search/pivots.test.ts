import { afterAll, describe, expect, test } from 'vitest'
import { layOutBlock, normsOf } from '../../electron/search/block-layout.ts'
import { createDotKernel } from '../../electron/search/dot-kernel.ts'
import { ExactSearch } from '../../electron/search/exact-search.ts'
import { makePivots } from '../../electron/search/make-pivots.ts'
import { PivotTest } from '../../electron/search/pivot-test.ts'
import { Pivots } from '../../electron/search/pivots.ts'
import { scratchOf } from '../../electron/search/scratch.ts'
import { SmallRows } from '../../electron/search/small-rows.ts'
import { VectorScan } from '../../electron/search/vector-scan.ts'
import { clusteredVectors } from '../bench/support/clustered-vectors.ts'
import { seededRandom } from '../support/random.ts'
import { byHand, expectSame, generate, storeOf } from './by-hand.ts'
import { everyOther } from '../support/quick.ts'

const search = new ExactSearch(2)
afterAll(() => search.close())

type Vectors = ReturnType<typeof generate>
const rows = 4200
const all = Array.from({ length: rows }, (_, row) => row)

function vectorsOf(data: Float32Array, dimension: number): Vectors {
  const ids = Array.from({ length: data.length / dimension }, (_, row) => `r${row}`)
  return { ids, dimension, data, missing: [], at: (row) => data.subarray(row * dimension, (row + 1) * dimension) }
}

/** Vectors in clusters, some of them longer than others, copies, zero, or with a number that is not finite. */
function odd(dimension: number): Vectors {
  const { data } = clusteredVectors(rows, dimension, 3, 40)
  const random = seededRandom(4)
  const vectors = vectorsOf(data, dimension)
  for (let row = 0; row < rows; row += 1) {
    const vector = vectors.at(row)
    const kind = random.below(40)
    if (kind === 0) vector.fill(0)
    else if (kind === 1) vector[random.below(dimension)] = random.pick([Number.NaN, Infinity, -Infinity])
    else if (kind < 6) vector.set(vectors.at(random.below(row + 1)))
    else if (kind < 16) for (const [at, value] of vector.entries()) vector[at] = value * random.pick([0.001, 0.5, 3, 40])
  }
  return vectors
}

/** Queries near vectors, one of them a vector itself, one opposite, one zero, and one from elsewhere. */
function queriesFor(vectors: Vectors): Float32Array[] {
  const random = seededRandom(7)
  const near = Array.from({ length: 5 }, () =>
    vectors.at(random.below(rows)).map((value) => (Number.isFinite(value) ? value + random.normal() * 0.02 : 0.1)),
  )
  const [first = new Float32Array(vectors.dimension)] = near
  const far = first.map(() => random.normal())
  return [
    ...near,
    vectors.at(1).map((value) => (Number.isFinite(value) ? value : 1)),
    first.map((value) => -value),
    first.map(() => 0),
    far,
  ]
}

describe.each([
  ['in clusters', vectorsOf(clusteredVectors(rows, 40, 1, 60).data, 40)],
  ['in clusters, with odd ones', odd(24)],
  ['in no clusters, with odd ones', generate(rows, 16, 5)],
  ['in two dimensions', odd(2)],
  ['in one dimension', odd(1)],
])('with pivots, the nearest of vectors %s', (_, vectors) => {
  test.each(everyOther(['l2', 'cosine', 'ip'] as const))(
    'by %s are those of a comparison by hand, among all and among some',
    async (ranking) => {
      const block = await search.block(storeOf(vectors), 'c', {})
      await search.sharpen(block)
      const queries = queriesFor(vectors)
      const random = seededRandom(8)
      const among = all.filter((row) => random.chance(0.6) || (row > 300 && row < 420))
      const positions = new Int32Array(new SharedArrayBuffer(among.length * 4))
      positions.set(among)
      for (const limit of [1, 25]) {
        const found = await search.nearest(block, queries, { positions: null, ranking, limit })
        const foundAmong = await search.nearest(block, queries, { positions, ranking, limit })
        for (const [index, query] of queries.entries()) {
          expectSame(ranking, found[index] ?? [], query, vectors, all, limit)
          expectSame(ranking, foundAmong[index] ?? [], query, vectors, among, limit)
        }
      }
    },
  )
})

test('with pivots, records with the same vector keep their stored order', async () => {
  const data = new Float32Array(rows * 3).fill(0.4)
  const block = await search.block(storeOf(vectorsOf(data, 3)), 'c', {})
  await search.sharpen(block)
  const [found = []] = await search.nearest(block, [[0.1, 0.2, 0.3]], { positions: null, ranking: 'cosine', limit: 30 })
  expect(found.map(({ position }) => position)).toEqual(all.slice(0, 30))
})

describe('pivots', () => {
  const dimension = 64
  const random = seededRandom(6)
  const middles = Array.from({ length: 50 }, () => Array.from({ length: dimension }, () => random.normal()))
  const numbers = Array.from({ length: rows }, () => random.pick(middles).map((value) => value + random.normal() * 0.4))
  const vectors = vectorsOf(Float32Array.from(numbers.flat()), dimension)
  const layout = layOutBlock(rows, dimension, 1)
  const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages, shared: true })
  const scan = new VectorScan(memory, layout, 0)
  scan.fill(vectors.data)
  scan.prepare(0, rows)
  const pivots = new Pivots(memory, layout)
  makePivots(memory, layout, 0)

  test('put each row into one group, and say that they are there', () => {
    expect(pivots.isReady).toBe(true)
    expect(pivots.end(pivots.count - 1)).toBe(rows)
    expect(Array.from(pivots.rows).sort((a, b) => a - b)).toEqual(all)
  })

  test.each(['l2', 'cosine', 'ip'] as const)(
    'leave out nearly all rows that are less near by %s than the tenth, and none that is nearer',
    (ranking) => {
      const { smallQueryAt, smallProductsAt } = scratchOf(layout, 0)
      const small = new SmallRows(memory, layout, smallQueryAt)
      const pivotTest = new PivotTest(pivots, normsOf(memory, layout))
      const target = new Int32Array(rows)
      let passed = 0
      const queries = queriesFor(vectors).slice(0, 5)
      for (const query of queries) {
        const padded = Float64Array.from({ length: layout.stride }, (_, at) => query[at] ?? 0)
        const prepared = small.prepare(padded)
        pivots.multiply(createDotKernel(memory), smallQueryAt, smallProductsAt)
        pivotTest.prepare(ranking, prepared, new Int32Array(memory.buffer, smallProductsAt, pivots.count))
        const distances = all.map((row) => byHand(ranking, query, vectors.at(row)).distance ?? Infinity)
        const tenth = distances.toSorted((a, b) => a - b)[9] ?? 0
        const squares = query.reduce((sum, value) => sum + value * value, 0)
        // What a scan calls a score: see there.
        const least = ranking === 'l2' ? squares - tenth : 1 - tenth
        const kept = new Set<number>()
        for (let pivot = 0; pivot < pivots.count; pivot += 1) {
          if (!pivotTest.canReach(pivot, least - 1e-9)) continue
          const count = pivotTest.rows(pivot, pivots.start(pivot), pivots.end(pivot), least - 1e-9, null, target)
          for (const row of target.subarray(0, count)) kept.add(row)
        }
        for (const [row, distance] of distances.entries()) if (distance <= tenth) expect(kept.has(row)).toBe(true)
        passed += kept.size
      }
      expect(passed / queries.length).toBeLessThan(rows * 0.1)
    },
  )
})
