import { expiryOf } from '../lookup-entry.ts'
import type { MetadataValue } from '../metadata.ts'
import type { ProfileMapping, Role } from '../profiles/profile.ts'
import { readRole } from '../profiles/read-role.ts'
import type { StoredRecord } from '../record.ts'
import { readTime } from '../time.ts'
import type { ScopeRole } from './rule.ts'

/** What cleanup needs to know of a record. Times are milliseconds since 1970; null where the record does not say. */
export interface RecordFacts {
  readonly id: string
  /** What is compared with other records: the query of a cache, the document or fact of others. */
  readonly text: string | null
  /** What a cache answers; null for records that are no questions. */
  readonly answer: string | null
  /** Characters of document and metadata texts together: what `longest` keeps. */
  readonly length: number
  readonly namespace: string | null
  readonly user: string | null
  readonly session: string | null
  readonly createdAt: number | null
  readonly expiresAt: number | null
  readonly lastHitAt: number | null
  readonly hits: number | null
}

function textOf(value: MetadataValue | null): string | null {
  if (value === null) return null
  return Array.isArray(value) ? value.join(', ') : String(value)
}

function lengthOf({ document, metadata }: StoredRecord): number {
  let length = document?.length ?? 0
  for (const value of metadata?.values() ?? []) if (typeof value === 'string') length += value.length
  return length
}

/** Reads a record under the collection's profile. */
export function recordFactsOf(mapping: ProfileMapping, record: StoredRecord): RecordFacts {
  const text = (role: Role): string | null => textOf(readRole(mapping, role, record))
  const time = (role: Role): number | null => {
    const value = readRole(mapping, role, record)
    return value === null || Array.isArray(value) ? null : readTime(value)
  }
  const hits = readRole(mapping, 'hitCount', record)
  const count = typeof hits === 'bigint' || typeof hits === 'number' ? Number(hits) : null
  const isCache = mapping.kind === 'cache' || (mapping.fields.query !== undefined && mapping.fields.response !== undefined)
  const response = text('response')
  const query = text('query')
  // Where the query stands in the metadata and no field is the answer, the document is.
  const answer = response ?? (mapping.fields.query !== undefined && mapping.fields.query.from !== 'document' ? record.document : null)
  return {
    id: record.id,
    text: isCache && query !== null ? query : (record.document ?? text('fact') ?? text('input')),
    answer: isCache ? answer : null,
    length: lengthOf(record),
    namespace: text('namespace'),
    user: text('user'),
    session: text('session'),
    createdAt: time('createdAt'),
    expiresAt: expiryOf(mapping, record),
    lastHitAt: time('lastHitAt'),
    hits: count !== null && Number.isFinite(count) ? count : null,
  }
}

/** A name for the scope of a record: equal for records that may be compared. */
export function scopeKey(facts: RecordFacts, roles: readonly ScopeRole[]): string {
  return roles.length === 0 ? '' : JSON.stringify(roles.map((role) => facts[role]))
}
