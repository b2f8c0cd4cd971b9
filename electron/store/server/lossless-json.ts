import { parse } from 'lossless-json'
import { formatScalar, type MetadataScalar } from '../../../shared/domain/metadata.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { floatText } from '../../../shared/domain/float-text.ts'

/** Text that already is JSON, such as a printed `where`; written as it is. */
export class RawJson {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

function parseNumber(text: string): bigint | number {
  return /^-?\d+$/.test(text) ? BigInt(text) : Number(text)
}

/**
 * Reads JSON without losing what tells Chroma's numbers apart: digits alone become a bigint, whatever has
 * a point or exponent a number.
 * @throws SyntaxError where the text is not JSON.
 */
export function parseLossless(text: string): unknown {
  return parse(text, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue })
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value
  throw new AppError('invalid-input', `Chroma cannot store the number ${value}.`, 'Use a finite number.')
}

function metadataText(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `[${value.map(metadataText).join(',')}]`
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return floatText(finite(value))
  return formatScalar(value as MetadataScalar)
}

/**
 * Writes JSON. A Map is metadata: there a number is Chroma's float and always has a point or exponent, a bigint is its
 * integer. Elsewhere numbers are written as JavaScript does. Undefined properties are left out.
 * @throws AppError 'invalid-input' for a number that JSON cannot hold.
 */
export function printLossless(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (value instanceof RawJson) return value.text
  if (value instanceof Map) {
    return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${metadataText(item)}`).join(',')}}`
  }
  if (Array.isArray(value)) return `[${value.map(printLossless).join(',')}]`
  switch (typeof value) {
    case 'bigint':
      return value.toString()
    case 'number':
      return String(finite(value))
    case 'object':
      return `{${Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}:${printLossless(item)}`)
        .join(',')}}`
    default:
      return JSON.stringify(value)
  }
}
