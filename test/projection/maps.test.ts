import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultMapSettings, type MapFrame, type MapSettings } from '../../shared/contract/maps.ts'
import { makeSmallStore, type SmallStore } from '../support/small-store.ts'
import { openInCore, type OpenedStore } from '../search/support.ts'

let store: SmallStore | null
let opened: OpenedStore | null = null

beforeAll(async () => {
  store = await makeSmallStore(120)
  if (store) opened = await openInCore(store.directory)
})
afterAll(async () => {
  await opened?.stop()
  if (store) await rm(store.directory, { recursive: true, force: true })
})

async function finalFrame(
  settings: Partial<MapSettings>,
  fresh = false,
): Promise<{ mapId: string; jobId: string | null; frame: MapFrame }> {
  if (!opened) throw new Error('There is no store.')
  const { call, ref } = opened
  const { mapId, jobId } = await call('maps.open', { ...ref('answers'), settings: { ...defaultMapSettings, ...settings }, fresh })
  await expect
    .poll(async () => (await call('maps.frame', { mapId, after: 0 })) ?? null)
    .toMatchObject({ final: true, trustworthiness: { neighbours: 15 } })
  return { mapId, jobId, frame: (await call('maps.frame', { mapId, after: 0 })) as MapFrame }
}

test('A map is laid out, told by its points, colours, clusters and fidelity, and taken up again', async ({ skip }) => {
  if (!opened) return skip()
  const { call } = opened
  const { mapId, frame } = await finalFrame({ nNeighbors: 10 })
  expect(frame).toMatchObject({ stage: 'done', method: 'umap', laidOut: 120, placed: 0, unplaced: 0, withoutVector: 0, reused: false })
  expect(frame.positions).toHaveLength(240)
  expect(frame.positions.every(Number.isFinite)).toBe(true)
  expect((await call('maps.points', { mapId })).ids.slice(0, 3)).toEqual(['answer-0', 'answer-1', 'answer-2'])
  expect(await call('maps.frame', { mapId, after: frame.version })).toBeNull()

  const topic = await call('maps.values', { mapId, colour: { by: 'metadata', key: 'topic' } })
  expect(topic).toMatchObject({ kind: 'categories', missing: 0, others: 0 })
  const hits = await call('maps.values', { mapId, colour: { by: 'metadata', key: 'hits' } })
  expect(hits).toMatchObject({ kind: 'numbers', scale: 'number', min: 0, max: 119 })
  const fidelity = await call('maps.fidelity', { mapId })
  expect(fidelity.shares).toHaveLength(120)
  const { clusters, members } = await call('maps.labels', { mapId })
  expect(clusters.reduce((sum, { count }) => sum + count, 0)).toBe(members.filter((cluster) => cluster >= 0).length)
  const near = await call('maps.similarities', { mapId, probe: { kind: 'vector', vector: [1, 50, -50] } })
  expect(near.values).toHaveLength(120)
  const point = 50
  expect(
    Math.hypot(
      (near.place?.x ?? NaN) - (frame.positions[2 * point] as number),
      (near.place?.y ?? NaN) - (frame.positions[2 * point + 1] as number),
    ),
  ).toBeLessThan(3)
  expect(
    await opened.call('maps.open', { ...opened.ref('answers'), settings: { ...defaultMapSettings, nNeighbors: 10 }, fresh: false }),
  ).toEqual({ mapId, jobId: null })
})
