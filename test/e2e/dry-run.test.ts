import { rm } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seriousFindings } from '../support/accessibility.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { openConnection } from '../support/open-connection.ts'
import { sampleStore } from '../support/sample-store.ts'

const store = await sampleStore()

describe.skipIf(store === null)('a dry run of a lookup', () => {
  let app: RunningApp
  let window: OpenPage
  let page: Page
  let collection: { connectionId: string; collectionId: string }
  const verdict = () => page.getByRole('region', { name: 'Verdict' })

  /** Looks a query of the log up as it was then. */
  async function lookUp(id: string, threshold = 0.85): Promise<void> {
    const line = store?.lookups.get(id)
    if (!line) throw new Error(`The log has no lookup ${id}.`)
    const settings = await app.call('lookups.settings', collection)
    await app.call('lookups.setSettings', {
      ...collection,
      settings: { ...settings, threshold, namespace: line.namespace, at: Date.parse(line.time) },
    })
    const { connectionId, collectionId } = collection
    await page.goto(`${app.origin}/#/s/${connectionId}/c/${collectionId}/lookups?${new URLSearchParams({ q: line.query }).toString()}`)
    await page.reload()
    await verdict().waitFor()
  }

  beforeAll(async () => {
    app = await startApp({ directory: store?.directory })
    const { connectionId, collections } = await openConnection(app)
    collection = { connectionId, collectionId: collections.get('support_cache') ?? '' }
    window = await openPage(app)
    page = window.page
    await page.getByRole('treeitem').nth(1).waitFor()
  })
  afterAll(async () => {
    await window.close()
    await app.stop()
    await rm(store?.folder ?? '', { recursive: true, force: true })
  })

  const planted = store?.truth.lookups ?? []
  const words = { hit_exact: 'Hit · exact', hit_semantic: 'Hit · semantic', miss: 'Miss' } as const
  test.each((['hit_exact', 'hit_semantic', 'miss'] as const).map((outcome) => ({ outcome })))(
    'lookups planted as $outcome come out so, with the planted entry',
    async ({ outcome }) => {
      for (const { id, winner } of planted.filter((each) => each.outcome === outcome).slice(0, 3)) {
        await lookUp(id)
        await expect.poll(() => verdict().innerText()).toContain(words[outcome])
        const open = verdict().getByRole('button', { name: 'Open the entry' })
        if (winner === null) expect(await open.count()).toBe(0)
        else {
          await open.click()
          await expect.poll(() => new URLSearchParams(page.url().split('?')[1]).get('record')).toBe(winner)
        }
      }
    },
  )

  test('the inspector goes through the ladder, and options changed at once are all kept', async () => {
    const hit = planted.find(({ outcome }) => outcome === 'hit_semantic')
    await lookUp(hit?.id ?? '')
    const rungs = page.getByRole('grid', { name: 'Entries near the query' }).locator('[data-rung]')
    await rungs.first().waitFor()
    const ids = await rungs.evaluateAll((rows) => rows.map((each) => each.getAttribute('data-record')))
    await rungs.first().click()
    await page.getByText(`1 of ${ids.length}`).waitFor()
    await page.getByRole('button', { name: 'Next record' }).click()
    await expect.poll(() => new URLSearchParams(page.url().split('?')[1]).get('record')).toBe(ids[1])
    await page.getByRole('slider', { name: 'Similarity threshold' }).first().press('ArrowRight')
    await page.getByRole('checkbox', { name: 'Skip expired entries' }).click()
    await page.getByRole('checkbox', { name: 'Leave out punctuation' }).click()
    await expect
      .poll(() => app.call('lookups.settings', collection))
      .toMatchObject({
        threshold: 0.855,
        honourExpiry: false,
        normalise: { stripPunctuation: true },
      })
    await page.getByRole('checkbox', { name: 'Skip expired entries' }).click()
    await page.getByRole('checkbox', { name: 'Leave out punctuation' }).click()
    await expect.poll(() => app.call('lookups.settings', collection)).toMatchObject({ honourExpiry: true, threshold: 0.855 })
  })

  test('a threshold above the similarity of a hit makes it a miss, and the flip takes it back', async () => {
    const hit = planted.find(({ outcome }) => outcome === 'hit_semantic')
    await lookUp(hit?.id ?? '', 1)
    await expect.poll(() => verdict().innerText()).toContain('below the threshold of 1')
    await verdict().getByRole('button', { name: 'Try it' }).first().click()
    await expect.poll(() => verdict().innerText()).toContain('Hit · semantic')
  })

  test('has no serious accessibility issue and reports no error', async () => {
    expect(await seriousFindings(page)).toEqual([])
    expect(window.problems).toEqual([])
  })
})
