import type { Metadata } from '../../shared/domain/metadata.ts'
import { murmur3 } from '../embedder/murmur3.ts'

/** A record as the sample's producer would have written it. */
export interface SampleRecord {
  readonly id: string
  readonly document: string
  readonly metadata: Metadata
}

const utf8 = new TextEncoder()

/** Sixteen hexadecimal digits that depend on nothing but the text. */
export function stableHex(text: string): string {
  const bytes = utf8.encode(text)
  return [1, 2].map((seed) => murmur3(bytes, seed).toString(16).padStart(8, '0')).join('')
}

/** ISO 8601 in UTC without milliseconds. */
export function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
