import type { Range } from '../../../shared/contract/records.ts'

/** Ranges are half-open, sorted, disjoint and do not touch; every function keeps them so. */
export type Ranges = readonly Range[]

export function hasIndex(ranges: Ranges, index: number): boolean {
  let low = 0
  let high = ranges.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const range = ranges[middle]
    if (range === undefined) return false
    if (index < range.from) high = middle - 1
    else if (index >= range.to) low = middle + 1
    else return true
  }
  return false
}

export function countRanges(ranges: Ranges): number {
  return ranges.reduce((sum, range) => sum + range.to - range.from, 0)
}

export function addRange(ranges: Ranges, added: Range): Ranges {
  if (added.to <= added.from) return ranges
  const apart = ranges.filter((range) => range.to < added.from || range.from > added.to)
  const joined = ranges.filter((range) => range.to >= added.from && range.from <= added.to)
  const merged = {
    from: Math.min(added.from, ...joined.map((range) => range.from)),
    to: Math.max(added.to, ...joined.map((range) => range.to)),
  }
  return [...apart, merged].sort((a, b) => a.from - b.from)
}

export function removeRange(ranges: Ranges, removed: Range): Ranges {
  if (removed.to <= removed.from) return ranges
  return ranges.flatMap((range) => [
    ...(range.from < removed.from ? [{ from: range.from, to: Math.min(range.to, removed.from) }] : []),
    ...(range.to > removed.to ? [{ from: Math.max(range.from, removed.to), to: range.to }] : []),
  ])
}
