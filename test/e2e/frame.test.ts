import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openConnection } from '../support/open-connection.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { copyFixture, haveFixtures, temporaryFolder } from '../support/fixtures.ts'
import { testEngines } from '../support/engines.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { makeSmallStore } from '../support/small-store.ts'
import { treeHash } from '../support/tree-hash.ts'

function treeItem({ page }: OpenPage, name: string) {
  return page.getByRole('treeitem', { name })
}

describe.skipIf(!haveFixtures)('with a store of one collection', () => {
  let directory: string
  let app: RunningApp
  let window: OpenPage
  let connectionId: string
  let memories: string
  let before: string

  beforeAll(async () => {
    directory = await copyFixture('mem-a-mem-sys')
    before = await treeHash(directory)
    app = await startApp({ directory })
    const ids = await openConnection(app)
    connectionId = ids.connectionId
    memories = ids.collections.get('memories') ?? ''
    window = await openPage(app)
  })
  afterAll(async () => {
    await window.close()
    await app.stop()
    await rm(directory, { recursive: true, force: true })
  })

  test('the store named at the start is shown with its collections, and how it is open', async () => {
    const { page } = window
    await page.getByRole('table', { name: 'Collections' }).getByRole('link', { name: 'memories' }).waitFor()
    expect(new URL(page.url()).hash).toBe(`#/s/${connectionId}`)
    expect(await page.title()).toMatch(/mem-a-mem-sys · Mnemoscope$/)
    const status = page.getByRole('contentinfo', { name: 'Status' })
    await expect.poll(() => status.textContent()).toMatch(/Read-only.*engine off.*1 collection · 212 records/)
  })

  test('every view is a link: reload and back lead where they should', async () => {
    const { page } = window
    await page.goto(`${app.origin}/#/s/${connectionId}/c/${memories}/overview`)
    const overview = page.getByRole('navigation', { name: 'Views of the collection' }).getByRole('link', { name: 'Overview' })
    const records = page.getByRole('navigation', { name: 'Views of the collection' }).getByRole('link', { name: 'Records' })
    await page.getByRole('heading', { name: 'Index and queue' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Index and queue' }).waitFor()
    expect(await overview.getAttribute('aria-current')).toBe('page')
    await records.click()
    await expect.poll(() => new URL(page.url()).hash).toBe(`#/s/${connectionId}/c/${memories}/records`)
    await expect.poll(() => page.title()).toBe('memories · Records · Mnemoscope')
    await page.goBack()
    await page.getByRole('heading', { name: 'Index and queue' }).waitFor()
    await page.goForward()
    await expect.poll(() => records.getAttribute('aria-current')).toBe('page')
  })

  test('the overview of a collection tells its configuration, index, queue and metadata keys', async () => {
    const { page } = window
    await page.goto(`${app.origin}/#/s/${connectionId}/c/${memories}/overview`)
    const main = page.getByRole('main')
    await main.getByRole('table', { name: 'Metadata keys' }).waitFor()
    const detail = await app.call('collections.detail', { connectionId, collectionId: memories })
    const text = (await main.textContent()) ?? ''
    expect(text).toContain('squared Euclidean distance')
    expect(text).toContain(detail.spaceSource)
    expect(text).toContain(`${detail.queue?.operations ?? 0} operations`)
    const keys = await app.call('collections.keys', { connectionId, collectionId: memories })
    expect(keys.length).toBeGreaterThan(0)
    expect(await main.getByRole('table', { name: 'Metadata keys' }).getByRole('row').count()).toBe(keys.length + 1)
  })

  test('the sidebar is moved through with the keyboard, and Enter opens', async () => {
    const { page } = window
    await page.goto(`${app.origin}/#/s/${connectionId}`)
    await treeItem(window, 'memories, 212 records').waitFor()
    const tree = page.getByRole('tree')
    await tree.focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => treeItem(window, 'memories').count()).toBe(0)
    await page.keyboard.press('ArrowRight')
    await treeItem(window, 'memories').waitFor()
    await page.keyboard.press('j')
    const active = await tree.getAttribute('aria-activedescendant')
    expect(await page.locator(`[id="${active}"]`).textContent()).toMatch(/^memories, 212 records, dimension 384, l2/)
    await page.keyboard.press('Enter')
    await expect.poll(() => new URL(page.url()).hash).toContain(`/c/${memories}/records`)
    expect(await treeItem(window, 'memories').getAttribute('aria-selected')).toBe('true')
  })

  test('searching the sidebar leaves the collections that match', async () => {
    const { page } = window
    const search = page.getByRole('textbox', { name: 'Find a collection' })
    await search.fill('nothing has this name')
    await treeItem(window, 'No collection has this in its name').waitFor()
    await search.fill('MEMO')
    await treeItem(window, 'memories').waitFor()
    await page.getByRole('button', { name: 'Clear' }).click()
    expect(await search.inputValue()).toBe('')
  })

  test('the command palette goes to a collection by its name', async () => {
    const { page } = window
    await page.goto(`${app.origin}/#/`)
    await page.getByRole('heading', { name: 'Start' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Command palette' }).fill('memor')
    await page.getByRole('option', { name: /^memories/ }).waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => new URL(page.url()).hash).toContain(`/c/${memories}/records`)
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  })

  test('shortcuts of two keys go to the views of a collection, keeping its filter, and to the store; ? lists them', async () => {
    const { page } = window
    await page.goto(`${app.origin}/#/s/${connectionId}/c/${memories}/overview?find=tea`)
    await page.getByRole('heading', { name: 'Index and queue' }).waitFor()
    for (const { key, view } of [
      { key: 'u', view: 'lookups' },
      { key: 'r', view: 'records' },
      { key: 'o', view: 'overview' },
    ]) {
      await page.keyboard.press('g')
      await page.keyboard.press(key)
      await expect.poll(() => new URL(page.url()).hash).toContain(`/c/${memories}/${view}?find=tea`)
    }
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    await expect.poll(() => new URL(page.url()).hash).toBe(`#/s/${connectionId}`)
    await page.keyboard.press('Shift+?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Command palette').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  })

  test('keys typed into an input are no shortcuts', async () => {
    const { page } = window
    const search = page.getByRole('textbox', { name: 'Find a collection' })
    await search.focus()
    await page.keyboard.type('gs?')
    expect(await search.inputValue()).toBe('gs?')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.getByRole('button', { name: 'Clear' }).click()
  })

  test('theme and density take effect at once and outlive a reload', async () => {
    const { page } = window
    const theme = (): Promise<string | null> => page.locator('html').getAttribute('data-theme')
    expect(await theme()).toBe('light')
    await page.keyboard.press('Control+Comma')
    const settings = page.getByRole('dialog', { name: 'Settings' })
    await settings.getByRole('button', { name: 'Dark' }).click()
    await expect.poll(theme).toBe('dark')
    await settings.getByRole('button', { name: 'Comfortable' }).click()
    await expect.poll(() => page.locator('html').getAttribute('data-density')).toBe('comfortable')
    await page.reload()
    await expect.poll(theme).toBe('dark')
    await expect.poll(() => page.locator('html').getAttribute('data-density')).toBe('comfortable')
    await app.call('settings.setPreferences', { theme: 'system', density: 'compact' })
    await page.reload()
    await expect.poll(theme).toBe('light')
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(theme).toBe('dark')
    await page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(theme).toBe('light')
  })

  test('the sidebar collapses, and stays collapsed after a reload', async () => {
    const { page } = window
    await treeItem(window, 'memories').waitFor()
    await page.keyboard.press('Control+b')
    await page.getByRole('button', { name: 'Show the sidebar' }).waitFor()
    const width = async (): Promise<number> => (await page.locator('#sidebar').boundingBox())?.width ?? 0
    await expect.poll(width).toBe(0)
    await page.reload()
    await page.getByRole('button', { name: 'Show the sidebar' }).click()
    await expect.poll(width).toBeGreaterThan(199)
  })

  test('unknown addresses, connections and collections are told apart', async () => {
    const { page } = window
    await page.goto(`${app.origin}/#/no/such/page`)
    await page.getByText('This address leads nowhere').waitFor()
    await page.goto(`${app.origin}/#/s/no-such-connection`)
    await page.getByText('This connection is not known here').waitFor()
    await page.goto(`${app.origin}/#/s/${connectionId}/c/no-such-collection/records`)
    await page.getByText('The store has no such collection').waitFor()
    await page.getByRole('link', { name: 'See the collections it has' }).click()
    await expect.poll(() => new URL(page.url()).hash).toBe(`#/s/${connectionId}`)
  })

  test('a link to a store that was closed opens it again', async () => {
    const { page } = window
    await page.getByRole('main').getByRole('button', { name: 'Close' }).click()
    await expect.poll(() => new URL(page.url()).hash).toBe('#/')
    await expect.poll(() => page.getByRole('tree').count()).toBe(0)
    expect((await app.call('connections.list', {}))[0]?.isOpen).toBe(false)
    await page.goto(`${app.origin}/#/s/${connectionId}/c/${memories}/overview`)
    await page.getByRole('heading', { name: 'Index and queue' }).waitFor()
    expect((await app.call('connections.list', {}))[0]?.isOpen).toBe(true)
  })

  test('nothing in all of this failed in the console, asked another host, or changed the store', async () => {
    expect(window.problems).toEqual([])
    expect(await treeHash(directory)).toBe(before)
  })
})

describe.skipIf(!haveFixtures)('with a store of several tenants', () => {
  let directory: string
  let app: RunningApp
  let window: OpenPage

  beforeAll(async () => {
    directory = await copyFixture('multi-tenant-chroma-dev')
    app = await startApp({ directory })
    await openConnection(app)
    window = await openPage(app)
  })
  afterAll(async () => {
    await window.close()
    await app.stop()
    await rm(directory, { recursive: true, force: true })
  })

  test('the sidebar has tenant, database and collection below each other', async () => {
    await treeItem(window, 'fruit, 3 records').waitFor()
    const levels = await window.page
      .getByRole('treeitem')
      .evaluateAll((items) => items.map((item) => [item.getAttribute('aria-level'), item.querySelector('.sr-only')?.textContent]))
    const fruit = levels.findIndex(([, name]) => name?.startsWith('fruit'))
    expect(levels[fruit]?.[0]).toBe('4')
    expect(levels[fruit - 1]).toEqual(['3', 'database helloworld'])
    expect(levels[fruit - 2]?.[0]).toBe('2')
    expect(levels[fruit - 2]?.[1]).toMatch(/^tenant b1f6fa55/)
  })

  test('the overview of the store names tenant and database of each collection', async () => {
    const row = window.page.getByRole('table', { name: 'Collections' }).getByRole('row', { name: /fruit/ })
    await expect.poll(() => row.textContent()).toContain('helloworld')
  })
})

describe('when another process writes to the store', () => {
  test('the window says so, and shows the new records after a refresh', async ({ skip }) => {
    const store = await makeSmallStore(12)
    const [engine] = await testEngines()
    if (!store || !engine) return skip('no engine runs here to write with')
    const app = await startApp({ directory: store.directory })
    const { connectionId } = await openConnection(app)
    const window = await openPage(app)
    const engines = await engine.create()
    try {
      await treeItem(window, 'answers, 12 records').waitFor()
      const { api } = await engines.start(store.directory, { kind: engine.kind })
      const [collection] = await api.collections(defaultDatabase)
      if (!collection) throw new Error('The store lost its collection.')
      await api.add(
        { ...defaultDatabase, id: collection.id },
        { ids: ['new'], embeddings: [Float32Array.of(1, 2, 3)], documents: ['Written by another process'], metadatas: [null] },
      )
      await window.page.getByText('Another process changed this store').waitFor()
      expect(await treeItem(window, 'answers, 12 records').count()).toBe(1)
      await window.page.getByRole('status').getByRole('button', { name: 'Refresh' }).click()
      await treeItem(window, 'answers, 13 records').waitFor()
      await expect.poll(() => window.page.getByText('Another process changed this store').count()).toBe(0)
      await expect.poll(async () => (await app.call('connections.status', { connectionId })).openedBy.length).toBeGreaterThan(0)
    } finally {
      await window.close()
      await app.stop()
      await engines.close()
      await rm(store.directory, { recursive: true, force: true })
    }
  })
})

describe.skipIf(!haveFixtures)('when the program ends and comes back', () => {
  test('the window says that nothing answers, and goes on by itself afterwards', async () => {
    const directory = await copyFixture('mem-tars-4empty')
    const data = await temporaryFolder('data')
    const first = await startApp({ directory, data })
    const { connectionId } = await openConnection(first)
    const window = await openPage(first)
    await window.page.getByRole('table', { name: 'Collections' }).waitFor()
    await first.stop()
    const lost = window.page.getByText('Mnemoscope does not answer. What is shown may be out of date')
    await lost.waitFor()
    const second = await startApp({ data, args: ['--port', String(first.port)] })
    try {
      // The new program gives out a new link; opened in the same window it brings the session back.
      await window.page.goto(`${await second.newLink()}/s/${connectionId}`)
      await window.page.getByRole('table', { name: 'Collections' }).waitFor()
      await expect.poll(() => lost.count()).toBe(0)
    } finally {
      await window.close()
      await second.stop()
      await rm(data, { recursive: true, force: true })
      await rm(directory, { recursive: true, force: true })
    }
  })
})
