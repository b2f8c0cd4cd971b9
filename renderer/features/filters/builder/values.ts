import { formatScalar, type MetadataScalar, type MetadataType } from '../../../../shared/domain/metadata.ts'

export const scalarTypes = ['string', 'integer', 'float', 'boolean'] as const
export type ScalarType = (typeof scalarTypes)[number]

const largestInteger = 2n ** 63n - 1n

export function scalarTypeOf(value: MetadataScalar): ScalarType {
  switch (typeof value) {
    case 'bigint':
      return 'integer'
    case 'number':
      return 'float'
    case 'boolean':
      return 'boolean'
    default:
      return 'string'
  }
}

/** The type of one value of a key whose values have this type: that of the items for lists. */
export function itemType(type: MetadataType): ScalarType {
  if (type === 'empty[]') return 'string'
  return scalarTypes.find((each) => type === each || type === `${each}[]`) ?? 'string'
}

export function isListType(type: MetadataType): boolean {
  return type.endsWith('[]')
}

/** What a value editor holds for a value. */
export function textOf(value: MetadataScalar): string {
  return formatScalar(value)
}

export type ReadValue = { ok: true; value: MetadataScalar } | { ok: false; problem: string }

/** Reads what was typed as a value of the given type. */
export function readValue(text: string, type: ScalarType): ReadValue {
  const trimmed = text.trim()
  switch (type) {
    case 'string':
      return { ok: true, value: text }
    case 'boolean':
      return { ok: true, value: trimmed === 'true' }
    case 'integer': {
      const plain = trimmed.replaceAll(/[_\s,](?=\d{3})/g, '')
      if (!/^[+-]?\d+$/.test(plain)) return { ok: false, problem: 'A whole number is expected, such as 42.' }
      const value = BigInt(plain.replace(/^\+/, ''))
      const fits = value <= largestInteger && value >= -largestInteger - 1n
      return fits ? { ok: true, value } : { ok: false, problem: 'Chroma keeps integers of at most 64 bits.' }
    }
    case 'float': {
      const value = trimmed === '' ? Number.NaN : Number(trimmed)
      return Number.isFinite(value) ? { ok: true, value } : { ok: false, problem: 'A number is expected, such as 0.75.' }
    }
  }
}
