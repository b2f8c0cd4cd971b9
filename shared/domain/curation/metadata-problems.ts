import { formatScalar, metadataTypeOf, type MetadataScalar, type MetadataValue } from '../metadata.ts'

/** What the engine that will write can keep. */
export interface MetadataRules {
  /** Lists as values: Chroma has them since 1.3. */
  readonly arrays: boolean
}

const largestInteger = 2n ** 63n - 1n
const loneSurrogate = /\p{Surrogate}/u

/** Why a text cannot be sent to Chroma, in a sentence; null where it can. */
export function textProblem(text: string): string | null {
  return loneSurrogate.test(text) ? 'The text holds half of a character (a lone surrogate), which Chroma cannot store.' : null
}

/** Why a metadata key cannot be written, in a sentence; null where it can. */
export function metadataKeyProblem(key: string): string | null {
  if (key === '') return 'A key cannot be empty.'
  if (key.startsWith('chroma:')) return 'Keys that begin with "chroma:" are reserved by Chroma.'
  if (key.startsWith('#') || key.startsWith('$')) return 'Chroma refuses keys that begin with # or $.'
  return textProblem(key)
}

function scalarProblem(value: MetadataScalar): string | null {
  switch (typeof value) {
    case 'bigint':
      return value > largestInteger || value < -largestInteger - 1n ? `The integer ${value} needs more than the 64 bits Chroma has.` : null
    case 'number':
      return Number.isFinite(value) ? null : `Chroma cannot store the number ${formatScalar(value)}.`
    case 'string':
      return textProblem(value)
    default:
      return null
  }
}

/** Why a metadata value cannot be written, in a sentence; null where it can. */
export function metadataValueProblem(value: MetadataValue, { arrays }: MetadataRules): string | null {
  if (!Array.isArray(value)) return scalarProblem(value)
  if (!arrays) return 'This version of Chroma has no lists in metadata.'
  const first = value[0]
  if (first === undefined) return 'Chroma does not keep empty lists. Remove the key instead.'
  const type = metadataTypeOf([first])
  if (value.some((item) => metadataTypeOf([item]) !== type)) return 'All items of a list must be of one type.'
  for (const item of value) {
    const problem = scalarProblem(item)
    if (problem !== null) return problem
  }
  return null
}
