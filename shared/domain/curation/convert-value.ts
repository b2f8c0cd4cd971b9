import { cutText } from '../cut-text.ts'
import { formatScalar, type MetadataScalar, type MetadataValue } from '../metadata.ts'

export type ScalarType = 'string' | 'integer' | 'float' | 'boolean'

/** A value in its new type, or why it has no exact counterpart there. */
export type Conversion<Value> = { readonly value: Value } | { readonly reason: string }

const wholeNumber = /^[+-]?\d+$/
const decimalNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

function shown(value: MetadataScalar): string {
  const text = formatScalar(value)
  return typeof value === 'string' ? JSON.stringify(text.length > 40 ? `${cutText(text, 40)}…` : text) : text
}

function refused(value: MetadataScalar, what: string): { reason: string } {
  return { reason: `${shown(value)} ${what}` }
}

function within64Bits(value: MetadataScalar, integer: bigint): Conversion<MetadataScalar> {
  return BigInt.asIntN(64, integer) === integer ? { value: integer } : refused(value, 'needs more than 64 bits.')
}

function toInteger(value: MetadataScalar): Conversion<MetadataScalar> {
  switch (typeof value) {
    case 'bigint':
      return { value }
    case 'boolean':
      return { value: value ? 1n : 0n }
    case 'number':
      return Number.isInteger(value) ? within64Bits(value, BigInt(value)) : refused(value, 'is not a whole number.')
    default: {
      const text = value.trim()
      return wholeNumber.test(text) ? within64Bits(value, BigInt(text.replace(/^\+/, ''))) : refused(value, 'is not a whole number.')
    }
  }
}

function toFloat(value: MetadataScalar): Conversion<MetadataScalar> {
  switch (typeof value) {
    case 'number':
      return { value }
    case 'boolean':
      return { value: value ? 1 : 0 }
    case 'bigint': {
      const float = Number(value)
      return BigInt(float) === value ? { value: float } : refused(value, 'would lose digits as a float.')
    }
    default: {
      const text = value.trim()
      const float = decimalNumber.test(text) ? Number(text) : Number.NaN
      return Number.isFinite(float) ? { value: float } : refused(value, 'is not a number.')
    }
  }
}

function toBoolean(value: MetadataScalar): Conversion<MetadataScalar> {
  if (typeof value === 'boolean') return { value }
  const text = typeof value === 'string' ? value.trim().toLowerCase() : null
  if (text === 'true' || value === 1n || value === 1) return { value: true }
  if (text === 'false' || value === 0n || value === 0) return { value: false }
  return refused(value, 'is neither true nor false.')
}

function convertScalar(value: MetadataScalar, to: ScalarType): Conversion<MetadataScalar> {
  switch (to) {
    case 'string':
      return { value: formatScalar(value) }
    case 'integer':
      return toInteger(value)
    case 'float':
      return toFloat(value)
    case 'boolean':
      return toBoolean(value)
  }
}

/**
 * A metadata value in another type, items of a list one by one. Nothing is rounded: what has no exact counterpart is refused with a
 * sentence, such as 2.5 as an integer or 2^53 + 1 as a float. A text counts as a float where it is a decimal number, which then means
 * the nearest float.
 */
export function convertValue(value: MetadataValue, to: ScalarType): Conversion<MetadataValue> {
  if (!Array.isArray(value)) return convertScalar(value, to)
  const items: MetadataScalar[] = []
  for (const item of value) {
    const converted = convertScalar(item, to)
    if ('reason' in converted) return converted
    items.push(converted.value)
  }
  return { value: items }
}
