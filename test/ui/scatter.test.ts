import { expect, test } from 'vitest'
import { fitCamera, panBy, toPlane, toScreen, zoomAt, type Camera } from '../../renderer/features/map/scatter/camera.ts'
import { boundsOf } from '../../renderer/features/map/scatter/bounds.ts'
import { betweenCameras } from '../../renderer/features/map/scatter/camera-motion.ts'
import { paintDensity } from '../../renderer/features/map/scatter/density-picture.ts'
import { FrameBudget } from '../../renderer/features/map/scatter/frame-budget.ts'
import { CrowdGrid, crowdSample } from '../../renderer/features/map/scatter/crowd-grid.ts'
import { litSizes } from '../../renderer/features/map/scatter/lit-sizes.ts'
import { placeLabels } from '../../renderer/features/map/scatter/label-placement.ts'
import { pointsInBox, pointsInPolygon } from '../../renderer/features/map/scatter/lasso.ts'
import { buildPointIndex, nearestByScan, nearestSearch } from '../../renderer/features/map/scatter/point-index.ts'
import { layerBudgets, orderPoints, shuffled } from '../../renderer/features/map/scatter/point-order.ts'
import { densityStyle, pointStyle, sampleStyle } from '../../renderer/features/map/scatter/point-style.ts'
import { pointState } from '../../renderer/features/map/scatter/scatter-props.ts'
import { finishSteps, inPieces, runSteps } from '../../renderer/features/map/scatter/steps.ts'
import { seededRandom } from '../support/random.ts'

const size = { width: 800, height: 500 }

function randomPositions(count: number, seed: number): Float32Array {
  const random = seededRandom(seed)
  return Float32Array.from({ length: 2 * count }, () => random.normal())
}

/** The even-odd rule by its other definition: the number of whole turns, summed for every edge, of a ray to a far place. */
function crossesOften(outline: readonly number[], x: number, y: number): boolean {
  const far = { x: 1000.123, y: 777.77 }
  const side = (ax: number, ay: number, bx: number, by: number, cx: number, cy: number) =>
    Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))
  let crossings = 0
  for (let at = 0; at < outline.length; at += 2) {
    const next = (at + 2) % outline.length
    const [ax = 0, ay = 0, bx = 0, by = 0] = [outline[at], outline[at + 1], outline[next], outline[next + 1]]
    const isApart = side(x, y, far.x, far.y, ax, ay) !== side(x, y, far.x, far.y, bx, by)
    if (isApart && side(ax, ay, bx, by, x, y) !== side(ax, ay, bx, by, far.x, far.y)) crossings += 1
  }
  return crossings % 2 === 1
}

test('a lasso holds the points that a ray in another direction says are inside, also where it crosses itself', () => {
  const positions = randomPositions(4000, 1)
  positions[10] = Number.NaN
  for (const seed of [2, 3, 4, 5]) {
    const random = seededRandom(seed)
    const outline = Array.from({ length: 60 }, () => random.normal())
    const expected = Array.from({ length: 4000 }, (_, index) => index).filter((index) =>
      crossesOften(outline, positions[2 * index] ?? 0, positions[2 * index + 1] ?? 0),
    )
    expect(expected.length).toBeGreaterThan(200)
    expect([...finishSteps(pointsInPolygon(positions, outline))]).toEqual(expected)
  }
  expect(finishSteps(pointsInPolygon(positions, [0, 0, 1, 1]))).toHaveLength(0)
  expect(finishSteps(pointsInPolygon(positions, []))).toHaveLength(0)
})

test('lassos that share an edge share no point', () => {
  const positions = Float32Array.from([0, 0, 1, 1, 0.5, 0.5, 2, 0.5, 1, 0])
  const left = finishSteps(pointsInPolygon(positions, [-1, -1, 1, -1, 1, 2, -1, 2]))
  const right = finishSteps(pointsInPolygon(positions, [1, -1, 3, -1, 3, 2, 1, 2]))
  expect([...left, ...right].toSorted()).toEqual([0, 1, 2, 3, 4])
})

test('a box holds what lies in it and on its sides, and nothing that is not placed', () => {
  const positions = Float32Array.from([0, 0, 1, 1, 1.01, 0.5, Number.NaN, 0.5, 0.5, Infinity])
  expect([...finishSteps(pointsInBox(positions, { minX: 0, minY: 0, maxX: 1, maxY: 1 }))]).toEqual([0, 1])
})

test('a place of the plane is found again at its pixel, and zooming keeps the place under the pointer', () => {
  const camera: Camera = { x: 12_345.5, y: -7, span: 3 }
  const at = { x: 123, y: 456 }
  const plane = toPlane(camera, size, at)
  const back = toScreen(camera, size, plane.x, plane.y)
  expect([back.x, back.y]).toEqual([expect.closeTo(123, 6), expect.closeTo(456, 6)])
  expect(toScreen(camera, size, camera.x, camera.y + 1).y).toBeLessThan(250)
  const zoomed = zoomAt(camera, size, at, 4)
  expect(zoomed.span).toBeCloseTo(0.75)
  const kept = toPlane(zoomed, size, at)
  expect([kept.x, kept.y]).toEqual([expect.closeTo(plane.x, 8), expect.closeTo(plane.y, 8)])
  const moved = toScreen(panBy(camera, size, 30, -20), size, plane.x, plane.y)
  expect([moved.x, moved.y]).toEqual([expect.closeTo(153, 6), expect.closeTo(436, 6)])
  for (const share of [0.2, 0.5, 0.9]) {
    const between = toScreen(betweenCameras(camera, zoomed, share), size, plane.x, plane.y)
    expect([between.x, between.y]).toEqual([expect.closeTo(123, 5), expect.closeTo(456, 5)])
  }
})

test('everything fits into the view, in a window of any shape; nothing and a single point have a place too', () => {
  const positions = randomPositions(100, 7)
  for (const shape of [size, { width: 300, height: 900 }]) {
    const camera = fitCamera(boundsOf(positions), shape)
    for (let index = 0; index < 100; index += 1) {
      const { x, y } = toScreen(camera, shape, positions[2 * index] ?? 0, positions[2 * index + 1] ?? 0)
      expect(x > 0 && x < shape.width && y > 0 && y < shape.height).toBe(true)
    }
  }
  expect(fitCamera(boundsOf(new Float32Array()), size).span).toBeGreaterThan(0)
  expect(fitCamera(boundsOf(Float32Array.from([5, 6])), size)).toEqual({ x: 5, y: 6, span: 2 })
})

test('the index finds the nearest point that a look at every point finds, within reach only', () => {
  const positions = randomPositions(5000, 8)
  positions.fill(Number.NaN, 40, 60)
  const index = buildPointIndex(positions)
  if (!index) throw new Error('There is no index.')
  const nearest = nearestSearch(index)
  const random = seededRandom(9)
  for (let run = 0; run < 500; run += 1) {
    const [x, y, reach] = [random.normal() * 1.5, random.normal() * 1.5, 0.01 + Math.abs(random.normal()) * 0.1]
    expect(nearest(x, y, reach)).toBe(nearestByScan(positions, x, y, reach))
  }
  expect(buildPointIndex(Float32Array.from([Number.NaN, 1]))).toBeNull()
})

test('the nearest of many points on one place is one of them', () => {
  const index = buildPointIndex(new Float32Array(20_000).fill(1))
  const found = index && nearestSearch(index)(1, 1, 0.5)
  expect(found).toBeGreaterThanOrEqual(0)
})

test('the first points of the drawing order are a sample of all, and it is the same every time', () => {
  const order = shuffled(100_000)
  expect(Buffer.compare(Buffer.from(order.buffer), Buffer.from(shuffled(100_000).buffer))).toBe(0)
  expect(new Set(order).size).toBe(100_000)
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const share = order.subarray(0, 10_000).filter((index) => Math.floor(index / 10_000) === tenth).length
    expect(Math.abs(share - 1000)).toBeLessThan(150)
  }
})

test('what is set back comes first: dimmed points, and with a selection all that are neither selected nor highlighted', () => {
  const positions = Float32Array.from([0, 0, 1, 1, 2, 2, Number.NaN, 3, 4, 4])
  const order = Uint32Array.from([4, 3, 2, 1, 0])
  const back = (state: number[]) => {
    const { indices, backCount } = orderPoints(order, positions, Uint8Array.from(state))
    expect([...indices].toSorted()).toEqual([0, 1, 2, 4])
    return [...indices.subarray(0, backCount)].toSorted()
  }
  expect(back([0, 0, 0, 0, 0])).toEqual([])
  expect(back([pointState.dimmed, 0, pointState.dimmed | pointState.highlighted, 0, 0])).toEqual([0])
  expect(back([pointState.selected, pointState.highlighted, 0, pointState.selected, 0])).toEqual([2, 4])
})

test('no label overlaps another or the edge, and the heaviest stays', () => {
  const random = seededRandom(11)
  const labels = Array.from({ length: 200 }, (_, at) => ({ x: random.normal(), y: random.normal(), text: `label ${at}`, weight: at }))
  const placed = placeLabels(labels, { camera: { x: 0, y: 0, span: 4 }, size, measure: (text) => text.length * 7, lineHeight: 16 })
  expect(placed.length).toBe(Math.round((size.width * size.height) / 42_000))
  const inView = labels.filter(({ x, y }) => Math.abs(x) < 2.5 && Math.abs(y) < 1.8)
  expect(placed[0]?.label).toBe(inView.at(-1))
  for (const [at, one] of placed.entries()) {
    const half = one.label.text.length * 3.5
    expect(one.x - half >= 0 && one.x + half <= size.width && one.y - 8 >= 0 && one.y + 8 <= size.height).toBe(true)
    for (const other of placed.slice(at + 1)) {
      const isApart = Math.abs(one.x - other.x) >= half + other.label.text.length * 3.5 || Math.abs(one.y - other.y) >= 16
      expect(isApart).toBe(true)
    }
  }
})

test('labels of equal weight that do not all fit are spread over the view', () => {
  const labels = Array.from({ length: 60 }, (_, at) => ({ x: (at % 4) - 1.5, y: at / 15 - 2, text: `label ${at}`, weight: 7 }))
  const camera = { x: 0, y: 0, span: 5 }
  const placed = placeLabels(labels, { camera, size, measure: (text) => text.length * 7, lineHeight: 16 })
  const heights = placed.map(({ y }) => y)
  expect(placed.length).toBeLessThan(20)
  for (const part of [0, 1, 2, 3]) {
    const [from, to] = [-2 + part, -1 + part].map((y) => toScreen(camera, size, 0, y).y) as [number, number]
    expect(heights.some((y) => y <= from && y >= to)).toBe(true)
  }
})

test('a label stands above what it names, or beside it where points are above, and not under what covers the view', () => {
  const camera = { x: 0, y: 0, span: 6 }
  const extent = { minX: -0.5, maxX: 0.5, minY: -0.5, maxY: 0.5 }
  const label = { x: 0, y: 0, text: 'a cluster', weight: 1, extent }
  const space = { camera, size, measure: (text: string) => text.length * 7, lineHeight: 16 }
  const upper = toScreen(camera, size, 0, 0.5).y
  const [above] = placeLabels([label], space)
  expect(above?.x).toBeCloseTo(size.width / 2, 6)
  expect((above?.y ?? 0) + 8).toBeLessThan(upper)

  const points = Float32Array.from({ length: 400 }, (_, at) => (at % 2 === 0 ? ((at % 40) - 20) / 20 : 0.55 + Math.floor(at / 40) / 20))
  const [below] = placeLabels([label], { ...space, crowd: new CrowdGrid(crowdSample(points), camera, size) })
  expect((below?.y ?? 0) - 8).toBeGreaterThan(toScreen(camera, size, 0, -0.5).y)

  const covered = { left: size.width / 2 + 10, right: 0, top: 0, bottom: 0 }
  const [right] = placeLabels([label], { ...space, insets: covered })
  expect((right?.x ?? 0) - (label.text.length * 7) / 2).toBeGreaterThan(covered.left)
})

test('everything is fitted into the part of the view that nothing covers', () => {
  const insets = { left: 260, right: 0, top: 0, bottom: 40 }
  const bounds = { minX: -3, maxX: 5, minY: 1, maxY: 2 }
  const camera = fitCamera(bounds, size, insets)
  const [upperLeft, lowerRight] = [toScreen(camera, size, bounds.minX, bounds.maxY), toScreen(camera, size, bounds.maxX, bounds.minY)]
  expect(upperLeft.x).toBeGreaterThan(insets.left)
  expect(lowerRight.x).toBeLessThan(size.width)
  expect((upperLeft.x + lowerRight.x) / 2).toBeCloseTo((insets.left + size.width) / 2, 6)
  expect((upperLeft.y + lowerRight.y) / 2).toBeCloseTo((size.height - insets.bottom) / 2, 6)
})

test('what is lit is larger, and sizes stay as they are where nothing is', () => {
  const own = Float32Array.from([1, 2])
  expect(litSizes(undefined, Uint8Array.from([0, pointState.selected]))).toBe(null)
  expect(litSizes(own, undefined)).toBe(own)
  const sizes = litSizes(own, Uint8Array.from([pointState.highlighted, 0]))
  expect(sizes?.[0]).toBeGreaterThan(1)
  expect(sizes?.[1]).toBe(2)
})

const flat = {
  width: 40,
  height: 20,
  x: 0,
  y: 0,
  scale: 1,
  radius: 2,
  opacity: 0.5,
  exponent: 1,
  grey: [100, 100, 100] as [number, number, number],
}

function pixelAt(pixels: Uint8Array, x: number, y: number): number[] {
  return [...pixels.subarray(4 * (y * 40 + x), 4 * (y * 40 + x) + 4)]
}

test('a picture of points has their mean colour and the opacity of discs over each other, grey ones below the rest', () => {
  const scene = {
    positions: Float32Array.from([-10, 5, -10, 5, 10, -5, 10, -5]),
    colours: Uint8Array.from([200, 0, 0, 255, 0, 100, 0, 255, 0, 0, 0, 255, 0, 0, 240, 255]),
    sizes: null,
    order: { indices: Uint32Array.from([2, 0, 1, 3]), backCount: 1, unvaluedCount: 0 },
  }
  const pixels = paintDensity(scene, flat)
  const at = (x: number, y: number) => pixelAt(pixels, x, y)
  expect(at(10, 5)).toEqual([75, 38, 0, 191])
  expect(at(30, 15)).toEqual([25, 25, 145, 192])
  expect(at(20, 10)).toEqual([0, 0, 0, 0])
  expect(pixels.filter((value, place) => place % 4 === 3 && value > 0).length).toBeLessThan(60)
})

test('a point without a value lies in its colour below one with a value, and above what is grey', () => {
  const [red, blue] = [
    [200, 0, 0, 255],
    [0, 0, 200, 255],
  ] as const
  const pictureOf = (state: readonly number[]): number[] => {
    const positions = Float32Array.from([0, 0, 0, 0])
    const order = orderPoints(shuffled(2), positions, Uint8Array.from(state))
    return pixelAt(paintDensity({ positions, colours: Uint8Array.from([...red, ...blue]), sizes: null, order }, flat), 20, 10)
  }
  expect(pictureOf([pointState.unvalued, 0])).toEqual([50, 0, 100, 192])
  expect(pictureOf([0, pointState.unvalued])).toEqual([100, 0, 50, 192])
  expect(pictureOf([pointState.dimmed, pointState.unvalued])).toEqual([25, 25, 125, 192])
  expect(pictureOf([pointState.unvalued | pointState.selected, pointState.unvalued])).toEqual([125, 25, 25, 192])
})

test('where not all points can be drawn, half of what can be is of the highest layer, and the rest is taken evenly from those below', () => {
  expect(layerBudgets([10, 20, 30], 60)).toEqual([10, 20, 30])
  expect(layerBudgets([3000, 6000, 1000], 1000)).toEqual([166, 333, 500])
  expect(layerBudgets([3000, 6000, 10], 1000)).toEqual([330, 660, 10])
  expect(layerBudgets([10, 20, 3000], 1000)).toEqual([3, 6, 990])
  expect(layerBudgets([100, 900, 0], 100)).toEqual([10, 90, 0])
})

test('dense places read in every style, and single points are not lost beside them', () => {
  for (const [count, density] of [
    [600, 0.02],
    [20_000, 0.3],
    [1_000_000, 20],
  ] as const) {
    const style = pointStyle(count, 1, density, 1)
    const picture = densityStyle(style)
    const peak = Math.max(1, density * Math.PI * picture.radius ** 2)
    expect(picture.opacity).toBeGreaterThanOrEqual(0.3)
    expect(1 - (1 - picture.opacity) ** (peak ** picture.exponent)).toBeGreaterThan(0.75)
  }
  const sample = sampleStyle(pointStyle(1_000_000, 1, 20, 1), 0.02)
  expect(sample.opacity).toBeLessThanOrEqual(0.85)
  expect(sample.radius).toBeGreaterThan(pointStyle(1_000_000, 1, 20, 1).radius)
})

test('slow frames make the sample smaller, fast ones larger', () => {
  const budget = new FrameBudget()
  for (let frame = 0; frame < 20; frame += 1) budget.tell(budget.points, (budget.points / 1000) * 4)
  expect(budget.points).toBeGreaterThanOrEqual(4000)
  expect(budget.points).toBeLessThan(8000)
  for (let frame = 0; frame < 60; frame += 1) budget.tell(budget.points, 2)
  expect(budget.points).toBeGreaterThan(1_000_000)
})

test('work in steps is done at once where it is little, else in slices between which other work has its turn', async () => {
  const told: number[] = []
  runSteps(
    inPieces(100, (from, to) => told.push(from, to)),
    () => told.push(-1),
  )
  expect(told).toEqual([0, 100, -1])

  const results: string[] = []
  function* slow(): Generator<undefined, string, undefined> {
    for (let step = 0; step < 5; step += 1) {
      const end = performance.now() + 9
      while (performance.now() < end);
      yield
    }
    return 'all'
  }
  const running = runSteps(slow(), (result) => results.push(result))
  expect(results).toEqual([])
  await expect.poll(() => results).toEqual(['all'])
  running.finish()
  expect(results).toEqual(['all'])

  const cancelled = runSteps(slow(), () => expect.unreachable())
  cancelled.cancel()
  cancelled.finish()
  runSteps(slow(), (result) => results.push(result)).finish()
  expect(results).toEqual(['all', 'all'])
})
