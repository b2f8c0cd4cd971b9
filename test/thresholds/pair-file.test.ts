import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPairFile } from '../../electron/thresholds/pair-file.ts'
import { fixturePath, haveFixtures, temporaryFolder } from '../support/fixtures.ts'

const { signal } = new AbortController()
let folder: string

beforeAll(async () => {
  folder = await temporaryFolder('pairs')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function read(name: string, content: string, mapping: Parameters<typeof readPairFile>[1] = null) {
  await writeFile(path.join(folder, name), content)
  return readPairFile(path.join(folder, name), mapping, signal)
}

test('CSV with quotes, line ends inside them and a byte order mark is read, and lines that are no pairs are counted and shown', async () => {
  const text =
    '\u{FEFF}question;cached_query;label\r\n"How; much?";"What\ndoes it cost?";1\r\nOnly a question;;\r\nToo;many;fields;here\r\nBad label;x;perhaps\r\n"never closed;x;1\r\n'
  const { columns, mapping, pairs, malformed } = await read('pairs.csv', text)
  expect(columns).toEqual([
    { name: 'question', sample: 'How; much?' },
    { name: 'cached_query', sample: 'What\ndoes it cost?' },
    { name: 'label', sample: '1' },
  ])
  expect(mapping).toEqual({ query: 'question', matchedQuery: 'cached_query', label: 'label' })
  expect(pairs.map(({ line, query, label, matchesNothing }) => [line, query, label, matchesNothing])).toEqual([
    [2, 'How; much?', 'right', false],
    [4, 'Only a question', null, true],
  ])
  expect(malformed.total).toBe(3)
  expect(malformed.lines.map(({ line }) => line)).toEqual([5, 6, 7])
  for (const { text: shown, reason } of malformed.lines) expect([shown, reason]).not.toContain('')
})

test('Columns that were guessed wrongly can be corrected', async () => {
  const text = '{"a":"One?","b":"Two?","ok":"yes"}\n{"a":"Three?","b":"Four?","ok":"no"}\n'
  expect((await read('odd.jsonl', text)).pairs).toEqual([])
  const corrected = await read('odd.jsonl', text, { query: 'a', matchedQuery: 'b', label: 'ok' })
  expect(corrected.mappingGuessed).toBe(false)
  expect(corrected.pairs.map(({ query, matchedQuery, label }) => [query, matchedQuery, label])).toEqual([
    ['One?', 'Two?', 'right'],
    ['Three?', 'Four?', 'wrong'],
  ])
})

test('An array of JSON over several lines is read as the objects in it', async () => {
  const rows = [
    { query: 'One?', entry_id: 'e1', label: true },
    { query: 'Two?', entry_id: 'e2', label: false },
  ]
  const { pairs, malformed } = await read('array.json', JSON.stringify(rows, null, 2))
  expect(malformed.total).toBe(0)
  expect(pairs.map(({ entryId, label }) => [entryId, label])).toEqual([
    ['e1', 'right'],
    ['e2', 'wrong'],
  ])
})

test('What is no text, and what is not there, is refused in a sentence', async () => {
  await expect(read('binary.csv', 'a\0b\n')).rejects.toMatchObject({ code: 'invalid-input' })
  await expect(readPairFile(path.join(folder, 'none.csv'), null, signal)).rejects.toMatchObject({ code: 'not-found' })
})

test.skipIf(!haveFixtures)('The pairs of GPTCache are all read', async () => {
  const { pairs, malformed, mapping } = await readPairFile(fixturePath('pairs', 'gptcache_mock_999.jsonl'), null, signal)
  expect(mapping).toMatchObject({ query: 'text_a', matchedQuery: 'text_b', label: 'label' })
  expect([pairs.length, malformed.total]).toEqual([999, 0])
  expect(pairs.every(({ label }) => label === 'right')).toBe(true)
})
