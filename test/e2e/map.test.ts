import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dot, row } from '../../electron/sample/vectors.ts'
import { boundsOf } from '../../renderer/features/map/scatter/bounds.ts'
import { defaultMapSettings } from '../../shared/contract/maps.ts'
import { storedOrder } from '../../shared/contract/records.ts'
import type { LabelSource } from '../../shared/domain/thresholds/evidence.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { seriousFindings } from '../support/accessibility.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { copyFixture, haveFixtures } from '../support/fixtures.ts'
import { openConnection } from '../support/open-connection.ts'
import { sampleStore } from '../support/sample-store.ts'
import { MapOnPage } from './map-on-page.ts'
import { sampleContent } from '../support/sample-content.ts'

const store = await sampleStore()

describe.skipIf(store === null)('the map page', () => {
  let app: RunningApp
  let window: OpenPage
  let page: Page
  let map: MapOnPage
  const controls = () => map.controls()
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
  beforeAll(async () => {
    app = await startApp({ directory: store?.directory })
    const { connectionId, collections } = await openConnection(app)
    window = await openPage(app)
    page = window.page
    map = new MapOnPage(app, page, { connectionId, collectionId: collections.get('support_cache') ?? '' })
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.origin })
    await page.getByRole('treeitem').nth(1).waitFor()
    await map.go()
    await map.read()
  })
  afterAll(async () => {
    await window.close()
    await app.stop()
    await rm(store?.folder ?? '', { recursive: true, force: true })
  })

  const plantedGroup = () => map.plantedGroup(store?.truth)

  test('every record is drawn where it is, in the colour of its namespace, and nothing is drawn elsewhere', async () => {
    expect(map.ids).toHaveLength(1665)
    const legend = controls().getByRole('list', { name: 'Legend' }).getByRole('button')
    expect(await legend.count()).toBe(3)
    const swatches = await legend.evaluateAll((lines) => lines.map((line) => (line.firstElementChild as HTMLElement).style.background))
    const colours = swatches.map((swatch) => (swatch.match(/\d+/g) ?? []).map(Number))
    const places = map.ids.map((_, point) => map.placeOf(point))
    const around = [0, -2, 2].flatMap((dx) => [0, -2, 2].map((dy) => ({ dx, dy })))
    const pixels = await coloursAt(places.flatMap(({ x, y }) => around.map(({ dx, dy }) => ({ x: x + dx, y: y + dy }))))
    const isNear = (one: number[], other: number[]) => one.every((value, at) => Math.abs(value - (other[at] ?? 0)) < 70)
    // The rims of others, and halos of labels, may lie over some.
    const missing = places.filter((_, point) => {
      const own = pixels.slice(point * around.length, (point + 1) * around.length)
      return !own.some((pixel) => colours.some((colour) => isNear(pixel, colour)))
    })
    expect(missing.length / places.length).toBeLessThan(0.03)
    const { right: farRight, y } = { right: map.canvas.x + map.canvas.width - 4, y: map.canvas.y + map.canvas.height - 4 }
    expect(await coloursAt([{ x: farRight, y }])).toEqual([[255, 255, 255]])
    expect(places.every(({ x }) => x > map.canvas.x + 252)).toBe(true)
  })

  test('a lasso around a planted group selects exactly its records; Alt takes away, Shift adds, Escape clears', async () => {
    await map.go({ tool: 'lasso' })
    const { members, corners } = plantedGroup()
    await map.drag(corners)
    await page.getByText(`${members.length} records selected`).waitFor()
    expect(await selectedIds()).toEqual(members)
    await page.keyboard.press('b')
    await map.drag([corners[0] ?? { x: 0, y: 0 }, corners[2] ?? { x: 0, y: 0 }], 'Alt')
    await page.getByRole('region', { name: 'Selection' }).waitFor({ state: 'detached' })
    await map.drag([corners[0] ?? { x: 0, y: 0 }, corners[2] ?? { x: 0, y: 0 }], 'Shift')
    expect(await selectedIds()).toEqual(members)
    await page.keyboard.press('Escape')
    await page.getByRole('region', { name: 'Selection' }).waitFor({ state: 'detached' })
  })

  test('what is selected is saved under a name, selected again by it, and shown in Records', async () => {
    await map.go({ tool: 'box' })
    const { members, corners } = plantedGroup()
    await map.drag([corners[0] ?? { x: 0, y: 0 }, corners[2] ?? { x: 0, y: 0 }])
    await page.getByRole('button', { name: 'Sets' }).click()
    await page.getByRole('textbox', { name: `Name for ${members.length} selected records` }).fill('One question')
    await page.keyboard.press('Enter')
    await page.getByText('saved as “One question”').first().waitFor()
    await page.getByRole('button', { name: 'Clear the selection' }).first().click()
    await page.getByRole('region', { name: 'Selection' }).waitFor({ state: 'detached' })
    await map.go({ tool: 'box' })
    await page.getByRole('button', { name: 'Sets' }).click()
    await page.getByRole('list', { name: 'Saved sets' }).getByRole('button', { name: 'One question' }).first().click()
    expect(await selectedIds()).toEqual(members)
    await page.getByRole('button', { name: 'Show in Records' }).click()
    await expect.poll(() => page.url()).toContain('/records')
    await page.getByRole('contentinfo').getByText(`${members.length} selected`).waitFor()
    await page.getByRole('contentinfo').getByRole('button', { name: 'Clear the selection' }).click()
  })

  test('a picture of the map tells what its colours mean, as the legend does', async () => {
    const copied = async (): Promise<string> => {
      await page.getByRole('button', { name: 'Export', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Copy as SVG' }).click()
      await page.getByText('The map was copied as SVG.').first().waitFor()
      return page.evaluate(() => navigator.clipboard.readText())
    }
    await map.go({ colour: 'namespace' })
    // Colours come after the address, and a toast may be of the copy before.
    await expect.poll(copied).toContain('>Namespace</text>')
    const lines = await controls().getByRole('list', { name: 'Legend' }).getByRole('button').allInnerTexts()
    const svg = await copied()
    for (const part of lines.flatMap((line) => line.split('\n'))) expect(svg).toContain(`>${part}</text>`)
    expect(svg.match(/<circle/g)).toHaveLength(lines.length)
    await map.go({ colour: 'fidelity' })
    await expect.poll(copied).toContain('>Local fidelity</text>')
    expect(await copied()).toContain('linearGradient')
  })

  test('the colours of duplicates and of thresholds of entries are explained, also where there are none, and lead on', async () => {
    await map.go({ colour: 'duplicates' })
    const legend = controls().getByRole('list', { name: 'Legend' }).getByRole('button')
    await legend.filter({ hasText: 'In no group' }).waitFor()
    const found = await app.call('maps.values', { mapId: map.mapId, colour: { by: 'duplicates' } })
    if (found.kind !== 'categories') throw new Error('Groups are categories.')
    await expect.poll(() => legend.count()).toBe(Math.min(10, found.categories.length) + 2)
    await legend.first().click()
    await expect.poll(() => JSON.parse(map.inSearch('only') ?? '[]')).toEqual([found.categories[0]?.label])
    await controls().getByRole('button', { name: 'Review in Cleanup' }).click()
    await expect.poll(() => page.url()).toContain('/cleanup?finding=near-duplicates')
    await map.go({ colour: 'entryThreshold' })
    const sources: LabelSource[] = ['human', 'weak']
    const fitted = await app.call('maps.values', {
      mapId: map.mapId,
      colour: { by: 'entryThreshold', source: { from: 'self-calibration' }, sources },
    })
    await controls()
      .getByText(`${new Intl.NumberFormat('en').format(fitted.missing)} need evidence`)
      .waitFor()
    await controls().getByRole('button', { name: 'See the thresholds of entries' }).click()
    await expect.poll(() => page.url()).toContain('/thresholds?tab=entries')
    await page.getByRole('table', { name: 'Thresholds of entries' }).waitFor()
  })

  test('a saved set filters Records by an address, beside other conditions; it is renamed, removed and brought back', async () => {
    const { members } = plantedGroup()
    const { id } = await app.call('sets.save', { ...map.collection, name: 'A question', ids: members })
    const records = `${map.base.replace(/map$/, 'records')}`
    await page.goto(`${app.origin}/#${records}?set=${id}`)
    const chips = page.getByRole('list', { name: 'Conditions in force' })
    await chips.getByText('“A question”').waitFor()
    const shown = () => page.getByRole('contentinfo').getByText(/of 1,665 records/)
    await expect.poll(() => shown().textContent()).toMatch(new RegExp(`^${members.length} of 1,665`))
    await page.getByRole('textbox', { name: 'Find in documents and ids' }).fill(members[0] ?? '')
    await expect.poll(() => shown().textContent()).toMatch(/^1 of 1,665/)
    await page.getByRole('textbox', { name: 'Find in documents and ids' }).fill('')
    await page.getByRole('button', { name: 'Sets' }).click()
    await page.getByRole('button', { name: 'Rename the set A question' }).click()
    await page.getByRole('textbox', { name: 'New name of the set A question' }).fill('Another name')
    await page.keyboard.press('Enter')
    await chips.getByText('“Another name”').waitFor()
    await page.getByRole('button', { name: 'Remove the set Another name' }).click()
    await expect.poll(() => map.inSearch('set')).toBeNull()
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await expect
      .poll(async () => (await app.call('sets.list', map.collection)).find(({ name }) => name === 'Another name')?.count)
      .toBe(members.length)
    await page.getByRole('button', { name: 'Sets' }).click()
    await page.getByRole('button', { name: 'Show only the set Another name' }).click()
    await chips.getByText('“Another name”').waitFor()
    await expect.poll(() => shown().textContent()).toMatch(new RegExp(`^${members.length} of 1,665`))
  })

  test('the threshold lights exactly the records that are similar enough to one', async () => {
    const { collections } = await sampleContent()
    const cache = collections.find(({ name }) => name === 'support_cache')
    if (!cache) throw new Error('The sample has no cache.')
    const probe = row(cache.vectors, 5)
    const similarities = cache.records.map(({ id }, at) => ({ id, similarity: dot(probe, row(cache.vectors, at)) }))
    const [id] = [cache.records[5]?.id ?? '']
    await map.go({ by: 'record', q: id, threshold: '0.700' })
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
    await map.go()
    await page.keyboard.press('q')
    await page.keyboard.type('How do I reset my password?')
    await page.keyboard.press('Enter')
    await controls().getByText('at or above').waitFor()
    expect(map.inSearch('q')).toBe('How do I reset my password?')
    const { values, place } = await app.call('maps.similarities', {
      mapId: map.mapId,
      probe: { kind: 'text', text: 'How do I reset my password?', embedderId: null },
    })
    const [nearest = 0] = [...values.keys()].toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
    const { minX = 0, maxX = 0 } = boundsOf(map.positions) ?? {}
    const away = Math.hypot(
      (place?.x ?? Infinity) - (map.positions[2 * nearest] ?? 0),
      (place?.y ?? 0) - (map.positions[2 * nearest + 1] ?? 0),
    )
    expect(away / (maxX - minX)).toBeLessThan(0.05)
    await page.locator('svg text', { hasText: 'How do I reset my password?' }).waitFor()
  })

  test('filter and quick find turn the rest grey and say how many match', async () => {
    await map.go({ find: 'invoice' })
    const { count, flags } = await app.call('maps.matching', { mapId: map.mapId, filter: { ...noFilter, find: 'invoice' } })
    await page.getByRole('contentinfo').getByText(`${count} of 1,665 records match`).waitFor()
    const isGrey = ([red = 0, green = 0, blue = 0]: number[]) => Math.abs(red - green) < 24 && Math.abs(green - blue) < 24
    const pixels = await coloursAt(map.ids.map((_, point) => map.placeOf(point)))
    const grey = pixels.filter((pixel, point) => flags[point] === 0 && isGrey(pixel)).length
    expect(grey / flags.filter((flag) => flag === 0).length).toBeGreaterThan(0.9)
  })

  test('a click opens the record, its true neighbours are listed in order, and one of them is a click away', async () => {
    await map.go()
    const { members } = plantedGroup()
    const point = map.ids.indexOf(members[0] ?? '')
    const { x, y } = map.placeOf(point)
    await page.mouse.click(x, y)
    await expect.poll(() => map.inSearch('record')).not.toBe(null)
    const opened = map.inSearch('record') ?? ''
    const { neighbours } = await app.call('neighbours.of', { ...map.collection, k: 16, metric: 'cosine', id: opened })
    const list = page.getByRole('region', { name: 'Neighbours' }).getByRole('button')
    await expect.poll(() => list.count()).toBe(neighbours.length)
    const shown = await list.locator('span:last-child').allInnerTexts()
    expect(shown).toEqual(neighbours.map(({ similarity }) => similarity?.toFixed(3)))
    await list.first().click()
    await expect.poll(() => map.inSearch('record')).toBe(neighbours[0]?.id)
  })

  test('the view is in the address: a reload and Back restore colour, part in view and query', async () => {
    await map.go({ colour: 'cluster' })
    await page.mouse.move(map.canvas.x + 600, map.canvas.y + 300)
    await page.mouse.wheel(0, -300)
    await expect.poll(() => map.inSearch('at')).not.toBe(null)
    const at = map.inSearch('at')
    await page.reload()
    await page.getByText('Trustworthiness').waitFor()
    expect(map.inSearch('at')).toBe(at)
    const [cx = 0, cy = 0, span = 1] = (at ?? '').split(',').map(Number)
    await expect.poll(() => controls().getByRole('list', { name: 'Legend' }).getByRole('button').count()).toBeGreaterThan(5)
    const inView = map.ids
      .map((_, point) => map.placeOf(point, { x: cx, y: cy, span }))
      .filter(
        ({ x, y }) =>
          x > map.canvas.x + 270 &&
          x < map.canvas.x + map.canvas.width - 10 &&
          y > map.canvas.y + 10 &&
          y < map.canvas.y + map.canvas.height - 10,
      )
    const drawn = await coloursAt(inView)
    expect(drawn.filter((pixel) => pixel.some((value) => value < 240)).length / inView.length).toBeGreaterThan(0.93)
    await controls().getByRole('textbox', { name: 'Place a text on the map' }).fill('cancel the plan')
    await page.keyboard.press('Enter')
    await controls().getByText('at or above').waitFor()
    await page.goBack()
    await controls().getByText('at or above').waitFor({ state: 'detached' })
    expect(map.inSearch('colour')).toBe('cluster')
  })

  test('axe finds nothing serious, in light and dark, and nothing failed on the way', async () => {
    await map.go({ q: 'How do I reset my password?', threshold: '0.400' })
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
      map.positions = frame?.positions ?? new Float32Array()
      const count = map.positions.length / 2
      expect(count).toBe(total - (frame?.withoutVector ?? 0))
      await page.getByRole('application', { name: `Map of ${count} records` }).waitFor()
      await page.mouse.move(2, 2)
      const drawn = await coloursAt(Array.from({ length: count }, (_, point) => map.placeOf(point)))
      expect(drawn.filter((pixel) => pixel.some((value) => value < 225)).length / count).toBeGreaterThan(0.9)
    } finally {
      await other.stop()
      await rm(path.dirname(directory), { recursive: true, force: true })
    }
  })
})
