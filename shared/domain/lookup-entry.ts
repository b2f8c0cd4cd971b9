import type { Field, ProfileMapping } from './profiles/profile.ts'
import { readField, readRole } from './profiles/read-role.ts'
import type { StoredRecord } from './record.ts'
import { readTime } from './time.ts'
import type { MetadataValue } from './metadata.ts'

/** What a layered lookup needs to know of a record. */
export interface LookupEntry {
  /** What the exact layer compares: the query of a cache, else the fact or input, else the document. */
  readonly text: string | null
  /** '' for an entry without one; null where the profile knows no namespaces. */
  readonly namespace: string | null
  /** Milliseconds since 1970; null where the record does not say. */
  readonly createdAt: number | null
  /** Milliseconds since 1970; null where it never expires. */
  readonly expiresAt: number | null
}

const durations: readonly [RegExp, number][] = [
  [/(?:^|[_\-. ])(?:ms|millis|milliseconds)$|(?:Ms|Millis|Milliseconds)$/, 1],
  [/(?:^|[_\-. ])min(?:ute)?s?$|Min(?:ute)?s?$/, 60_000],
  [/(?:^|[_\-. ])(?:h|hrs?|hours?)$|(?:Hours?)$/, 3_600_000],
  [/(?:^|[_\-. ])(?:d|days?)$|(?:Days?)$/, 86_400_000],
]

/** Milliseconds in one unit of a time to live, by the name of its key: `ttl_hours` holds hours, `ttl` seconds. */
export function ttlUnit(key: string): number {
  return durations.find(([pattern]) => pattern.test(key))?.[1] ?? 1000
}

function textOf(value: MetadataValue | null): string | null {
  if (value === null) return null
  return Array.isArray(value) ? value.join(', ') : String(value)
}

function timeOf(value: MetadataValue | null): number | null {
  return value === null || Array.isArray(value) ? null : readTime(value)
}

/** Milliseconds that a time to live lasts, by the name of its key; null where the value is no duration. */
export function ttlMilliseconds(field: Field, value: MetadataValue): number | null {
  if (Array.isArray(value) || typeof value === 'boolean' || value === '') return null
  const amount = Number(value)
  const key = field.from === 'metadata' ? (field.path?.split('.').at(-1) ?? field.key) : ''
  return Number.isFinite(amount) && amount > 0 ? amount * ttlUnit(key) : null
}

function ttlOf(mapping: ProfileMapping, record: StoredRecord): number | null {
  const field = mapping.fields.ttl
  const value = field ? readField(field, record) : null
  return field === undefined || value === null ? null : ttlMilliseconds(field, value)
}

/** When an entry expires: as it says, else its creation and its time to live; null where it never does. */
export function expiryOf(mapping: ProfileMapping, record: StoredRecord): number | null {
  const stated = timeOf(readRole(mapping, 'expiresAt', record))
  if (stated !== null) return stated
  const createdAt = timeOf(readRole(mapping, 'createdAt', record))
  const ttl = ttlOf(mapping, record)
  return createdAt === null || ttl === null ? null : createdAt + ttl
}

/** Reads a record as an entry of a cache, under the collection's profile. */
export function lookupEntryOf(mapping: ProfileMapping, record: StoredRecord): LookupEntry {
  const text =
    readRole(mapping, 'query', record) ?? readRole(mapping, 'fact', record) ?? readRole(mapping, 'input', record) ?? record.document
  return {
    text: textOf(text),
    namespace: mapping.fields.namespace === undefined ? null : (textOf(readRole(mapping, 'namespace', record)) ?? ''),
    createdAt: timeOf(readRole(mapping, 'createdAt', record)),
    expiresAt: expiryOf(mapping, record),
  }
}
