import { cp, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { testEngines } from '../support/engines.ts'
import { fixturePath, haveFixtures, temporaryFolder } from '../support/fixtures.ts'
import { serverAddress } from '../support/server-address.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import type { ChromaApi } from '../../electron/store/server/api.ts'
import { startTokenProxy } from '../support/token-proxy.ts'

describe.skipIf(!haveFixtures)('opening a directory', () => {
  let home: string
  let app: RunningApp
  let window: OpenPage

  beforeAll(async () => {
    home = await temporaryFolder('home')
    await mkdir(path.join(home, 'projects', 'assistant', 'empty-folder'), { recursive: true })
    await cp(fixturePath('chroma', 'cache-llm-gateway'), path.join(home, 'projects', 'assistant', 'chroma'), { recursive: true })
    await cp(fixturePath('chroma', 'old-parquet-aianytime'), path.join(home, 'projects', 'assistant', 'old-store'), { recursive: true })
    app = await startApp({ env: { HOME: home, USERPROFILE: home, INIT_CWD: home } })
    window = await openPage(app)
  })
  afterAll(async () => {
    await window.close()
    await app.stop()
    await rm(home, { recursive: true, force: true })
  })

  test('without any store the page teaches what a persist directory is', async () => {
    await window.page.getByText('No store was opened yet').waitFor()
    expect(await window.page.getByRole('main').textContent()).toContain('chromadb.PersistentClient(path=…)')
    expect(await window.page.getByRole('tree').count()).toBe(0)
  })

  test('the picker is walked with the keyboard, marks Chroma stores, and opens one with Enter', async () => {
    const { page } = window
    await page.keyboard.press('Control+o')
    const picker = page.getByRole('dialog', { name: 'Open a persist directory' })
    const list = picker.getByRole('listbox', { name: 'Folders' })
    await list.getByRole('option', { name: 'projects' }).waitFor()
    await expect.poll(() => list.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.type('pro')
    await page.keyboard.press('Enter')
    await list.getByRole('option', { name: 'assistant' }).waitFor()
    await page.keyboard.press('Enter')
    await list.getByRole('option', { name: 'chroma Chroma store' }).waitFor()
    await list.getByRole('option', { name: 'old-store Chroma 0.3' }).waitFor()
    await page.keyboard.press('Backspace')
    await list.getByRole('option', { name: 'assistant' }).waitFor()
    await page.keyboard.press('Enter')
    await list.getByRole('option', { name: 'chroma Chroma store' }).waitFor()
    expect(await picker.getByRole('navigation', { name: 'Folders above' }).getByRole('button').allTextContents()).toEqual([
      home,
      'projects',
      'assistant',
    ])
  })

  test('a directory of Chroma 0.3 is refused with a sentence and the way out, and the picker stays', async () => {
    const { page } = window
    const picker = page.getByRole('dialog', { name: 'Open a persist directory' })
    await picker.getByRole('option', { name: 'old-store Chroma 0.3' }).dblclick()
    const alert = picker.getByRole('alert')
    await expect.poll(() => alert.textContent()).toMatch(/0\.3|parquet/i)
    expect((await alert.textContent())?.length).toBeGreaterThan(60)
  })

  test('a folder that is no store is refused with a sentence', async () => {
    const { page } = window
    const picker = page.getByRole('dialog', { name: 'Open a persist directory' })
    await picker.getByRole('option', { name: 'empty-folder' }).dblclick()
    await picker.getByText('No folders in here').waitFor()
    await picker.getByRole('button', { name: 'Open this folder' }).click()
    await picker.getByRole('alert').waitFor()
    expect(await picker.getByRole('alert').textContent()).toContain('chroma.sqlite3')
    await picker.getByRole('button', { name: 'assistant' }).click()
  })

  test('a chosen store opens', async () => {
    const { page } = window
    const picker = page.getByRole('dialog', { name: 'Open a persist directory' })
    await picker.getByRole('option', { name: 'chroma Chroma store' }).click()
    await picker.getByRole('button', { name: 'Open chroma' }).click()
    await page.getByRole('table', { name: 'Collections' }).getByRole('link', { name: 'query_cache' }).waitFor()
  })

  test('a recent connection says what it holds, is pinned, closed and forgotten', async () => {
    const { page } = window
    await page.goto(`${app.origin}/#/`)
    const recent = page.getByRole('list', { name: 'Recent connections' })
    const row = recent.getByRole('listitem')
    await expect.poll(() => row.textContent()).toMatch(/1 collection · 28 records/)
    expect(await row.textContent()).toContain(path.join(home, 'projects', 'assistant', 'chroma'))
    await row.getByRole('button', { name: /^Pin / }).click()
    await row.getByRole('button', { name: /^Unpin / }).waitFor()
    expect((await app.call('connections.list', {}))[0]?.pinned).toBe(true)
    await row.getByRole('button', { name: /^More for / }).click()
    await page.getByRole('menuitem', { name: 'Close' }).click()
    await expect.poll(() => page.getByRole('tree').count()).toBe(0)
    await row.getByRole('button', { name: /^More for / }).click()
    await page.getByRole('menuitem', { name: 'Forget' }).click()
    await page.getByText('No store was opened yet').waitFor()
    expect(await app.call('connections.list', {})).toEqual([])
  })

  test('nothing failed in the console and no other host was asked', () => {
    expect(window.problems).toEqual([])
  })
})

describe('connecting to a server', () => {
  let app: RunningApp
  let window: OpenPage

  beforeAll(async () => {
    app = await startApp()
    window = await openPage(app)
    await window.page.getByRole('button', { name: /^Connect to a server/ }).click()
  })
  afterAll(async () => {
    await window.close()
    await app.stop()
  })

  test('what is wrong with the form is said at each field, and nothing is sent', async () => {
    const { page } = window
    const dialog = page.getByRole('dialog', { name: 'Connect to a server' })
    const address = dialog.getByRole('textbox', { name: 'Address' })
    const connect = dialog.getByRole('button', { name: 'Connect' })
    await address.fill('localhost 8000')
    await connect.click()
    await dialog.getByText('"localhost 8000" is no address of a server. Write an address such as http://localhost:8000.').waitFor()
    expect(await address.getAttribute('aria-invalid')).toBe('true')
    await dialog.getByRole('button', { name: 'Chroma Cloud' }).click()
    await dialog.getByText('Chroma Cloud needs an API key.').waitFor()
    await dialog.getByText('Chroma Cloud needs the name of the database.').waitFor()
    await dialog.getByRole('button', { name: 'Server', exact: true }).click()
  })

  test('a server that does not answer is told in a sentence with the way out', async () => {
    const dialog = window.page.getByRole('dialog', { name: 'Connect to a server' })
    await dialog.getByRole('textbox', { name: 'Address' }).fill('http://127.0.0.1:9')
    await dialog.getByRole('button', { name: 'Connect' }).click()
    await expect.poll(() => dialog.getByRole('alert').textContent()).toContain('127.0.0.1:9')
  })

  /** A server whose token was changed since it was connected to says so, and is connected to with the new one. */
  async function enterAnotherToken(target: string, api: ChromaApi): Promise<void> {
    let token = 'first'
    const { id: notes } = await api.createCollection(defaultDatabase, { name: 'guarded_notes', space: 'l2', metadata: null })
    await api.add(
      { ...defaultDatabase, id: notes },
      { ids: ['a'], embeddings: [Float32Array.of(1, 2)], documents: ['A note behind a token'] },
    )
    const proxy = await startTokenProxy(target, {
      answer: (incoming, outgoing) => {
        if (incoming.headers['x-chroma-token'] === token) return false
        outgoing.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"AuthError","message":"Unauthorized"}')
        return true
      },
    })
    try {
      const { page } = window
      const { id } = await app.call(
        'connections.openServer',
        serverAddress(proxy.url, { token, tenant: 'default_tenant', title: 'Guarded' }),
      )
      const enter = async (): Promise<void> => {
        await page.getByRole('button', { name: 'Enter another token…' }).click()
        const dialog = page.getByRole('dialog', { name: 'Connect to a server' })
        await expect.poll(() => dialog.getByRole('textbox', { name: 'Address' }).inputValue()).toBe(proxy.url)
        await dialog.getByLabel('Token').fill(token)
        await dialog.getByRole('button', { name: 'Connect' }).click()
      }
      await app.call('connections.close', { connectionId: id })
      token = 'second'
      await page.evaluate((hash) => (location.hash = hash), `/s/${id}`)
      // A page that had not heard of the closing yet would wait to be asked to open it again.
      await page.reload()
      await enter()
      await page.getByRole('heading', { name: 'Guarded' }).waitFor()
      // While it is open the token can become another one, too, and the page stays where it is.
      await page.getByRole('table', { name: 'Collections' }).getByRole('link', { name: 'guarded_notes' }).click()
      await page.getByRole('link', { name: 'Records' }).click()
      await page.getByText('A note behind a token').waitFor()
      token = 'third'
      await page.reload()
      await enter()
      await page.getByText('A note behind a token').waitFor()
      expect((await app.call('connections.list', {})).filter(({ title }) => title === 'Guarded')).toMatchObject([{ id, isOpen: true }])
    } finally {
      await proxy.close()
    }
  }

  test('a running server is connected to and listed', async () => {
    const [engine] = await testEngines()
    if (!engine) return void console.log('Skipped: no engine runs here to connect to.')
    const directory = await temporaryFolder('server')
    const engines = await engine.create()
    try {
      const { url, api } = await engines.start(directory, { create: true, kind: engine.kind })
      const dialog = window.page.getByRole('dialog', { name: 'Connect to a server' })
      await dialog.getByRole('textbox', { name: 'Address' }).fill(url)
      await dialog.getByRole('button', { name: 'Tenant, headers and name' }).click()
      await dialog.getByRole('textbox', { name: 'Name in the list' }).fill('Test server')
      await dialog.getByRole('button', { name: 'Connect' }).click()
      await window.page.getByRole('heading', { name: 'Test server' }).waitFor()
      await window.page.getByText('The store has no collections').waitFor()
      expect((await app.call('connections.list', {}))[0]).toMatchObject({ kind: 'server', title: 'Test server', isOpen: true })
      await enterAnotherToken(url, api)
    } finally {
      await engines.close()
      await rm(directory, { recursive: true, force: true })
    }
  })
})

describe('the sample', () => {
  let app: RunningApp
  let window: OpenPage

  beforeAll(async () => {
    app = await startApp()
    window = await openPage(app)
  })
  afterAll(async () => {
    await window.close()
    await app.stop()
  })

  test('is made with its progress shown, can be cancelled, and opens when it is done', { timeout: 180_000 }, async ({ skip }) => {
    const { page } = window
    if ((await testEngines()).length === 0) return skip('no engine runs here to make the sample with')
    const start = page.getByRole('button', { name: /^Try the sample/ })
    await start.click()
    await page.getByRole('main').getByRole('progressbar').waitFor()
    expect(await page.getByRole('contentinfo', { name: 'Status' }).getByRole('progressbar').count()).toBe(1)
    await page.getByRole('main').getByRole('button', { name: 'Cancel' }).click()
    await start.waitFor()
    expect((await app.call('jobs.list', {})).at(-1)?.state).toBe('cancelled')
    expect(await app.call('connections.list', {})).toEqual([])
    expect(await page.getByRole('alertdialog').count()).toBe(0)
    await start.click()
    await page.getByRole('table', { name: 'Collections' }).waitFor({ timeout: 150_000 })
    expect((await app.call('connections.list', {}))[0]).toMatchObject({ isSample: true, isOpen: true })
    expect(await page.getByRole('table', { name: 'Collections' }).getByRole('row').count()).toBeGreaterThan(2)
    expect(window.problems).toEqual([])
  })
})
