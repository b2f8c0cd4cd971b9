import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seriousFindings } from '../support/accessibility.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { openConnection } from '../support/open-connection.ts'
import { copyFixture, haveFixtures } from '../support/fixtures.ts'
import { everyOther } from '../support/quick.ts'

describe.skipIf(!haveFixtures).each(everyOther(['light', 'dark'] as const))('in %s', (colorScheme) => {
  const stores = ['mem-neo-agent-zh', 'multi-tenant-chroma-dev']
  let directories: string[]
  let app: RunningApp
  let window: OpenPage
  let store: string
  let collection: string

  beforeAll(async () => {
    directories = await Promise.all(stores.map(copyFixture))
    app = await startApp({ directory: directories[0] })
    const { connectionId, collections } = await openConnection(app)
    store = `/s/${connectionId}`
    collection = `${store}/c/${collections.get('game_memories')}`
    window = await openPage(app, { colorScheme })
    await window.page.getByRole('treeitem').nth(1).waitFor()
  })
  afterAll(async () => {
    await window.close()
    await app.stop()
    await Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true })))
  })

  const pages: {
    name: string
    route: () => string
    ready: string
    role?: 'heading' | 'dialog' | 'combobox'
    keys?: string
    tabs?: boolean
  }[] = [
    { name: 'the welcome page', route: () => '/', ready: 'Recent' },
    { name: 'the overview of a store', route: () => store, ready: 'How it is open' },
    { name: 'the overview of a collection', route: () => `${collection}/overview`, ready: 'Metadata keys' },
    { name: 'the command palette', route: () => store, keys: 'Control+k', ready: 'Command palette', role: 'dialog' },
    { name: 'the keyboard shortcuts', route: () => store, keys: 'Shift+?', ready: 'Keyboard shortcuts', role: 'dialog' },
    { name: 'the settings', route: () => store, keys: 'Control+Comma', ready: 'Settings', role: 'dialog' },
    { name: 'the directory picker', route: () => '/', keys: 'Control+o', ready: 'Open a persist directory', role: 'dialog' },
  ]
  test.each(pages)('$name has no serious accessibility issue', async ({ route, ready, role = 'heading', keys }) => {
    const { page } = window
    await page.keyboard.press('Escape')
    await page.goto(`${app.origin}/#/no/such/page`)
    await page.goto(`${app.origin}/#${route()}`)
    await page.getByRole('main').waitFor()
    await page.getByRole('treeitem').nth(1).waitFor()
    if (keys !== undefined) await page.keyboard.press(keys)
    await page.getByRole(role, { name: ready }).waitFor()
    expect(await seriousFindings(window.page)).toEqual([])
  })

  test('the form for a server has no serious accessibility issue, filled wrongly', async () => {
    const { page } = window
    await page.keyboard.press('Escape')
    await page.goto(`${app.origin}/#/`)
    await page.getByRole('button', { name: /^Connect to a server/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Connect to a server' })
    await dialog.getByRole('textbox', { name: 'Address' }).fill('no address')
    await dialog.getByRole('button', { name: 'Connect' }).click()
    await dialog.getByText('"no address" is no address of a server.').waitFor()
    expect(await seriousFindings(window.page)).toEqual([])
  })

  test('the records, with one of them in the inspector, have no serious accessibility issue', async () => {
    const { page } = window
    await page.keyboard.press('Escape')
    await page.goto(`${app.origin}/#${collection}/records`)
    const rows = page.getByRole('main').getByRole('row')
    await rows.nth(2).waitFor()
    expect(await seriousFindings(window.page)).toEqual([])
    await rows.nth(2).click()
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: 'Inspector' }).waitFor()
    await page.waitForTimeout(300)
    expect(await seriousFindings(window.page)).toEqual([])
  })

  test('a message in the corner has no serious accessibility issue', async () => {
    const { page } = window
    await page.goto(`${app.origin}/#${store}`)
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([''], 'chroma'))
      globalThis.dispatchEvent(new DragEvent('drop', { dataTransfer }))
    })
    await page.getByText('A browser does not say where a dropped folder is.').first().waitFor()
    expect(await seriousFindings(window.page)).toEqual([])
  })

  test('pages for addresses that lead nowhere have no serious accessibility issue', async () => {
    const { page } = window
    for (const [route, text] of [
      ['/no/such/page', 'This address leads nowhere'],
      ['/s/none', 'This connection is not known here'],
      [`${store}/c/none/records`, 'The store has no such collection'],
    ]) {
      await page.goto(`${app.origin}/#${route}`)
      await page.getByText(text ?? '').waitFor()
      expect(await seriousFindings(window.page)).toEqual([])
    }
  })

  test('the keyboard alone gets from the top of the page into it, in the order of what is seen', async () => {
    const { page } = window
    await page.goto(`${app.origin}/#${store}`)
    await page.reload()
    await page.getByRole('table', { name: 'Collections' }).waitFor()
    const names: string[] = []
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press('Tab')
      names.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''))
    }
    expect(names[0]).toBe('Skip to the page')
    const order = [
      'Hide the sidebar',
      'Mnemoscope',
      'Settings',
      'Find a collection',
      'Connections and collections',
      'Resize the sidebar',
    ].map((name) => names.indexOf(name))
    expect(order).toEqual(order.toSorted((left, right) => left - right))
    expect(order).not.toContain(-1)
  })
})

describe.skipIf(!haveFixtures)('a collection without records', () => {
  test('says so in every view, and axe finds nothing serious', async () => {
    const directory = await copyFixture('empty-letta')
    const app = await startApp({ directory })
    const window = await openPage(app)
    try {
      const { page } = window
      const { connectionId, collections } = await openConnection(app)
      for (const [view, words] of [
        ['records', 'This collection is empty'],
        ['map', 'Nothing to map yet'],
        ['thresholds', 'Nothing to choose a threshold by'],
        ['query', 'Ask this collection'],
        ['lookups', 'Dry-run a lookup'],
        ['log', 'No log of lookups is open'],
      ] as const) {
        await page.goto(`${app.origin}/#/s/${connectionId}/c/${[...collections.values()][0]}/${view}`)
        await page.getByText(words).waitFor()
        expect(await seriousFindings(page), view).toEqual([])
      }
    } finally {
      await window.close()
      await app.stop()
      await rm(directory, { recursive: true, force: true })
    }
  })
})
