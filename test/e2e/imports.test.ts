import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { seriousFindings } from '../support/accessibility.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { openConnection } from '../support/open-connection.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { makeSmallStore } from '../support/small-store.ts'

// The app brings this engine, and the newest one leaves stores behind that it cannot open.
const engine = (await testEngines()).find(({ name }) => name === 'compat')
const store = engine ? await makeSmallStore(12, engine) : null
const shots = process.env['MNEMOSCOPE_SHOTS']
const guide = [
  '# Guide',
  '',
  'How it begins.',
  '',
  '## Refunds',
  '',
  'Send the invoice back. The money follows.',
  '',
  '## Delivery',
  '',
  'It takes three days.',
].join('\n')

describe.skipIf(store === null)('files become records', () => {
  let app: RunningApp
  let window: OpenPage
  let page: Page
  let home: string
  let ref: { connectionId: string; collectionId: string }
  const dialog = () => page.getByRole('dialog', { name: 'Import files' })
  const ids = async () =>
    (await app.call('records.get', { ...ref, ids: ['guide.md#1', 'guide.md#2', 'guide.md#3', 'row'] })).map(({ id }) => id)

  async function shoot(name: string): Promise<void> {
    if (shots === undefined) return
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: path.join(shots, `${name}-${colorScheme}.png`) })
    }
    await page.emulateMedia({ colorScheme: 'light' })
  }
  async function drop(files: Readonly<Record<string, string>>): Promise<void> {
    await page.evaluate((dropped) => {
      const dataTransfer = new DataTransfer()
      for (const [name, text] of Object.entries(dropped)) dataTransfer.items.add(new File([text], name))
      for (const type of ['dragenter', 'drop']) globalThis.dispatchEvent(new DragEvent(type, { dataTransfer, cancelable: true }))
    }, files)
  }

  beforeAll(async () => {
    home = await temporaryFolder('home')
    await mkdir(path.join(home, 'texts'))
    await writeFile(path.join(home, 'texts', 'guide.md'), guide)
    app = await startApp({ directory: store?.directory, env: { HOME: home, INIT_CWD: home } })
    const { connectionId, collections } = await openConnection(app)
    ref = { connectionId, collectionId: collections.get('answers') ?? '' }
    await app.call('embedders.choose', { ...ref, embedderId: 'lexical-3' })
    const { jobId } = await app.call('editing.start', { connectionId, snapshot: false, migrate: false })
    await vi.waitUntil(async () => (await app.call('jobs.list', {})).find(({ id }) => id === jobId)?.state === 'done', { timeout: 60_000 })
    window = await openPage(app, { width: 1280, height: 800, route: `/s/${connectionId}/c/${ref.collectionId}/records` })
    page = window.page
    await page
      .getByRole('button', { name: /answer-0/ })
      .or(page.getByText('answer-0', { exact: true }))
      .first()
      .waitFor()
  })
  afterAll(async () => {
    await window?.close()
    await app?.stop()
    await removeTemporary(home, store?.directory ?? home)
  })

  test('a Markdown file that is chosen is cut by its headings, looked at, imported and taken back', async () => {
    await page.keyboard.press('Control+k')
    await page.keyboard.type('Import files')
    await page.keyboard.press('Enter')
    await dialog().getByRole('button', { name: 'Choose a file' }).click()
    const picker = page.getByRole('dialog', { name: 'Import a file' })
    await picker.getByRole('button', { name: home }).first().click()
    await picker.getByRole('button', { name: 'texts' }).click()
    await picker.getByRole('button', { name: /^guide\.md/ }).click()
    await dialog().getByText('1 record would be added').waitFor()
    await dialog().getByRole('button', { name: 'Heading' }).click()
    await dialog().getByText('3 records would be added').waitFor()
    await dialog().getByText('Guide > Refunds').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await shoot('import-chunks')
    await dialog().getByRole('button', { name: 'Import', exact: true }).click()
    await dialog().waitFor({ state: 'hidden' })
    expect(await ids()).toEqual(['guide.md#1', 'guide.md#2', 'guide.md#3'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(ids).toEqual([])
  })

  test('JSON lines that are dropped are records as they are; ids that exist are left or overwritten', async () => {
    await drop({
      'rows.jsonl': '{"id":"row","embedding":[1,2,3],"metadata":{"n":1}}\n{"id":"answer-1","document":"new","embedding":[3,2,1]}\nno',
    })
    await dialog().getByText('1 of 2 records would be added · 1 exists and stays as it is').waitFor()
    await dialog().getByText('1: The line is no JSON object.').waitFor()
    await dialog().getByRole('radio', { name: 'Overwrite them' }).click()
    await dialog().getByText('1 would be overwritten').waitFor()
    await shoot('import-rows')
    await dialog().getByRole('button', { name: 'Import', exact: true }).click()
    await dialog().waitFor({ state: 'hidden' })
    const [one, row] = await app.call('records.get', { ...ref, ids: ['answer-1', 'row'] })
    expect(one).toMatchObject({ document: 'new', metadata: null })
    expect(row).toMatchObject({ id: 'row', metadata: new Map([['n', 1n]]) })
  })

  test('nothing strange was said meanwhile', () => {
    expect(window.problems).toEqual([])
  })
})
