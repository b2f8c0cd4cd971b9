import { formatMetadataValue, type MetadataValue } from './metadata.ts'

export type SortDirection = 'ascending' | 'descending'

/** Numbers, then text (lists by their text), then booleans. */
function rank(value: MetadataValue): number {
  if (typeof value === 'bigint' || typeof value === 'number') return 0
  return typeof value === 'boolean' ? 2 : 1
}

function compareNumbers(a: number | bigint, b: number | bigint): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  if (a < b) return -1
  return a > b ? 1 : 0
}

/**
 * Compares texts by Unicode code points, which is the order of their UTF-8 bytes and so SQLite's.
 * JavaScript's own < goes by UTF-16 units, which puts emoji before some CJK compatibility letters.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at)
    const right = b.charCodeAt(at)
    if (left === right) continue
    const leftSurrogate = left >= 0xd800 && left <= 0xdfff
    const rightSurrogate = right >= 0xd800 && right <= 0xdfff
    if (leftSurrogate !== rightSurrogate) return leftSurrogate ? 1 : -1
    return left - right
  }
  return a.length - b.length
}

/** Ascending order of two present values: numbers by value, then texts and lists by code points, then false and true. */
export function compareMetadataValues(a: MetadataValue, b: MetadataValue): number {
  const rankA = rank(a)
  const rankB = rank(b)
  if (rankA !== rankB) return rankA - rankB
  if (rankA === 0) return compareNumbers(a as number | bigint, b as number | bigint)
  if (rankA === 2) return Number(a) - Number(b)
  return compareText(typeof a === 'string' ? a : formatMetadataValue(a), typeof b === 'string' ? b : formatMetadataValue(b))
}

/** A comparator for a sort in one direction. Missing values (undefined or null) come last in both. */
export function metadataComparator(
  direction: SortDirection,
): (a: MetadataValue | null | undefined, b: MetadataValue | null | undefined) => number {
  const sign = direction === 'ascending' ? 1 : -1
  return (a, b) => {
    if (a === undefined || a === null) return b === undefined || b === null ? 0 : 1
    if (b === undefined || b === null) return -1
    return sign * compareMetadataValues(a, b)
  }
}
