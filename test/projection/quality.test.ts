import { expect, test } from 'vitest'
import { densityClusters } from '../../electron/projection/density-clusters.ts'
import { distinctiveWords } from '../../electron/projection/distinctive-words.ts'
import { fitCurve } from '../../electron/projection/curve.ts'
import { localFidelity } from '../../electron/projection/local-fidelity.ts'
import { selectRows } from '../../electron/projection/neighbour-rows.ts'
import { placePoints } from '../../electron/projection/placement.ts'
import { principalPlane, projectOnPlane } from '../../electron/projection/principal-plane.ts'
import { symmetricEigen } from '../../electron/projection/small-eigen.ts'
import { stratifiedSample } from '../../electron/projection/stratified-sample.ts'
import { trustworthiness } from '../../electron/projection/trustworthiness.ts'
import { seededRandom } from '../support/random.ts'
import { bruteNeighbours, clusteredPoints, ordered, type Points, vectorRows } from './support.ts'

/** A map of rows, some at the same place and one without a place. */
function pictureOf(rows: number, seed: number): Float32Array {
  const random = seededRandom(seed)
  const picture = Float32Array.from({ length: 2 * rows }, () => random.normal())
  picture.copyWithin(20, 0, 2)
  return picture
}

const asPoints = (rows: number, data: Float32Array): Points => ({ rows, dimension: 2, data, cluster: new Int32Array(rows) })

test('Trustworthiness is what its definition gives, number by number', () => {
  const rows = 220
  const points = clusteredPoints(rows, 12, 3, 5)
  const k = 15
  for (const picture of [
    pictureOf(rows, 1),
    Float32Array.from({ length: 2 * rows }, (_, at) => points.data[(at >> 1) * 12 + (at & 1)] as number),
  ]) {
    let penalty = 0
    for (let row = 0; row < rows; row += 1) {
      const ranks = new Map(ordered(points, row).map(({ other }, rank) => [other, rank + 1]))
      const near = ordered(asPoints(rows, picture), row).slice(0, k)
      for (const { other } of near) penalty += Math.max(0, (ranks.get(other) ?? 0) - k)
    }
    const expected = 1 - (2 / (rows * k * (2 * rows - 3 * k - 1))) * penalty
    const found = trustworthiness(vectorRows(points), 'l2', picture, 1)
    expect(found?.value).toBeCloseTo(expected, 9)
    expect(found).toMatchObject({ neighbours: k, points: rows })
  }
  expect(trustworthiness(vectorRows(clusteredPoints(30, 12, 3, 5)), 'l2', pictureOf(30, 1), 1)).toBeNull()
})

test('Above 5,000 points trustworthiness looks at a sample, and data that is shown as it is gets all of it', () => {
  const points = clusteredPoints(5100, 2, 3, 5)
  expect(trustworthiness(vectorRows(points), 'l2', points.data, 1)).toEqual({ value: 1, neighbours: 15, points: 5000 })
})

test('Local fidelity is the share of true neighbours that are as near on the map', () => {
  const rows = 150
  const points = clusteredPoints(rows, 6, 9, 4)
  const neighbours = bruteNeighbours(points, 8)
  const picture = pictureOf(rows, 2)
  picture[2 * 33] = picture[2 * 33 + 1] = Number.NaN
  const shares = localFidelity(neighbours, picture)
  const expected = Array.from({ length: rows }, (_, row) => {
    if (row === 33) return Number.NaN
    const near = ordered(asPoints(rows, picture), row).slice(0, 8)
    const truly = new Set(neighbours.indices.subarray(row * 8, (row + 1) * 8))
    return Math.fround(near.filter(({ other }) => truly.has(other)).length / 8)
  })
  expect([...shares]).toEqual(expected)
})

test('The principal plane is that of the whole covariance', () => {
  const points = clusteredPoints(400, 20, 5, 7)
  const { rows, dimension, data } = points
  const mean = Array.from(
    { length: dimension },
    (_, at) => Array.from({ length: rows }, (_unused, row) => data[row * dimension + at] as number).reduce((a, b) => a + b, 0) / rows,
  )
  const covariance = mean.map((meanA, a) =>
    mean.map((meanB, b) => {
      let sum = 0
      for (let row = 0; row < rows; row += 1)
        sum += ((data[row * dimension + a] as number) - meanA) * ((data[row * dimension + b] as number) - meanB)
      return sum / rows
    }),
  )
  const { vectors: axes } = symmetricEigen(covariance)
  const vectors = vectorRows(points)
  const plane = principalPlane(vectors, false, 1)
  const positions = new Float32Array(rows * 2)
  projectOnPlane(vectors, plane, false, positions)
  for (const [place, axis] of plane.axes.entries()) {
    const shared = axis.reduce((sum, value, at) => sum + value * (axes[place]?.[at] ?? 0), 0)
    expect(Math.abs(shared)).toBeCloseTo(1, 8)
    const expected = Array.from({ length: 5 }, (_, row) =>
      axis.reduce((sum, value, at) => sum + value * ((data[row * dimension + at] as number) - (mean[at] as number)), 0),
    )
    for (const [row, value] of expected.entries()) expect(positions[2 * row + place]).toBeCloseTo(value, 5)
  }
})

test('Eigenvectors of a small matrix are those that it stretches', () => {
  const { values, vectors } = symmetricEigen([
    [4, 1, 0],
    [1, 3, -1],
    [0, -1, 2],
  ])
  expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(9, 10)
  for (const [place, [x = 0, y = 0, z = 0]] of vectors.entries()) {
    const value = values[place] ?? 0
    expect(4 * x + y).toBeCloseTo(value * x, 10)
    expect(x + 3 * y - z).toBeCloseTo(value * y, 10)
    expect(2 * z - y).toBeCloseTo(value * z, 10)
  }
})

test('A new point is placed among its true neighbours, those of new points follow, and no other moves', () => {
  const points = clusteredPoints(300, 10, 8, 3)
  const neighbours = bruteNeighbours(points, 10)
  const places = Float64Array.from(
    { length: 600 },
    (_, at) => 20 * (points.cluster[at >> 1] as number) + (points.data[(at >> 1) * 10 + (at & 1)] as number),
  )
  const before = places.slice()
  const rows = Int32Array.from([3, 40, 41, 299])
  for (const row of rows) places.fill(Number.NaN, 2 * row, 2 * row + 2)
  // Row 41 knows nobody but row 40, which is new as well.
  neighbours.indices.fill(-1, 410, 420)
  neighbours.indices[410] = 40
  expect(placePoints(rows, selectRows(neighbours, rows), places, fitCurve(0.1), 1)).toBe(4)
  for (const row of [3, 40, 299]) expect(Math.abs((places[2 * row] as number) - 20 * (points.cluster[row] as number))).toBeLessThan(6)
  expect(Math.hypot((places[82] as number) - (places[80] as number), (places[83] as number) - (places[81] as number))).toBeLessThan(4)
  for (const row of rows) places.set(before.subarray(2 * row, 2 * row + 2), 2 * row)
  expect(places).toEqual(before)
})

test('A point that no neighbours lead to stays without a place', () => {
  const places = Float64Array.of(0, 0, Number.NaN, Number.NaN)
  const alone = { rows: 1, k: 2, indices: Int32Array.of(-1, -1), distances: new Float32Array(2) }
  expect(placePoints(Int32Array.of(1), alone, places, fitCurve(0.1), 1)).toBe(0)
  expect(places).toEqual(Float64Array.of(0, 0, Number.NaN, Number.NaN))
})

test('A sample has of every part of the picture its share', () => {
  const random = seededRandom(4)
  const picture = Float32Array.from({ length: 20_000 }, (_, at) => (at < 18_000 ? random.normal() : 50 + random.normal()))
  const sample = stratifiedSample(
    picture,
    Int32Array.from({ length: 10_000 }, (_, row) => row),
    2000,
    7,
  )
  expect(new Set(sample).size).toBe(sample.length)
  expect(Math.abs(sample.length - 2000)).toBeLessThan(300)
  expect(Math.abs(sample.filter((row) => row >= 9000).length / sample.length - 0.1)).toBeLessThan(0.02)
})

test('Dense parts of the map become clusters, and what lies between belongs to none', () => {
  const random = seededRandom(3)
  const middles = [
    [0, 0],
    [10, 0],
    [0, 10],
  ] as const
  const picture = Float32Array.from({ length: 2 * 905 }, (_, at) => {
    const row = at >> 1
    const middle = middles[row < 450 ? 0 : row < 750 ? 1 : 2]
    return row >= 900 ? 5 + (row - 900) / 3 : (middle?.[at & 1] ?? 0) + random.normal() * 0.6
  })
  const { clusters, members } = densityClusters(picture)
  expect(clusters).toHaveLength(3)
  expect(Math.hypot(clusters[0]?.x ?? 9, clusters[0]?.y ?? 9)).toBeLessThan(1)
  const own = (from: number, to: number, cluster: number): number => members.subarray(from, to).filter((each) => each === cluster).length
  expect(own(0, 450, 0)).toBeGreaterThan(430)
  expect(own(450, 750, 1)).toBeGreaterThan(285)
  expect(own(750, 900, 2)).toBeGreaterThan(140)
  expect([...members.subarray(900)]).toEqual([-1, -1, -1, -1, -1])
  expect(densityClusters(Float32Array.of(Number.NaN, Number.NaN)).clusters).toEqual([])
})

test('Words of a cluster are those that are frequent in it and rare elsewhere', () => {
  const documents = [
    'Refund the order please',
    'The refund never came',
    'Reset the password please',
    'The password was lost',
    '退款什么时候到账',
    '退款没有到账',
  ]
  const words = distinctiveWords(documents, Int32Array.of(0, 0, 1, 1, 2, 2), 3)
  expect(words[0]?.[0]).toBe('refund')
  expect(words[1]?.[0]).toBe('password')
  expect(words[2]?.[0]).toBe('退款')
})

test('Words that every cluster has, and words that mean nothing, name no cluster', () => {
  const about = ['invoice tax', 'password login', 'delivery parcel', 'export file']
  // What every document says names nothing, even where nothing else is left.
  expect(distinctiveWords(['planar 1', 'planar 2', 'planar 3', 'planar 4'], Int32Array.of(0, 0, 1, 1), 2)).toEqual([[], []])
  expect(distinctiveWords(['planar 1', 'planar 2'], Int32Array.of(0, 0), 1)).toEqual([['planar']])
  const documents = about.flatMap((words) => [`The ledger and all the ${words}`, `How do you get the ledger with your ${words}`])
  const clusters = Int32Array.from(documents, (_, at) => at >> 1)
  for (const [cluster, words] of distinctiveWords(documents, clusters, about.length, 2).entries())
    expect(words.toSorted()).toEqual(about[cluster]?.split(' ').toSorted())
})
