import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LogHost } from '../../electron/lookup-logs/log-host.ts'
import type { LookupLine } from '../../electron/sample/lookup-log.ts'
import { type SampleContent } from '../../electron/sample/sample.ts'
import { wholeLog, type LogFilter } from '../../shared/contract/lookup-logs.ts'
import { sampleContent } from '../support/sample-content.ts'

let folder: string
let host: LogHost
let content: SampleContent
let lines: readonly LookupLine[]
let facts: Awaited<ReturnType<LogHost['ask']>>

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-sample-log-'))
  content = await sampleContent()
  lines = content.lookups
  const file = path.join(folder, 'sample-lookups.jsonl')
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  host = new LogHost(file, 'cosine', () => undefined)
  facts = await host.ask({ type: 'read', mapping: null })
})
afterAll(async () => {
  await host?.close()
  await rm(folder, { recursive: true, force: true })
})

const overviewOf = (filter: Partial<LogFilter> = {}) => host.ask({ type: 'overview', filter: { ...wholeLog, ...filter } })
const isHit = ({ outcome }: { outcome: string }): boolean => outcome !== 'miss'
const timeOf = (line: LookupLine): number => Date.parse(line.time)

/** How lines end, counted one by one. */
function countsOf(some: readonly LookupLine[]) {
  return {
    exact: some.filter(({ outcome }) => outcome === 'hit_exact').length,
    semantic: some.filter(({ outcome }) => outcome === 'hit_semantic').length,
    unspecified: 0,
    miss: some.filter(({ outcome }) => outcome === 'miss').length,
    nearMiss: some.filter((line) => line.near_miss).length,
  }
}

function percentile(values: readonly number[], share: number): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1]
}

test('the columns of the sample’s log are recognised without help', () => {
  expect(facts).toMatchObject({
    lookups: lines.length,
    malformed: 0,
    threshold: 0.85,
    mapping: {
      columns: {
        time: 'time',
        query: 'query',
        namespace: 'namespace',
        outcome: 'outcome',
        entryId: 'matched_id',
        nearestId: 'nearest_id',
        similarity: 'similarity',
        latency: 'latency_ms',
        threshold: 'threshold',
      },
      latencyUnit: 'milliseconds',
    },
  })
})

test('hits, misses and the hit rate are those of the planted truth', async () => {
  const { lookups } = content.truth
  const hits = lookups.filter(isHit).length
  expect(await overviewOf()).toMatchObject({ ...countsOf(lines), lookups: lookups.length, unknown: 0, hitRate: hits / lookups.length })
})

test('bins over time and over similarity hold what a count one by one finds in them', async () => {
  const { overTime, similarity, withoutTime, withoutSimilarity } = await overviewOf()
  expect(withoutTime).toBe(0)
  expect(withoutSimilarity).toBe(lines.filter((line) => line.similarity === null).length)
  expect(overTime.length).toBeGreaterThan(20)
  for (const { from, to, latencyP50, latencyP95, ...counts } of overTime) {
    const within = lines.filter((line) => timeOf(line) >= from && timeOf(line) < to)
    const latencies = within.map((line) => line.latency_ms)
    expect(counts).toEqual(countsOf(within))
    expect([latencyP50 ?? undefined, latencyP95 ?? undefined]).toEqual([percentile(latencies, 0.5), percentile(latencies, 0.95)])
  }
  for (const { from, to, ...counts } of similarity) {
    const within = lines.filter((line) => line.similarity !== null && line.similarity >= from && line.similarity < to)
    expect(counts).toEqual(countsOf(within))
    expect(await overviewOf({ minSimilarity: from, maxSimilarity: to })).toMatchObject({ lookups: within.length })
  }
  expect(similarity.map(({ from }) => from)).toContain(0.85)
})

test('latencies and namespaces are summed rightly', async () => {
  const { latency, namespaces } = await overviewOf()
  const all = lines.map((line) => line.latency_ms)
  expect(latency).toEqual({
    p50: percentile(all, 0.5),
    p95: percentile(all, 0.95),
    hitP50: percentile(
      lines.filter(isHit).map((line) => line.latency_ms),
      0.5,
    ),
    missP50: percentile(
      lines.filter((line) => !isHit(line)).map((line) => line.latency_ms),
      0.5,
    ),
  })
  expect(namespaces.length).toBeGreaterThan(1)
  for (const { namespace, ...counts } of namespaces) expect(counts).toEqual(countsOf(lines.filter((line) => line.namespace === namespace)))
})

test('entries are ranked by hits and near misses, and those never hit are the rest of the collection', async () => {
  const ids = content.collections.find(({ name }) => name === 'support_cache')?.records.map(({ id }) => id) ?? []
  const ask = (ranking: 'most-hit' | 'never-hit' | 'near-missed') =>
    host.ask({ type: 'entries', filter: wholeLog, ranking, ids: ranking === 'never-hit' ? ids : [], offset: 0, limit: 10_000 })
  const winners = content.truth.lookups.flatMap(({ winner }) => winner ?? [])
  const most = await ask('most-hit')
  expect(most.total).toBe(new Set(winners).size)
  for (const { entryId, hits, lastHitAt } of most.entries) {
    const own = lines.filter((line) => line.matched_id === entryId)
    expect([hits, lastHitAt]).toEqual([winners.filter((winner) => winner === entryId).length, Math.max(...own.map(timeOf))])
  }
  expect(most.entries.map(({ hits }) => hits)).toEqual(most.entries.map(({ hits }) => hits).toSorted((a, b) => b - a))
  const never = await ask('never-hit')
  expect(never.entries.map(({ entryId }) => entryId)).toEqual(ids.filter((id) => !winners.includes(id)))
  const near = await ask('near-missed')
  expect(near.entries.reduce((sum, { nearMisses }) => sum + nearMisses, 0)).toBe(lines.filter((line) => line.near_miss).length)
})
