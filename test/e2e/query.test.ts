import { cp, rm } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { dot, row } from '../../electron/sample/vectors.ts'
import { storedOrder } from '../../shared/contract/records.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { seriousFindings } from '../support/accessibility.ts'
import type { RunningApp } from '../support/app.ts'
import type { OpenPage } from '../support/chromium.ts'
import { testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { sampleStore } from '../support/sample-store.ts'
import { useStorePage } from '../support/store-page.ts'
import { sampleContent } from '../support/sample-content.ts'

const store = await sampleStore()

describe.skipIf(store === null)('the query page', () => {
  let app: RunningApp
  let window: OpenPage
  let page: Page
  let base: string
  const results = () => page.getByRole('grid', { name: 'Results' }).locator('[data-rung]')
  const go = async (tab: string, search: Record<string, string> = {}) => {
    await page.goto(`${app.origin}/#${base}/${tab}?${new URLSearchParams(search).toString()}`)
    await page.reload()
    // Shortcuts are heard once the frame is there.
    await page.getByRole('treeitem').nth(1).waitFor()
  }
  const inSearch = (name: string) => new URLSearchParams(page.url().split('?')[1]).get(name)
  const opened = useStorePage({ source: store?.directory ?? '', name: 'support_cache' })
  beforeEach(async () => {
    ;({ app, window, page } = opened())
    const { connectionId, collectionId } = opened().collection
    base = `/s/${connectionId}/c/${collectionId}`
    window.problems.length = 0
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.origin })
  })

  test('records similar to one come in the order of their vectors, with their similarities', async () => {
    const { collections } = await sampleContent()
    const cache = collections.find(({ name }) => name === 'support_cache')
    if (!cache) throw new Error('The sample has no cache.')
    const probe = row(cache.vectors, 5)
    const expected = cache.records
      .map((_, at) => dot(probe, row(cache.vectors, at)))
      .toSorted((a, b) => b - a)
      .slice(0, 10)
    await go('records', { record: cache.records[5]?.id ?? '' })
    await page.getByRole('button', { name: 'Find similar' }).click()
    await expect.poll(() => results().count()).toBe(10)
    const shown = await results().locator('td:nth-child(2)').allInnerTexts()
    for (const [at, similarity] of expected.entries()) expect(Math.abs(Number(shown[at]) - similarity)).toBeLessThan(0.0015)
    expect(inSearch('by')).toBe('record')
  })

  test('a question is asked with Enter, stays in the address, can be copied as a program and found again in the history', async () => {
    await go('query')
    await page.getByRole('textbox', { name: 'Query' }).fill('How do I reset my password?')
    await page.keyboard.press('Enter')
    await expect.poll(() => results().count()).toBe(10)
    expect(inSearch('q')).toBe('How do I reset my password?')
    for (const language of ['Python', 'TypeScript', 'curl']) {
      await page.getByRole('button', { name: 'Copy as' }).click()
      await page.getByRole('menuitem', { name: language }).click()
      await page.getByText(`Query copied as ${language}.`).waitFor()
      expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('How do I reset my password?')
    }
    await results().first().click()
    await page.getByRole('complementary', { name: 'Inspector' }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await go('query')
    await page.getByRole('button', { name: 'History' }).click()
    await page.getByRole('textbox', { name: 'Find in the history' }).fill('reset')
    await page.getByRole('list', { name: 'Queries' }).getByText('How do I reset my password?').click()
    await expect.poll(() => results().count()).toBe(10)
    expect(window.problems).toEqual([])
  })

  test('each query of a list gets its own answer', async () => {
    await go('query', { by: 'list', q: 'reset my password\ncancel the plan', n: '3' })
    const queries = page.getByRole('grid', { name: 'Queries' }).locator('[data-rung]')
    await expect.poll(() => queries.count()).toBe(2)
    await expect.poll(() => results().count()).toBe(3)
    const before = await results().first().getAttribute('data-record')
    await queries.nth(1).click()
    await expect.poll(() => results().first().getAttribute('data-record')).not.toBe(before)
  })

  test('the threshold moves with the arrow keys, stays in the address and is that of the lookups too', async () => {
    await go('query', { q: 'How do I reset my password?', threshold: '0.700' })
    const line = page.getByRole('slider', { name: 'Similarity threshold' })
    await line.focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('PageDown')
    expect(await line.getAttribute('aria-valuetext')).toBe('0.645')
    await expect.poll(() => inSearch('threshold')).toBe('0.645')
    const box = await line.boundingBox()
    if (!box) throw new Error('The line is not drawn.')
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2 + 20, box.y + box.height / 2, { steps: 4 })
    await page.mouse.up()
    await expect.poll(() => Number(inSearch('threshold'))).toBeGreaterThan(0.7)
    const kept = Number(inSearch('threshold'))
    const [, , connectionId = '', , collectionId = ''] = base.split('/')
    await expect.poll(async () => (await app.call('lookups.settings', { connectionId, collectionId })).threshold).toBe(kept)
  })

  test('the inspector goes through the ladder and not through the collection', async () => {
    await go('query', { q: 'How do I reset my password?' })
    await expect.poll(() => results().count()).toBe(10)
    const ids = await results().evaluateAll((rows) => rows.map((each) => each.getAttribute('data-record')))
    await results().first().click()
    await page.getByText('1 of 10').waitFor()
    await page.getByRole('button', { name: 'Next record' }).click()
    await expect.poll(() => inSearch('record')).toBe(ids[1])
  })

  test('a list is compared with a variant, kept in the history and copied as one program', async () => {
    await go('query')
    await page
      .getByRole('radio', { name: 'List' })
      .or(page.getByRole('button', { name: 'List', exact: true }))
      .first()
      .click()
    await page.getByRole('textbox', { name: 'Queries, one on each line' }).fill('reset my password\nHow can I cancel my plan?')
    await page.keyboard.press('Control+Enter')
    const queries = page.getByRole('grid', { name: 'Queries' }).locator('[data-rung]')
    await expect.poll(() => queries.count()).toBe(2)
    await page.getByRole('button', { name: 'Copy as' }).click()
    await page.getByRole('menuitem', { name: 'Python' }).click()
    await page.getByText('Query copied as Python.').waitFor()
    const program = await page.evaluate(() => navigator.clipboard.readText())
    expect(program).toContain('reset my password')
    expect(program).toContain('How can I cancel my plan?')
    await go('query', { by: 'list', q: 'reset my password\nHow can I cancel my plan?', versus: '{"namespace":"billing"}' })
    await expect.poll(() => queries.count()).toBe(2)
    await queries.nth(1).click()
    await page.getByRole('img', { name: /records keep their rank/ }).waitFor()
    expect(inSearch('at')).toBe('2')
    await go('query')
    await page.getByRole('button', { name: 'History' }).click()
    await page.getByRole('list', { name: 'Queries' }).getByText('2 queries: reset my password').click()
    await expect.poll(() => inSearch('by')).toBe('list')
  })

  test('a pasted vector of another dimension is refused, with both dimensions', async () => {
    await go('query', { by: 'vector', q: '[0.1, 0.2]' })
    await page.getByText('The query has 2 dimensions; the vectors of the collection have 384.').waitFor()
  })

  test('a pasted vector of the right dimension finds the record it is of', async () => {
    const [, , connectionId = '', , collectionId = ''] = base.split('/')
    const view = { connectionId, collectionId, filter: noFilter, sort: storedOrder }
    const [id = ''] = await app.call('records.ids', { view, ranges: [{ from: 7, to: 8 }] })
    const { vector } = await app.call('records.vector', { connectionId, collectionId, id })
    await go('query')
    await page.getByRole('button', { name: 'Vector', exact: true }).click()
    await page.getByRole('textbox', { name: 'Vector' }).fill(`[${Array.from(vector?.values ?? []).join(', ')}]`)
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => results().first().getAttribute('data-record')).toBe(id)
    expect(await results().first().innerText()).toContain('1.000')
  })

  test('a link whose second query cannot be read says so, and shows the first', async () => {
    await go('query', { q: 'How can I cancel my plan?', versus: '{"names' })
    const notice = page.getByText('The query to compare with cannot be read in this link.')
    await notice.waitFor()
    await page.getByRole('button', { name: 'Show this query alone' }).click()
    await notice.waitFor({ state: 'detached' })
    expect(inSearch('versus')).toBe(null)
  })

  test('a query is compared across filters, embedders and collections, each chosen in the page', async () => {
    const config = { kind: 'lexical', dimension: 384 } as const
    await app.call('embedders.save', { id: null, title: 'Another lexical', config })
    await go('query', { q: 'How can I cancel my plan?', versus: '{}' })
    const second = page.getByRole('grid', { name: 'Second results' }).locator('[data-rung]')
    const ranks = () => page.getByRole('img', { name: /records keep their rank/ }).getAttribute('aria-label')
    const choose = async (select: string, option: string) => {
      await page.getByRole('combobox', { name: select }).click()
      await page.getByRole('option', { name: option }).click()
    }
    await expect.poll(() => second.count()).toBe(10)
    expect(await ranks()).toContain('10 records keep their rank, 0 change it, 0 are in one list only')
    await choose('Embedder of the second query', 'Another lexical')
    await expect.poll(() => inSearch('versus')).toContain('embedderId')
    await expect.poll(ranks).toContain('10 records keep their rank')
    await choose('Filter of the second query', 'Another filter')
    await page.getByRole('textbox', { name: 'where of the second query, as Chroma JSON' }).fill('{"namespace": "account"}')
    await page.keyboard.press('Enter')
    await expect.poll(() => inSearch('versus')).toContain('account')
    await expect.poll(ranks).not.toContain('10 records keep their rank')
    await choose('Filter of the second query', 'Same filter')
    await choose('Collection of the second query', 'user_facts')
    await expect.poll(ranks).toContain('0 records keep their rank, 0 change it, 20 are in one list only')
    await second.first().click()
    await page.getByRole('article', { name: 'Record' }).waitFor()
    expect(page.url()).toContain('/records?')
  })

  test('the folder of a model is chosen from the places that the app offers', async () => {
    await go('query')
    await page.keyboard.press('Control+Comma')
    await page.getByRole('button', { name: 'Add a folder…' }).click()
    const picker = page.getByRole('dialog', { name: 'Add the folder of a sentence model' })
    await picker.getByRole('listbox', { name: 'Folders' }).waitFor()
    expect(await picker.getByRole('button', { name: /Add this folder/ }).count()).toBe(1)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
  })

  test('a variant in one namespace stands beside the query, with its ranks', async () => {
    await go('query', { q: 'How can I cancel my plan?', versus: '{"namespace":"billing"}' })
    await page.getByRole('grid', { name: 'Second results' }).waitFor()
    await page.getByRole('img', { name: /records keep their rank/ }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
  })

  test('on a server the engine’s index is asked beside the exact search, and its recall is told', async ({ skip }) => {
    const [engine] = await testEngines()
    if (!engine || !store) return skip()
    const engines = await engine.create()
    const copy = await temporaryFolder('query-engine')
    try {
      await cp(store.directory, copy, { recursive: true })
      const { url } = await engines.start(copy, { kind: engine.kind })
      const server = await app.call('connections.openServer', {
        kind: 'server',
        url,
        tenant: null,
        database: null,
        token: null,
        tokenHeader: 'x-chroma-token',
        headers: [],
        title: 'Engine',
      })
      const { tenants } = await app.call('collections.catalog', { connectionId: server.id })
      const cache = tenants
        .flatMap(({ databases }) => databases.flatMap(({ collections }) => collections))
        .find(({ name }) => name === 'support_cache')
      await page.goto(`${app.origin}/#/s/${server.id}/c/${cache?.id}/query?q=How+do+I+reset+my+password%3F`)
      await page.reload()
      await expect.poll(() => results().count()).toBe(10)
      const exact = await results().evaluateAll((rows) => rows.map((each) => each.getAttribute('data-record')))
      await page.getByRole('button', { name: 'Engine', exact: true }).click()
      const facts = page.getByRole('group', { name: 'How it was answered' })
      await facts.getByText('engine (HNSW)').waitFor()
      const recall = Number(/recall (\d\.\d{3})/.exec((await facts.innerText()).replaceAll('\n', ' '))?.[1])
      const found = await results().evaluateAll((rows) => rows.map((each) => each.getAttribute('data-record')))
      expect(recall).toBeCloseTo(exact.filter((id) => found.includes(id)).length / exact.length, 3)
      expect(inSearch('method')).toBe('engine')
      await app.call('connections.forget', { connectionId: server.id })
    } finally {
      await engines.close()
      await rm(copy, { recursive: true, force: true })
    }
  })

  test('the settings list embedders, try one and have no serious accessibility issue', async () => {
    await go('query')
    await page.getByRole('treeitem').nth(1).waitFor()
    await page.keyboard.press('Control+Comma')
    await page.getByRole('button', { name: 'Test Lexical' }).click()
    await page.getByRole('listitem', { name: 'Lexical', exact: true }).getByRole('status').waitFor()
    await page.getByRole('button', { name: 'Add embedder' }).click()
    await page.getByRole('button', { name: 'Save embedder' }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
  })
})
