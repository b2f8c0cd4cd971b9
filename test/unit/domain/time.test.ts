import { expect, test } from 'vitest'
import { isTimeKey, looksLikeTimes, parseTime } from '../../../shared/domain/time.ts'

const moment = Date.UTC(2026, 2, 14, 9, 26, 53)

test.each([
  '2026-03-14T09:26:53Z',
  '2026-03-14T09:26:53',
  '2026-03-14 09:26:53',
  '2026-03-14T09:26:53+00:00',
  '2026-03-14T10:26:53+0100',
  '2026-03-14 04:26:53-05',
  '2026/03/14 09:26:53',
  '20260314T092653Z',
  '20260314092653',
  'Sat, 14 Mar 2026 09:26:53 GMT',
  '14 Mar 2026 09:26:53',
  ' 2026-03-14T09:26:53 UTC ',
  '1773480413',
  '1773480413000',
])('the text %s is that moment', (text) => {
  expect(parseTime(text)).toEqual({ ms: moment, encoding: 'iso-text' })
})

test('fractions of a second are kept to the millisecond', () => {
  expect(parseTime('2026-03-14T09:26:53.564874')?.ms).toBe(moment + 564)
  expect(parseTime('2026-03-14T09:26:53,5Z')?.ms).toBe(moment + 500)
  expect(parseTime(1_773_480_413.25)).toEqual({ ms: moment + 250, encoding: 'epoch-seconds' })
})

test('numbers are seconds or milliseconds by their size, integers and floats alike', () => {
  expect(parseTime(1_773_480_413n)).toEqual({ ms: moment, encoding: 'epoch-seconds' })
  expect(parseTime(1_773_480_413_000n)).toEqual({ ms: moment, encoding: 'epoch-milliseconds' })
  expect(parseTime(1_773_480_413_000)).toEqual({ ms: moment, encoding: 'epoch-milliseconds' })
})

test('compact dates and minutes without separators are read, as A-MEM writes them', () => {
  expect(parseTime('202507201829')?.ms).toBe(Date.UTC(2025, 6, 20, 18, 29))
  expect(parseTime('20250720')?.ms).toBe(Date.UTC(2025, 6, 20))
  expect(parseTime('2025-07-20')?.ms).toBe(Date.UTC(2025, 6, 20))
})

test.each([
  '',
  'yesterday',
  '2026-13-01',
  '2026-02-30',
  '12345',
  '1.5',
  '2026',
  '10.0.0.1',
  '555-0100-2000',
  '978-3-16-148410-0',
  'v2026-03-14',
  '2026-03-14T25:00:00',
  '99999999999999',
])('the text %s is no point in time', (text) => {
  expect(parseTime(text)).toBeNull()
})

test.each([true, 0n, 42n, 3.5, -5, Number.NaN, Infinity, 10n ** 17n])('%s is no point in time', (value) => {
  expect(parseTime(value)).toBeNull()
})

test('names of times are recognised in snake and camel case', () => {
  for (const key of ['created_at', 'timestamp', 'expiresAt', 'last_accessed', 'createdTime', 'event-date', 'ts', 'occurred_at'])
    expect(isTimeKey(key), key).toBe(true)
  for (const key of ['category', 'status', 'runtime_id', 'format', 'sentiment', 'data', 'attempts', 'update'])
    expect(isTimeKey(key), key).toBe(false)
})

test('numbers that could be seconds are times only where the name says so', () => {
  const numbers = [1_773_480_413n, 1_773_480_999n]
  expect(looksLikeTimes('created_at', numbers)).toBe('epoch-seconds')
  expect(looksLikeTimes('account_number', numbers)).toBeNull()
  expect(looksLikeTimes('anything', [1_773_480_413_000n])).toBe('epoch-milliseconds')
  expect(looksLikeTimes('anything', ['2026-03-14', '2026-03-15T10:00:00Z'])).toBe('iso-text')
  expect(looksLikeTimes('phone', ['1773480413'])).toBeNull()
})

test('one value that is no time, or a mixture of encodings, makes it no key of times', () => {
  expect(looksLikeTimes('created_at', ['2026-03-14', 'never'])).toBeNull()
  expect(looksLikeTimes('created_at', [1_773_480_413n, 1_773_480_413_000n])).toBeNull()
  expect(looksLikeTimes('created_at', [])).toBeNull()
})
