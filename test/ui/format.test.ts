import { expect, test } from 'vitest'
import { formatBytes, formatDuration, formatQuantity, formatRelativeTime } from '../../renderer/lib/format.ts'
import { parseSearch, recordsSearchSchema, stringifySearch } from '../../renderer/lib/records-search.ts'

test('bytes are told in the largest unit that keeps a digit before the point', () => {
  expect([0, 1, 1023, 1024, 1536, 10_240, 5_767_168, 3 * 1024 ** 3].map(formatBytes)).toEqual([
    '0 bytes',
    '1 byte',
    '1,023 bytes',
    '1.0 KB',
    '1.5 KB',
    '10 KB',
    '5.5 MB',
    '3.0 GB',
  ])
})

test('a quantity has separators and its noun in the right number', () => {
  expect([0, 1, 1712].map((count) => formatQuantity(count, 'record'))).toEqual(['0 records', '1 record', '1,712 records'])
})

test('durations are told in their two largest units', () => {
  expect([0, 250, 3_600_000, 5_400_000, 90_000, 30 * 86_400_000, 86_400_000 + 60_000].map(formatDuration)).toEqual([
    '0 s',
    '250 ms',
    '1 h',
    '1 h 30 min',
    '1 min 30 s',
    '30 d',
    '1 d',
  ])
})

test('times are relative to now, in both directions', () => {
  const now = 1_700_000_000_000
  expect(formatRelativeTime(now - 20_000, now)).toBe('just now')
  expect(formatRelativeTime(now - 3 * 60_000, now)).toBe('3 minutes ago')
  expect(formatRelativeTime(now - 26 * 3_600_000, now)).toBe('yesterday')
  expect(formatRelativeTime(now + 2 * 86_400_000, now)).toBe('in 2 days')
})

test('the search of an address keeps text as text: JSON, digits, plus signs and other scripts', () => {
  const search = { where: '{"n":{"$gt":9007199254740993}}', find: '3', record: 'a+b & c=東京', sort: 'key:a b' }
  expect(parseSearch(stringifySearch(search))).toEqual(search)
  expect(recordsSearchSchema.parse(parseSearch(stringifySearch(search)))).toEqual(search)
})

test('what an address has wrong is left out, and nothing makes the page fail', () => {
  expect(recordsSearchSchema.parse({ dir: 'sideways', find: '', where: 7 })).toEqual({})
})
