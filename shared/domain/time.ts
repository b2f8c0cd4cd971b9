import type { MetadataScalar } from './metadata.ts'

/** How a point in time is written. Text of digits counts as text, because Chroma cannot compare it. */
export type TimeEncoding = 'iso-text' | 'epoch-seconds' | 'epoch-milliseconds'

export interface PointInTime {
  /** Milliseconds since 1970. Times without a zone are taken as UTC. */
  readonly ms: number
  readonly encoding: TimeEncoding
}

/** First moment that is taken for a point in time, in milliseconds since 1970. */
export const earliestTime = Date.UTC(1990, 0, 1)
/** The moment after the last one. */
export const latestTime = Date.UTC(2200, 0, 1)

const isoPattern =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s,]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(?:(Z|UTC|GMT)|([+-])(\d{2}):?(\d{2})?)?$/i
const compactPattern = /^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(?:\.(\d{1,9}))?)?(?:(Z)|([+-])(\d{2}):?(\d{2}))?$/
const rfcPattern =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?(?:\d{1,2} [A-Z][a-z]{2,8}|[A-Z][a-z]{2,8} \d{1,2},?) \d{4}(?: \d{2}:\d{2}(?::\d{2})?)?(?: (?:GMT|UTC|Z|[+-]\d{4}))?$/
const digitsPattern = /^\d{9,10}(?:\.\d+)?$|^\d{13}$/

function plausible(ms: number): boolean {
  return ms >= earliestTime && ms < latestTime
}

function fromParts(match: RegExpExecArray): number | null {
  const part = (index: number): number => Number(match[index] ?? 0)
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)]
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return null
  const fraction = Number(`0.${match[7] ?? '0'}`) * 1000
  const offset = (match[9] === '-' ? -1 : 1) * (part(10) * 60 + part(11))
  const ms = Date.UTC(year, month - 1, day, hour, minute, second) + Math.floor(fraction) - offset * 60_000
  // Date.UTC rolls 31 February over into March; such a text is no date.
  return new Date(Date.UTC(year, month - 1, day)).getUTCMonth() === month - 1 ? ms : null
}

function fromEpoch(value: number): PointInTime | null {
  if (plausible(value * 1000)) return { ms: value * 1000, encoding: 'epoch-seconds' }
  return plausible(value) ? { ms: value, encoding: 'epoch-milliseconds' } : null
}

function fromText(text: string): PointInTime | null {
  const trimmed = text.trim()
  if (trimmed.length < 8 || trimmed.length > 40) return null
  if (digitsPattern.test(trimmed)) {
    const epoch = fromEpoch(Number(trimmed))
    return epoch && { ms: epoch.ms, encoding: 'iso-text' }
  }
  const match = isoPattern.exec(trimmed) ?? compactPattern.exec(trimmed)
  const ms = match === null ? (rfcPattern.test(trimmed) ? readRfc(trimmed) : null) : fromParts(match)
  return ms !== null && plausible(ms) ? { ms, encoding: 'iso-text' } : null
}

function readRfc(text: string): number | null {
  const zoned = /(?:GMT|UTC|Z|[+-]\d{4})$/.test(text) ? text : `${text} UTC`
  const ms = Date.parse(zoned)
  return Number.isNaN(ms) ? null : ms
}

/**
 * Reads a metadata value as a point in time between 1990 and 2200: ISO 8601 and its usual variants, compact forms
 * (202507201829), RFC 2822, seconds or milliseconds since 1970 as integer, float or digits. Null for everything else.
 * Any number of the right size passes: whether a key holds times is for {@link looksLikeTimes} to say.
 */
export function parseTime(value: MetadataScalar): PointInTime | null {
  if (typeof value === 'string') return fromText(value)
  if (typeof value === 'boolean') return null
  const number = Number(value)
  return Number.isFinite(number) ? fromEpoch(number) : null
}

/** Milliseconds since 1970 of a value that is known to be a point in time, null where it cannot be read as one. */
export function readTime(value: MetadataScalar): number | null {
  return parseTime(value)?.ms ?? null
}

const timeKey =
  /(?:^|[_\-. ])(?:at|on|ts|time|timestamp|date|datetime|created|updated|modified|expires?|expiry|expiration|expired|until|since|epoch|accessed|seen|occurred|when|published|deadline)(?:$|[_\-. ])/i
const camelTimeKey = /(?:At|On|Time|Timestamp|Date|Expiry|Created|Updated|Epoch)$/

/** Whether a key's name says that it holds a point in time, such as created_at, lastSeen_ts or timestamp. */
export function isTimeKey(key: string): boolean {
  return timeKey.test(key) || camelTimeKey.test(key)
}

/**
 * How the values of one key write points in time, or null where they are something else. All must agree.
 * Texts must look like dates. Numbers of milliseconds are taken by their size; seconds, which look like any large number,
 * only where the key's name says so.
 */
export function looksLikeTimes(key: string, values: Iterable<MetadataScalar>): TimeEncoding | null {
  let encoding: TimeEncoding | null = null
  const named = isTimeKey(key)
  for (const value of values) {
    const time = parseTime(value)
    if (time === null) return null
    if (typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value.trim()) && !named) return null
    if (time.encoding === 'epoch-seconds' && !named) return null
    if (encoding !== null && encoding !== time.encoding) return null
    encoding = time.encoding
  }
  return encoding
}
