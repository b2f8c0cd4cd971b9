import { rm } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { testEngines } from '../support/engines.ts'
import { openConnection } from '../support/open-connection.ts'
import { sampleStore } from '../support/sample-store.ts'
import { startEditing } from '../support/start-editing.ts'
import { directoryContents } from '../support/store-contents.ts'
import { MapOnPage } from './map-on-page.ts'

const store = await sampleStore()
const [engine] = await testEngines()

describe.skipIf(store === null)('deleting what a lasso selected', () => {
  let app: RunningApp
  let window: OpenPage
  let page: Page
  let map: MapOnPage
  const contents = () => directoryContents(store?.directory ?? '', map.collection.collectionId)

  beforeAll(async () => {
    app = await startApp({ directory: store?.directory, args: engine?.command ? ['--engine', engine.command] : [] })
    const { connectionId, collections } = await openConnection(app)
    await startEditing(app, connectionId)
    window = await openPage(app, { width: 1440, height: 900 })
    page = window.page
    await page.getByRole('treeitem').nth(1).waitFor()
    map = new MapOnPage(app, page, { connectionId, collectionId: collections.get('support_cache') ?? '' })
  }, 120_000)
  afterAll(async () => {
    await window.close()
    await app.stop()
    await rm(store?.folder ?? '', { recursive: true, force: true })
  })

  test(
    'takes exactly its records from store and map, moves no other point, and Undo brings every bit back',
    { timeout: 240_000 },
    async () => {
      await map.go({ tool: 'lasso' })
      await map.read()
      const { ids, positions } = map
      const placeBefore = new Map(ids.map((id, point) => [id, [positions[2 * point], positions[2 * point + 1]]]))
      const original = await contents()
      const { members, corners } = map.plantedGroup(store?.truth)
      await map.drag(corners)
      await page.getByText(`${members.length} records selected`).waitFor()
      await page.keyboard.press('Delete')
      const dialog = page.getByRole('dialog', { name: `Delete ${members.length} selected records` })
      await dialog.getByRole('button', { name: `Delete ${members.length} records` }).click()
      await page.getByText(`${members.length} records deleted.`).waitFor()

      const left = await contents()
      expect([...original.keys()].filter((id) => !left.has(id))).toEqual(members)
      expect([...left].filter(([id, text]) => original.get(id) !== text)).toEqual([])
      const count = new Intl.NumberFormat('en').format(ids.length - members.length)
      await page.getByRole('application', { name: `Map of ${count} records` }).waitFor()
      await map.go()
      await map.read()
      expect(map.ids.toSorted()).toEqual([...left.keys()].toSorted())
      const moved = map.ids.filter((id, point) => {
        const [x, y] = placeBefore.get(id) ?? []
        return map.positions[2 * point] !== x || map.positions[2 * point + 1] !== y
      })
      expect(moved).toEqual([])

      await page.keyboard.press('Control+z')
      await page.getByText('Undone:').first().waitFor()
      const back = await contents()
      expect(back.size).toBe(original.size)
      expect([...back].filter(([id, text]) => original.get(id) !== text)).toEqual([])
      await page.getByRole('application', { name: 'Map of 1,665 records' }).waitFor()
      expect(window.problems).toEqual([])
    },
  )
})
