/**
 * A map of generated vectors in clusters: the app's own neighbours and layout, beside umap-js alone and, where Debian's umap-learn
 * is installed, umap-learn with the same settings. Each way is a process of its own, in turns; times and peaks of memory are
 * medians over the runs. `npm run bench -- map [ROWSxDIMENSION ...] [--runs=N] [--ways=app,umap-js,umap-learn]`; without words
 * 5000x384, 20000x384 and 100000x384, with 3, 3 and 1 runs. umap-js is left out above 5,000 rows, where it takes minutes and its matrices gigabytes.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { UMAP } from 'umap-js'
import { z } from 'zod'
import { Neighbours } from '../../electron/neighbours/neighbours.ts'
import { runProjection } from '../../electron/projection/run-projection.ts'
import { trustworthiness } from '../../electron/projection/trustworthiness.ts'
import { vectorRowsOf } from '../../electron/projection/vector-rows.ts'
import { ExactSearch } from '../../electron/search/exact-search.ts'
import type { Store } from '../../electron/store/store.ts'
import { clusteredVectors } from './support/clustered-vectors.ts'
import { machine, median, milliseconds, printTable } from './support/measure.ts'

const mostForUmapJs = 5000
const usualLimit = 240
const seed = 42
const words = process.argv.slice(2)
const ways = ['app', 'umap-js', 'umap-learn'] as const
type Way = (typeof ways)[number]
const valueOf = (option: string): string | undefined => words.find((word) => word.startsWith(`--${option}=`))?.slice(option.length + 3)
const wanted = new Set(valueOf('ways')?.split(',') ?? ways)
/** Seconds. */
const limit = Number(valueOf('limit') ?? usualLimit)

const outcomeSchema = z.object({
  /** Milliseconds from vectors in memory to the first picture and to neighbours; NaN as null where a way tells none. */
  picture: z.number().nullable(),
  graph: z.number().nullable(),
  /** To the final layout. */
  total: z.number(),
  /** Peak of resident memory, bytes. */
  memory: z.number(),
})
type Outcome = z.infer<typeof outcomeSchema>

/** A store that holds nothing but the generated vectors. */
function storeOf(data: Float32Array, rows: number, dimension: number): Store {
  const ids = Array.from({ length: rows }, (_, row) => `record-${row}`)
  const held: Partial<Store> = {
    snapshot: () => Promise.resolve('generated'),
    detail: () => Promise.resolve({ summary: { count: rows, dimension, space: 'cosine' } } as never),
    vectors: () => Promise.resolve({ ids, dimension, data: data.slice(), missing: [] }),
  }
  return held as Store
}

function readNumbers(file: string): Float32Array<ArrayBuffer> {
  return new Float32Array(new Uint8Array(readFileSync(file)).buffer)
}

async function runApp(data: Float32Array, rows: number, dimension: number): Promise<Outcome & { positions: Float32Array }> {
  const exact = new ExactSearch()
  const store = storeOf(data, rows, dimension)
  const block = await exact.block(store, 'generated', {})
  const vectors = vectorRowsOf(block)
  const positions = new SharedArrayBuffer(rows * 8)
  const start = performance.now()
  await runProjection({ type: 'plane', vectors, stored: false, byDirection: true, seed, positions })
  const picture = performance.now() - start
  const graph = await new Neighbours({ exact, folder: null }).graph(store, 'generated', { k: 16, metric: 'cosine' }, {})
  const graphTime = performance.now() - start
  const { k, indices, distances } = graph
  const shared = { space: 'cosine', nNeighbors: 15, minDist: 0.1, seed, mostLaidOut: rows } as const
  const control = new SharedArrayBuffer(4)
  await runProjection({ type: 'layout', graph: { rows, k, indices, distances }, ...shared, control, positions })
  const total = performance.now() - start
  await exact.close()
  return { picture, graph: graphTime, total, memory: process.resourceUsage().maxRSS * 1024, positions: new Float32Array(positions) }
}

function runUmapJs(data: Float32Array, rows: number, dimension: number): Outcome & { positions: Float32Array } {
  const vectors = Array.from({ length: rows }, (_, row) => Array.from(data.subarray(row * dimension, (row + 1) * dimension)))
  const start = performance.now()
  // Vectors of norm 1: Euclidean distance orders them as cosine does.
  const umap = new UMAP({ nNeighbors: 15, minDist: 0.1 })
  const epochs = umap.initializeFit(vectors)
  const graph = performance.now() - start
  for (let epoch = 0; epoch < epochs; epoch += 1) umap.step()
  const total = performance.now() - start
  return {
    picture: null,
    graph,
    total,
    memory: process.resourceUsage().maxRSS * 1024,
    positions: Float32Array.from(umap.getEmbedding().flat()),
  }
}

const python = '/usr/bin/python3'
const learn = `
import json, resource, sys, time
import numpy as np
import umap
source, target, rows, dimension = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
vectors = np.fromfile(source, dtype=np.float32).reshape(rows, dimension)
umap.UMAP(n_neighbors=15, min_dist=0.1, metric='cosine', n_epochs=2, init='random').fit_transform(vectors[:500])
start = time.perf_counter()
layout = umap.UMAP(n_neighbors=15, min_dist=0.1, metric='cosine', low_memory=False).fit_transform(vectors)
total = time.perf_counter() - start
layout.astype(np.float32).tofile(target)
print(json.dumps({'picture': None, 'graph': None, 'total': total * 1000, 'memory': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
`

function hasUmapLearn(): boolean {
  return spawnSync(python, ['-c', 'import umap'], { stdio: 'ignore' }).status === 0
}

/** One way in a process of its own, so that its peak of memory is its own. Null where umap-learn did not end within its limit. */
function measure(way: Way, folder: string, rows: number, dimension: number): Outcome | null {
  const task = [path.join(folder, 'vectors'), path.join(folder, way), String(rows), String(dimension)]
  const own = ['--max-old-space-size=8192', process.argv[1] ?? '', `--way=${way}`, ...task]
  const result =
    way === 'umap-learn'
      ? spawnSync(python, ['-c', learn, ...task], { encoding: 'utf8', timeout: limit * 1000, killSignal: 'SIGKILL' })
      : spawnSync(process.execPath, own, { encoding: 'utf8', env: process.env })
  if (way === 'umap-learn' && result.signal === 'SIGKILL') return null
  if (result.status !== 0) throw new Error(`${way} failed: ${result.stderr}`)
  return outcomeSchema.parse(JSON.parse(result.stdout.trim().split('\n').at(-1) ?? ''))
}

async function runOne(way: Way, [source = '', target = '', ...size]: string[]): Promise<void> {
  const [rows = 0, dimension = 0] = size.map(Number)
  const data = readNumbers(source)
  const { positions, ...outcome } = way === 'app' ? await runApp(data, rows, dimension) : runUmapJs(data, rows, dimension)
  writeFileSync(target, new Uint8Array(positions.slice().buffer))
  console.log(JSON.stringify(outcome))
}

function skipReason(way: Way, rows: number): string | null {
  if (!wanted.has(way)) return 'not asked for'
  if (way === 'umap-js' && rows > mostForUmapJs) return 'not run at this size'
  return way === 'umap-learn' && !hasUmapLearn() ? 'not installed' : null
}

function compare(rows: number, dimension: number, runs: number): void {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mnemoscope-bench-map-'))
  const { data } = clusteredVectors(rows, dimension, 1)
  writeFileSync(path.join(folder, 'vectors'), new Uint8Array(data.buffer))
  const buffer = new SharedArrayBuffer(data.byteLength)
  new Float32Array(buffer).set(data)
  const vectors = { buffer, at: 0, rows, dimension, stride: dimension }
  const outcomes = new Map<Way, Outcome[]>(ways.map((way) => [way, []]))
  const unended = new Set<Way>()
  for (let run = 0; run < runs; run += 1) {
    for (const way of ways) {
      if (skipReason(way, rows) !== null || unended.has(way)) continue
      const outcome = measure(way, folder, rows, dimension)
      if (outcome === null) unended.add(way)
      else outcomes.get(way)?.push(outcome)
    }
  }
  console.log(
    `${rows.toLocaleString('en')} vectors x ${dimension} in clusters, 15 neighbours, minDist 0.1; ${runs} run${runs === 1 ? '' : 's'} in turns`,
  )
  const middle = (of: readonly (number | null)[]): string =>
    of.some((each) => each === null) || of.length === 0 ? '-' : milliseconds(median(of as number[]))
  const table = ways.map((way) => {
    const own = outcomes.get(way) ?? []
    const reason = unended.has(way) ? `not done within ${limit} s` : skipReason(way, rows)
    if (reason !== null) return [way, reason]
    const truth = trustworthiness(vectors, 'cosine', readNumbers(path.join(folder, way)), seed)
    return [
      way,
      middle(own.map(({ picture }) => picture)),
      middle(own.map(({ graph }) => graph)),
      middle(own.map(({ total }) => total)),
      `${(median(own.map(({ memory }) => memory)) / 2 ** 20).toFixed(0)} MiB`,
      truth?.value.toFixed(4) ?? '-',
    ]
  })
  printTable(['', 'first picture', 'neighbours', 'final', 'peak memory', 'trustworthiness(15)'], table)
  rmSync(folder, { recursive: true, force: true })
}

const way = ways.find((each) => words[0] === `--way=${each}`)
if (way) await runOne(way, words.slice(1))
else {
  console.log(machine())
  const wantedRuns = valueOf('runs')
  const sizes = words.filter((word) => !word.startsWith('--'))
  for (const size of sizes.length > 0 ? sizes : ['5000x384', '20000x384', '100000x384']) {
    const [rows = Number.NaN, dimension = Number.NaN] = size.split('x').map(Number)
    if (!Number.isInteger(rows) || dimension % 8 !== 0) throw new Error(`${size} is not ROWSxDIMENSION with a dimension of whole eights.`)
    compare(rows, dimension, Number(wantedRuns ?? (rows > 50_000 ? 1 : 3)))
  }
}
process.exit(0)
