import { formatMetadataValue, type MetadataScalar, type MetadataValue } from '../metadata.ts'
import type { Field, ProfileMapping } from '../profiles/profile.ts'
import { readField, readRole } from '../profiles/read-role.ts'
import type { StoredRecord } from '../record.ts'
import { readTime } from '../time.ts'

/** Whose memory a record is, of which session and when: what a timeline is made of. */
export interface MemoryRow {
  readonly id: string
  /** Null where the record names none; an empty text is none either. */
  readonly user: string | null
  /** The user as it is stored, for filters; null where a filter could not name it. */
  readonly userValue: MetadataScalar | null
  readonly session: string | null
  /** Milliseconds since 1970; NaN where the record does not say. */
  readonly time: number
  /** What the user is called, where the record says so beside the user's id. */
  readonly name: string | null
}

const nameKeys = ['user_name', 'username', 'display_name', 'full_name', 'customer_name', 'name']

function textOf(value: MetadataValue | null): string | null {
  if (value === null || value === '') return null
  return typeof value === 'string' ? value : formatMetadataValue(value)
}

/** Where records keep what their user is called; null where that is not known, or is what they call the user by anyway. */
export function userNameField({ fields }: ProfileMapping, keys: readonly string[]): Field | null {
  if (fields.user === undefined) return null
  const taken = new Set(Object.values(fields).flatMap((field) => (field.from === 'metadata' ? [field.key] : [])))
  const key = nameKeys.find((name) => keys.includes(name) && !taken.has(name))
  return key === undefined ? null : { from: 'metadata', key, path: null }
}

/** Reads a record as part of somebody's memory. `nameField` is that of {@link userNameField}. */
export function memoryRowOf(mapping: ProfileMapping, nameField: Field | null, record: StoredRecord): MemoryRow {
  const { user: userField } = mapping.fields
  const user = readRole(mapping, 'user', record)
  const created = readRole(mapping, 'createdAt', record)
  const isPlain = userField?.from === 'metadata' && userField.path === null
  return {
    id: record.id,
    user: textOf(user),
    userValue: isPlain && user !== null && !Array.isArray(user) ? user : null,
    session: textOf(readRole(mapping, 'session', record)),
    time: created === null || Array.isArray(created) ? Number.NaN : (readTime(created) ?? Number.NaN),
    name: nameField === null ? null : textOf(readField(nameField, record)),
  }
}
