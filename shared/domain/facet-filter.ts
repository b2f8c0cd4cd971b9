import type { Facet } from '../contract/records.ts'
import type { Period } from './period.ts'
import type { Where } from './where.ts'

type RangeFacet = Facet & { kind: 'range' }

/**
 * The filter that keeps the records of a range facet between two bounds (numbers, or milliseconds since 1970 for dates).
 * The upper bound is included where `includeUpper` is set, as in a facet's last bin.
 * Null where Chroma cannot express it: dates written as text cannot be compared, see {@link facetPeriod}.
 */
export function facetRangeFilter(facet: RangeFacet, from: number, to: number, includeUpper: boolean): Where | null {
  const { key, encoding } = facet
  if (encoding === 'iso-text') return null
  const scaled = (value: number): number => (encoding === 'epoch-seconds' ? value / 1000 : value)
  const operand = (value: number): number | bigint => (Number.isSafeInteger(value) && encoding !== 'float' ? BigInt(value) : value)
  return {
    kind: 'and',
    clauses: [
      { kind: 'compare', key, operator: '$gte', value: operand(scaled(from)) },
      { kind: 'compare', key, operator: includeUpper ? '$lte' : '$lt', value: operand(scaled(to)) },
    ],
  }
}

/** The same for dates written as text: a period, which the app evaluates. Bounds in milliseconds since 1970. */
export function facetPeriod({ key, max }: RangeFacet, from: number, to: number, includeUpper: boolean): Period {
  return { key, from, to: includeUpper ? Math.max(to, max + 1) : to }
}
