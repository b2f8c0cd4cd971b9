import { expect, test } from 'vitest'
import type { Facet } from '../../../shared/contract/records.ts'
import { facetRangeFilter } from '../../../shared/domain/facet-filter.ts'
import { computeFacet, niceBins, type ValueCount } from '../../../shared/domain/facets.ts'
import { matchesWhere } from '../../../shared/domain/where-evaluate.ts'
import { seededRandom } from '../../support/random.ts'

function range(facet: Facet): Facet & { kind: 'range' } {
  if (facet.kind !== 'range') throw new Error('This facet is no range.')
  return facet
}

test('few distinct values are listed, the commonest first, the rest summed up', () => {
  expect(
    computeFacet(
      'topic',
      [
        ['a', 2],
        ['b', 5],
        ['c', 2],
        ['d', 1],
      ],
      3,
      2,
    ),
  ).toEqual({
    kind: 'values',
    key: 'topic',
    values: [
      { value: 'b', count: 5 },
      { value: 'a', count: 2 },
    ],
    others: 3,
    distinct: 4,
    missing: 3,
  })
})

test('values of different types that look the same are kept apart', () => {
  const facet = computeFacet(
    'n',
    [
      [1n, 1],
      [1, 2],
      ['1', 3],
      [true, 4],
    ],
    0,
    10,
  )
  expect(facet.kind === 'values' && facet.values.map(({ value }) => value)).toEqual([true, '1', 1, 1n])
})

test('a list counts once for each thing in it', () => {
  const facet = computeFacet(
    'tags',
    [
      [['a', 'b', 'a'], 2],
      [['b'], 1],
    ],
    0,
    10,
  )
  expect(facet).toMatchObject({
    values: [
      { value: 'b', count: 3 },
      { value: 'a', count: 2 },
    ],
  })
})

test('many integers become equal round bins that count every record once', () => {
  const counts: ValueCount[] = Array.from({ length: 100 }, (_, value) => [BigInt(value), 1])
  const facet = range(computeFacet('hits', counts, 7, 10))
  expect(facet).toMatchObject({ scale: 'number', encoding: 'integer', min: 0, max: 99, missing: 7 })
  expect(facet.bins).toHaveLength(20)
  expect(facet.bins[0]).toEqual({ from: 0, to: 5, count: 5 })
})

test('times become a range of dates in milliseconds, whatever they are written as', () => {
  const start = Date.UTC(2026, 0, 1)
  const times = Array.from({ length: 30 }, (_, day) => start + day * 86_400_000)
  const epoch = range(
    computeFacet(
      'expires_at',
      times.map((time) => [BigInt(time / 1000), 1]),
      0,
      10,
    ),
  )
  const text = range(
    computeFacet(
      'created_at',
      times.map((time) => [new Date(time).toISOString(), 1]),
      0,
      10,
    ),
  )
  expect([epoch.scale, epoch.encoding, epoch.min]).toEqual(['date', 'epoch-seconds', start])
  expect([text.scale, text.encoding, text.min]).toEqual(['date', 'iso-text', start])
  expect(text.bins.map(({ count }) => count).reduce((a, b) => a + b)).toBe(30)
})

test('many texts that are no dates stay a list of values', () => {
  const facet = computeFacet(
    'document_name',
    Array.from({ length: 50 }, (_, index) => [`file ${index}`, 1] as const),
    0,
    5,
  )
  expect(facet).toMatchObject({ kind: 'values', distinct: 50, others: 45 })
})

test('bins are equal, in order, enclose all values and lose none, for any spread of numbers', () => {
  const random = seededRandom(11)
  for (let round = 0; round < 400; round++) {
    const scale = 10 ** (random.below(14) - 6)
    const base = (random.next() - 0.5) * scale * 10
    const numbers = Array.from({ length: 40 }, () => base + random.normal() * scale)
    const facet = range(
      computeFacet(
        'x',
        numbers.map((value) => [value, 1]),
        0,
        10,
      ),
    )
    expect(facet.bins.length).toBeLessThanOrEqual(22)
    expect(facet.bins[0]?.from).toBeLessThanOrEqual(facet.min)
    expect(facet.bins.at(-1)?.to).toBeGreaterThanOrEqual(facet.max)
    for (const [index, bin] of facet.bins.entries()) {
      const last = index === facet.bins.length - 1
      expect(bin.count).toBe(numbers.filter((value) => value >= bin.from && (last ? value <= bin.to : value < bin.to)).length)
      if (index > 0) expect(bin.from).toBe(facet.bins[index - 1]?.to)
    }
  }
})

test('steps of dates are those of clocks and calendars', () => {
  const hour = 3_600_000
  const step = (span: number): number => {
    const [bin] = niceBins(0, span, 'date', true)
    return ((bin?.to ?? 0) - (bin?.from ?? 0)) / hour
  }
  expect([step(hour), step(12 * hour), step(20 * 24 * hour), step(365 * 24 * hour)]).toEqual([5 / 60, 1, 24, 28 * 24])
})

test('the filter of a bin keeps exactly the records that the bin counted', () => {
  const values = Array.from({ length: 60 }, (_, index) => BigInt(Date.UTC(2026, 0, 1) / 1000 + index * 7919))
  const facet = range(
    computeFacet(
      'expires_at',
      values.map((value) => [value, 1]),
      0,
      10,
    ),
  )
  for (const [index, bin] of facet.bins.entries()) {
    const where = facetRangeFilter(facet, bin.from, bin.to, index === facet.bins.length - 1)
    expect(where && values.filter((value) => matchesWhere(where, new Map([['expires_at', value]]))).length).toBe(bin.count)
  }
  expect(facetRangeFilter({ ...facet, encoding: 'iso-text' }, 0, 1, false)).toBeNull()
})
