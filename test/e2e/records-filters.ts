import type { Locator, Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { manyMetadata, manyRecords } from './records-store.ts'

/** The records page of the store of these tests, and the ways of getting about in it. */
export interface RecordsOnPage {
  readonly page: Page
  /** Shows the records of a collection, with what the address says besides. */
  readonly go: (collection: string, search?: Record<string, string>) => Promise<void>
  /** What the address says now; null where it says nothing of that. */
  readonly inSearch: (name: string) => string | null
  readonly row: (index: number) => Locator
  readonly cell: (index: number, column: string) => Locator
  readonly status: () => Locator
}

/** Facets, the filter as a form and as Chroma's JSON, quick find, and what is said where a filter is wrong or leaves nothing. */
export function filterTests(at: () => RecordsOnPage): void {
  describe('filters', () => {
    let { page, go, inSearch, row, cell, status } = {} as RecordsOnPage
    beforeEach(() => {
      ;({ page, go, inSearch, row, cell, status } = at())
    })

    test('facet values filter on click, join on a second one, and Back undoes them one by one', async () => {
      await go('many')
      const facet = page.getByRole('region', { name: 'topic', exact: true })
      await facet.getByRole('button', { name: /^billing\b.*1,500/ }).click()
      await expect.poll(() => inSearch('where')).toBe('{"topic":"billing"}')
      await expect.poll(() => status().innerText()).toContain('1,500 of 6,000 records match')
      await facet.getByRole('button', { name: /^login\b.*1,500/ }).click()
      await expect.poll(() => inSearch('where')).toBe('{"topic":{"$in":["billing","login"]}}')
      await expect.poll(() => status().innerText()).toContain('3,000 of 6,000 records match')
      await page.goBack()
      await expect.poll(() => status().innerText()).toContain('1,500 of 6,000 records match')
      await page.goBack()
      await expect.poll(() => inSearch('where')).toBeNull()
      await page.goForward()
      await expect.poll(() => cell(1, 'id').innerText()).toBe('many-4')
    })

    test('a range is brushed on the histogram of a number, and a period on that of dates kept as text', async () => {
      await go('many')
      await row(0).waitFor()
      const score = page.getByRole('region', { name: 'score', exact: true })
      const bars = score.getByRole('slider')
      await bars.scrollIntoViewIfNeeded()
      const box = await bars.boundingBox()
      await page.mouse.move((box?.x ?? 0) + 2, (box?.y ?? 0) + 30)
      await page.mouse.down()
      await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 30, { steps: 5 })
      await page.mouse.up()
      await expect.poll(() => inSearch('where')).toMatch(/^\{"\$and":\[\{"score":\{"\$gte":0\.0\}\},\{"score":\{"\$lt":\d+\.0\}\}\]\}$/)
      await score.getByRole('button', { name: 'Clear the range' }).click()
      await expect.poll(() => inSearch('where')).toBeNull()
      const day = page.getByRole('region', { name: 'day', exact: true })
      const isClosed = async (): Promise<boolean> => (await day.getByRole('button').first().getAttribute('aria-expanded')) === 'false'
      if (await isClosed()) await day.getByRole('button').first().click()
      await day.getByRole('slider').click({ position: { x: 3, y: 30 } })
      await expect.poll(() => inSearch('dates')).toMatch(/^\[\{"key":"day","from":"202[^"]+","to":"2026-[^"]+"\}\]$/)
      const { to } = (JSON.parse(inSearch('dates') ?? '') as { to: string }[])[0] ?? { to: '' }
      const expected = Array.from({ length: manyRecords }, (_, index) => String(manyMetadata(index).get('day'))).filter((each) => each < to)
      await expect.poll(() => status().innerText()).toContain(`${expected.length} of 6,000 records match`)
      await page.keyboard.press('f')
      await page.getByText('The periods are not part of the JSON').waitFor()
      await page.getByLabel('From', { exact: true }).fill('2026-01-02T00:00:00')
      await expect.poll(() => inSearch('dates')).toContain('"from":"2026-01-0')
      await page.getByRole('button', { name: /^Remove: day from/ }).click()
      await expect.poll(() => inSearch('dates')).toBeNull()
    })

    test('builder and JSON are the same filter, whichever side it is written on', async () => {
      await go('many')
      await row(0).waitFor()
      await page.keyboard.press('f')
      const builder = page.getByRole('group', { name: 'Metadata' })
      await builder.getByRole('button', { name: 'Condition', exact: true }).click()
      await builder.getByRole('combobox', { name: 'Metadata key' }).fill('hits')
      await page.keyboard.press('Escape')
      await builder.getByRole('combobox', { name: 'Operator' }).click()
      await page.getByRole('option', { name: /is at most/ }).click()
      await builder.getByRole('combobox', { name: 'Value' }).fill('3')
      const editor = page.getByRole('textbox', { name: 'where, as Chroma JSON' })
      await expect.poll(() => editor.innerText()).toContain('"$lte": 3')
      await expect.poll(() => status().innerText()).toContain('3 of 6,000 records match')

      await editor.fill('{"$or": [{"hits": {"$gte": 5999}}, {"score": 3.0}]}')
      await expect.poll(() => builder.getByRole('combobox', { name: 'Metadata key' }).count()).toBe(2)
      expect(
        await builder.getByRole('combobox', { name: 'Value' }).evaluateAll((all) => all.map((each) => (each as HTMLInputElement).value)),
      ).toEqual(['5999', '3.0'])
      await expect.poll(() => status().innerText()).toContain('3 of 6,000 records match')

      await editor.fill('{"topic": {"$like": "b%"}}')
      await page.locator('.cm-lintRange-error').waitFor()
      await page.getByText('Chroma has no $like here').first().waitFor()
      expect(inSearch('where')).toBe('{"$or":[{"hits":{"$gte":5999}},{"score":3.0}]}')
    })

    test('a range on text is refused with a reason', async () => {
      await go('many')
      await row(0).waitFor()
      await page.keyboard.press('f')
      const editor = page.getByRole('textbox', { name: 'where, as Chroma JSON' })
      await editor.fill('{"day": {"$gt": "2026-01-01"}}')
      await page
        .getByText(/compares numbers only/)
        .first()
        .waitFor()
      expect(inSearch('where')).toBeNull()
    })

    test('the editor completes keys and values', async () => {
      await go('many')
      await row(0).waitFor()
      await page.keyboard.press('f')
      const editor = page.getByRole('textbox', { name: 'where, as Chroma JSON' })
      await editor.click()
      await page.keyboard.type('{"top')
      await page.locator('.cm-tooltip-autocomplete li', { hasText: 'topic' }).waitFor()
      await page.waitForTimeout(150)
      await page.keyboard.press('Enter')
      await page.keyboard.type('"ref')
      await page.locator('.cm-tooltip-autocomplete li', { hasText: 'refund' }).waitFor()
      await page.waitForTimeout(150)
      await page.keyboard.press('Enter')
      await expect.poll(() => inSearch('where')).toBe('{"topic":"refund"}')
    })

    test('documents are filtered by text and pattern, and quick find looks at ids and documents', async () => {
      await go('many')
      await row(0).waitFor()
      await page.keyboard.press('f')
      const builder = page.getByRole('group', { name: 'Document' })
      await builder.getByRole('button', { name: 'Condition', exact: true }).click()
      await builder.getByRole('textbox', { name: 'Text' }).fill('Question 59')
      await expect.poll(() => inSearch('doc')).toBe('{"$contains":"Question 59"}')
      await expect.poll(() => status().innerText()).toContain('108 of 6,000 records match')
      await page.getByRole('button', { name: 'Clear', exact: true }).first().click()
      await expect.poll(() => inSearch('doc')).toBeNull()
      await page.getByRole('textbox', { name: 'Find in documents and ids' }).fill('MANY-123')
      await expect.poll(() => inSearch('find')).toBe('MANY-123')
      await expect.poll(() => status().innerText()).toContain('11 of 6,000 records match')
    })

    test('a filter that leaves nothing says so and offers the one way out', async () => {
      await go('many', { where: '{"topic":"nonsense"}' })
      await page.getByText('No record matches').waitFor()
      await page.getByRole('button', { name: 'Clear the filter' }).click()
      await row(0).waitFor()
      expect(inSearch('where')).toBeNull()
    })

    test('a link with a broken filter explains itself', async () => {
      await go('many', { where: '{"topic":{"$like":"b"}}' })
      await page.getByText('The filter in this link cannot be read').waitFor()
      await page.getByRole('button', { name: 'Clear the filter' }).click()
      await row(0).waitFor()
    })

    test('a link that sorts by a key that is gone says so, and is led back to stored order', async () => {
      await go('many', { sort: 'key:priority', dir: 'descending' })
      const notice = page.getByText('Records are to be sorted by priority, which is no key of this collection.')
      await notice.waitFor()
      await row(0).waitFor()
      await page.getByRole('button', { name: 'Show stored order' }).click()
      await notice.waitFor({ state: 'detached' })
      expect(inSearch('sort')).toBe(null)
    })
  })
}
