import { rm } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiCollectionRef } from '../../electron/store/server/api.ts'
import type { Engines, RunningEngine } from '../../electron/store/engine/engines.ts'
import { defaultMapSettings, type MapFrame } from '../../shared/contract/maps.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { openConnection } from '../support/open-connection.ts'
import { seededRandom } from '../support/random.ts'
import { MapOnPage } from './map-on-page.ts'

const [engine] = await testEngines()
const count = 4000
/** So many neighbours take some ten seconds to lay out, so that there is time to end it. */
const settings = { ...defaultMapSettings, nNeighbors: 60 }
const dimension = 16
const clusters = 20

describe.skipIf(engine === undefined)('a map that is ended, and one whose store was changed', { timeout: 300_000 }, () => {
  let directory: string
  let engines: Engines
  /** The other program; a retry finds it running. */
  let other: RunningEngine | undefined
  let ref: ApiCollectionRef
  let vectors: Float32Array[]
  let app: RunningApp
  let window: OpenPage
  let page: Page
  let map: MapOnPage
  /** From the beginning: what an earlier map left on the page is gone. */
  const open = async (search: string): Promise<void> => {
    await page.goto(`${app.origin}/#${map.base}?${search}`)
    await page.reload()
  }
  const freeze = () => map.controls().getByRole('button', { name: 'Freeze' })
  const frame = async (): Promise<MapFrame> => {
    await map.read()
    const found = await app.call('maps.frame', { mapId: map.mapId, after: 0 })
    if (!found) throw new Error('The map has no picture.')
    return found
  }
  const placeOf = (id: string): [number, number] => {
    const point = map.ids.indexOf(id)
    return [map.positions[2 * point] ?? Number.NaN, map.positions[2 * point + 1] ?? Number.NaN]
  }

  beforeAll(async () => {
    directory = await temporaryFolder('map-states')
    engines = (await engine?.create()) as Engines
    const random = seededRandom(5)
    const centres = Array.from({ length: clusters }, () => Array.from({ length: dimension }, () => random.next() - 0.5))
    vectors = Array.from({ length: count }, (_, row) =>
      Float32Array.from(centres[row % clusters] ?? [], (middle) => middle + 0.2 * (random.next() - 0.5)),
    )
    const { api } = await engines.start(directory, { create: true, kind: engine?.kind })
    ref = { ...defaultDatabase, id: (await api.createCollection(defaultDatabase, { name: 'many', space: 'cosine', metadata: null })).id }
    for (let from = 0; from < count; from += 1000) {
      const embeddings = vectors.slice(from, from + 1000)
      const ids = embeddings.map((_, at) => `record-${from + at}`)
      await api.add(ref, { ids, embeddings, documents: ids, metadatas: ids.map(() => null) })
    }
    await api.settled()
    await engines.close()
    engines = (await engine?.create()) as Engines
    app = await startApp({ directory })
    const { connectionId, collections } = await openConnection(app)
    window = await openPage(app, { width: 1440, height: 900 })
    page = window.page
    // A layout of thousands shares two cores with whatever else runs.
    page.setDefaultTimeout(60_000)
    // A page that is loaded anew before it has its session has none.
    await page.getByRole('heading', { name: 'Collections' }).waitFor()
    map = new MapOnPage(app, page, { connectionId, collectionId: collections.get('many') ?? '' }, settings)
  }, 180_000)
  afterAll(async () => {
    await window?.close()
    await app?.stop()
    await engines?.close()
    await rm(directory, { recursive: true, force: true })
  })

  test('a layout that is cancelled says that it is not kept, and is drawn again when asked', async () => {
    await open('neighbours=60&seed=1')
    await freeze().waitFor()
    await map.controls().getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Stopped; this picture is not kept').waitFor()
    await page.getByRole('application', { name: 'Map of 4,000 records' }).waitFor()
    const jobs = await app.call('jobs.list', {})
    expect(jobs.filter(({ title }) => title === 'Map').at(-1)?.state).toBe('cancelled')
    await map.controls().getByRole('button', { name: 'Draw it again' }).click()
    await freeze().waitFor()
    await freeze().click()
    await page.getByText('Frozen before it was settled').waitFor()
  })

  test('a frozen layout stays as it was at that moment, also after a reload', async () => {
    await open('neighbours=60')
    // A retry finds the layout that was frozen before.
    await freeze().or(page.getByText('Frozen before it was settled')).first().waitFor()
    // Late enough for clusters to have come together: the next test looks at who is near whom.
    await expect.poll(async () => (await frame()).epoch, { timeout: 60_000 }).toBeGreaterThan((await frame()).epochs / 3)
    if ((await freeze().count()) > 0) await freeze().click()
    await page.getByText('Trustworthiness').waitFor()
    const frozen = await frame()
    expect(frozen).toMatchObject({ stage: 'frozen', final: true, method: 'umap', laidOut: count, placed: 0 })
    expect(frozen.epoch).toBeLessThan(frozen.epochs)
    await page.reload()
    await page.getByText('Frozen before it was settled').waitFor()
    const again = await frame()
    expect(Buffer.from(again.positions.buffer).equals(Buffer.from(frozen.positions.buffer))).toBe(true)
  })

  test('records that another program wrote are placed near what they are similar to, and nothing else moves', async () => {
    await open('neighbours=60')
    await freeze().or(page.getByText('Trustworthiness')).first().waitFor()
    if ((await freeze().count()) > 0) await freeze().click()
    await page.getByText('Trustworthiness').waitFor()
    const before = await frame()
    const known = new Map(map.ids.map((id) => [id, placeOf(id)]))
    other ??= await engines.start(directory, { kind: engine?.kind })
    const { api } = other
    const round = map.ids.length
    const ids = [`new-${round}-a`, `new-${round}-b`]
    // Nearly the same as two records that are known.
    const near = [vectors[3], vectors[4]].map((vector) => Float32Array.from(vector ?? [], (value) => value * 1.01 + 1e-4))
    await api.add(ref, { ids, embeddings: near, documents: ids, metadatas: ids.map(() => null) })
    await api.settled()
    await page.getByText('Another process changed this store').waitFor()
    await page.getByRole('application', { name: `Map of ${round.toLocaleString('en')} records` }).waitFor()
    await page.getByRole('status').getByRole('button', { name: 'Refresh' }).click()
    await page.getByText(/placed by their neighbours/).waitFor()
    await page.getByRole('application', { name: `Map of ${(round + 2).toLocaleString('en')} records` }).waitFor()
    await page.getByText('Trustworthiness').waitFor()

    const after = await frame()
    expect(after).toMatchObject({ reused: true, laidOut: before.laidOut, placed: before.placed + 2, unplaced: 0 })
    expect([...known].filter(([id, [x, y]]) => placeOf(id)[0] !== x || placeOf(id)[1] !== y)).toEqual([])
    for (const [at, id] of ids.entries()) {
      const [x, y] = placeOf(`record-${at + 3}`)
      const distanceOf = (of: string): number => Math.hypot(placeOf(of)[0] - x, placeOf(of)[1] - y)
      const far = distanceOf(id)
      // A cluster is a twentieth of the records, and a frozen layout has not drawn them together yet.
      expect(map.ids.filter((each) => distanceOf(each) < far).length / map.ids.length).toBeLessThan(0.1)
    }
  })
})
