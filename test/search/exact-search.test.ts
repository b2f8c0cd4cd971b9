import { afterAll, describe, expect, test } from 'vitest'
import { ExactSearch } from '../../electron/search/exact-search.ts'
import type { Store } from '../../electron/store/store.ts'
import { seededRandom } from '../support/random.ts'
import { byHand, expectSame, generate, storeOf } from './by-hand.ts'
import { everyOther } from '../support/quick.ts'

const search = new ExactSearch(2)
afterAll(() => search.close())

const everywhere = { positions: null }

describe.each(everyOther(['l2', 'cosine', 'ip'] as const))('nearest records by %s', (ranking) => {
  test.each([
    [1, 3],
    [700, 7],
    [1501, 16],
    [400, 129],
  ])('of %d vectors with %d numbers are those of a comparison by hand, however many are asked for', async (rows, dimension) => {
    const vectors = generate(rows, dimension, rows + dimension)
    const block = await search.block(storeOf(vectors), 'c', {})
    const random = seededRandom(3)
    const queries = Array.from({ length: 19 }, (_, index) =>
      index === 0
        ? new Float32Array(dimension)
        : index === 1
          ? vectors.at(rows >> 1).map((value) => (Number.isFinite(value) ? value : 0))
          : Float32Array.from({ length: dimension }, () => random.normal()),
    )
    const all = Array.from({ length: rows }, (_, row) => row)
    for (const limit of [1, 10, rows + 5]) {
      const found = await search.nearest(block, queries, { ...everywhere, ranking, limit })
      expect(found).toHaveLength(queries.length)
      for (const [index, query] of queries.entries()) expectSame(ranking, found[index] ?? [], query, vectors, all, limit)
    }
  })

  test('among some records only are the nearest of those', async () => {
    const vectors = generate(1000, 12, 5)
    const block = await search.block(storeOf(vectors), 'c', {})
    const random = seededRandom(8)
    const among = Array.from({ length: 1000 }, (_, row) => row).filter((row) => random.chance(0.3) || (row > 300 && row < 420))
    const positions = new Int32Array(new SharedArrayBuffer(among.length * 4))
    positions.set(among)
    const query = Float32Array.from({ length: 12 }, () => random.normal())
    const [found = []] = await search.nearest(block, [query], { ranking, limit: 40, positions })
    expectSame(ranking, found, query, vectors, among, 40)
  })
})

test('records with the same vector keep their stored order, however many there are', async () => {
  const dimension = 5
  const data = new Float32Array(3000 * dimension).fill(0.4)
  const ids = Array.from({ length: 3000 }, (_, row) => `same-${row}`)
  const block = await search.block(storeOf({ ids, dimension, data }), 'c', {})
  const [found = []] = await search.nearest(block, [[0.1, 0.2, 0.3, 0.4, 0.5]], { ...everywhere, ranking: 'cosine', limit: 30 })
  expect(found.map(({ position }) => position)).toEqual(Array.from({ length: 30 }, (_, place) => place))
})

test('similarities are one for each vector, and none where a vector is zero or not finite', async () => {
  const vectors = generate(900, 10, 12)
  const block = await search.block(storeOf(vectors), 'c', {})
  const query = Float32Array.from({ length: 10 }, (_, at) => Math.sin(at + 1))
  const similarities = await search.similarities(block, query)
  expect(similarities).toHaveLength(900)
  for (const [row, similarity] of similarities.entries()) {
    const expected = byHand('cosine', query, vectors.at(row)).similarity
    if (expected === null) expect(similarity).toBeNaN()
    else expect(similarity).toBeCloseTo(expected, 12)
  }
  expect(similarities.some(Number.isNaN)).toBe(true)
})

test('a query of another dimension is refused with both numbers', async () => {
  const block = await search.block(storeOf(generate(10, 4, 1)), 'c', {})
  await expect(search.nearest(block, [[1, 2, 3]], { ...everywhere, ranking: 'l2', limit: 1 })).rejects.toThrow(
    'The query has 3 dimensions; the vectors of the collection have 4.',
  )
})

test('a collection without vectors has no nearest records', async () => {
  const block = await search.block(storeOf({ ids: [], dimension: 0, data: new Float32Array(0) }), 'c', {})
  expect(await search.nearest(block, [[1, 2]], { ...everywhere, ranking: 'l2', limit: 3 })).toEqual([[]])
  expect(await search.similarities(block, [])).toHaveLength(0)
})

test('a collection that does not fit into memory is refused before anything is read, with what it would take', async () => {
  const summary = { count: 90_000_000, dimension: 1536 }
  const huge = { snapshot: () => Promise.resolve('1'), detail: () => Promise.resolve({ summary } as never) } as Partial<Store> as Store
  await expect(search.block(huge, 'c', {})).rejects.toThrow(/90,000,000 of 1,536 dimensions take 646\.\d GiB/)
})
