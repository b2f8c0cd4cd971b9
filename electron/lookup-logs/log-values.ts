import type { LogMapping, LogOutcome } from '../../shared/contract/lookup-logs.ts'

const zoned = /(?:z|[+-]\d\d:?\d\d)$/i
const isoDate = /^\d{4}-\d\d-\d\d/

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size; NaN for other numbers. */
function timeOfNumber(value: number): number {
  if (value >= 1e17 && value < 1e20) return value / 1e6
  if (value >= 1e14) return value < 1e17 ? value / 1e3 : NaN
  if (value >= 1e11) return value
  return value >= 1e8 ? value * 1000 : NaN
}

/**
 * A point in time, milliseconds since 1970; NaN where it is none. Dates without a zone are UTC, and a comma before the
 * milliseconds, as Python's logging writes it, is a point.
 */
export function readTime(value: unknown): number {
  if (typeof value === 'number') return timeOfNumber(value)
  if (typeof value !== 'string' || value === '') return NaN
  const number = Number(value)
  if (!Number.isNaN(number)) return timeOfNumber(number)
  const text = value.trim()
  if (!isoDate.test(text)) return /\d{4}/.test(text) ? Date.parse(text) : NaN
  const iso = text.replace(' ', 'T').replace(',', '.')
  return Date.parse(iso.length > 10 && !zoned.test(iso.slice(10)) ? `${iso}Z` : iso)
}

/** A finite number, also from text with a unit after it or a percent sign; NaN where it is none. */
export function readNumber(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : NaN
  if (typeof value !== 'string' || value.trim() === '') return NaN
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(%|[a-zµ]*)\s*$/i.exec(value)
  if (!match) return NaN
  return match[2] === '%' ? Number(match[1]) / 100 : Number(match[1])
}

/** An amount of money or of anything else, also with the sign of a currency before it; NaN where it is none. */
export function readCost(value: unknown): number {
  return readNumber(typeof value === 'string' ? value.replace(/^\s*\p{Sc}/u, '') : value)
}

/** A text; numbers and booleans are written out, empty texts are none. */
export function readText(value: unknown, limit: number): string | null {
  if (typeof value === 'string') return value === '' ? null : value.slice(0, limit)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === null || value === undefined ? null : JSON.stringify(value).slice(0, limit)
}

const exactWords = new Set(['exact', 'exacthit', 'hitexact', 'exactmatch', 'cachehitexact', 'exactcachehit'])
const semanticWords = new Set(['semantic', 'semantichit', 'hitsemantic', 'semanticmatch', 'similar', 'similarhit', 'fuzzy', 'fuzzyhit'])
const hitWords = new Set(['hit', 'true', '1', 'yes', 'y', 'cached', 'cachehit', 'found', 'match', 'matched', 'served', 'fromcache'])
const missWords = new Set([
  'false',
  '0',
  'no',
  'n',
  'none',
  'notfound',
  'nomatch',
  'nohit',
  'cachemiss',
  'expired',
  'bypass',
  'llm',
  'uncached',
])

/** How a lookup ended, from the many words and numbers that caches write; null where it cannot be told. */
export function readOutcome(value: unknown): LogOutcome | null {
  if (value === true || value === 1) return 'hit'
  if (value === false || value === 0) return 'miss'
  if (typeof value !== 'string') return null
  const word = value.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  if (exactWords.has(word)) return 'exact-hit'
  if (semanticWords.has(word)) return 'semantic-hit'
  if (hitWords.has(word)) return 'hit'
  return missWords.has(word) || word.startsWith('miss') ? 'miss' : null
}

const perMillisecond = { microseconds: 1000, milliseconds: 1, seconds: 0.001 }

/** Milliseconds. */
export function toMilliseconds(latency: number, unit: LogMapping['latencyUnit']): number {
  return latency / perMillisecond[unit]
}

/** Cosine similarity of a distance of Chroma, for vectors of norm 1: 1 - d, and 1 - d / 2 for squared l2. */
export function toSimilarity(distance: number, space: LogMapping['distanceSpace']): number {
  return space === 'l2' ? 1 - distance / 2 : 1 - distance
}
