import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeSampleContent } from '../../electron/sample/sample.ts'
import { dot, row } from '../../electron/sample/vectors.ts'
import { boundsOf } from '../../renderer/features/map/scatter/bounds.ts'
import { fitCamera, toScreen, type Camera } from '../../renderer/features/map/scatter/camera.ts'
import { defaultMapSettings } from '../../shared/contract/maps.ts'
import { storedOrder } from '../../shared/contract/records.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { seriousFindings } from '../support/accessibility.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { copyFixture, haveFixtures } from '../support/fixtures.ts'
import { openConnection } from '../support/open-connection.ts'
import { sampleStore } from '../support/sample-store.ts'

const store = await sampleStore()

describe.skipIf(store === null)('the map page', () => {
  let app: RunningApp
  let window: OpenPage
  let page: Page
  let base: string
  let collection: { connectionId: string; collectionId: string }
  let mapId: string
  let ids: readonly string[]
  let positions: Float32Array
  /** The canvas on the page, in CSS pixels. */
  let canvas: { x: number; y: number; width: number; height: number }

  const inSearch = (name: string) => new URLSearchParams(page.url().split('?')[1]).get(name)
  const drawing = () => page.getByRole('application', { name: `Map of 1,665 records` })
  const controls = () => page.getByRole('region', { name: 'Map controls' })
  const go = async (search: Record<string, string> = {}) => {
    await page.goto(`${app.origin}/#${base}?${new URLSearchParams(search).toString()}`)
    await page.getByText('Trustworthiness').waitFor()
    await page.mouse.move(2, 2)
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)))
  }
  /** Where a point is drawn on the page. */
  const placeOf = (point: number, camera: Camera = fitCamera(boundsOf(positions), canvas, { left: 264, right: 0, top: 0, bottom: 0 })) => {
    const { x, y } = toScreen(camera, canvas, positions[2 * point] ?? 0, positions[2 * point + 1] ?? 0)
    return { x: x + canvas.x, y: y + canvas.y }
  }
  /** Red, green and blue of pixels of the page. */
  async function coloursAt(places: readonly { x: number; y: number }[]): Promise<number[][]> {
    const image = (await page.screenshot()).toString('base64')
    return page.evaluate(
      async ([source, wanted]) => {
        const picture = new Image()
        picture.src = `data:image/png;base64,${source}`
        await picture.decode()
        const surface = new OffscreenCanvas(picture.width, picture.height).getContext('2d')
        surface?.drawImage(picture, 0, 0)
        return wanted.map(({ x, y }) => [...(surface?.getImageData(Math.round(x), Math.round(y), 1, 1).data ?? [])].slice(0, 3))
      },
      [image, places] as const,
    )
  }
  /** Ids that are selected, read from what is exported of the selection. */
  async function selectedIds(): Promise<string[]> {
    await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Export the selection' }).click()
    await page.getByRole('menuitem', { name: 'Copy as IDs' }).click()
    await page.getByText('copied as IDs.').first().waitFor()
    return (await page.evaluate(() => navigator.clipboard.readText())).split('\n').toSorted()
  }
  async function drag(corners: readonly { x: number; y: number }[], key?: 'Shift' | 'Alt'): Promise<void> {
    const [first, ...rest] = corners
    if (!first) return
    await page.mouse.move(first.x, first.y)
    if (key) await page.keyboard.down(key)
    await page.mouse.down()
    for (const { x, y } of rest) await page.mouse.move(x, y, { steps: 4 })
    await page.mouse.up()
    if (key) await page.keyboard.up(key)
  }
  const boxAround = (points: readonly number[], margin: number) => {
    const places = points.map((point) => placeOf(point))
    const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)]
    const [left, right, top, bottom] = [
      Math.min(...xs) - margin,
      Math.max(...xs) + margin,
      Math.min(...ys) - margin,
      Math.max(...ys) + margin,
    ]
    const within = ids.flatMap((_, point) => {
      const { x, y } = placeOf(point)
      return x > left && x < right && y > top && y < bottom ? [point] : []
    })
    const corners = [
      { x: left, y: top },
      { x: right, y: top },
      { x: right, y: bottom },
      { x: left, y: bottom },
    ]
    return { corners, within }
  }

  beforeAll(async () => {
    app = await startApp({ directory: store?.directory })
    const { connectionId, collections } = await openConnection(app)
    collection = { connectionId, collectionId: collections.get('support_cache') ?? '' }
    base = `/s/${connectionId}/c/${collection.collectionId}/map`
    window = await openPage(app)
    page = window.page
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.origin })
    await page.getByRole('treeitem').nth(1).waitFor()
    await go()
    ;({ mapId } = await app.call('maps.open', { ...collection, settings: defaultMapSettings, fresh: false }))
    ;({ ids } = await app.call('maps.points', { mapId }))
    positions = (await app.call('maps.frame', { mapId, after: 0 }))?.positions ?? new Float32Array()
    canvas = (await drawing().boundingBox()) ?? canvas
  })
  afterAll(async () => {
    await window.close()
    await app.stop()
    await rm(store?.folder ?? '', { recursive: true, force: true })
  })

  /** A planted group of entries that ask the same, all of which and nothing else lie within a few pixels. */
  function plantedGroup(): { members: string[]; corners: { x: number; y: number }[] } {
    const pointOf = new Map(ids.map((id, point) => [id, point]))
    for (const { ids: members } of store?.truth.supportCache.groups ?? []) {
      if (members.length < 5) continue
      const points = members.flatMap((id) => pointOf.get(id) ?? [])
      const { corners, within } = boxAround(points, 3)
      if (within.length === points.length) return { members: members.toSorted(), corners }
    }
    throw new Error('No planted group lies by itself on this map.')
  }

  test('every record is drawn where it is, in the colour of its namespace, and nothing is drawn elsewhere', async () => {
    expect(ids).toHaveLength(1665)
    const legend = controls().getByRole('list', { name: 'Legend' }).getByRole('button')
    expect(await legend.count()).toBe(3)
    const swatches = await legend.evaluateAll((lines) => lines.map((line) => (line.firstElementChild as HTMLElement).style.background))
    const colours = swatches.map((swatch) => (swatch.match(/\d+/g) ?? []).map(Number))
    const places = ids.map((_, point) => placeOf(point))
    const around = [0, -2, 2].flatMap((dx) => [0, -2, 2].map((dy) => ({ dx, dy })))
    const pixels = await coloursAt(places.flatMap(({ x, y }) => around.map(({ dx, dy }) => ({ x: x + dx, y: y + dy }))))
    const isNear = (one: number[], other: number[]) => one.every((value, at) => Math.abs(value - (other[at] ?? 0)) < 70)
    // The rims of others, and halos of labels, may lie over some.
    const missing = places.filter((_, point) => {
      const own = pixels.slice(point * around.length, (point + 1) * around.length)
      return !own.some((pixel) => colours.some((colour) => isNear(pixel, colour)))
    })
    expect(missing.length / places.length).toBeLessThan(0.03)
    const { right: farRight, y } = { right: canvas.x + canvas.width - 4, y: canvas.y + canvas.height - 4 }
    expect(await coloursAt([{ x: farRight, y }])).toEqual([[255, 255, 255]])
    expect(places.every(({ x }) => x > canvas.x + 252)).toBe(true)
  })

  test('a lasso around a planted group selects exactly its records; Alt takes away, Shift adds, Escape clears', async () => {
    await go({ tool: 'lasso' })
    const { members, corners } = plantedGroup()
    await drag(corners)
    await page.getByText(`${members.length} records selected`).waitFor()
    expect(await selectedIds()).toEqual(members)
    await page.keyboard.press('b')
    await drag([corners[0] ?? { x: 0, y: 0 }, corners[2] ?? { x: 0, y: 0 }], 'Alt')
    await page.getByRole('region', { name: 'Selection' }).waitFor({ state: 'detached' })
    await drag([corners[0] ?? { x: 0, y: 0 }, corners[2] ?? { x: 0, y: 0 }], 'Shift')
    expect(await selectedIds()).toEqual(members)
    await page.keyboard.press('Escape')
    await page.getByRole('region', { name: 'Selection' }).waitFor({ state: 'detached' })
  })

  test('what is selected is saved under a name, selected again by it, and shown in Records', async () => {
    await go({ tool: 'box' })
    const { members, corners } = plantedGroup()
    await drag([corners[0] ?? { x: 0, y: 0 }, corners[2] ?? { x: 0, y: 0 }])
    await page.getByRole('button', { name: 'Sets' }).click()
    await page.getByRole('textbox', { name: `Name for ${members.length} selected records` }).fill('One question')
    await page.keyboard.press('Enter')
    await page.getByText('saved as “One question”').first().waitFor()
    await page.getByRole('button', { name: 'Clear the selection' }).first().click()
    await page.getByRole('region', { name: 'Selection' }).waitFor({ state: 'detached' })
    await go({ tool: 'box' })
    await page.getByRole('button', { name: 'Sets' }).click()
    await page.getByRole('list', { name: 'Saved sets' }).getByRole('button', { name: 'One question' }).first().click()
    expect(await selectedIds()).toEqual(members)
    await page.getByRole('button', { name: 'Show in Records' }).click()
    await expect.poll(() => page.url()).toContain('/records')
    await page.getByRole('contentinfo').getByText(`${members.length} selected`).waitFor()
    await page.getByRole('contentinfo').getByRole('button', { name: 'Clear the selection' }).click()
  })

  test('the threshold lights exactly the records that are similar enough to one', async () => {
    const { collections } = await makeSampleContent(new AbortController().signal)
    const cache = collections.find(({ name }) => name === 'support_cache')
    if (!cache) throw new Error('The sample has no cache.')
    const probe = row(cache.vectors, 5)
    const similarities = cache.records.map(({ id }, at) => ({ id, similarity: dot(probe, row(cache.vectors, at)) }))
    const [id] = [cache.records[5]?.id ?? '']
    await go({ by: 'record', q: id, threshold: '0.700' })
    for (const threshold of [0.7, 0.65]) {
      const expected = similarities.flatMap((each) => (each.similarity >= threshold ? [each.id] : []))
      await controls().getByText(`${expected.length} records at or above`).waitFor()
      await controls().getByRole('button', { name: 'Select', exact: true }).click()
      expect(await selectedIds()).toEqual(expected.toSorted())
      await page.keyboard.press('Escape')
      await controls().getByRole('slider', { name: 'Similarity threshold' }).focus()
      for (let step = 0; step < 10; step += 1) await page.keyboard.press('ArrowLeft')
    }
  })

  test('a text is placed on the map beside what it is most similar to', async () => {
    await go()
    await page.keyboard.press('q')
    await page.keyboard.type('How do I reset my password?')
    await page.keyboard.press('Enter')
    await controls().getByText('at or above').waitFor()
    expect(inSearch('q')).toBe('How do I reset my password?')
    const { values, place } = await app.call('maps.similarities', {
      mapId,
      probe: { kind: 'text', text: 'How do I reset my password?', embedderId: null },
    })
    const [nearest = 0] = [...values.keys()].toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
    const { minX = 0, maxX = 0 } = boundsOf(positions) ?? {}
    const away = Math.hypot((place?.x ?? Infinity) - (positions[2 * nearest] ?? 0), (place?.y ?? 0) - (positions[2 * nearest + 1] ?? 0))
    expect(away / (maxX - minX)).toBeLessThan(0.05)
    await page.locator('svg text', { hasText: 'How do I reset my password?' }).waitFor()
  })

  test('filter and quick find turn the rest grey and say how many match', async () => {
    await go({ find: 'invoice' })
    const { count, flags } = await app.call('maps.matching', { mapId, filter: { ...noFilter, find: 'invoice' } })
    await page.getByRole('contentinfo').getByText(`${count} of 1,665 records match`).waitFor()
    const isGrey = ([red = 0, green = 0, blue = 0]: number[]) => Math.abs(red - green) < 24 && Math.abs(green - blue) < 24
    const pixels = await coloursAt(ids.map((_, point) => placeOf(point)))
    const grey = pixels.filter((pixel, point) => flags[point] === 0 && isGrey(pixel)).length
    expect(grey / flags.filter((flag) => flag === 0).length).toBeGreaterThan(0.9)
  })

  test('a click opens the record, its true neighbours are listed in order, and one of them is a click away', async () => {
    await go()
    const { members } = plantedGroup()
    const point = ids.indexOf(members[0] ?? '')
    const { x, y } = placeOf(point)
    await page.mouse.click(x, y)
    await expect.poll(() => inSearch('record')).not.toBe(null)
    const opened = inSearch('record') ?? ''
    const { neighbours } = await app.call('neighbours.of', { ...collection, k: 16, metric: 'cosine', id: opened })
    const list = page.getByRole('region', { name: 'Neighbours' }).getByRole('button')
    await expect.poll(() => list.count()).toBe(neighbours.length)
    const shown = await list.locator('span:last-child').allInnerTexts()
    expect(shown).toEqual(neighbours.map(({ similarity }) => similarity?.toFixed(3)))
    await list.first().click()
    await expect.poll(() => inSearch('record')).toBe(neighbours[0]?.id)
  })

  test('the view is in the address: a reload and Back restore colour, part in view and query', async () => {
    await go({ colour: 'cluster' })
    await page.mouse.move(canvas.x + 600, canvas.y + 300)
    await page.mouse.wheel(0, -300)
    await expect.poll(() => inSearch('at')).not.toBe(null)
    const at = inSearch('at')
    await page.reload()
    await page.getByText('Trustworthiness').waitFor()
    expect(inSearch('at')).toBe(at)
    const [cx = 0, cy = 0, span = 1] = (at ?? '').split(',').map(Number)
    await expect.poll(() => controls().getByRole('list', { name: 'Legend' }).getByRole('button').count()).toBeGreaterThan(5)
    const inView = ids
      .map((_, point) => placeOf(point, { x: cx, y: cy, span }))
      .filter(
        ({ x, y }) => x > canvas.x + 270 && x < canvas.x + canvas.width - 10 && y > canvas.y + 10 && y < canvas.y + canvas.height - 10,
      )
    const drawn = await coloursAt(inView)
    expect(drawn.filter((pixel) => pixel.some((value) => value < 240)).length / inView.length).toBeGreaterThan(0.93)
    await controls().getByRole('textbox', { name: 'Place a text on the map' }).fill('cancel the plan')
    await page.keyboard.press('Enter')
    await controls().getByText('at or above').waitFor()
    await page.goBack()
    await controls().getByText('at or above').waitFor({ state: 'detached' })
    expect(inSearch('colour')).toBe('cluster')
  })

  test('axe finds nothing serious, in light and dark, and nothing failed on the way', async () => {
    await go({ q: 'How do I reset my password?', threshold: '0.400' })
    await controls().getByRole('button', { name: 'Select', exact: true }).click()
    await page.getByRole('region', { name: 'Selection' }).waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect(await seriousFindings(page)).toEqual([])
    }
    expect(window.problems).toEqual([])
  })

  test.skipIf(!haveFixtures)('a store of somebody else is drawn too: every record with a vector has its point', async () => {
    const directory = await copyFixture('mem-a-mem-sys')
    const other = await startApp({ directory })
    try {
      const { connectionId, collections } = await openConnection(other)
      const [collectionId = ''] = collections.values()
      const ref = { connectionId, collectionId }
      const { total } = await other.call('records.page', { view: { ...ref, filter: noFilter, sort: storedOrder }, offset: 0, limit: 1 })
      await page.goto(await other.newLink())
      await page.getByRole('treeitem').nth(1).waitFor()
      await page.goto(`${other.origin}/#/s/${connectionId}/c/${collectionId}/map`)
      await page.getByText('UMAP of').waitFor()
      const opened = await other.call('maps.open', { ...ref, settings: defaultMapSettings, fresh: false })
      const frame = await other.call('maps.frame', { mapId: opened.mapId, after: 0 })
      positions = frame?.positions ?? new Float32Array()
      const count = positions.length / 2
      expect(count).toBe(total - (frame?.withoutVector ?? 0))
      await page.getByRole('application', { name: `Map of ${count} records` }).waitFor()
      await page.mouse.move(2, 2)
      const drawn = await coloursAt(Array.from({ length: count }, (_, point) => placeOf(point)))
      expect(drawn.filter((pixel) => pixel.some((value) => value < 225)).length / count).toBeGreaterThan(0.9)
    } finally {
      await other.stop()
      await rm(path.dirname(directory), { recursive: true, force: true })
    }
  })
})
