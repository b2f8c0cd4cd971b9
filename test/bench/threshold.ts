/**
 * A threshold lab from a cold start: opening a store, reading its vectors, comparing lookups that tell no similarity with every
 * entry, and the sweep over all thresholds; then what one step of a dragged threshold reads off. Two stages are the app's own and
 * depend on the embedder and the log, so they are told apart: embedding (lexical) is not part of the sweep.
 * `npm run bench -- threshold [LOOKUPSxENTRIES]`; without words 10000x100000.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { ExactSearch } from '../../electron/search/exact-search.ts'
import { openDirectoryStore } from '../../electron/store/directory/directory-store.ts'
import { nearestEntries } from '../../electron/thresholds/nearest-entries.ts'
import { analyseThresholds, type ThresholdAnalysis } from '../../shared/domain/thresholds/analyse.ts'
import { placeOf } from '../../shared/domain/thresholds/curve.ts'
import { makeEvidence, type Evidence } from '../../shared/domain/thresholds/evidence.ts'
import { usualThresholdSettings } from '../../shared/domain/thresholds/experiment.ts'
import { thresholdFlips } from '../../shared/domain/thresholds/flips.ts'
import { measureBands, measuresAt } from '../../shared/domain/thresholds/measures.ts'
import { testEngines } from '../support/engines.ts'
import { seededRandom } from '../support/random.ts'
import { largeStore } from './support/large-store.ts'
import { machine, median, milliseconds, printTable } from './support/measure.ts'

const dimension = 384
const limit = 8
const runs = 3
const steps = 60

/** What one step of a drag needs: figures with their bands, and what flips. */
function drag({ curve, part }: ThresholdAnalysis, threshold: number): number {
  const place = placeOf(curve, threshold)
  const { beta, guarantee, present } = usualThresholdSettings
  const flips = thresholdFlips(part, present, threshold)
  const bands = measureBands(curve, place, beta, guarantee.confidence)
  return (measuresAt(curve, place, beta).hitRate ?? 0) + flips.unchanged + (bands.errorRate?.high ?? 0)
}

/** Vectors near stored ones, as questions are near to cached ones. */
function queriesNear(vectorOf: (row: number) => Float32Array, entries: number, lookups: number): Float32Array {
  const random = seededRandom(9)
  const queries = new Float32Array(lookups * dimension)
  for (let at = 0; at < lookups; at += 1) {
    const vector = vectorOf(random.below(entries))
    const spread = random.next() * 0.8
    for (let place = 0; place < dimension; place += 1) queries[at * dimension + place] = (vector[place] ?? 0) + random.normal() * spread
  }
  return queries
}

function evidenceOf(similarities: readonly number[]): Evidence {
  const random = seededRandom(4)
  return makeEvidence(
    similarities.map((similarity) => ({
      similarity,
      label: random.next() < 0.5 ? 'unknown' : random.next() < similarity ? 'right' : 'wrong',
      source: 'log',
      group: `team-${random.below(5)}`,
    })),
  ).evidence
}

const [word = '10000x100000'] = process.argv.slice(2)
const [lookups = Number.NaN, entries = Number.NaN] = word.split('x').map(Number)
if (!Number.isInteger(lookups) || !Number.isInteger(entries)) throw new Error(`${word} is not LOOKUPSxENTRIES, such as 10000x100000.`)
const engine = (await testEngines()).at(-1)
if (!engine) throw new Error('No engine can run here, so there is nothing to make a store with.')
console.log(machine())
const { directory } = await largeStore(engine, entries, dimension)
const rows: string[][] = []
let last: ThresholdAnalysis | null = null
for (let run = 1; run <= runs; run += 1) {
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-bench-threshold-'))
  const times: number[] = []
  let before = performance.now()
  const lap = (): void => {
    times.push(performance.now() - before)
    before = performance.now()
  }
  const store = await openDirectoryStore({ directory, scratch })
  const collectionId = (await store.catalog()).tenants[0]?.databases[0]?.collections[0]?.id ?? ''
  const exact = new ExactSearch()
  const block = await exact.block(store, collectionId, {})
  lap()
  const queries = queriesNear((row) => block.vector(row), entries, lookups)
  before = performance.now()
  const groups = [{ queries: Array.from({ length: lookups }, (_, at) => at), rows: null }]
  const found = await nearestEntries({ exact, block, queries, groups, limit, signal: undefined, onProgress: () => undefined })
  const similarities = groups[0]?.queries.map((at) => {
    const [query, vector] = [queries.subarray(at * dimension, (at + 1) * dimension), block.vector(found[at * limit] ?? 0)]
    const norms = Math.sqrt(query.reduce((sum, value) => sum + value * value, 0)) * block.norm(found[at * limit] ?? 0)
    return query.reduce((sum, value, place) => sum + value * (vector[place] ?? 0), 0) / norms
  })
  lap()
  const analysis = analyseThresholds(evidenceOf(similarities ?? []), usualThresholdSettings)
  lap()
  last = analysis
  rows.push([`run ${run}`, ...times.map(milliseconds), milliseconds(times.reduce((sum, time) => sum + time, 0))])
  await Promise.all([exact.close(), store.close()])
  await rm(scratch, { recursive: true, force: true })
}
console.log(
  `${lookups.toLocaleString('en')} lookups x ${entries.toLocaleString('en')} entries of ${dimension} dimensions, each run from a store that is not open`,
)
printTable(['', 'open, read vectors', 'compare', 'sweep, curves, certified', 'all'], rows)
const analysis = last
if (analysis) {
  const times = Array.from({ length: steps }, (_, step) => {
    const start = performance.now()
    drag(analysis, 0.5 + (step / steps) * 0.5)
    return performance.now() - start
  })
  console.log(
    `One step of a dragged threshold, median of ${steps}: ${milliseconds(median(times))}; longest ${milliseconds(Math.max(...times))}`,
  )
}
process.exit(0)
