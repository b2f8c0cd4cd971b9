import { rm } from 'node:fs/promises'
import path from 'node:path'
import sqlite from 'node-sqlite3-wasm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Metadata } from '../../shared/domain/metadata.ts'
import { visibleParts } from '../../renderer/lib/visible-text.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { openConnection } from '../support/open-connection.ts'
import { isQuick } from '../support/quick.ts'
import { payloads } from './records-payloads.ts'

const hostileName = '<img src=x onerror=window.__ran=1>\u202Egnp'

/** Every payload is an id, a document, a metadata key, a metadata value and a uri of a record; the collection's name is one as well. */
async function makeHostileStore(): Promise<string | null> {
  const [engine] = await testEngines()
  if (!engine) {
    console.log('Skipped: no engine runs here to make a store with.')
    return null
  }
  const directory = await temporaryFolder('hostile')
  const engines = await engine.create()
  try {
    const { api } = await engines.start(directory, { create: true, kind: engine.kind })
    const { id } = await api.createCollection(defaultDatabase, { name: 'hostile', space: 'l2', metadata: null })
    await api.add(
      { ...defaultDatabase, id },
      {
        ids: payloads.map((payload, index) => `${index}: ${payload}`),
        embeddings: payloads.map((_, index) => Float32Array.of(index, 1)),
        documents: [...payloads],
        metadatas: payloads.map(
          (payload, index): Metadata =>
            new Map<string, string>([
              ['value', payload],
              [`key ${index % 7 === 0 ? payload : index}`, 'x'],
            ]),
        ),
        uris: [...payloads],
      },
    )
    await api.settled()
  } finally {
    await engines.close()
  }
  // Chroma checks names when it makes a collection; a file from elsewhere may hold any.
  const database = new sqlite.Database(path.join(directory, 'chroma.sqlite3'))
  database.run('UPDATE collections SET name = ?', [hostileName])
  database.close()
  return directory
}

const directory = await makeHostileStore()

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

/** What a person reads for a stored text, on one line or on several. */
function asShown(text: string, lines = false): string {
  return onOneLine(
    visibleParts(text, lines)
      .map((part) => (part.kind === 'text' ? part.text : part.label))
      .join(''),
  )
}

describe.skipIf(directory === null)('texts that would do harm', () => {
  let app: RunningApp
  let window: OpenPage
  let page: Page
  let base: string
  const dialogs: string[] = []

  beforeAll(async () => {
    app = await startApp({ directory: directory ?? '' })
    const { connectionId, collections } = await openConnection(app)
    expect([...collections.keys()]).toEqual([hostileName])
    base = `${app.origin}/#/s/${connectionId}/c/${[...collections.values()][0]}`
    window = await openPage(app, { width: 1440, height: 900 })
    page = window.page
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    page.on('popup', (popup) => dialogs.push(popup.url()))
    await page.getByRole('treeitem').nth(1).waitFor()
  })
  afterAll(async () => {
    await window.close()
    await app.stop()
    await rm(directory ?? '', { recursive: true, force: true })
  })

  /** Nothing ran, nothing was loaded, and no element came into being but the app's own. */
  async function expectNoHarm(): Promise<void> {
    const found = await page.evaluate(() => ({
      ran: (globalThis as { __ran?: unknown }).__ran ?? null,
      elements: [
        ...document.querySelectorAll(
          'body iframe, body object, body embed, body img, body video, body audio, body script, body base, body meta, body link, body form, body marquee, body portal, body style',
        ),
      ]
        .filter((element) => element.closest('.cm-editor') === null && !element.matches('script[type=module]'))
        .map((element) => element.outerHTML.slice(0, 200)),
      handlers: [...document.querySelectorAll('*')].filter((element) => [...element.attributes].some(({ name }) => name.startsWith('on')))
        .length,
      links: [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href') ?? '').filter((href) => !/^\/?#/.test(href)),
    }))
    expect(found).toEqual({ ran: null, elements: [], handlers: 0, links: [] })
    expect(window.problems).toEqual([])
    expect(dialogs).toEqual([])
  }

  test('there are at least a hundred of them', () => {
    expect(payloads.length).toBeGreaterThanOrEqual(100)
  })

  test('in the table every id and document reads as the text it is', async () => {
    await page.goto(`${base}/records`)
    await page.locator('[data-row="0"]').waitFor()
    const grid = page.getByRole('grid')
    const atOnce = 12
    for (let first = 0; first < payloads.length; first += atOnce) {
      await grid.evaluate((element, top) => element.scrollTo({ top }), first * 28)
      const places = payloads.flatMap((payload, index) =>
        index >= first && index < first + atOnce && payload.length <= 400 ? [index] : [],
      )
      const read = async (): Promise<string[]> => {
        const texts = await page.evaluate(
          (rows) => rows.map((row) => document.querySelector<HTMLElement>(`[data-row="${row}"] [data-column="id"]`)?.innerText ?? ''),
          places,
        )
        return texts.map(onOneLine)
      }
      await expect.poll(read).toEqual(places.map((index) => asShown(`${index}: ${payloads[index]}`)))
    }
    await expectNoHarm()
  })

  test('in the inspector every record reads as the text it is, in each way to read it', { timeout: 180_000 }, async () => {
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    const step = isQuick ? 5 : 1
    for (const [index, payload] of payloads.entries()) {
      if (index % step !== 0) continue
      if (isQuick || index % 10 === 0)
        await page.goto(`${base}/records?${new URLSearchParams({ record: `${index}: ${payload}` }).toString()}`)
      else await inspector.getByRole('button', { name: 'Next record' }).click()
      await inspector.getByText(`${index + 1} of ${payloads.length}`).waitFor()
      const modes = inspector.getByRole('group', { name: 'Read the document as' }).getByRole('button')
      await modes.evaluateAll(async (buttons) => {
        for (const button of buttons) {
          ;(button as HTMLElement).click()
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
        }
      })
      if (payload.length < 400) {
        await expect
          .poll(async () => onOneLine(await inspector.getByRole('region', { name: 'URI' }).innerText()))
          .toContain(asShown(payload, true))
      }
      if (index % (10 * step) === 0) await expectNoHarm()
    }
    await expectNoHarm()
  })

  test('the name of a collection reads as the text it is', async () => {
    await page.goto(`${base}/records`)
    await expect.poll(async () => onOneLine(await page.getByRole('heading', { level: 1 }).innerText())).toBe(asShown(hostileName))
    await expectNoHarm()
  })

  test('in facets, filter, columns and overview they stay text', async () => {
    await page.goto(`${base}/records?${new URLSearchParams({ where: JSON.stringify({ value: payloads[0] }) }).toString()}`)
    await page.locator('[data-row="0"]').waitFor()
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('list', { name: 'Hidden columns' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Filter ·/ }).click()
    await page.locator('.cm-content').first().waitFor()
    await page.getByRole('button', { name: /^Filter ·/ }).hover()
    await expectNoHarm()
    await page.goto(`${base}/overview`)
    await page.getByRole('heading', { name: 'Metadata keys' }).or(page.getByRole('heading').nth(1)).first().waitFor()
    await page.waitForTimeout(500)
    await expectNoHarm()
    await page.goto(base.replace(/\/c\/.*/, ''))
    await page.getByRole('table').first().waitFor()
    await expectNoHarm()
  })
})
