import { expect, test } from 'vitest'
import { isInPeriod, parsePeriods, printPeriods, withPeriod } from '../../../shared/domain/period.ts'

const january = { key: 'day', from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 1, 1) }

test.each([
  ['2026-01-01', true],
  ['2026-01-31T23:59:59.999Z', true],
  ['2026-02-01T00:00:00Z', false],
  ['2026-02-01T00:30:00+01:00', true],
  ['20260115', true],
  ['Thu, 15 Jan 2026 12:00:00 GMT', true],
  ['1768478400', true],
  [1_768_478_400n, true],
  [1_768_478_400_000, true],
  [1_738_000_000n, false],
  ['next week', false],
  [true, false],
  [undefined, false],
] as const)('a value is in a period where it is a moment inside, however it is written: %s %s', (value, expected) => {
  expect(isInPeriod(january, value)).toBe(expected)
})

test('a list is in a period where one of its values is', () => {
  expect(isInPeriod(january, ['2025-01-01', '2026-01-02'])).toBe(true)
  expect(isInPeriod(january, ['2025-01-01'])).toBe(false)
})

test('a side that is open leaves all dates on it, and nothing that is no date', () => {
  expect(isInPeriod({ key: 'day', from: null, to: null }, '1999-12-31')).toBe(true)
  expect(isInPeriod({ key: 'day', from: january.from, to: null }, '2199-12-31')).toBe(true)
  expect(isInPeriod({ key: 'day', from: null, to: null }, 'soon')).toBe(false)
})

test('periods survive being written into an address', () => {
  const periods = [january, { key: 'seen "at"', from: null, to: 1_768_478_400_001 }]
  expect(parsePeriods(printPeriods(periods))).toEqual(periods)
  expect(parsePeriods(printPeriods([]))).toEqual([])
})

test('a key has one period: another takes its place, and none takes it away', () => {
  const seen = { key: 'seen', from: 1, to: 2 }
  const later = { ...january, from: january.from + 1 }
  expect(withPeriod([january, seen], 'day', later)).toEqual([later, seen])
  expect(withPeriod([january, seen], 'day', null)).toEqual([seen])
  expect(withPeriod([seen], 'day', january)).toEqual([seen, january])
})
