import type { Facet } from '../contract/records.ts'
import { metadataTypeOf, type MetadataScalar, type MetadataValue } from './metadata.ts'
import { compareMetadataValues } from './sort.ts'
import { looksLikeTimes, parseTime, type TimeEncoding } from './time.ts'

type RangeFacet = Facet & { kind: 'range' }
type Bin = RangeFacet['bins'][number]

/** How often each distinct value of a key occurs. */
export type ValueCount = readonly [value: MetadataValue, count: number]

/** Numbers and dates with no more distinct values than this are shown as choices, not as a range. */
const fewValues = 12
const wantedBins = 20

const minute = 60_000
const day = 86_400_000
const dateSteps = [
  ...[1, 5, 15, 30, 60, 180, 360, 720].map((minutes) => minutes * minute),
  ...[1, 2, 7, 14, 28, 91, 182, 365, 730, 1826, 3652].map((days) => days * day),
]

/** The smallest step of the form 1, 2 or 5 times a power of ten that needs at most `wantedBins` bins. */
function niceNumberStep(span: number, whole: boolean): number {
  const raw = span / wantedBins
  if (!(raw > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw * (1 - 1e-9)) ?? raw
  return whole ? Math.max(1, step) : step
}

function niceDateStep(span: number): number {
  return dateSteps.find((step) => span / step <= wantedBins) ?? niceNumberStep(span, true)
}

/**
 * Equal bins from a round number at or below `min` to one at or above `max`, without counts.
 * `scale` date works in milliseconds and picks steps of minutes, hours, days, weeks and so on.
 */
export function niceBins(min: number, max: number, scale: 'number' | 'date', whole: boolean): Bin[] {
  const step = scale === 'date' ? niceDateStep(max - min) : niceNumberStep(max - min, whole)
  const first = Math.floor(min / step)
  const count = Math.max(1, Math.ceil((max - first * step) / step - 1e-9))
  // Ten digits hide what binary fractions add to 0.1 x 3.
  const edge = (index: number): number => Number(((first + index) * step).toPrecision(15))
  return Array.from({ length: count }, (_, index) => ({ from: edge(index), to: edge(index + 1), count: 0 }))
}

function rangeFacet(
  key: string,
  points: readonly (readonly [number, number])[],
  scale: 'number' | 'date',
  encoding: RangeFacet['encoding'],
  missing: number,
): RangeFacet {
  let min = Infinity
  let max = -Infinity
  for (const [point] of points) {
    min = Math.min(min, point)
    max = Math.max(max, point)
  }
  const bins = niceBins(min, max, scale, encoding === 'integer')
  const start = bins[0]?.from ?? 0
  const step = (bins[0]?.to ?? 1) - start
  for (const [point, count] of points) {
    let index = Math.min(bins.length - 1, Math.max(0, Math.floor((point - start) / step)))
    // Division may land one bin off at an edge; the edges themselves decide.
    if (index > 0 && point < (bins[index]?.from ?? 0)) index--
    else if (index < bins.length - 1 && point >= (bins[index]?.to ?? Infinity)) index++
    const bin = bins[index]
    if (bin !== undefined) bin.count += count
  }
  return { kind: 'range', key, scale, encoding, min, max, bins, missing }
}

function valuesFacet(key: string, counts: readonly (readonly [MetadataScalar, number])[], limit: number, missing: number): Facet {
  const sorted = counts.toSorted((a, b) => b[1] - a[1] || compareMetadataValues(a[0], b[0]))
  const values = sorted.slice(0, limit).map(([value, count]) => ({ value, count }))
  const others = sorted.slice(limit).reduce((sum, [, count]) => sum + count, 0)
  return { kind: 'values', key, values, others, distinct: sorted.length, missing }
}

/** Lists count once for each distinct thing they hold. */
function scalarCounts(counts: Iterable<ValueCount>): (readonly [MetadataScalar, number])[] {
  const merged = new Map<string, [MetadataScalar, number]>()
  for (const [value, count] of counts) {
    for (const item of Array.isArray(value) ? new Set(value) : [value]) {
      const mergeKey = `${metadataTypeOf(item)} ${String(item)}`
      const known = merged.get(mergeKey)
      if (known === undefined) merged.set(mergeKey, [item, count])
      else known[1] += count
    }
  }
  return [...merged.values()]
}

function isFiniteNumber(value: MetadataScalar): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))
}

/**
 * Sums up one key of a view: the commonest values with their counts, or equal bins where the values are many numbers or dates.
 * @param counts each distinct value with the number of records that have it
 * @param missing records without the key
 * @param limit how many values to list at most
 * Values that are not finite numbers make a key a list of values, so that nothing is left out of the counts.
 */
export function computeFacet(key: string, counts: Iterable<ValueCount>, missing: number, limit: number): Facet {
  const scalars = scalarCounts(counts)
  if (scalars.length <= fewValues) return valuesFacet(key, scalars, limit, missing)
  const encoding: TimeEncoding | null = looksLikeTimes(
    key,
    scalars.map(([value]) => value),
  )
  if (encoding !== null) {
    const points = scalars.map(([value, count]) => [parseTime(value)?.ms ?? 0, count] as const)
    return rangeFacet(key, points, 'date', encoding, missing)
  }
  if (!scalars.every(([value]) => isFiniteNumber(value))) return valuesFacet(key, scalars, limit, missing)
  const whole = scalars.every(([value]) => typeof value === 'bigint')
  const points = scalars.map(([value, count]) => [Number(value), count] as const)
  return rangeFacet(key, points, 'number', whole ? 'integer' : 'float', missing)
}
