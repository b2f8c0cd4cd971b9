import { UMAP } from 'umap-js'
import { findABParams } from 'umap-js/dist/umap.js'
import { expect, test } from 'vitest'
import { fitCurve } from '../../electron/projection/curve.ts'
import { fuzzyGraph, membershipStrengths } from '../../electron/projection/fuzzy-graph.ts'
import { epochsFor, layoutEdges } from '../../electron/projection/layout-edges.ts'
import { LayoutOptimiser } from '../../electron/projection/layout-optimiser.ts'
import type { NeighbourRows } from '../../electron/projection/neighbour-rows.ts'
import { Random } from '../../electron/projection/random.ts'
import { smoothDistances } from '../../electron/projection/smooth-distances.ts'
import { trustworthiness } from '../../electron/projection/trustworthiness.ts'
import { umapLayout } from '../../electron/projection/umap-layout.ts'
import { bruteNeighbours, clusteredPoints, type Points, vectorRows } from './support.ts'

/** What umap-js keeps to itself. */
interface UmapState {
  graph: { getAll(): { row: number; col: number; value: number }[] }
  optimizationState: {
    head: number[]
    tail: number[]
    epochsPerSample: number[]
    headEmbedding: number[][]
    a: number
    b: number
    nEpochs: number
  }
}

/** umap-js on the same neighbours; each row is its own first neighbour there. */
function reference(points: Points, neighbours: NeighbourRows, seed: number): { umap: UMAP; state: UmapState } {
  const { rows, k, indices, distances } = neighbours
  const random = new Random(seed)
  const umap = new UMAP({ nNeighbors: k + 1, random: () => random.next() })
  const list = <Value>(of: ArrayLike<Value>, first: (row: number) => Value): Value[][] =>
    Array.from({ length: rows }, (_, row) => [first(row), ...Array.from({ length: k }, (_unused, place) => of[row * k + place] as Value)])
  umap.setPrecomputedKNN(
    list<number>(indices, (row) => row),
    list<number>(distances, () => 0),
  )
  umap.initializeFit(
    Array.from({ length: rows }, (_, row) => Array.from(points.data.subarray(row * points.dimension, (row + 1) * points.dimension))),
  )
  return { umap, state: umap as unknown as UmapState }
}

const graphOf = (neighbours: NeighbourRows) => fuzzyGraph(neighbours, membershipStrengths(neighbours, smoothDistances(neighbours)))

/** Some rows equal, so that nearest distances are 0. */
function withDuplicates(points: Points): Points {
  for (const row of [7, 8, 30]) points.data.copyWithin(row * points.dimension, 5 * points.dimension, 6 * points.dimension)
  return points
}

test('The fuzzy graph is that of umap-js on the same neighbours', () => {
  const points = withDuplicates(clusteredPoints(300, 12, 1, 6))
  const neighbours = bruteNeighbours(points, 9)
  const expected = new Map(
    reference(points, neighbours, 1)
      .state.graph.getAll()
      .filter(({ value }) => value > 0)
      .map(({ row, col, value }) => [`${row},${col}`, value]),
  )
  const { rows, starts, columns, weights } = graphOf(neighbours)
  const found = new Map<string, number>()
  for (let row = 0; row < rows; row += 1) {
    for (let at = starts[row] as number; at < (starts[row + 1] as number); at += 1)
      found.set(`${row},${columns[at]}`, weights[at] as number)
  }
  expect(found.size).toBe(expected.size)
  const worst = Math.max(...[...expected].map(([edge, value]) => Math.abs(value - (found.get(edge) ?? Infinity))))
  expect(worst).toBeLessThan(1e-6)
})

test('Epochs moved with the same randomness are those of umap-js, up to the table of forces', () => {
  const points = clusteredPoints(120, 8, 2, 4)
  const { umap, state } = reference(points, bruteNeighbours(points, 7), 5)
  const { head, tail, epochsPerSample, headEmbedding, a, b, nEpochs } = state.optimizationState
  const edges = { heads: Int32Array.from(head), tails: Int32Array.from(tail), epochsPerSample: Float64Array.from(epochsPerSample) }
  const optimiser = new LayoutOptimiser({ start: headEmbedding.flat(), edges, curve: { a, b }, epochs: nEpochs, seed: 9 })
  const { positions } = optimiser
  const random = new Random(9)
  Object.assign(umap, { random: () => random.next() })
  for (let epoch = 0; epoch < 4; epoch += 1) {
    umap.step()
    optimiser.step()
    const expected = headEmbedding.flat()
    const furthest = Math.max(...expected.map((value, at) => Math.abs(value - (positions[at] as number))))
    expect(furthest).toBeLessThan(0.001)
    // Each epoch starts from the same places, so that differences of an earlier one do not grow.
    positions.set(expected)
  }
  expect(random.state).not.toBe(new Random(9).state)
})

test('The curve is that of umap-learn, and fits better than that of umap-js', () => {
  // Made by umap-learn 0.5.3, umap.umap_.find_ab_params(1.0, minDist).
  expect(fitCurve(0.1).a).toBeCloseTo(1.576943, 4)
  expect(fitCurve(0.1).b).toBeCloseTo(0.895061, 4)
  expect(fitCurve(0.5).a).toBeCloseTo(0.58303, 4)
  expect(fitCurve(0.5).b).toBeCloseTo(1.334167, 4)
  for (const minDist of [0, 0.1, 0.25, 0.5, 0.99]) {
    const misfit = ({ a, b }: { a: number; b: number }): number =>
      Array.from({ length: 300 }, (_, at) => (3 * at) / 299).reduce((sum, distance) => {
        const wanted = distance < minDist ? 1 : Math.exp(-(distance - minDist))
        return sum + (1 / (1 + a * distance ** (2 * b)) - wanted) ** 2
      }, 0)
    expect(misfit(fitCurve(minDist))).toBeLessThanOrEqual(misfit(findABParams(1, minDist)) + 1e-9)
  }
})

function layOut(
  points: Points,
  neighbours: NeighbourRows,
  seed: number,
  mostLaidOut = Infinity,
): { picture: Float32Array; outcome: ReturnType<typeof umapLayout> } {
  const picture = Float32Array.from({ length: points.rows * 2 }, (_, at) => points.data[(at >> 1) * points.dimension + (at & 1)] as number)
  const outcome = umapLayout({
    neighbours,
    picture,
    minDist: 0.1,
    seed,
    mostLaidOut,
    isFrozen: () => false,
    isPictureDue: () => false,
    onPicture: () => undefined,
  })
  return { picture, outcome }
}

test('A layout is as trustworthy as that of umap-js on the same graph, and the same for the same seed', () => {
  const points = clusteredPoints(240, 16, 3, 5)
  const vectors = vectorRows(points)
  const neighbours = bruteNeighbours(points, 9)
  const { picture } = layOut(points, neighbours, 4)
  const { umap } = reference(points, neighbours, 4)
  while (umap.step() < epochsFor(points.rows));
  const value = (positions: Float32Array): number => trustworthiness(vectors, 'l2', positions, 1)?.value ?? 0
  expect(value(picture)).toBeGreaterThan(value(Float32Array.from(umap.getEmbedding().flat())) - 0.01)
  expect(layOut(points, neighbours, 4).picture).toEqual(picture)
  expect(layOut(points, neighbours, 5).picture).not.toEqual(picture)
})

test('Of a sample that is laid out the rest is placed by its neighbours, and a row without neighbours has no place', () => {
  const points = clusteredPoints(600, 16, 6, 6)
  const neighbours = bruteNeighbours(points, 14)
  for (const row of [10, 11]) {
    neighbours.indices.fill(-1, row * 14, (row + 1) * 14)
    for (const [at, other] of neighbours.indices.entries())
      if (other === row) neighbours.indices[at] = neighbours.indices[at - (at % 14)] as number
  }
  const { picture, outcome } = layOut(points, neighbours, 4, 300)
  expect(outcome.laidOut).toBeGreaterThan(250)
  expect(outcome.laidOut).toBeLessThan(350)
  expect(outcome).toMatchObject({ laidOut: outcome.laidOut, placed: 598 - outcome.laidOut, unplaced: 2 })
  expect([10, 11].map((row) => picture[2 * row])).toEqual([Number.NaN, Number.NaN])
  expect(outcome.laidOutRows.filter((row) => row === 1)).toHaveLength(outcome.laidOut)
  expect(trustworthiness(vectorRows(points), 'l2', picture, 1)?.value).toBeGreaterThan(0.9)
})

test('An edge is drawn as often as it is strong, and not at all where it would be less than once', () => {
  const weights = Float64Array.of(1, 0.5, 0.001)
  const graph = { rows: 2, starts: Int32Array.of(0, 2, 3), columns: Int32Array.of(0, 1, 0), weights }
  expect(layoutEdges(graph, 200)).toEqual({
    heads: Int32Array.of(0, 0),
    tails: Int32Array.of(0, 1),
    epochsPerSample: Float64Array.of(1, 2),
  })
})
