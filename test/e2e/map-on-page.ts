import type { Page } from 'playwright-core'
import type { SampleTruth } from '../../electron/sample/truth.ts'
import { boundsOf } from '../../renderer/features/map/scatter/bounds.ts'
import { fitCamera, toScreen, type Camera } from '../../renderer/features/map/scatter/camera.ts'
import { defaultMapSettings, type MapSettings } from '../../shared/contract/maps.ts'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { RunningApp } from '../support/app.ts'

export interface ScreenPlace {
  readonly x: number
  readonly y: number
}

/** The map page of a collection in a browser, with where its points are. */
export class MapOnPage {
  readonly app: RunningApp
  readonly page: Page
  readonly collection: CollectionRef
  readonly settings: MapSettings
  mapId = ''
  ids: readonly string[] = []
  positions: Float32Array = new Float32Array()
  /** The canvas on the page, in CSS pixels. */
  canvas = { x: 0, y: 0, width: 0, height: 0 }

  constructor(app: RunningApp, page: Page, collection: CollectionRef, settings = defaultMapSettings) {
    this.settings = settings
    this.app = app
    this.page = page
    this.collection = collection
  }

  get base(): string {
    return `/s/${this.collection.connectionId}/c/${this.collection.collectionId}/map`
  }

  inSearch(name: string): string | null {
    return new URLSearchParams(this.page.url().split('?')[1]).get(name)
  }

  controls(): ReturnType<Page['getByRole']> {
    return this.page.getByRole('region', { name: 'Map controls' })
  }

  /** The page with another search, once its map is final. */
  async go(search: Record<string, string> = {}): Promise<void> {
    const { app, page } = this
    await page.goto(`${app.origin}/#${this.base}?${new URLSearchParams(search).toString()}`)
    await page.getByText('Trustworthiness').waitFor()
    await page.mouse.move(2, 2)
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)))
  }

  /** Reads what the map that is shown consists of, and where. */
  async read(): Promise<void> {
    const { app, page } = this
    ;({ mapId: this.mapId } = await app.call('maps.open', { ...this.collection, settings: this.settings, fresh: false }))
    ;({ ids: this.ids } = await app.call('maps.points', { mapId: this.mapId }))
    this.positions = (await app.call('maps.frame', { mapId: this.mapId, after: 0 }))?.positions ?? new Float32Array()
    this.canvas = (await page.getByRole('application', { name: /^Map of/ }).boundingBox()) ?? this.canvas
  }

  /** Where a point is drawn on the page, with everything in view or by another camera. */
  placeOf(point: number, camera?: Camera): ScreenPlace {
    const { positions, canvas } = this
    const shown = camera ?? fitCamera(boundsOf(positions), canvas, { left: 264, right: 0, top: 0, bottom: 0 })
    const { x, y } = toScreen(shown, canvas, positions[2 * point] ?? 0, positions[2 * point + 1] ?? 0)
    return { x: x + canvas.x, y: y + canvas.y }
  }

  async drag(corners: readonly ScreenPlace[], key?: 'Shift' | 'Alt'): Promise<void> {
    const { mouse, keyboard } = this.page
    const [first, ...rest] = corners
    if (!first) return
    await mouse.move(first.x, first.y)
    if (key) await keyboard.down(key)
    await mouse.down()
    for (const { x, y } of rest) await mouse.move(x, y, { steps: 4 })
    await mouse.up()
    if (key) await keyboard.up(key)
  }

  /** A planted group of entries that ask the same, all of which and nothing else lie within a few pixels; corners of those. */
  plantedGroup(truth: SampleTruth | undefined): { members: string[]; corners: ScreenPlace[] } {
    const pointOf = new Map(this.ids.map((id, point) => [id, point]))
    for (const { ids: members } of truth?.supportCache.groups ?? []) {
      if (members.length < 5) continue
      const points = members.flatMap((id) => pointOf.get(id) ?? [])
      const { corners, within } = this.#boxAround(points, 3)
      if (points.length === members.length && within.length === points.length) return { members: members.toSorted(), corners }
    }
    throw new Error('No planted group lies by itself on this map.')
  }

  #boxAround(points: readonly number[], margin: number): { corners: ScreenPlace[]; within: number[] } {
    const places = points.map((point) => this.placeOf(point))
    const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)]
    const [left, right] = [Math.min(...xs) - margin, Math.max(...xs) + margin]
    const [top, bottom] = [Math.min(...ys) - margin, Math.max(...ys) + margin]
    const within = this.ids.flatMap((_, point) => {
      const { x, y } = this.placeOf(point)
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
}
