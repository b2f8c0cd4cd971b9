import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { NeighbourGraph } from '../../electron/neighbours/neighbour-graph.ts'
import { Neighbours, type NeighboursOptions } from '../../electron/neighbours/neighbours.ts'
import { ExactSearch } from '../../electron/search/exact-search.ts'
import { clusteredVectors } from '../bench/support/clustered-vectors.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { seededRandom } from '../support/random.ts'
import { expectTrueNeighbours, storeOf, type Vectors, vectorsOf } from './support.ts'
import { everyOther } from '../support/quick.ts'

const exact = new ExactSearch(2)
const folders: string[] = []
afterAll(async () => {
  await exact.close()
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
})

async function newFolder(): Promise<string> {
  const folder = await temporaryFolder('neighbours')
  folders.push(folder)
  return folder
}

function service(options: Partial<NeighboursOptions> = {}): Neighbours {
  return new Neighbours({ exact, folder: null, ...options })
}

function graphOf(vectors: Vectors, options: Partial<NeighboursOptions> = {}, part: Partial<Pick<NeighbourGraph, 'k' | 'metric'>> = {}) {
  return service(options).graph(storeOf(vectors), 'c', { k: 16, metric: 'cosine', ...part }, {})
}

function randomVectors(rows: number, dimension: number, seed: number, scales: readonly number[] = [1]): Vectors {
  const random = seededRandom(seed)
  return vectorsOf(
    Array.from({ length: rows }, () => {
      const scale = random.pick(scales)
      return Array.from({ length: dimension }, () => random.normal() * scale)
    }),
    dimension,
  )
}

function clustered(rows: number, dimension: number, seed = 1): Vectors {
  return {
    ...vectorsOf(
      Array.from({ length: rows }, () => []),
      0,
    ),
    dimension,
    data: clusteredVectors(rows, dimension, seed, 20).data,
  }
}

/** Everything that goes wrong in collections, together. */
function degenerate(rows: number, dimension: number): Vectors {
  const random = seededRandom(rows)
  const same = Array.from({ length: dimension }, () => random.normal())
  return vectorsOf(
    Array.from({ length: rows }, (_, row) => {
      const kind = random.below(12)
      if (kind === 0) return Array.from({ length: dimension }, () => 0)
      if (kind === 1)
        return Array.from({ length: dimension }, (__, at) => (at === row % dimension ? random.pick([NaN, Infinity, -Infinity]) : 1))
      if (kind < 5) return same
      if (kind === 5) return same.map((value) => value * 3)
      if (kind === 6) return same.map((value) => value + random.normal() * 1e-6)
      if (kind === 7) return same.map((value) => value * 1e-20)
      return Array.from({ length: dimension }, () => random.normal() * random.pick([0.01, 1, 50]))
    }),
    dimension,
  )
}

describe.each(everyOther(['cosine', 'l2', 'ip'] as const))('neighbours by %s are those of a comparison of all with all', (metric) => {
  test.each([
    ['random vectors', randomVectors(700, 24, 1)],
    ['random vectors of different lengths', randomVectors(600, 9, 2, [0.01, 1, 1, 30])],
    ['vectors in clusters', clustered(800, 48)],
    [
      'vectors far from zero',
      vectorsOf(Array.from({ length: 300 }, (_, row) => [1000 + Math.sin(row) / 50, 900 + Math.cos(row * 7) / 50, -700])),
    ],
    ['one dimension', vectorsOf(Array.from({ length: 200 }, (_, row) => [Math.sin(row * 3) * 5]))],
    ['zeros, numbers that are not finite, and copies', degenerate(500, 7)],
    ['nothing but copies', vectorsOf(Array.from({ length: 200 }, () => [0.2, 0.3, -1]))],
    ['nothing but zeros', vectorsOf(Array.from({ length: 40 }, () => [0, 0]))],
    ['numbers near the largest', vectorsOf(Array.from({ length: 60 }, (_, row) => [1e18 * Math.cos(row), 1e18 * Math.sin(row * 2)]))],
    ['fewer records than neighbours', randomVectors(9, 5, 3)],
    ['two records', randomVectors(2, 3, 4)],
    ['one record', randomVectors(1, 3, 5)],
    ['no record', vectorsOf([])],
  ])('%s', async (_, vectors) => {
    const graph = await graphOf(vectors, {}, { metric })
    expectTrueNeighbours(graph, vectors)
    expect(graph.report).toMatchObject({ method: 'exact', engine: 'onnxruntime', recall: null })
  })

  test('also without the native runtime, which the report says', async () => {
    const vectors = degenerate(300, 5)
    const graph = await graphOf(vectors, { native: false }, { metric })
    expectTrueNeighbours(graph, vectors)
    expect(graph.report.engine).toBe('webassembly')
  })

  test('a cancelled search for them ends as cancelled, and the next one finds them', async () => {
    const vectors = clustered(3000, 64)
    const neighbours = service()
    const store = storeOf(vectors)
    const controller = new AbortController()
    const options = { k: 8, metric }
    const stages: string[] = []
    const onProgress = (stage: string): void => {
      stages.push(stage)
      if (stage === 'Comparing vectors') controller.abort()
    }
    await expect(neighbours.graph(store, 'c', options, { signal: controller.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(stages).toContain('Comparing vectors')
    expect(await neighbours.ready(store, 'c', options)).toBeNull()
    const graph = await neighbours.graph(store, 'c', options, {})
    expect(await neighbours.ready(store, 'c', options)).toBe(graph)
    expect(graph.report.recomputed).toBe(3000)
  })
})

test('the report counts what is odd about the vectors', async () => {
  const unit = [0.6, 0.8]
  const vectors = vectorsOf([unit, [0, 0], unit, [3, 4.1], [NaN, 1], unit, [0, 0], [0.8, 0.6]])
  const graph = await service().graph(storeOf(vectors, ['lost', 'gone']), 'c', { k: 3, metric: 'cosine' }, {})
  expect(graph.report).toMatchObject({ zero: 2, nonFinite: 1, duplicates: 2, nonUnit: 1, missing: 2, recomputed: 5 })
  expect([...graph.indices.subarray(0, 3)]).toEqual([2, 5, 3])
  expect([...graph.indices.subarray(3, 6)]).toEqual([-1, -1, -1])
})

describe('where comparing everything would take too long', () => {
  test.each(everyOther(['cosine', 'l2', 'ip'] as const))(
    'most true neighbours by %s are found, and the report says how many',
    async (metric) => {
      const vectors = clustered(4000, 32)
      const [truth, graph] = await Promise.all([
        graphOf(vectors, { method: 'exact' }, { metric }),
        graphOf(vectors, { method: 'approximate' }, { metric }),
      ])
      expect(graph.report.method).toBe('approximate')
      let found = 0
      for (let row = 0; row < 4000; row += 1) {
        const farthest = truth.distances[row * 16 + 15] as number
        found += graph.distances.subarray(row * 16, (row + 1) * 16).filter((distance) => distance <= farthest).length
      }
      const recall = found / (4000 * 16)
      expect(recall).toBeGreaterThan(0.95)
      expect(Math.abs((graph.report.recall ?? 0) - recall)).toBeLessThan(0.02)
    },
  )

  test('the method is chosen by the measured speed', async () => {
    const vectors = clustered(25_001, 4)
    expect((await graphOf(vectors, { exactSeconds: 0 }, { k: 3 })).report.method).toBe('approximate')
    expect((await graphOf(vectors, {}, { k: 3 })).report.method).toBe('exact')
  })
})

describe('graphs kept on disk', () => {
  test('are found again, and made anew where the file is damaged or means another graph', async () => {
    const folder = await newFolder()
    const vectors = clustered(400, 16)
    const first = await graphOf(vectors, { folder })
    const again = await graphOf(vectors, { folder })
    expect(again.report).toEqual({ ...first.report, recomputed: 0, milliseconds: again.report.milliseconds })
    expect(again.fingerprint).toBe(first.fingerprint)
    expect([again.indices, again.distances]).toEqual([first.indices, first.distances])

    const [name = ''] = await readdir(folder)
    const file = path.join(folder, name)
    const whole = await readFile(file)
    const flipped = Buffer.from(whole)
    flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 1
    for (const damaged of [flipped, whole.subarray(0, 1000), Buffer.alloc(0), Buffer.from('mnemoscope neighbours 1\n{')]) {
      await writeFile(file, damaged)
      const renewed = await graphOf(vectors, { folder })
      expect(renewed.report.recomputed).toBe(400)
      expect(renewed.indices).toEqual(first.indices)
    }
    expect((await graphOf(vectors, { folder })).report.recomputed).toBe(0)
    expect((await graphOf(vectors, { folder }, { metric: 'l2' })).report.recomputed).toBe(400)
    expect((await graphOf(vectors, { folder }, { k: 5 })).report.recomputed).toBe(400)
    expect((await readdir(folder)).length).toBe(3)
    expect((await stat(file)).mode & 0o077).toBe(0)
  })

  test('take a limited room, and those used last stay', async () => {
    const folder = await newFolder()
    const vectors = clustered(300, 4)
    const store = storeOf(vectors)
    const make = (collection: string, cacheBytes: number) =>
      service({ folder, cacheBytes }).graph(store, collection, { k: 16, metric: 'cosine' }, {})
    await make('a', 1e9)
    const [name = ''] = await readdir(folder)
    const { size } = await stat(path.join(folder, name))
    // Files differ by the digits of the time they took.
    const roomForTwo = size * 2.5
    await make('b', 1e9)
    for (const each of await readdir(folder)) await utimes(path.join(folder, each), each === name ? 2 : 1, each === name ? 2 : 1)
    await make('c', roomForTwo)
    expect(await readdir(folder)).toHaveLength(2)
    expect((await make('a', roomForTwo)).report.recomputed).toBe(0)
    expect((await make('b', roomForTwo)).report.recomputed).toBe(300)
  })
})

describe('after some records changed', () => {
  test.each(['cosine', 'l2', 'ip'] as const)(
    'the graph by %s is the same as one made anew, and most rows are taken over',
    async (metric) => {
      const random = seededRandom(7)
      const folder = await newFolder()
      const dimension = 12
      let vectors = clustered(600, dimension, 5)
      await graphOf(vectors, { folder }, { metric })
      for (let round = 0; round < 3; round += 1) {
        const rows = vectors.ids.map((id, row) => ({ id, numbers: vectors.data.slice(row * dimension, (row + 1) * dimension) }))
        for (let change = 0; change < 1 + 2 * round; change += 1) {
          const at = random.below(rows.length)
          const numbers = Float32Array.from({ length: dimension }, () => random.normal() * 0.3)
          const near = (rows[random.below(rows.length)] as (typeof rows)[number]).numbers
          const kind = random.below(5)
          if (kind === 0) rows.splice(at, 1)
          else if (kind === 1) rows.push({ id: `new-${round}-${change}`, numbers: near.slice() })
          else if (kind === 2)
            rows.splice(at, 0, { id: `between-${round}-${change}`, numbers: near.map((value) => value + random.normal() * 0.01) })
          else (rows[at] as (typeof rows)[number]).numbers = kind === 3 ? numbers : new Float32Array(dimension)
        }
        vectors = { ...vectorsOf(rows.map(({ numbers }) => numbers)), ids: rows.map(({ id }) => id) }
        const renewed = await graphOf(vectors, { folder }, { metric })
        const anew = await graphOf(vectors, {}, { metric })
        expect(renewed.indices).toEqual(anew.indices)
        expect(renewed.distances).toEqual(anew.distances)
        expect(renewed.fingerprint).toBe(anew.fingerprint)
        expect(renewed.report.recomputed).toBeGreaterThan(0)
        expect(renewed.report.recomputed).toBeLessThan(vectors.ids.length / 2)
      }
    },
  )
})
