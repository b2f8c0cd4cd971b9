/**
 * Opening a store and moving about in it, beside a Chroma engine over HTTP on a copy of the same store.
 * The app's times are calls to the built browser-mode server, so they hold everything but drawing.
 * `npm run bench -- open [RECORDSxDIMENSION ...]`; without words 100000x384 and 1000000x8.
 */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { openDirectoryStore } from '../../electron/store/directory/directory-store.ts'
import { storedOrder, type Sort } from '../../shared/contract/records.ts'
import { noFilter, type Filter } from '../../shared/domain/where.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { testEngines, type TestEngine } from '../support/engines.ts'
import { largeStore, type LargeStore } from './support/large-store.ts'
import { machine, median, medianTime, milliseconds, printTable } from './support/measure.ts'

interface Figures {
  firstRecords: number
  /** A page far down, asked for as soon as the first records are there. */
  firstDeepPage: number
  page: number
  sort: number
  filter: number
  facets: number
  vectors: number
  vectorCount: number
  memory: number
  /** How much of the sort and of the vectors was measured, where the rest is extrapolated; null where all of it was. */
  extrapolated: string | null
}

const bySpread: Sort = { by: { kind: 'metadata', key: 'created_at' }, direction: 'descending' }
const oneTeam: Filter = { ...noFilter, where: { kind: 'compare', key: 'namespace', operator: '$eq', value: 'team-3' } }
/** An engine may need a second for each page of a large collection; what is left then is extrapolated. */
const longestPaging = 40_000
const depth = (store: LargeStore, run: number): number => Math.floor(store.records * (0.5 + run * 0.09))

/** Resident memory of a process in MiB; NaN where /proc does not tell. */
async function residentMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kibibytes = /VmRSS:\s+(\d+) kB/.exec(status)?.[1]
  return kibibytes === undefined ? Number.NaN : Number(kibibytes) / 1024
}

async function openInApp(app: RunningApp, connectionId: string): Promise<{ connectionId: string; collectionId: string }> {
  await app.call('connections.open', { connectionId })
  const catalog = await app.call('collections.catalog', { connectionId })
  const collection = catalog.tenants[0]?.databases[0]?.collections[0]
  if (!collection) throw new Error('The app shows no collection.')
  const view = { connectionId, collectionId: collection.id, filter: noFilter, sort: storedOrder }
  const page = await app.call('records.page', { view, offset: 0, limit: 200 })
  if (page.records.length !== 200) throw new Error(`The first page has ${page.records.length} records.`)
  return { connectionId, collectionId: collection.id }
}

async function vectorsByReader(store: LargeStore): Promise<{ time: number; count: number }> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-bench-scratch-'))
  const times: number[] = []
  let count = 0
  for (let run = 0; run < 3; run += 1) {
    const opened = await openDirectoryStore({ directory: store.directory, scratch })
    const collectionId = (await opened.catalog()).tenants[0]?.databases[0]?.collections[0]?.id ?? ''
    const start = performance.now()
    const vectors = await opened.vectors(collectionId, null)
    times.push(performance.now() - start)
    count = vectors.ids.length
    await opened.close()
  }
  await rm(scratch, { recursive: true, force: true })
  return { time: median(times), count }
}

async function measureApp(store: LargeStore): Promise<Figures> {
  const app = await startApp({ directory: store.directory })
  const { startConnectionId } = await app.call('app.info', {})
  if (startConnectionId === null) throw new Error(`The app did not open the store:\n${app.output()}`)
  const [opened, deep]: [number[], number[]] = [[], []]
  let place = await openInApp(app, startConnectionId)
  for (let run = 0; run < 3; run += 1) {
    await app.call('connections.close', { connectionId: startConnectionId })
    const start = performance.now()
    place = await openInApp(app, startConnectionId)
    const first = performance.now()
    const offset = depth(store, run)
    await app.call('records.page', { view: { ...place, filter: noFilter, sort: storedOrder }, offset, limit: 200 })
    opened.push(first - start)
    deep.push(performance.now() - first)
  }
  const view = { ...place, filter: noFilter, sort: storedOrder }
  await app.call('records.page', { view, offset: store.records - 200, limit: 200 })
  const page = await medianTime(5, (run) => app.call('records.page', { view, offset: depth(store, run), limit: 200 }))
  const sorts = [
    bySpread,
    { ...bySpread, direction: 'ascending' as const },
    { ...bySpread, by: { kind: 'metadata' as const, key: 'hit_count' } },
  ]
  const sort = await medianTime(3, (run) =>
    app.call('records.page', { view: { ...view, sort: sorts[run] ?? bySpread }, offset: 0, limit: 200 }),
  )
  const filter = await medianTime(3, (run) =>
    app.call('records.page', {
      view: { ...view, filter: { ...oneTeam, where: { kind: 'compare', key: 'namespace', operator: '$eq', value: `team-${run}` } } },
      offset: 0,
      limit: 200,
    }),
  )
  const facets = await medianTime(1, () => app.call('records.facets', { view, keys: ['namespace', 'hit_count'], values: 20 }))
  const memory = await residentMemory(app.pid)
  await app.stop()
  const { time: vectors, count: vectorCount } = await vectorsByReader(store)
  const [firstRecords, firstDeepPage] = [median(opened), median(deep)]
  return { firstRecords, firstDeepPage, page, sort, filter, facets, vectors, vectorCount, memory, extrapolated: null }
}

interface Paged {
  /** For all pages. */
  readonly time: number
  readonly pages: number
  readonly measured: number
}

/** Reads a whole collection in pages of 1,000: all of them, or as many as fit into `longestPaging`, from all depths alike. */
async function pageThrough(store: LargeStore, read: (offset: number) => Promise<unknown>): Promise<Paged> {
  const pages = Math.ceil(store.records / 1000)
  // Steps of the golden ratio come by every page once where they and the number of pages have no factor in common.
  let step = Math.max(1, Math.round(pages * 0.618))
  const factor = (a: number, b: number): number => (b === 0 ? a : factor(b, a % b))
  while (factor(pages, step) !== 1) step += 1
  const start = performance.now()
  let measured = 0
  while (measured < pages && performance.now() - start < longestPaging) {
    await read(((measured * step) % pages) * 1000)
    measured += 1
  }
  return { time: ((performance.now() - start) * pages) / measured, pages, measured }
}

/** The engine as any program reaches it: plain JSON over HTTP in pages of 1,000. */
async function measureEngine(engine: TestEngine, store: LargeStore): Promise<Figures> {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-bench-engine-'))
  const directory = path.join(parent, 'store')
  await cp(store.directory, directory, { recursive: true })
  const engines = await engine.create()
  const start = performance.now()
  const running = await engines.start(directory, { kind: engine.kind })
  const base = `${running.url}/api/v2/tenants/default_tenant/databases/default_database/collections`
  const list = (await (await fetch(base)).json()) as { id: string }[]
  const collection = `${base}/${list[0]?.id}`
  const get = async (body: object): Promise<{ ids: string[]; metadatas?: ({ created_at: number } | null)[] }> => {
    const answer = await fetch(`${collection}/get`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`The engine answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as { ids: string[]; metadatas?: ({ created_at: number } | null)[] }
  }
  await (await fetch(`${collection}/count`)).text()
  await get({ limit: 200, offset: 0, include: ['documents', 'metadatas'] })
  const firstRecords = performance.now() - start
  const page = await medianTime(5, (run) => get({ limit: 200, offset: depth(store, run), include: ['documents', 'metadatas'] }))
  const rows: { id: string; at: number }[] = []
  const sort = await pageThrough(store, async (offset) => {
    const answer = await get({ limit: 1000, offset, include: ['metadatas'] })
    for (const [index, id] of answer.ids.entries()) rows.push({ id, at: answer.metadatas?.[index]?.created_at ?? 0 })
  })
  const sorting = await medianTime(1, async () => rows.sort((a, b) => b.at - a.at))
  const filter = await medianTime(3, (run) =>
    get({ where: { namespace: { $eq: `team-${run}` } }, limit: 200, include: ['documents', 'metadatas'] }),
  )
  let vectorCount = 0
  const vectors = await pageThrough(store, async (offset) => {
    vectorCount += (await get({ limit: 1000, offset, include: ['embeddings'] })).ids.length
  })
  const memory = await residentMemory(running.pid ?? 0)
  await running.stop()
  await engines.close()
  await rm(parent, { recursive: true, force: true })
  const part = (name: string, { measured, pages }: Paged): string[] =>
    measured < pages ? [`${name} from ${measured} of ${pages.toLocaleString('en')} pages`] : []
  const parts = [...part('sort', sort), ...part('vectors', vectors)]
  return {
    firstRecords,
    firstDeepPage: Number.NaN,
    page,
    sort: sort.time + sorting,
    filter,
    facets: Number.NaN,
    vectors: vectors.time,
    vectorCount,
    memory,
    extrapolated: parts.length === 0 ? null : parts.join(', '),
  }
}

function report(store: LargeStore, engine: string, app: Figures, other: Figures): void {
  const row = (name: string, mine: number, theirs: number): string[] => [
    name,
    milliseconds(mine),
    milliseconds(theirs),
    Number.isNaN(theirs) ? '-' : `${(theirs / mine).toFixed(1)}x`,
  ]
  console.log(`${store.records.toLocaleString('en')} records x ${store.dimension}, medians; engine: ${engine}`)
  printTable(
    ['', 'Mnemoscope', 'engine over HTTP', 'ratio'],
    [
      row('from click to first 200 records', app.firstRecords, other.firstRecords),
      row('200 records at depth, right after that', app.firstDeepPage, other.firstDeepPage),
      row('200 records at depth', app.page, other.page),
      row('whole collection sorted by a key', app.sort, other.sort),
      row('first 200 of a filter, with its total', app.filter, other.filter),
      row('facets of two keys', app.facets, other.facets),
      row(`all ${app.vectorCount.toLocaleString('en')} vectors`, app.vectors, other.vectors),
      ['memory after that', `${app.memory.toFixed(0)} MiB`, `${other.memory.toFixed(0)} MiB`, ''],
    ],
  )
  if (other.extrapolated !== null) console.log(`The engine's figures are extrapolated: ${other.extrapolated}.\n`)
}

const sizes = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['100000x384', '1000000x8']
const engine = (await testEngines()).at(-1)
if (!engine) throw new Error('No engine can run here, so there is nothing to make a store with or to compare with.')
console.log(machine())
for (const size of sizes) {
  const [records = Number.NaN, dimension = Number.NaN] = size.split('x').map(Number)
  if (!Number.isInteger(records) || !Number.isInteger(dimension)) throw new Error(`${size} is not RECORDSxDIMENSION, such as 100000x384.`)
  const store = await largeStore(engine, records, dimension)
  report(store, engine.name, await measureApp(store), await measureEngine(engine, store))
}
process.exit(0)
