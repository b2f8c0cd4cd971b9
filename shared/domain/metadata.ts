import { z } from 'zod'

/**
 * One metadata value with Chroma's own type, told apart by its JavaScript type:
 * `bigint` is Chroma's integer (64 bits, exact), `number` is Chroma's float, so 3n and 3 are different values.
 */
export type MetadataScalar = string | bigint | number | boolean
export type MetadataValue = MetadataScalar | MetadataScalar[]

function isScalar(value: unknown): value is MetadataScalar {
  return typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean'
}

function isValue(value: unknown): value is MetadataValue {
  return isScalar(value) || (Array.isArray(value) && value.every(isScalar))
}

function isMetadata(value: unknown): value is Metadata {
  if (!(value instanceof Map)) return false
  for (const [key, item] of value) if (typeof key !== 'string' || !isValue(item)) return false
  return true
}

// A page of records holds tens of thousands of values: one look at each is many times faster than a union of schemas.
export const metadataScalarSchema = z.custom<MetadataScalar>(isScalar, 'Expected a text, integer, number or boolean.')

export const metadataValuesSchema = z.custom<MetadataValue[]>(
  (value) => Array.isArray(value) && value.every(isValue),
  'Expected texts, integers, numbers, booleans, or lists of them.',
)

/** Metadata of a record or collection in key order as stored. A Map, because a key may be `__proto__` or `1`. */
export const metadataSchema = z.custom<Metadata>(
  isMetadata,
  'Expected metadata: a map of texts, integers, numbers, booleans, or lists of them.',
)
export type Metadata = Map<string, MetadataValue>

export const metadataTypeSchema = z.enum([
  'string',
  'integer',
  'float',
  'boolean',
  'string[]',
  'integer[]',
  'float[]',
  'boolean[]',
  'empty[]',
])
export type MetadataType = z.infer<typeof metadataTypeSchema>

function scalarType(value: MetadataScalar): 'string' | 'integer' | 'float' | 'boolean' {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'bigint':
      return 'integer'
    case 'number':
      return 'float'
    default:
      return 'boolean'
  }
}

/** Chroma's name for the type of a value. */
export function metadataTypeOf(value: MetadataValue): MetadataType {
  if (!Array.isArray(value)) return scalarType(value)
  const first = value[0]
  return first === undefined ? 'empty[]' : `${scalarType(first)}[]`
}

/** Text of a scalar as Chroma's JSON has it: integers bare, floats always with a point or exponent, strings unquoted. */
export function formatScalar(value: MetadataScalar): string {
  if (typeof value !== 'number') return String(value)
  if (Object.is(value, -0)) return '-0.0'
  const text = String(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

/** Text of a value for one line: arrays in brackets, strings inside arrays quoted. */
export function formatMetadataValue(value: MetadataValue): string {
  if (!Array.isArray(value)) return formatScalar(value)
  return `[${value.map((item) => (typeof item === 'string' ? JSON.stringify(item) : formatScalar(item))).join(', ')}]`
}
