import { rm } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import type { AppEvent } from '../../shared/contract/events.ts'
import { defaultMapSettings, type MapFrame, type MapSettings } from '../../shared/contract/maps.ts'
import { Jobs } from '../../electron/jobs/jobs.ts'
import { Neighbours } from '../../electron/neighbours/neighbours.ts'
import { Projections } from '../../electron/projection/projections.ts'
import { ExactSearch } from '../../electron/search/exact-search.ts'
import type { Store, StoredVectors } from '../../electron/store/store.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { clusteredPoints } from './support.ts'

const ref = { connectionId: 'here', collectionId: 'c' }
const exact = new ExactSearch(1)
const folders: string[] = []
afterAll(async () => {
  await exact.close()
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
})

interface Row {
  readonly id: string
  readonly numbers: Float32Array
}

function clusteredRows(count: number, dimension: number, seed: number): Row[] {
  const { data } = clusteredPoints(count, dimension, seed, 8)
  return Array.from({ length: count }, (_, row) => ({ id: `r${row}`, numbers: data.slice(row * dimension, (row + 1) * dimension) }))
}

/** A store that holds nothing but vectors, also such as no engine would store. */
function storeOf(rows: readonly Row[]): Store {
  const dimension = rows[0]?.numbers.length ?? 0
  const data = new Float32Array(rows.length * dimension)
  for (const [place, { numbers }] of rows.entries()) data.set(numbers, place * dimension)
  const held: Partial<Store> = {
    snapshot: () => Promise.resolve('only one'),
    detail: () => Promise.resolve({ summary: { count: rows.length, dimension, space: 'cosine' } } as never),
    vectors: () => Promise.resolve<StoredVectors>({ ids: rows.map(({ id }) => id), dimension, data: data.slice(), missing: [] }),
  }
  return held as Store
}

interface Made {
  readonly frame: MapFrame
  readonly ids: readonly string[]
  readonly job: ReturnType<Jobs['list']>[number]
}

interface Wishes {
  readonly settings?: Partial<MapSettings>
  readonly fresh?: boolean
  /** Called when the first picture of a layout is told. */
  readonly onLayout?: (projections: Projections, mapId: string, cancel: () => void) => void
}

async function newFolder(): Promise<string> {
  const folder = await temporaryFolder('layouts')
  folders.push(folder)
  return folder
}

/** Opens the map of these rows with services of their own, as after a start of the app, and waits for the end of its job. */
async function openMap(rows: readonly Row[], folder: string, { settings = {}, fresh = false, onLayout }: Wishes = {}): Promise<Made> {
  const store = storeOf(rows)
  const jobs = new Jobs(() => undefined)
  let isLayout = false
  const projections = new Projections({
    stores: { get: () => Promise.resolve(store) } as never,
    exact,
    neighbours: new Neighbours({ exact, folder: null }),
    jobs,
    folder,
    tell: (event: AppEvent) => {
      if (event.type !== 'map' || event.stage !== 'layout' || isLayout) return
      isLayout = true
      onLayout?.(projections, event.mapId, () => jobs.cancel(jobs.list()[0]?.id ?? ''))
    },
  })
  const { mapId } = await projections.open(ref, { ...defaultMapSettings, ...settings }, fresh, new AbortController().signal)
  await expect.poll(() => jobs.list()[0]?.state).not.toBe('running')
  const [job] = jobs.list()
  if (!job) throw new Error('There is no job.')
  const ids = await projections
    .get(mapId)
    .points()
    .catch(() => [])
  return { frame: projections.get(mapId).frame(), ids, job }
}

const placeOf = ({ frame, ids }: Made, id: string): number[] => [...frame.positions.slice(2 * ids.indexOf(id), 2 * ids.indexOf(id) + 2)]

test('a layout is taken up from disk after a restart, new and changed records are placed in it, and the rest stays where it was', async () => {
  const folder = await newFolder()
  const rows = clusteredRows(400, 12, 1)
  const first = await openMap(rows, folder)
  expect(first.frame).toMatchObject({ stage: 'done', method: 'umap', reused: false, laidOut: 400, placed: 0 })
  const again = await openMap(rows, folder)
  expect(again.frame).toMatchObject({ stage: 'done', reused: true, laidOut: 400, placed: 0 })
  expect(again.frame.positions).toEqual(first.frame.positions)
  expect(again.frame.trustworthiness).toEqual(first.frame.trustworthiness)

  const others = clusteredRows(20, 12, 2)
  const changed = rows.flatMap((row, place) => {
    if (place === 30 || place === 31) return []
    if (place % 100 === 7) return [{ id: row.id, numbers: (rows[place + 1] as Row).numbers.map((value) => value * 1.01) }]
    return place === 200 ? [row, ...others.slice(0, 3).map((other, at) => ({ ...other, id: `new-${at}` }))] : [row]
  })
  const renewed = await openMap(changed, folder)
  expect(renewed.frame).toMatchObject({ stage: 'done', reused: true, laidOut: 394, placed: 7, unplaced: 0 })
  expect(renewed.frame.positions.every(Number.isFinite)).toBe(true)
  const moved = changed.filter(
    ({ id }) => !id.startsWith('new') && placeOf(renewed, id).some((value, axis) => value !== placeOf(first, id)[axis]),
  )
  expect(moved.map(({ id }) => id)).toEqual(['r7', 'r107', 'r207', 'r307'])
  for (const row of [7, 107, 207, 307]) {
    // It became a copy of the next record, up to its length, so it belongs beside that one.
    const [[x = 0, y = 0], [nextX = 0, nextY = 0]] = [placeOf(renewed, `r${row}`), placeOf(renewed, `r${row + 1}`)]
    expect(Math.hypot(x - nextX, y - nextY)).toBeLessThan(3)
  }
  // What was placed is kept as well, and only who asks for a new layout gets one.
  expect((await openMap(changed, folder)).frame.positions).toEqual(renewed.frame.positions)
  expect((await openMap(changed, folder, { fresh: true })).frame).toMatchObject({ reused: false, laidOut: 401, placed: 0 })
})

test('a layout that is cancelled stops with its picture and is not kept', async () => {
  const folder = await newFolder()
  const rows = clusteredRows(2000, 12, 3)
  const { frame, job } = await openMap(rows, folder, { onLayout: (_, __, cancel) => cancel() })
  expect(job.state).toBe('cancelled')
  expect(frame).toMatchObject({ stage: 'stopped', method: 'umap', trustworthiness: null })
  expect(frame.positions.every(Number.isFinite)).toBe(true)
  expect(frame.epoch).toBeLessThan(frame.epochs)
  // The frozen layout below would be taken up again, this one is not.
  const frozen = await openMap(rows, folder, { onLayout: (projections, mapId) => projections.get(mapId).freeze() })
  expect(frozen.job.state).toBe('done')
  expect(frozen.frame).toMatchObject({ stage: 'frozen', reused: false, laidOut: 2000 })
  expect(frozen.frame.epoch).toBeGreaterThan(0)
  expect(frozen.frame.epoch).toBeLessThan(frozen.frame.epochs)
  expect(frozen.frame.trustworthiness).toMatchObject({ neighbours: 15 })
  const again = await openMap(rows, folder)
  expect(again.frame).toMatchObject({ stage: 'frozen', reused: true, epoch: frozen.frame.epoch })
  expect(again.frame.positions).toEqual(frozen.frame.positions)
})

test('vectors of two dimensions are shown as they are, and others only by a method that lays them out', async () => {
  const folder = await newFolder()
  const flat = clusteredRows(50, 2, 4)
  for (const method of ['stored', 'umap'] as const) {
    const { frame } = await openMap(flat, folder, { settings: { method } })
    expect(frame).toMatchObject({ stage: 'done', method: 'stored', laidOut: 50, unplaced: 0 })
    expect([...frame.positions]).toEqual(flat.flatMap(({ numbers }) => [...numbers]))
  }
  const { frame, job } = await openMap(clusteredRows(50, 3, 4), folder, { settings: { method: 'stored' } })
  expect(job).toMatchObject({ state: 'failed', error: { code: 'invalid-input', remedy: 'Choose UMAP or PCA.' } })
  expect(frame.stage).toBe('stopped')
})

test('vectors of zeros or with numbers that are not finite have no place, and the map says so', async () => {
  const rows = clusteredRows(300, 8, 5)
  for (const row of [3, 50]) (rows[row] as Row).numbers.fill(0)
  ;(rows[99] as Row).numbers[2] = Number.NaN
  ;(rows[100] as Row).numbers[7] = Infinity
  for (const method of ['umap', 'pca'] as const) {
    const { frame } = await openMap(rows, await newFolder(), { settings: { method } })
    expect(frame).toMatchObject({ stage: 'done', method, laidOut: 296, unplaced: 4 })
    expect(frame.notes).toEqual([
      '2 vectors hold a number that is not finite: no place on the map.',
      '2 vectors are zero: without a direction there is no place on the map.',
    ])
    const unplaced = [...rows.keys()].filter((row) => Number.isNaN(frame.positions[2 * row]) && Number.isNaN(frame.positions[2 * row + 1]))
    expect(unplaced).toEqual([3, 50, 99, 100])
  }
})

test('one record has a place, and of records that are all the same the map says that their places mean nothing', async () => {
  const folder = await newFolder()
  const [row] = clusteredRows(1, 8, 7)
  const { frame: alone } = await openMap([row as Row], folder)
  expect(alone).toMatchObject({ stage: 'done', laidOut: 1, unplaced: 0 })
  const same = Array.from({ length: 60 }, (_, at): Row => ({ id: `same-${at}`, numbers: (row as Row).numbers }))
  for (const reused of [false, true]) {
    const { frame } = await openMap(same, folder)
    expect(frame).toMatchObject({ stage: 'done', reused, laidOut: 60, trustworthiness: null })
    expect(frame.notes).toEqual(['All vectors are the same, so where their points stand says nothing.'])
  }
})

test('a map may ask for as many neighbours as its settings allow', async () => {
  const { frame, job } = await openMap(clusteredRows(260, 8, 6), await newFolder(), { settings: { nNeighbors: 200 } })
  expect(job.state).toBe('done')
  expect(frame).toMatchObject({ stage: 'done', laidOut: 260 })
})
