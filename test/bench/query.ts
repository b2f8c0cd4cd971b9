/**
 * The ten nearest records of a query: a call of the exact search over every vector, beside a Chroma engine's HNSW index on a copy of
 * the same store, in turns. A whole call goes to the built browser-mode server, over HTTP as the engine's does, and like the engine's
 * comes back with documents and metadata; `exact search` is the comparison alone. The vectors are random, in 200 clusters,
 * and queries lie near stored ones; the exact search is measured once its pivots are made, and before. `npm run bench -- query [RECORDSxDIMENSION ...]`; without words 100000x384 and 20000x1536.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { openDirectoryStore } from '../../electron/store/directory/directory-store.ts'
import { ExactSearch } from '../../electron/search/exact-search.ts'
import type { Answer } from '../../shared/contract/search.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { decode, encode } from '../../shared/rpc/codec.ts'
import { startApp } from '../support/app.ts'
import { testEngines, type TestEngine } from '../support/engines.ts'
import { seededRandom } from '../support/random.ts'
import { largeStore, type LargeStore } from './support/large-store.ts'
import { machine, milliseconds, printTable } from './support/measure.ts'

const runs = 60
const warmUp = 10
const results = 10

/** Over a connection that is kept, as browsers and Chroma's clients do. */
async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`)
  return text
}

type Asked = (vector: Float32Array) => Promise<string[]>

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Vectors near stored ones, as questions are near to cached ones. */
async function makeQueries(store: LargeStore, scratch: string): Promise<Float32Array[]> {
  const opened = await openDirectoryStore({ directory: store.directory, scratch })
  const collectionId = (await opened.catalog()).tenants[0]?.databases[0]?.collections[0]?.id ?? ''
  const random = seededRandom(9)
  const ids = Array.from({ length: runs + warmUp }, () => `record-${random.below(store.records)}`)
  const queries: Float32Array[] = []
  for (const id of ids) {
    const { vector } = await opened.vector(collectionId, id)
    queries.push(Float32Array.from(vector?.values ?? [], (value) => value + random.normal() * 0.3))
  }
  await opened.close()
  return queries
}

async function measure(engine: TestEngine, store: LargeStore): Promise<void> {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-bench-query-'))
  const queries = await makeQueries(store, parent)

  const opened = await openDirectoryStore({ directory: store.directory, scratch: parent })
  const collectionId = (await opened.catalog()).tenants[0]?.databases[0]?.collections[0]?.id ?? ''
  const exact = new ExactSearch()
  const loading = performance.now()
  const block = await exact.block(opened, collectionId, {})
  const loaded = performance.now() - loading
  const library: Asked = async (vector) => {
    const [found = []] = await exact.nearest(block, [vector], { ranking: block.space, limit: results, positions: null })
    return found.map(({ position }) => block.ids[position] ?? '')
  }

  const before: number[] = []
  for (const query of queries.slice(0, warmUp)) {
    const start = performance.now()
    await exact.nearest(block, [query], { ranking: block.space, limit: results, positions: null })
    before.push(performance.now() - start)
  }
  const sharpening = performance.now()
  await exact.sharpen(block)
  const sharpened = performance.now() - sharpening

  const app = await startApp({ directory: store.directory })
  const { startConnectionId } = await app.call('app.info', {})
  const ref = { connectionId: startConnectionId ?? '', collectionId }
  const settings = { nResults: results, filter: noFilter, method: 'exact' as const }
  const { cookie, key: session } = await app.newSession()
  const call: Asked = async (vector) => {
    const body = encode({ ...ref, probe: { kind: 'vector', vector: Array.from(vector) }, settings })
    const text = await post(`${app.origin}/rpc/search.run`, body, { Cookie: cookie, 'X-Mnemoscope-Session': session })
    const reply = decode(text) as { value: Answer }
    return reply.value.neighbours.map(({ record }) => record.id)
  }

  const directory = path.join(parent, 'store')
  await cp(store.directory, directory, { recursive: true })
  const engines = await engine.create()
  const running = await engines.start(directory, { kind: engine.kind })
  const url = `${running.url}/api/v2/tenants/default_tenant/databases/default_database/collections/${collectionId}/query`
  const hnsw: Asked = async (vector) => {
    const body = JSON.stringify({
      query_embeddings: [Array.from(vector)],
      n_results: results,
      include: ['documents', 'metadatas', 'distances'],
    })
    return (JSON.parse(await post(url, body)) as { ids: string[][] }).ids[0] ?? []
  }

  // The app makes its own pivots in the background, and does not say when they are there.
  await call(queries[0] ?? new Float32Array(store.dimension))
  await setTimeout(2 * sharpened + 2000)

  const ways = { library, call, hnsw }
  const times: Record<keyof typeof ways, number[]> = { library: [], call: [], hnsw: [] }
  const timed = async (name: keyof typeof ways, run: number): Promise<string[]> => {
    const start = performance.now()
    const found = await ways[name](queries[run] ?? new Float32Array(store.dimension))
    if (run >= warmUp) times[name].push(performance.now() - start)
    return found
  }
  // The two that a person would choose between take turns; the comparison alone is the first of them without its way there and back.
  const alone: string[][] = []
  for (const run of queries.keys()) alone.push(await timed('library', run))
  let [shared, expected] = [0, 0]
  for (const [run, exactly] of alone.entries()) {
    if ((await timed('call', run)).join() !== exactly.join()) throw new Error('The app and its search do not find the same.')
    shared += (await timed('hnsw', run)).filter((id) => exactly.includes(id)).length
    expected += exactly.length
  }

  const mebibytes = (block.bytes / 2 ** 20).toFixed(0)
  console.log(`${store.records.toLocaleString('en')} records x ${store.dimension}, ${runs} queries, calls in turns; engine: ${engine.name}`)
  const row = (name: string, key: keyof typeof ways, recall: number): string[] => [
    name,
    milliseconds(quantile(times[key], 0.5)),
    milliseconds(quantile(times[key], 0.95)),
    recall.toFixed(3),
  ]
  printTable(
    ['', 'p50', 'p95', 'recall'],
    [
      row('exact search', 'library', 1),
      row('exact search, whole call', 'call', 1),
      row('engine over HTTP (HNSW)', 'hnsw', shared / expected),
    ],
  )
  console.log(`Vectors are random, in 200 clusters. They are loaded once, in ${milliseconds(loaded)}, and take ${mebibytes} MiB.`)
  console.log(
    `Searches before the pivots are made take ${milliseconds(quantile(before, 0.5))} (p50); they are made in the background, in ${milliseconds(sharpened)}.\n`,
  )
  await Promise.all([exact.close(), opened.close(), app.stop(), running.stop()])
  await engines.close()
  await rm(parent, { recursive: true, force: true })
}

const words = process.argv.slice(2)
const engine = (await testEngines()).at(-1)
if (!engine) throw new Error('No engine can run here, so there is nothing to make a store with or to compare with.')
console.log(machine())
for (const size of words.length > 0 ? words : ['100000x384', '20000x1536']) {
  const [records = Number.NaN, dimension = Number.NaN] = size.split('x').map(Number)
  if (!Number.isInteger(records) || !Number.isInteger(dimension)) throw new Error(`${size} is not RECORDSxDIMENSION, such as 100000x384.`)
  await measure(engine, await largeStore(engine, records, dimension))
}
process.exit(0)
