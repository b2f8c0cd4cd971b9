import type { LogOverview, OutcomeCounts } from '../../shared/contract/lookup-logs.ts'
import { similarityBins, timeBins, type Bins } from './bins.ts'
import { nearMissTest } from './log-rows.ts'
import { missCode, outcomes, type LogTable } from './log-table.ts'

const maxNamespaces = 50

type Counts = { -readonly [Key in keyof OutcomeCounts]: number }

const nothing: OutcomeCounts = { exact: 0, semantic: 0, unspecified: 0, miss: 0, nearMiss: 0 }
const fieldOf = { 'exact-hit': 'exact', 'semantic-hit': 'semantic', hit: 'unspecified', miss: 'miss' } as const

/** The value below which the share `p` of sorted values lies, the lower one of two. */
function percentile(sorted: Float64Array, p: number): number | null {
  return sorted.length === 0 ? null : (sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * p) - 1)] ?? null)
}

function range(column: Float64Array, rows: Uint32Array): { min: number; max: number; known: number } {
  let min = Infinity
  let max = -Infinity
  let known = 0
  for (const row of rows) {
    const value = column[row] ?? NaN
    if (Number.isNaN(value)) continue
    known += 1
    if (value < min) min = value
    if (value > max) max = value
  }
  return { min, max, known }
}

/** Known values of a column, sorted. */
function sortedValues(column: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => column[row] ?? NaN)
    .filter((value) => !Number.isNaN(value))
    .sort()
}

/** The rows of each bin, in order; rows without a value are in none. */
function rowsByBin(column: Float64Array, rows: Uint32Array, bins: Bins): Uint32Array[] {
  const sizes = new Uint32Array(bins.count)
  const binOf = Int32Array.from(rows, (row) => {
    const value = column[row] ?? NaN
    return Number.isNaN(value) ? -1 : bins.binOf(value)
  })
  for (const bin of binOf) if (bin >= 0) sizes[bin] = (sizes[bin] ?? 0) + 1
  const parts = Array.from(sizes, (size) => new Uint32Array(size))
  sizes.fill(0)
  for (const [place, bin] of binOf.entries()) {
    const part = parts[bin]
    if (part === undefined) continue
    const at = sizes[bin] ?? 0
    part[at] = rows[place] ?? 0
    sizes[bin] = at + 1
  }
  return parts
}

/** Everything the views of a log show, over the rows that a filter means. @param threshold that of the filter */
export function logOverview(table: LogTable, rows: Uint32Array, threshold: number): LogOverview {
  const { columns, names } = table
  const isNearMiss = nearMissTest(table, threshold)

  const count = (counts: Counts, row: number): void => {
    const outcome = outcomes[columns.outcome[row] ?? 0] ?? null
    if (outcome === null) return
    counts[fieldOf[outcome]] += 1
    if (isNearMiss(row)) counts.nearMiss += 1
  }
  const countsOf = (part: Uint32Array): Counts => {
    const counts = { ...nothing }
    for (const row of part) count(counts, row)
    return counts
  }

  const whole = countsOf(rows)
  const hits = whole.exact + whole.semantic + whole.unspecified
  const known = hits + whole.miss
  const isHit = (row: number): boolean => columns.outcome[row] !== 0 && columns.outcome[row] !== missCode
  const latencies = sortedValues(columns.latency, rows)
  const p50 = percentile(latencies, 0.5)
  const p95 = percentile(latencies, 0.95)

  const times = range(columns.time, rows)
  const overTime = times.known === 0 ? null : timeBins(times.min, times.max)
  const similarities = range(columns.similarity, rows)
  const bySimilarity = similarities.known === 0 ? null : similarityBins(similarities.min, similarities.max)

  const namespaces = new Map<number, Counts>()
  for (const row of rows) {
    const number = columns.namespace[row] ?? 0
    let counts = namespaces.get(number)
    if (counts === undefined) namespaces.set(number, (counts = { ...nothing }))
    count(counts, row)
  }

  return {
    lookups: rows.length,
    ...whole,
    unknown: rows.length - known,
    hitRate: known === 0 ? null : hits / known,
    latency:
      p50 === null || p95 === null
        ? null
        : {
            p50,
            p95,
            hitP50: percentile(sortedValues(columns.latency, rows.filter(isHit)), 0.5),
            missP50: percentile(
              sortedValues(
                columns.latency,
                rows.filter((row) => columns.outcome[row] === missCode),
              ),
              0.5,
            ),
          },
    overTime:
      overTime === null
        ? []
        : rowsByBin(columns.time, rows, overTime).map((part, bin) => {
            const sorted = sortedValues(columns.latency, part)
            return {
              from: overTime.edge(bin),
              to: overTime.edge(bin + 1),
              ...countsOf(part),
              latencyP50: percentile(sorted, 0.5),
              latencyP95: percentile(sorted, 0.95),
            }
          }),
    withoutTime: rows.length - times.known,
    similarity:
      bySimilarity === null
        ? []
        : rowsByBin(columns.similarity, rows, bySimilarity).map((part, bin) => ({
            from: bySimilarity.edge(bin),
            to: bySimilarity.edge(bin + 1),
            ...countsOf(part),
          })),
    withoutSimilarity: rows.length - similarities.known,
    namespaces: [...namespaces]
      .map(([number, counts]) => ({ namespace: names.textOf(number), ...counts }))
      .toSorted((a, b) => total(b) - total(a))
      .slice(0, maxNamespaces),
  }
}

function total({ exact, semantic, unspecified, miss }: OutcomeCounts): number {
  return exact + semantic + unspecified + miss
}
