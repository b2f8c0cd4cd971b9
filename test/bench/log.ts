/**
 * A large log of lookups in the built browser-mode server and in Chromium: from the call to open it to the overview, what memory
 * it takes, and how long the page and other calls ever wait meanwhile. `npm run bench -- log [LOOKUPS]`; a million without words.
 */
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { once } from 'node:events'
import os from 'node:os'
import path from 'node:path'
import { wholeLog } from '../../shared/contract/lookup-logs.ts'
import { startApp } from '../support/app.ts'
import { openPage } from '../support/chromium.ts'
import { openConnection } from '../support/open-connection.ts'
import { makeSmallStore } from '../support/small-store.ts'
import { machine, milliseconds, printTable } from './support/measure.ts'

const lookups = Number(process.argv[2] ?? 1_000_000)
if (!Number.isInteger(lookups) || lookups < 1) throw new Error(`${process.argv[2]} is not a number of lookups.`)

function lineAt(at: number): string {
  const line = {
    time: new Date(1_767_225_600_000 + at * 1000).toISOString(),
    query: `How do I do the thing number ${at % 50_000} without the other?`,
    namespace: `team-${at % 7}`,
    outcome: at % 3 === 0 ? 'hit_semantic' : 'miss',
    entry_id: at % 3 === 0 ? `answer-${at % 30}` : null,
    nearest_id: at % 3 === 0 ? null : `answer-${at % 30}`,
    similarity: (at % 1000) / 1000,
    threshold: 0.85,
    latency_ms: at % 900,
  }
  return `${JSON.stringify(line)}\n`
}

async function residentMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024
}

const store = await makeSmallStore()
if (!store) throw new Error('No engine can run here, so there is nothing to make a store with.')
const home = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-bench-log-'))
const file = path.join(home, 'large.jsonl')
const stream = createWriteStream(file)
for (let from = 0; from < lookups; from += 10_000) {
  const block = Array.from({ length: Math.min(10_000, lookups - from) }, (_, place) => lineAt(from + place)).join('')
  if (!stream.write(block)) await once(stream, 'drain')
}
stream.end()
await once(stream, 'close')

const app = await startApp({ directory: store.directory, env: { HOME: home, INIT_CWD: home } })
const { connectionId, collections } = await openConnection(app)
const ref = { connectionId, collectionId: collections.get('answers') ?? '' }
const window = await openPage(app, { route: `/s/${ref.connectionId}/c/${ref.collectionId}/log`, width: 1440, height: 1000 })
const { page } = window
page.setDefaultTimeout(300_000)
await page.getByText('No log of lookups is open').waitFor()
const before = await residentMemory(app.pid)

// Every wait of the page for its next frame, and of another caller for an answer of the core.
await page.evaluate(() => {
  const pauses = { longest: 0 }
  Object.assign(globalThis, { pauses })
  let last = performance.now()
  const frame = (now: number): void => {
    pauses.longest = Math.max(pauses.longest, now - last)
    last = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
})
const calls: number[] = []
const over = new AbortController()
const asking = (async () => {
  while (!over.signal.aborted) {
    const start = performance.now()
    await app.call('collections.catalog', { connectionId })
    calls.push(performance.now() - start)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
})()

const [root] = await app.call('connections.places', {})
const [found] = await app.call('lookupLogs.files', { handle: root?.handle ?? '' })
const start = performance.now()
const { jobId } = await app.call('lookupLogs.open', { ...ref, handle: found?.handle ?? '' })
await page.getByRole('button', { name: /^Hit rate/ }).waitFor()
await page.locator('.recharts-bar-rectangle').first().waitFor()
const shown = performance.now() - start
const logId = (await app.call('jobs.list', {})).find(({ id }) => id === jobId)?.result ?? ''

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now()
  await work()
  return performance.now() - from
}
const filtered = await timed(() =>
  app.call('lookupLogs.overview', { ...ref, logId, filter: { ...wholeLog, namespace: { is: 'team-3' }, outcomes: ['miss'] } }),
)
const searched = await timed(() => app.call('lookupLogs.overview', { ...ref, logId, filter: { ...wholeLog, find: 'number 4711 ' } }))
const sorted = await timed(() =>
  app.call('lookupLogs.lookups', {
    ...ref,
    logId,
    filter: wholeLog,
    sort: { by: 'similarity', descending: true },
    offset: lookups >> 1,
    limit: 200,
  }),
)
const table = page.getByRole('table', { name: 'Lookups' })
await table
  .getByRole('rowgroup')
  .last()
  .evaluate((rows) => rows.scrollTo(0, rows.scrollHeight / 2))
const scrolled = await timed(() =>
  table
    .getByRole('row')
    .nth(8)
    .getByText(/miss|hit/)
    .waitFor(),
)
over.abort()
await asking
const longest = await page.evaluate(() => (globalThis as unknown as { pauses: { longest: number } }).pauses.longest)
const heap = await page.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize)
const after = await residentMemory(app.pid)
const [log] = await app.call('lookupLogs.list', ref)
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`

console.log(machine())
console.log(`${lookups.toLocaleString('en')} lookups, ${mebibytes((await stat(file)).size)} of JSON lines`)
printTable(
  ['', ''],
  [
    ['from opening to charts on the screen', milliseconds(shown)],
    ['overview of a filter', milliseconds(filtered)],
    ['overview of a search in queries', milliseconds(searched)],
    ['a page in the middle, by similarity', milliseconds(sorted)],
    ['rows after a jump to the middle', milliseconds(scrolled)],
    ['longest wait of the page for a frame', milliseconds(longest)],
    ['longest wait of another call', milliseconds(Math.max(...calls))],
    ['memory of the lookups', mebibytes(log?.facts?.memory ?? Number.NaN)],
    ['memory of the server, before and after', `${before.toFixed(0)} and ${after.toFixed(0)} MiB`],
    ['heap of the page', mebibytes(heap)],
  ],
)
await window.close()
await app.stop()
await Promise.all([home, store.directory].map((folder) => rm(folder, { recursive: true, force: true })))
process.exit(0)
