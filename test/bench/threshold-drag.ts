/**
 * How long it takes until every chart of the threshold lab shows a threshold that was moved by one step, with 10,000 labelled pairs, as
 * the browser itself measures it (Event Timing: from the key to the next paint): `npm run bench -- threshold-drag [pairs]`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { startApp } from '../support/app.ts'
import { openPage } from '../support/chromium.ts'
import { openConnection } from '../support/open-connection.ts'
import { makeSmallStore } from '../support/small-store.ts'
import { machine, median, milliseconds, printTable } from './support/measure.ts'

const steps = 40
/** The shortest time that browsers tell, in milliseconds; they round to 8. */
const finest = 16
const pairs = Number(process.argv[2] ?? 10_000)
if (!Number.isInteger(pairs) || pairs < 1) throw new Error(`${process.argv[2]} is not a number of pairs.`)

const store = await makeSmallStore()
if (!store) throw new Error('No engine can run here, so there is nothing to make a store with.')
const home = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-bench-threshold-'))
// Similarities in every thousandth from 0.6 up, right more often where they are high.
const lines = Array.from({ length: pairs }, (_, at) => {
  const similarity = 0.6 + (0.4 * ((at * 7919) % pairs)) / pairs
  const label = ((at * 104_729) % 1000) / 1000 < (similarity - 0.6) / 0.35 ? 'right' : 'wrong'
  return JSON.stringify({ query: `Question ${at}?`, matched_query: `Question ${at + 1}?`, similarity, label })
})
await writeFile(path.join(home, 'pairs.jsonl'), `${lines.join('\n')}\n`)

const app = await startApp({ directory: store.directory, env: { HOME: home, INIT_CWD: home } })
const { connectionId, collections } = await openConnection(app)
const ref = { connectionId, collectionId: collections.get('answers') ?? '' }
const [root] = await app.call('connections.places', {})
const [found] = await app.call('thresholds.files', { handle: root?.handle ?? '' })
const { id } = await app.call('thresholds.importPairs', { ...ref, handle: found?.handle ?? '' })
const address = `/s/${ref.connectionId}/c/${ref.collectionId}/thresholds?evidence=pairs:${id}&threshold=0.8&present=0.9`
const window = await openPage(app, { route: address, width: 1440, height: 2000 })
const { page } = window
page.setDefaultTimeout(120_000)
await page.locator('.recharts-bar-rectangle').first().waitFor()
await page.locator('.recharts-line-curve').nth(4).waitFor()

const measured = await page.context().newCDPSession(page)
await measured.send('Performance.enable', { timeDomain: 'threadTicks' })
/** Processor time of the page's main thread so far, in milliseconds: other programs do not count. */
async function processorTime(): Promise<number> {
  const { metrics } = await measured.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000
}
const slider = page.locator('[role=slider][aria-label^="Candidate"]').first()
await slider.focus()
/** Where the line of each chart is; one place where all follow the same threshold. */
const places = (): Promise<string[]> =>
  page
    .locator('[role=slider][aria-label^="Candidate"]')
    .evaluateAll((sliders) => [...new Set(sliders.map((each) => each.getAttribute('aria-valuenow') ?? ''))])
if ((await page.locator('[role=slider][aria-label^="Candidate"]').count()) < 2)
  throw new Error('There are no charts whose threshold could be moved.')
// The code of other pages is fetched ahead by then.
await setTimeout(4000)
await page.evaluate((threshold) => {
  const shown: number[] = []
  Object.assign(globalThis, { shown })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.name === 'keydown') shown.push(entry.duration)
  }).observe({ type: 'event', durationThreshold: threshold } as PerformanceObserverInit)
}, finest)
const processorTimeBefore = await processorTime()
for (let step = 0; step < steps; step += 1) {
  const [before] = await places()
  await page.keyboard.press(step < steps / 2 ? 'ArrowLeft' : 'ArrowRight')
  const [after, ...others] = await places()
  if (after === before || others.length > 0) throw new Error(`The threshold stays at ${before} somewhere.`)
}
const processor = ((await processorTime()) - processorTimeBefore) / steps
await setTimeout(1000)
const told = await page.evaluate(() => (globalThis as unknown as { shown: number[] }).shown)
// What is shown sooner than the browser tells is not told.
const shown = [...told, ...Array.from({ length: steps - told.length }, () => finest)]
console.log(machine())
printTable(
  [`one step of the threshold, ${pairs.toLocaleString('en-US')} pairs`, 'median', `slowest of ${steps}`],
  [
    ['processor time of the page, mean', milliseconds(processor), ''],
    ['from the key to the next paint (target: 50 ms)', milliseconds(median(shown)), milliseconds(Math.max(...shown))],
  ],
)
await window.close()
await app.stop()
await Promise.all([home, store.directory].map((folder) => rm(folder, { recursive: true, force: true })))
process.exit(0)
