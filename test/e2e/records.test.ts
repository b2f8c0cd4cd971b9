import { rm } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { seriousFindings } from '../support/accessibility.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { openConnection } from '../support/open-connection.ts'
import { treeHash } from '../support/tree-hash.ts'
import { filterTests } from './records-filters.ts'
import { makeRecordsStore, manyDocument, manyMetadata, manyRecords } from './records-store.ts'

const directory = await makeRecordsStore()

describe.skipIf(directory === null)('the records page', () => {
  let app: RunningApp
  let window: OpenPage
  let page: Page
  let before: string
  let base: string
  let collections: Map<string, string>

  function address(collection: string, search: Record<string, string> = {}): string {
    const text = new URLSearchParams(search).toString()
    return `${app.origin}/#${base}/c/${collections.get(collection)}/records${text === '' ? '' : `?${text}`}`
  }
  async function go(collection: string, search: Record<string, string> = {}): Promise<void> {
    // By way of the welcome page, so that nothing of the view before is kept; a reload would cost ten times as much.
    await page.goto(`${app.origin}/#/`)
    await page.goto(address(collection, search))
  }
  function inSearch(name: string): string | null {
    return new URLSearchParams(new URL(page.url()).hash.split('?')[1] ?? '').get(name)
  }
  const grid = () => page.getByRole('grid')
  const row = (index: number) => page.locator(`[data-row="${index}"]`)
  const cell = (index: number, column: string) => row(index).locator(`[data-column="${column}"]`)
  const status = () => page.getByRole('contentinfo', { name: 'Status' })
  const copied = () => page.evaluate(() => navigator.clipboard.readText())

  beforeAll(async () => {
    before = await treeHash(directory ?? '')
    app = await startApp({ directory: directory ?? '' })
    const opened = await openConnection(app)
    base = `/s/${opened.connectionId}`
    collections = opened.collections
    window = await openPage(app, { width: 1440, height: 900 })
    page = window.page
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.origin })
    await page.getByRole('treeitem').nth(1).waitFor()
  })
  afterAll(async () => {
    await window.close()
    await app.stop()
    expect(await treeHash(directory ?? '')).toBe(before)
    await rm(directory ?? '', { recursive: true, force: true })
  })
  beforeEach(async () => {
    await page.evaluate(() => ['frame', 'records:facets', 'records:facets-narrow'].forEach((key) => localStorage.removeItem(key)))
    window.problems.length = 0
  })

  describe('the table', () => {
    test('any depth is one scroll away, and only the rows in view are in the page', async () => {
      await go('many')
      await row(0).waitFor()
      expect(await grid().getAttribute('aria-rowcount')).toBe(String(manyRecords + 1))
      await grid().evaluate((element) => element.scrollTo({ top: element.scrollHeight / 2 }))
      const middle = manyRecords / 2
      await expect.poll(() => row(middle).innerText()).toContain(manyDocument(middle))
      await grid().press('End')
      await expect.poll(() => cell(manyRecords - 1, 'id').innerText()).toBe(`many-${manyRecords - 1}`)
      expect(await page.locator('[data-row]').count()).toBeLessThan(80)
      expect(window.problems).toEqual([])
    })

    test('a click on a heading sorts the whole collection: up, down, as stored', async () => {
      await go('many', { sort: 'key:hits' })
      const hits = () =>
        page.locator('[role=columnheader]', { hasText: 'hits' }).or(page.locator('[role=columnheader]', { hasText: 'Hits' }))
      await expect.poll(() => cell(0, 'id').innerText()).toBe(`many-${manyRecords - 1}`)
      await expect.poll(() => hits().getAttribute('aria-sort')).toBe('ascending')
      await hits().getByRole('button').click()
      await expect.poll(() => cell(0, 'id').innerText()).toBe('many-0')
      expect([inSearch('sort'), inSearch('dir')]).toEqual(['key:hits', 'descending'])
      await hits().getByRole('button').click()
      await expect.poll(() => inSearch('sort')).toBeNull()
      await page.goBack()
      await expect.poll(() => inSearch('dir')).toBe('descending')
    })

    test('integers, floats, empty texts, missing keys and missing documents can be told apart', async () => {
      await go('many')
      await page.getByRole('button', { name: 'Columns' }).click()
      await page.getByRole('checkbox', { name: 'Show note' }).waitFor()
      if (!(await page.getByRole('checkbox', { name: 'Show note' }).isChecked()))
        await page.getByRole('checkbox', { name: 'Show note' }).click()
      await page.keyboard.press('Escape')
      expect((await row(0).innerText()).split(/\s+/)).toEqual(expect.arrayContaining(['0.0', '6000']))
      await expect.poll(() => cell(0, 'key:note').innerText()).toBe('empty')
      expect(await cell(1, 'key:note').innerText()).toBe('·')
      expect(await cell(10, 'key:note').innerText()).toBe('note 10')
      await go('many', { where: '{"hits":5951}' })
      await expect.poll(() => row(0).innerText()).toContain('no document')
    })

    test('columns that were hidden, moved and resized stay so after a reload', async () => {
      const many = () => ({ connectionId: base.slice(3), collectionId: collections.get('many') ?? '' })
      await app.call('settings.setTableLayout', { ...many(), layout: null })
      await go('many')
      const headings = () =>
        page
          .locator('[role=columnheader] button[data-column]')
          .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset['column']))
      await row(0).waitFor()
      const first = await headings()
      const last = first.at(-1) ?? ''
      const lastHeading = page.locator(`button[data-column="${last}"]`)
      await lastHeading.press('Alt+ArrowLeft')
      await expect.poll(async () => (await headings()).at(-2)).toBe(last)
      await page.locator(`button[data-column="id"]`).click({ button: 'right' })
      await page.getByRole('menuitem', { name: 'Hide column' }).click()
      await expect.poll(headings).not.toContain('id')
      const handle = page.locator('[data-resize="document"]')
      const box = await handle.boundingBox()
      await page.mouse.move((box?.x ?? 0) + 4, (box?.y ?? 0) + 10)
      await page.mouse.down()
      await page.mouse.move((box?.x ?? 0) + 4 - 120, (box?.y ?? 0) + 10, { steps: 4 })
      await page.mouse.up()
      const width = (await cell(0, 'document').boundingBox())?.width
      const kept = await headings()
      await expect
        .poll(async () => (await app.call('settings.tableLayout', many()))?.columns)
        .toEqual(kept.map((id) => expect.objectContaining(id === 'document' ? { id, width } : { id })))
      await page.reload()
      await row(0).waitFor()
      await expect.poll(headings).toEqual(kept)
      expect((await cell(0, 'document').boundingBox())?.width).toBe(width)
      await app.call('settings.setTableLayout', { ...many(), layout: null })
    })

    test('the usual keys select, and the selection is copied in the three formats', async () => {
      await go('many')
      await row(2).click({ position: { x: 300, y: 10 } })
      await page.keyboard.press('Shift+ArrowDown')
      await page.keyboard.press('Shift+ArrowDown')
      await row(9).click({ position: { x: 300, y: 10 }, modifiers: ['Control'] })
      await expect.poll(() => status().innerText()).toContain('4 selected')
      await page.keyboard.press('Control+c')
      await page.getByText('4 records copied as JSON.').waitFor()
      const json = JSON.parse(await copied()) as { id: string; document: string; metadata: Record<string, unknown> }[]
      expect(json.map(({ id }) => id)).toEqual(['many-2', 'many-3', 'many-4', 'many-9'])
      expect(await copied()).toContain('"score": 0.25')
      await page.getByRole('button', { name: /^Copy 4 records/ }).click()
      await page.getByRole('menuitem', { name: 'Copy as CSV' }).click()
      await page.getByText('4 records copied as CSV.').waitFor()
      expect((await copied()).split('\r\n')[0]).toContain('id,document,')
      await grid().press('Control+a')
      await expect.poll(() => status().innerText()).toContain('6,000 selected')
      await row(1).locator('[data-gutter]').click()
      await expect.poll(() => status().innerText()).toContain('5,999 selected')
      await page.keyboard.press('Escape')
      await expect.poll(() => status().innerText()).not.toContain('selected')
    })

    test('what is selected stays so in the other views of the collection, in another order and after a refresh', async () => {
      await go('many')
      await row(2).locator('[data-gutter]').click()
      await row(4)
        .locator('[data-gutter]')
        .click({ modifiers: ['Shift'] })
      await page.getByRole('link', { name: 'Overview' }).click()
      await expect.poll(() => status().innerText()).toContain('3 selected')
      await page.getByRole('link', { name: 'Records', exact: true }).click()
      await expect.poll(() => row(3).getAttribute('aria-selected')).toBe('true')
      const refreshed = page.waitForResponse(/connections\.refresh$/)
      await grid().press('Shift+R')
      expect((await refreshed).ok()).toBe(true)
      await expect.poll(() => row(3).getAttribute('aria-selected')).toBe('true')
      await grid().press('Control+a')
      await page.locator(`button[data-column="id"]`).click({ button: 'right' })
      await page.getByRole('menuitem', { name: 'Sort descending' }).click()
      await expect.poll(() => cell(0, 'id').innerText()).toBe('many-999')
      await expect.poll(() => row(0).getAttribute('aria-selected')).toBe('true')
      await page.getByRole('button', { name: 'Clear the selection' }).click()
      await expect.poll(() => status().innerText()).not.toContain('selected')
      expect(await row(0).getAttribute('aria-selected')).toBe('false')
    })

    test('a small selection stays on its records when the order changes', async () => {
      await go('many')
      await row(3).locator('[data-gutter]').click()
      await row(5).locator('[data-gutter]').click()
      await page.locator('button[data-column="id"]').click({ button: 'right' })
      await page.getByRole('menuitem', { name: 'Sort descending' }).click()
      await expect.poll(() => cell(0, 'id').innerText()).toBe('many-999')
      await expect.poll(() => status().innerText()).toContain('2 selected')
      await page.getByRole('button', { name: /^Copy 2 records/ }).click()
      await page.getByRole('menuitem', { name: 'Copy as JSONL' }).click()
      await page.getByText('2 records copied as JSONL.').waitFor()
      expect((await copied()).match(/"id": "many-\d+"/g)?.toSorted()).toEqual(['"id": "many-3"', '"id": "many-5"'])
    })
  })

  filterTests(() => ({ page, go, inSearch, row, cell, status }))

  describe('the record', () => {
    const inspector = () => page.getByRole('complementary', { name: 'Inspector' })

    test('a link opens a record far down, marks it in the table and leads to its neighbours', async () => {
      await go('many', { record: 'many-4321', sort: 'key:hits', dir: 'descending' })
      await page.reload()
      await inspector().getByText('4,322 of 6,000').waitFor()
      await expect.poll(() => row(4321).getAttribute('aria-selected')).toBe('true')
      await inspector()
        .getByText(manyDocument(4321) ?? '')
        .first()
        .waitFor()
      await inspector().getByRole('button', { name: 'Next record' }).click()
      await expect.poll(() => inSearch('record')).toBe('many-4322')
      await expect.poll(() => row(4322).getAttribute('aria-selected')).toBe('true')
      await grid().focus()
      await page.keyboard.press('k')
      await expect.poll(() => inSearch('record')).toBe('many-4321')
      await inspector().getByRole('button', { name: 'Copy link' }).click()
      await expect.poll(copied).toContain('record=many-4321')
    })

    test('metadata is shown with its types, and a value becomes a filter', async () => {
      await go('many', { record: 'many-7' })
      const metadata = inspector().getByRole('region', { name: 'Metadata' })
      await metadata.getByText(String(manyMetadata(7).get('hits'))).waitFor()
      const text = await metadata.innerText()
      for (const part of ['0.875', 'float', 'int', 'bool', 'string']) expect(text).toContain(part)
      await metadata.getByText('refund', { exact: true }).hover()
      await metadata.getByRole('button', { name: 'Filter by topic of this record' }).click()
      await expect.poll(() => inSearch('where')).toBe('{"topic":"refund"}')
    })

    test('the vector is a summary; its numbers come only on demand', async () => {
      await go('many', { record: 'many-0' })
      const vector = inspector().getByRole('region', { name: 'Vector' })
      await vector.getByText('Dimension').waitFor()
      expect(await vector.locator('pre').count()).toBe(0)
      await vector.getByRole('button', { name: 'Show the 3 numbers' }).click()
      expect(await vector.locator('pre').innerText()).toMatch(/^\[1, -?[\d.]+, -?[\d.]+\]$/)
      await go('turns', { record: 'talk' })
      await vector.getByText('Every number is zero').waitFor()
    })

    test('a record outside of the filter, and one that does not exist, are said to be so', async () => {
      await go('many', { record: 'many-1', where: '{"topic":"billing"}' })
      await inspector().getByText('The current filter leaves this record out.').waitFor()
      await inspector().getByRole('button', { name: 'Clear the filter' }).click()
      await inspector().getByText('2 of 6,000').waitFor()
      await go('many', { record: 'gone' })
      await inspector().getByText('The collection has no record with this ID').waitFor()
    })

    test('Markdown is laid out without following or loading anything, JSON keeps every digit, turns are a conversation', async () => {
      await go('semantic_cache', { record: 'entry-1' })
      await inspector().getByRole('heading', { name: 'Invoices' }).waitFor()
      expect(await inspector().locator('a, img').count()).toBe(0)
      await inspector().getByText('https://example.com/invoices').first().waitFor()
      await go('semantic_cache', { record: 'entry-2' })
      await inspector().locator('pre').getByText('9007199254740993').waitFor()
      await go('turns', { record: 'talk' })
      await expect.poll(() => inspector().getByRole('listitem').allInnerTexts()).toHaveLength(2)
      expect(window.problems).toEqual([])
    })

    test('Escape closes the record, Enter opens it', async () => {
      await go('many')
      await row(4).click({ position: { x: 300, y: 10 } })
      await expect.poll(() => inSearch('record')).toBe('many-4')
      await grid().focus()
      await page.keyboard.press('Escape')
      await expect.poll(() => inSearch('record')).toBeNull()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await expect.poll(() => inSearch('record')).toBe('many-5')
    })
  })

  describe('the profile', () => {
    test('a semantic cache is recognised, shown in its own columns, and a correction outlives a reload and can be taken back', async () => {
      await go('semantic_cache')
      const heading = (name: string) => page.locator('[role=columnheader]', { hasText: name })
      await heading('Query').waitFor()
      await heading('Response').waitFor()
      await heading('Namespace').waitFor()
      const badge = page.getByRole('button', { name: /% sure$/ })
      await badge.click()
      await page.getByRole('dialog', { name: 'Profile' }).locator('li').first().waitFor()
      await page.getByRole('button', { name: 'Correct the mapping…' }).click()
      const dialog = page.getByRole('dialog', { name: 'What the fields mean' })
      await dialog.getByRole('combobox', { name: 'Namespace' }).click()
      await page.getByRole('option', { name: 'Nothing' }).click()
      await dialog.getByRole('combobox', { name: 'User' }).click()
      await page.getByRole('option', { name: /^namespace/ }).click()
      await dialog.getByRole('button', { name: 'Save mapping' }).click()
      await heading('User').waitFor()
      await page.reload()
      await heading('User').waitFor()
      await page.getByRole('button', { name: 'Own mapping' }).click()
      await page.getByRole('button', { name: 'Correct the mapping…' }).click()
      await dialog.getByRole('button', { name: 'Go back to what was recognised' }).click()
      await heading('Namespace').waitFor()
    })
  })

  test('an empty collection says what would be here', async () => {
    await go('nothing')
    await page.getByText('This collection is empty').waitFor()
  })

  test.each(['light', 'dark'] as const)('axe finds nothing serious in %s with filter, facets and record open', async (theme) => {
    await app.call('settings.setPreferences', { theme })
    await go('many', { record: 'many-3', where: '{"$and":[{"topic":"refund"},{"hits":{"$gt":5}}]}' })
    await row(0).waitFor()
    await page.keyboard.press('f')
    await page.locator('.cm-content').first().waitFor()
    await page.locator(`html[data-theme=${theme}]`).waitFor()
    await page.waitForTimeout(500)
    expect(await seriousFindings(page)).toEqual([])
  })
})
