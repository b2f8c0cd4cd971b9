/**
 * How long it takes until every chart of the threshold lab shows a threshold that was moved by one step, with 10,000 labelled pairs:
 * `npm run bench -- threshold-drag [pairs]`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { startApp } from '../support/app.ts'
import { openPage } from '../support/chromium.ts'
import { openConnection } from '../support/open-connection.ts'
import { makeSmallStore } from '../support/small-store.ts'
import { machine, median, milliseconds, printTable } from './support/measure.ts'

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
const processorTimeBefore = await processorTime()
const steps = await page.evaluate(async () => {
  const sliders = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[role=slider][aria-label^="Candidate"]')]
  const shownValues = (): string => [...new Set(sliders().map((each) => each.getAttribute('aria-valuenow')))].join(' and ')
  if (sliders().length < 2) throw new Error('There are no charts whose threshold could be moved.')
  const taken: { work: number; shown: number }[] = []
  for (let step = 0; step < 40; step += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
    const before = shownValues()
    const from = performance.now()
    sliders()[0]?.dispatchEvent(
      new KeyboardEvent('keydown', { key: step < 20 ? 'ArrowLeft' : 'ArrowRight', bubbles: true, cancelable: true }),
    )
    // Asks for the layout, so that it is counted.
    void document.body.offsetHeight
    const work = performance.now() - from
    // Every chart has the line at the same new place.
    while (shownValues() === before || shownValues().includes(' and ')) {
      if (performance.now() - from > 10_000) throw new Error(`The threshold stays at ${shownValues()}.`)
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
    await new Promise((resolve) => requestAnimationFrame(resolve))
    await new Promise((resolve) => setTimeout(resolve))
    taken.push({ work, shown: performance.now() - from })
  }
  return taken
})
const processor = ((await processorTime()) - processorTimeBefore) / steps.length
const slowest = (pick: 'work' | 'shown'): number => Math.max(...steps.map((step) => step[pick]))
const usual = (pick: 'work' | 'shown'): number => median(steps.map((step) => step[pick]))
console.log(machine())
printTable(
  [`one step of the threshold, ${pairs.toLocaleString('en-US')} pairs`, 'median', `slowest of ${steps.length}`],
  [
    ['scripts and layout', milliseconds(usual('work')), milliseconds(slowest('work'))],
    ['processor time of the page, mean', milliseconds(processor), ''],
    ['until the frame was shown (target: 50 ms)', milliseconds(usual('shown')), milliseconds(slowest('shown'))],
  ],
)
await window.close()
await app.stop()
await Promise.all([home, store.directory].map((folder) => rm(folder, { recursive: true, force: true })))
process.exit(0)
