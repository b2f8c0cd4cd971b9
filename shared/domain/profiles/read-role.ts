import { isInteger, LosslessNumber, parse, stringify } from 'lossless-json'
import type { MetadataValue } from '../metadata.ts'
import type { StoredRecord } from '../record.ts'
import { splitTurns } from '../turns.ts'
import type { Field, ProfileMapping, Role } from './profile.ts'

/** Reads text that is JSON of an object or list, with integers as bigint and other numbers as floats; undefined where it is not. */
export function parseNested(text: string): unknown {
  const start = /^\s*([[{])/.exec(text)
  if (start === null) return undefined
  try {
    return parse(text, null, { parseNumber: (digits) => (isInteger(digits) ? BigInt(digits) : Number(digits)) })
  } catch {
    // Text that merely looks like JSON is ordinary text here.
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber)
}

function walk(value: unknown, path: string): unknown {
  let current = value
  for (const step of path.split('.')) {
    // A value inside JSON is sometimes JSON text once more.
    const inner = typeof current === 'string' ? parseNested(current) : current
    if (Array.isArray(inner)) current = inner[Number(step)]
    else if (isObject(inner) && Object.hasOwn(inner, step)) current = inner[step]
    else return undefined
  }
  return current
}

function toMetadataValue(value: unknown): MetadataValue | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return value
  return stringify(value) ?? null
}

/**
 * The value of a field of a record, null where the record has none. Texts of several turns of one speaker are joined by blank
 * lines; objects and lists inside JSON text are returned as JSON.
 */
export function readField(field: Field, record: StoredRecord): MetadataValue | null {
  switch (field.from) {
    case 'document':
      return record.document
    case 'id':
      return record.id
    case 'turn': {
      const turns = record.document === null ? null : splitTurns(record.document)
      const said = turns?.filter((turn) => turn.speaker === field.speaker).map((turn) => turn.text) ?? []
      return said.length === 0 ? null : said.join('\n\n')
    }
    case 'metadata': {
      const value = record.metadata?.get(field.key) ?? null
      if (field.path === null || typeof value !== 'string') return field.path === null ? value : null
      return toMetadataValue(walk(value, field.path))
    }
  }
}

/** What a record says for a role under a mapping; null where the mapping has no field for it or the record no value. */
export function readRole(mapping: ProfileMapping, role: Role, record: StoredRecord): MetadataValue | null {
  const field = mapping.fields[role]
  return field === undefined ? null : readField(field, record)
}
