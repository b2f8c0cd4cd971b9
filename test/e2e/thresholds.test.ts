import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seriousFindings } from '../support/accessibility.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { endedJob } from '../support/ended-job.ts'
import { engineCommand } from '../support/engine-command.ts'
import { isQuick } from '../support/quick.ts'
import { sampleStore } from '../support/sample-store.ts'
import { startEditing } from '../support/start-editing.ts'

const shots = process.env['MNEMOSCOPE_SHOTS']
const noEngine = 'no engine runs here to make the sample with'
/** Labels that are given by keyboard, and what they are enough to promise. */
const [wanted, bound, confidence] = isQuick ? [30, 20, 80] : [60, 10, 90]

describe('the threshold lab on the sample', { timeout: 180_000 }, () => {
  let app: RunningApp | null = null
  let opened: OpenPage | null = null
  let page: Page
  let home: string
  let ref: { connectionId: string; collectionId: string }
  /** Whether the nearest entry's answer is right, as it was planted, by what was asked. */
  const isRight = new Map<string, boolean>()

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-home-'))
    const data = path.join(home, 'data')
    const sample = await sampleStore(path.join(data, 'sample'))
    if (!sample) return
    const lines = [...sample.lookups.values()]
    const withCosts = lines.map((line, index) => ({
      ...line,
      ...(line.matched_id == null ? {} : { call_cost: 0.001 * (1 + (index % 5)) }),
    }))
    await writeFile(path.join(home, 'costs.jsonl'), withCosts.map((line) => `${JSON.stringify(line)}\n`).join(''))
    for (const { id, correct } of sample.truth.lookups) {
      const line = sample.lookups.get(id)
      const entry = line?.matched_id ?? line?.nearest_id
      if (line && entry != null) isRight.set(line.query, correct.includes(entry))
    }
    const command = await engineCommand()
    app = await startApp({ data, args: command === null ? [] : ['--engine', command], env: { HOME: home, INIT_CWD: home } })
    const running = app
    const { jobId } = await running.call('connections.openSample', {})
    const job = async () => (await running.call('jobs.list', {})).find(({ id }) => id === jobId)
    while ((await job())?.state === 'running') await new Promise((resolve) => setTimeout(resolve, 100))
    const connectionId = (await job())?.result ?? ''
    const catalog = await running.call('collections.catalog', { connectionId })
    const collections = catalog.tenants.flatMap((tenant) => tenant.databases.flatMap((database) => database.collections))
    ref = { connectionId, collectionId: collections.find(({ name }) => name === 'support_cache')?.id ?? '' }
    opened = await openPage(running, { route: `/s/${connectionId}/c/${ref.collectionId}/thresholds`, width: 1280, height: 800 })
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

  const statement = () => page.getByRole('region', { name: 'What may be promised' }).getByRole('status')
  const part = (name: string) => page.getByRole('navigation', { name: 'Parts of the lab' }).getByRole('link', { name, exact: true })
  const candidate = () => page.getByRole('slider', { name: 'Candidate threshold, on similarity by label' })

  const card = () => page.getByRole('article', { name: 'Lookup to label' })
  const question = () => card().locator('dd').first()

  /** Gives so many labels by the keyboard, each as it was planted. */
  async function giveLabels(count: number): Promise<void> {
    for (let given = 0; given < count; given += 1) {
      const [whole, asked] = [await card().textContent(), (await question().textContent()) ?? '']
      await page.keyboard.press(isRight.get(asked) === true ? 'r' : 'w')
      // The same question may follow with another answer.
      await expect.poll(() => card().textContent(), { interval: 15 }).not.toBe(whole)
    }
  }

  async function enter(label: string, value: string): Promise<void> {
    const input = page.getByRole('textbox', { name: label, exact: true })
    await input.fill(value)
    await input.press('Enter')
  }

  test('takes the sample’s log as evidence and says what is missing to promise anything', async ({ skip }) => {
    if (!opened) return skip(noEngine)
    await page.getByRole('button', { name: 'Open the sample’s log' }).click()
    await page.getByText(/lookups, 0 labels given here/).waitFor()
    await enter('Error bound in per cent', String(bound))
    await enter('Confidence in per cent', String(confidence))
    const missing = `Not enough labels to keep wrong answers to at most ${bound}% of lookups with ${confidence}% confidence: about `
    await page.getByText(new RegExp(`^${missing}\\d+ more`)).waitFor()
    await page.locator('.recharts-bar-rectangle').first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await shoot('thresholds-unlabelled')
  })

  test('labels by keyboard alone lead to a certified threshold', async ({ skip }) => {
    if (!opened) return skip(noEngine)
    await part('Label').press('Enter')
    const progress = page.getByRole('region', { name: 'Progress of the labels' }).locator('p').first()
    await question().waitFor()
    await shoot('thresholds-label')
    expect(await seriousFindings(page)).toEqual([])
    const first = await question().textContent()
    await page.keyboard.press('w')
    await page.getByText('Labelled wrong.').waitFor()
    await progress.getByText(/^1 label/).waitFor()
    await page.keyboard.press('u')
    await page.getByText('The last label was taken back.').waitFor()
    await expect.poll(() => question().textContent()).toBe(first)
    // The queue is put in order anew with each label, under a question that stays.
    for (let labels = 1; labels <= 8; labels += 1) {
      await giveLabels(1)
      const next = await card().textContent()
      await progress.getByText(new RegExp(`^${labels} label`)).waitFor()
      expect(await card().textContent()).toBe(next)
    }
    await giveLabels(wanted - 8)
    await progress.getByText(new RegExp(String.raw`^${wanted} labels`)).waitFor()
    await statement()
      .getByText(
        new RegExp(
          `^At 0\\.\\d+: \\d+(\\.\\d)?% hits, wrong answers at most ${bound}% of lookups with ${confidence}% confidence, from ${wanted} labels\\.$`,
        ),
      )
      .waitFor()
    await shoot('thresholds-labelled')
  })

  test('one threshold is dragged on every chart, and no chart is drawn again for it', async ({ skip }) => {
    if (!opened) return skip(noEngine)
    await part('Charts').click()
    await page.getByRole('button', { name: /^Take 0\./ }).click()
    const certified = (await statement().textContent())?.match(/^At (0\.\d+)/)?.[1] ?? ''
    await expect.poll(() => candidate().getAttribute('aria-valuenow')).toBe(String(Number(certified)))
    expect(await page.getByRole('slider', { name: /^Candidate threshold/ }).count()).toBe(4)
    await page.evaluate(() => {
      const redrawn = window as unknown as { redrawn: number }
      redrawn.redrawn = 0
      const observer = new MutationObserver((found) => (redrawn.redrawn += found.length))
      for (const chart of document.querySelectorAll('.recharts-surface'))
        observer.observe(chart, { subtree: true, childList: true, attributes: true })
    })
    const box = await candidate().boundingBox()
    if (!box) throw new Error('The threshold has no place.')
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x - 60, y, { steps: 12 })
    await page.mouse.up()
    const moved = Number(await candidate().getAttribute('aria-valuenow'))
    expect(moved).toBeLessThan(Number(certified))
    for (const slider of await page.getByRole('slider', { name: /^Candidate threshold/ }).all())
      expect(Number(await slider.getAttribute('aria-valuenow'))).toBe(moved)
    await candidate().press('ArrowLeft')
    await expect.poll(() => page.url()).toContain(`threshold=${(moved - 0.005).toFixed(3).replace(/0+$/, '')}`)
    expect(await page.evaluate(() => (window as unknown as { redrawn: number }).redrawn)).toBe(0)
    await shoot('thresholds-charts')
    expect(await seriousFindings(page)).toEqual([])
  })

  test('what flips is listed with its entries, and the address keeps it all', async ({ skip }) => {
    if (!opened) return skip(noEngine)
    await enter('Present threshold', '0.95')
    const now = Number(await candidate().getAttribute('aria-valuenow'))
    await part('What flips').click()
    const list = page.getByRole('table', { name: 'Hits gained' })
    const rows = list.locator('tbody tr')
    await rows.first().waitFor()
    const count = Number(/(\d+) gained/.exec((await page.getByText(/\d+ gained, 0 lost/).textContent()) ?? '')?.[1])
    expect(count).toBeGreaterThan(0)
    expect(await rows.count()).toBe(Math.min(50, count))
    const similarities = (await rows.locator('td:first-child').allTextContents()).map(Number)
    for (const similarity of similarities) {
      expect(similarity).toBeGreaterThanOrEqual(now - 0.0005)
      expect(similarity).toBeLessThanOrEqual(0.9505)
    }
    const before = await statement().textContent()
    await rows.first().locator('td').last().getByRole('button').click()
    await page.getByRole('complementary', { name: 'Inspector' }).getByRole('article', { name: 'Record' }).waitFor()
    await shoot('thresholds-flips')
    await page.reload()
    await rows.first().waitFor()
    expect(await statement().textContent()).toBe(before)
    expect((await rows.locator('td:first-child').allTextContents()).map(Number)).toEqual(similarities)
  })

  test('namespaces, entries, hard negatives, units and experiments follow from the same evidence', async ({ skip }) => {
    if (!opened) return skip(noEngine)
    await part('Namespaces').click()
    await page
      .getByRole('table', { name: 'Namespaces' })
      .getByRole('row', { name: /All together/ })
      .waitFor()
    await shoot('thresholds-namespaces')
    await page.getByRole('combobox', { name: 'What lookups are told apart by' }).click()
    await page.getByRole('option', { name: /^locale/ }).click()
    await page.getByRole('table', { name: 'Namespaces' }).getByRole('row', { name: /^de / }).getByRole('button', { name: 'Show' }).click()
    await expect.poll(() => page.url()).toMatch(/per=locale.*group=de|group=de.*per=locale/)
    await page.getByRole('combobox', { name: 'Namespace', exact: true }).getByText('de').waitFor()
    await page.goBack()
    await page.goBack()
    await expect.poll(() => page.url()).not.toContain('per=')
    await part('Entries').click()
    await page.getByRole('table', { name: 'Thresholds of entries' }).getByText(/\?$/).first().waitFor()
    await part('Use it').click()
    await page
      .getByRole('table', { name: 'The threshold in other units' })
      .getByRole('row', { name: /GPTCache/ })
      .waitFor()
    await page.getByRole('region', { name: 'Configuration of RedisVL' }).getByText('SemanticCache(distance_threshold=').waitFor()
    await shoot('thresholds-use')
    expect(await seriousFindings(page)).toEqual([])
    const name = page.getByRole('textbox', { name: 'Name of the experiment' })
    await part('Experiments').click()
    await name.fill('First look')
    await name.press('Enter')
    const row = page.getByRole('row', { name: /First look/ })
    await row.waitFor()
    await enter('Error bound in per cent', '30')
    await expect.poll(() => page.url()).toContain('bound=0.3')
    await row.getByRole('button', { name: 'Open', exact: true }).click()
    await expect.poll(() => page.url()).toContain(`bound=${bound / 100}`)
    expect(opened.problems).toEqual([])
  })

  test('hits are worth what their calls cost where the log tells that, or all the same', async ({ skip }) => {
    if (!opened || !app) return skip(noEngine)
    const [root] = await app.call('connections.places', {})
    const files = await app.call('lookupLogs.files', { handle: root?.handle ?? '' })
    const handle = files.find(({ name }) => name === 'costs.jsonl')?.handle ?? ''
    const { jobId } = await app.call('lookupLogs.open', { ...ref, handle })
    await endedJob(app, jobId)
    const logId = (await app.call('jobs.list', {})).find(({ id }) => id === jobId)?.result
    await page.goto(page.url().replace(/\?.*/, `?evidence=log:${logId}&threshold=0.6&tab=label`))
    await giveLabels(8)
    await part('Charts').click()
    await page.getByText(/lookups, 8 labels given here/).waitFor()
    await page.reload()
    const chart = page.getByRole('region', { name: 'Expected gain of a lookup' })
    const gain = async () => /a lookup gains (\S+)/.exec((await chart.textContent()) ?? '')?.[1]
    await chart.getByText('on the mean, each by what its call costs').waitFor()
    const worth = Number(await page.getByRole('textbox', { name: 'Value of a hit' }).inputValue())
    expect(worth).toBeGreaterThan(0.001)
    expect(worth).toBeLessThan(0.005)
    const byCall = await gain()
    await shoot('thresholds-costs')
    const choose = async (name: string): Promise<void> => {
      await page.getByRole('combobox', { name: 'How hits differ in worth' }).click()
      await page.getByRole('option', { name, exact: true }).click()
    }
    await choose('each')
    await chart.getByText(/a right hit is worth 0\.00\d+\./).waitFor()
    await expect.poll(() => page.url()).toContain('calls=same')
    expect(await gain()).not.toBe(byCall)
    await page.reload()
    await chart.getByText(/a right hit is worth 0\.00\d+\./).waitFor()
    await choose('on the mean, each by its call in the log')
    await expect.poll(gain).toBe(byCall)
    expect(page.url()).not.toContain('calls=')
  })

  test('the threshold is written to the metadata of the collection, and that is undone', async ({ skip }) => {
    if (!opened || !app) return skip(noEngine)
    await startEditing(app, ref.connectionId)
    const core = app
    const metadata = async () => (await core.call('collections.detail', ref)).metadata
    const before = await metadata()
    await part('Use it').click()
    const threshold = Number(
      await page
        .getByRole('button', { name: /^Write 0\./ })
        .textContent()
        .then((text) => text?.slice('Write '.length)),
    )
    await page.getByRole('button', { name: /^Write 0\./ }).click()
    await page.getByText(`It is ${threshold} now.`).waitFor()
    expect(await metadata()).toEqual(new Map([...(before ?? []), ['similarity_threshold', threshold]]))
    await page.keyboard.press('Control+z')
    await page.getByText('There is no such key yet.').waitFor()
    expect(await metadata()).toEqual(before)
    expect(opened.problems).toEqual([])
  })
})
