import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import type { LookupLine } from '../../electron/sample/lookup-log.ts'
import type { SampleTruth } from '../../electron/sample/truth.ts'
import { wholeLog } from '../../shared/contract/lookup-logs.ts'
import { seriousFindings } from '../support/accessibility.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { sampleStore } from '../support/sample-store.ts'

const outcomeNames = { hit_exact: 'exact-hit', hit_semantic: 'semantic-hit', miss: 'miss' } as const

const shots = process.env['MNEMOSCOPE_SHOTS']

describe('the sample’s log of lookups', { timeout: 180_000 }, () => {
  let app: RunningApp | null = null
  let opened: OpenPage | null = null
  let page: Page
  let truth: SampleTruth
  let lines: LookupLine[]
  let route: string
  let home: string
  let data: string

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-home-'))
    data = path.join(home, 'data')
    const sample = await sampleStore(path.join(data, 'sample'))
    if (!sample) return
    app = await startApp({ data, env: { HOME: home, INIT_CWD: home } })
    const running = app
    const { jobId } = await running.call('connections.openSample', {})
    const job = async () => (await running.call('jobs.list', {})).find(({ id }) => id === jobId)
    while ((await job())?.state === 'running') await new Promise((resolve) => setTimeout(resolve, 200))
    const connectionId = (await job())?.result ?? ''
    const catalog = await running.call('collections.catalog', { connectionId })
    const collections = catalog.tenants.flatMap((tenant) => tenant.databases.flatMap((database) => database.collections))
    const collection = collections.find(({ name }) => name === 'support_cache')
    truth = sample.truth
    lines = [...sample.lookups.values()]
    route = `/s/${connectionId}/c/${collection?.id}/log`
    opened = await openPage(running, { route, width: 1440, height: 1000 })
    page = opened.page
  }, 180_000)
  afterAll(async () => {
    await opened?.close()
    await app?.stop()
    if (home !== undefined) await rm(home, { recursive: true, force: true })
  })

  async function shoot(name: string): Promise<void> {
    if (shots !== undefined) await page.screenshot({ path: path.join(shots, `${name}.png`) })
  }

  test('is opened in one click, and the hit rate shown is that of the planted truth', async ({ skip }) => {
    if (!opened) return skip('no engine runs here to make the sample with')
    await page.getByText('No log of lookups is open').waitFor()
    await shoot('log-empty')
    await page.getByRole('button', { name: 'Open the sample’s log' }).click()
    const rate = page.getByRole('button', { name: /^Hit rate/ })
    await rate.waitFor()
    const hits = truth.lookups.filter(({ outcome }) => outcome !== 'miss').length
    expect(await rate.textContent()).toContain(`${((100 * hits) / truth.lookups.length).toFixed(1)}%`)
    await page.locator('.recharts-bar-rectangle').first().waitFor()
    await shoot('log-light')
    expect(await seriousFindings(page)).toEqual([])
  })

  test('a bar leads to its lookups, and a lookup to its entry', async ({ skip }) => {
    if (!opened) return skip('no engine runs here to make the sample with')
    const chart = page.getByRole('application', { name: /^Similarity of the nearest entry/ })
    const boxes = await Promise.all((await chart.locator('.recharts-bar-rectangle path').all()).map((bar) => bar.boundingBox()))
    const tallest = boxes.reduce((best, box) => ((box?.height ?? 0) > (best?.height ?? 0) ? box : best), null)
    if (!tallest) throw new Error('The histogram has no bar.')
    await page.mouse.move(tallest.x + tallest.width / 2, tallest.y + tallest.height / 2)
    await page.getByText(/^-?\d\.\d{3} to \d\.\d{3}: /).waitFor()
    await page.mouse.down()
    await page.mouse.up()
    const chip = page.getByRole('button', { name: /^Take away: similarity/ })
    await chip.waitFor()
    const [from = NaN, to = NaN] = ((await chip.getAttribute('aria-label')) ?? '').match(/\d\.\d{3}/g)?.map(Number) ?? []
    const within = lines.filter(
      ({ similarity, outcome }) => similarity !== null && similarity >= from && similarity < to && outcome !== 'hit_exact',
    )
    expect(within.length).toBeGreaterThan(0)
    const table = page.getByRole('table', { name: 'Lookups' })
    await expect.poll(() => table.getAttribute('aria-rowcount')).toBe(String(within.length + 1))
    const row = table.getByRole('row').nth(1)
    const entry = (await row.getByRole('button').textContent()) ?? ''
    expect(within.map(({ matched_id, nearest_id }) => matched_id ?? nearest_id)).toContain(entry)
    await row.getByText(entry).click()
    const record = page.getByRole('article', { name: 'Record' })
    await record.getByRole('heading', { name: entry }).waitFor()
    await shoot('log-entry')
    expect(await seriousFindings(page)).toEqual([])
    await record.getByRole('button', { name: 'Close the record' }).click()
    await page.getByRole('button', { name: 'Show all lookups' }).click()
    await expect.poll(() => table.getAttribute('aria-rowcount')).toBe(String(lines.length + 1))
  })

  test('the keyboard reaches a bar too, and the misses of a search are found', async ({ skip }) => {
    if (!opened) return skip('no engine runs here to make the sample with')
    const chart = page.getByRole('application', { name: /^Hit rate over time/ })
    await chart.focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    const chip = page.getByRole('button', { name: /^Take away: .* to / })
    await chip.waitFor()
    await chip.click()
    await page.getByRole('button', { name: /^Near misses/ }).click()
    const table = page.getByRole('table', { name: 'Lookups' })
    const near = await app?.call('lookupLogs.list', { connectionId: route.split('/')[2] ?? '', collectionId: route.split('/')[4] ?? '' })
    expect(near).toHaveLength(1)
    await expect.poll(() => table.getByText('near miss', { exact: true }).count()).toBeGreaterThan(3)
    expect(await table.getByText(/^(?:exact|semantic) hit$/).count()).toBe(0)
    await page.getByRole('button', { name: 'Take away: near misses' }).click()
  })

  const address = () => new URLSearchParams(new URL(page.url()).hash.split('?')[1])
  const rows = () => page.getByRole('table', { name: 'Lookups' }).getAttribute('aria-rowcount')
  /** The lookups that the address means, counted one by one. */
  const meant = () => {
    const [from, to] = ['from', 'to'].map((name) => Date.parse(address().get(name) ?? ''))
    const [min, max] = ['min', 'max'].map((name) => Number(address().get(name) ?? NaN))
    const namespace = address().get('namespace')
    return lines.filter(
      (line) =>
        !(Date.parse(line.time) < (from ?? NaN) || Date.parse(line.time) >= (to ?? NaN)) &&
        !((line.similarity ?? -2) < (min ?? NaN) || (line.similarity ?? 2) >= (max ?? NaN)) &&
        (address().get('outcome')?.includes('exact-hit') !== false || line.outcome !== 'hit_exact') &&
        (namespace === null || line.namespace === namespace),
    ).length
  }

  test.each(['Hit rate over time', 'Similarity of the nearest entry', 'Latency over time'])(
    '“%s” leads to its lookups by keyboard, and the way back is that of the browser',
    async (title) => {
      if (!opened) return
      const chart = page.getByRole('application', { name: new RegExp(`^${title}`) })
      await chart.focus()
      for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key)
      const band = title.startsWith('Similarity') ? 'min' : 'from'
      await expect.poll(() => address().get(band)).not.toBeNull()
      expect(meant()).toBeLessThan(lines.length)
      await expect.poll(rows).toBe(String(meant() + 1))
      await page.goBack()
      await expect.poll(() => address().get(band)).toBeNull()
      await expect.poll(rows).toBe(String(lines.length + 1))
    },
  )

  test('a namespace leads to its lookups, and a reload and a link show the same', async ({ skip }) => {
    if (!opened) return skip('no engine runs here to make the sample with')
    await page
      .getByRole('region', { name: 'By namespace' })
      .getByRole('button', { name: /^billing/ })
      .press('Enter')
    await page.getByRole('button', { name: /^Misses/ }).click()
    const misses = lines.filter(({ namespace, outcome }) => namespace === 'billing' && outcome === 'miss').length
    await expect.poll(rows).toBe(String(misses + 1))
    await page.getByRole('columnheader', { name: 'Similarity' }).getByRole('button').click()
    await page.getByRole('table', { name: 'Lookups' }).getByRole('row').nth(1).getByRole('button').press('Enter')
    await page.getByRole('article', { name: 'Record' }).waitFor()
    const first = await page.getByRole('table', { name: 'Lookups' }).getByRole('row').nth(1).textContent()
    await page.reload()
    await page.getByRole('button', { name: 'Take away: namespace billing' }).waitFor()
    await expect.poll(rows).toBe(String(misses + 1))
    await expect.poll(() => page.getByRole('table', { name: 'Lookups' }).getByRole('row').nth(1).textContent()).toBe(first)
    expect(address().get('sort')).toBe('similarity')
    await page.getByRole('article', { name: 'Record' }).getByRole('button', { name: 'Close the record' }).click()
    await shoot('log-filtered')
    await page.getByRole('button', { name: 'Show all lookups' }).click()
    await expect.poll(rows).toBe(String(lines.length + 1))
  })

  test('the threshold is moved by its line, with the mouse and the keyboard, for the dry run too', async ({ skip }) => {
    if (!opened || !app) return skip('no engine runs here to make the sample with')
    const line = page.getByRole('slider', { name: 'Similarity threshold' })
    const box = await line.boundingBox()
    if (!box) throw new Error('The threshold is not drawn.')
    await page.mouse.move(box.x + box.width / 2, box.y + box.height - 8)
    await page.mouse.down()
    await page.mouse.move(box.x - 60, box.y + box.height - 8, { steps: 4 })
    await page.mouse.up()
    const dragged = Number(await line.getAttribute('aria-valuenow'))
    expect(dragged).toBeLessThan(0.82)
    await line.press('ArrowRight')
    const moved = Math.round(dragged * 1000 + 5) / 1000
    await expect.poll(() => address().get('threshold')).toBe(String(moved))
    const [, , connectionId = '', , collectionId = ''] = route.split('/')
    const settings = () => app?.call('lookups.settings', { connectionId, collectionId })
    await expect.poll(async () => (await settings())?.threshold).toBe(moved)
    await page.getByText('the log’s, 0.850').waitFor()
    await shoot('log-threshold')
    await page.getByRole('link', { name: 'Lookups', exact: true }).click()
    await expect.poll(() => page.getByRole('slider', { name: 'Similarity threshold' }).first().inputValue()).toBe(String(moved))
    await page.getByRole('link', { name: 'Lookup log' }).click()
    await page.getByRole('button', { name: /^Hit rate/ }).waitFor()
  })

  test('entries that were never hit are those the truth has no winner for', async ({ skip }) => {
    if (!opened) return skip('no engine runs here to make the sample with')
    await page.getByRole('button', { name: 'Never-hit entries' }).click()
    const winners = new Set(truth.lookups.map(({ winner }) => winner))
    await page.getByText(/of the collection answered none of these lookups/).waitFor()
    const shown = (await page.getByRole('table', { name: 'Entries' }).locator('tbody tr td:first-child').allTextContents()).map((id) =>
      id.trim(),
    )
    expect(shown.length).toBe(50)
    expect(shown.filter((id) => winners.has(id))).toEqual([])
    await shoot('log-never')
    await page.getByRole('button', { name: 'Lookups', exact: true }).click()
  })

  test('columns are corrected, code to write a log is offered, and the dark theme is as readable', async ({ skip }) => {
    if (!opened) return skip('no engine runs here to make the sample with')
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('combobox', { name: 'Column of: Outcome' }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await shoot('log-columns')
    await page.getByRole('button', { name: 'Read with this mapping' }).click()
    await page.getByRole('button', { name: /^Hit rate/ }).waitFor()
    await page.getByRole('button', { name: 'How to write a log' }).click()
    await page.getByRole('region', { name: 'Python and chromadb' }).waitFor()
    await page.keyboard.press('Escape')
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark')
    await page.locator('.recharts-bar-rectangle').first().waitFor()
    await shoot('log-dark')
    expect(await seriousFindings(page)).toEqual([])
    expect(opened.problems).toEqual([])
  })

  test('lookups that a log tells nothing about but their query are replayed to the planted truth', async ({ skip }) => {
    if (!app) return skip('no engine runs here to make the sample with')
    const running = app
    const [, , connectionId = '', , collectionId = ''] = route.split('/')
    const ref = { connectionId, collectionId }
    const bare = lines.slice(-60).map(({ time, query, namespace }) => ({ time, query, namespace }))
    await writeFile(path.join(home, 'bare.jsonl'), bare.map((line) => `${JSON.stringify(line)}\n`).join(''))
    const [root] = await running.call('connections.places', {})
    const [file] = await running.call('lookupLogs.files', { handle: root?.handle ?? '' })
    const finished = async (jobId: string) => {
      const job = async () => (await running.call('jobs.list', {})).find(({ id }) => id === jobId)
      await expect.poll(async () => (await job())?.state, { timeout: 120_000 }).not.toBe('running')
      expect((await job())?.error).toBeNull()
      return (await job())?.result ?? ''
    }
    const logId = await finished((await running.call('lookupLogs.open', { ...ref, handle: file?.handle ?? '' })).jobId)
    const log = async () => (await running.call('lookupLogs.list', ref)).find(({ id }) => id === logId)?.facts
    expect(await log()).toMatchObject({ lookups: 60, withoutSimilarity: 60, replayed: 0 })
    // The sample's assistant leaves punctuation out before it compares texts.
    const settings = await running.call('lookups.settings', ref)
    await running.call('lookups.setSettings', {
      ...ref,
      settings: { ...settings, threshold: truth.threshold, normalise: { ...settings.normalise, stripPunctuation: true } },
    })
    await finished((await running.call('lookupLogs.replay', { ...ref, logId })).jobId)
    expect(await log()).toMatchObject({ withoutSimilarity: 0, replayed: 60 })
    const found = await running.call('lookupLogs.lookups', {
      ...ref,
      logId,
      filter: wholeLog,
      sort: { by: 'line', descending: false },
      offset: 0,
      limit: 60,
    })
    const planted = truth.lookups.slice(-60)
    expect(found.lookups.map(({ outcome }) => outcome)).toEqual(planted.map(({ outcome }) => outcomeNames[outcome]))
    expect(found.lookups.map(({ outcome, entryId }) => (outcome === 'miss' ? null : entryId))).toEqual(planted.map(({ winner }) => winner))
  })

  test('a file is chosen from the places, and what could not be read in it is told', async ({ skip }) => {
    if (!opened) return skip('no engine runs here to make the sample with')
    await writeFile(path.join(home, 'mixed.csv'), 'query,outcome,similarity\nOne?,hit,0.9\nTwo?,miss\nThree?,miss,0.82\n')
    await page.getByRole('button', { name: 'Open another log' }).click()
    const dialog = page.getByRole('dialog', { name: 'Open a log of lookups' })
    await dialog.getByRole('button', { name: home }).click()
    await dialog.getByRole('button', { name: /^mixed\.csv/ }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: /^mixed\.csv/ }).click()
    await page.getByRole('button', { name: '1 malformed line' }).click()
    await page.getByRole('dialog').getByText('It has 2 fields where the header has 3.').waitFor()
    await shoot('log-malformed')
    await page.keyboard.press('Escape')
    expect(await page.getByRole('button', { name: /^Hit rate/ }).textContent()).toContain('50.0%')
    await page.getByRole('button', { name: 'Follow', exact: true }).click()
    await page.getByRole('button', { name: 'Following' }).waitFor()
    await appendFile(path.join(home, 'mixed.csv'), 'Four?,miss,0.1\nFive?,miss,0.2\n')
    await expect.poll(() => page.getByRole('button', { name: /^Hit rate/ }).textContent()).toContain('25.0%')
    await page.getByRole('button', { name: 'Close the log' }).click()
    await page.getByRole('button', { name: '1 malformed line' }).waitFor({ state: 'detached' })
  })

  test('a log is there after a restart, and where its file is gone a sentence says so with ways out', async ({ skip }) => {
    if (!app || !opened) return skip('no engine runs here to make the sample with')
    const [, , connectionId = '', , collectionId = ''] = route.split('/')
    const [, bare] = await app.call('lookupLogs.list', { connectionId, collectionId })
    await app.stop()
    await opened.close()
    await rm(path.join(home, 'bare.jsonl'))
    app = await startApp({ data, env: { HOME: home, INIT_CWD: home } })
    opened = await openPage(app, { route, width: 1280, height: 800, colorScheme: 'dark' })
    page = opened.page
    await page.getByRole('button', { name: /^Hit rate/ }).waitFor()
    await page.locator('.recharts-bar-rectangle').first().waitFor()
    await shoot('log-dark-1280')
    await page.goto(`${app.origin}/#${route}?log=${bare?.id}`)
    await page.getByText('bare.jsonl does not exist any more.').waitFor()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await shoot('log-gone')
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('main').getByRole('button', { name: 'Close the log' }).last().click()
    await page.getByRole('button', { name: /^Hit rate/ }).waitFor()
    await page.goto(`${app.origin}/#${route}?log=${bare?.id}`)
    await page.getByText('The log of this address is not open here').waitFor()
    await page.getByRole('button', { name: 'Show sample-lookups.jsonl' }).click()
    await page.getByRole('button', { name: /^Hit rate/ }).waitFor()
    expect(opened.problems.filter((problem) => !problem.includes('status of 404'))).toEqual([])
  })
})
