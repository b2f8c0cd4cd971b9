import Papa from 'papaparse'
import { expect, test } from 'vitest'
import type { MetadataValue } from '../../../shared/domain/metadata.ts'
import { recordText } from '../../../shared/domain/record-text.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'

const record = (
  id: string,
  document: string | null,
  metadata: [string, MetadataValue][] | null,
  uri: string | null = null,
): StoredRecord => ({
  id,
  document,
  metadata: metadata && new Map(metadata),
  uri,
})

const typed = record('a', 'says "hi", twice\r\nand 中文', [
  ['count', 9_007_199_254_740_993n],
  ['score', 3],
  ['small', 5e-324],
  ['ok', true],
  ['name', 'x,y'],
  ['tags', ['a', 'b']],
  ['floats', [1, 2.5]],
])

test('JSON and JSONL keep types: floats have a point, large integers are exact', () => {
  const line = recordText([typed], 'jsonl')
  expect(line).toBe(
    '{"id": "a", "document": "says \\"hi\\", twice\\r\\nand 中文", "metadata": {"count": 9007199254740993, "score": 3.0, "small": 5e-324, "ok": true, "name": "x,y", "tags": ["a", "b"], "floats": [1.0, 2.5]}}\n',
  )
  expect(JSON.parse(recordText([typed, typed], 'json'))).toHaveLength(2)
  expect(recordText([typed], 'json')).toContain('"score": 3.0')
})

test('a missing document and missing metadata are null, an empty document is not', () => {
  expect(recordText([record('a', null, null), record('b', '', [])], 'jsonl')).toBe(
    '{"id": "a", "document": null, "metadata": null}\n{"id": "b", "document": "", "metadata": {}}\n',
  )
})

test('each line of JSONL is one record, whatever line breaks it holds', () => {
  const lines = recordText([typed, record('b', 'x\ny\u2028z', null, 'file:///x')], 'jsonl')
    .trimEnd()
    .split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(['a', 'b'])
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ document: 'x\ny\u2028z', uri: 'file:///x' })
})

test('CSV read by another parser gives the same cells, with every key as a column', () => {
  const records = [typed, record('b', null, [['extra', '=1+1']]), record(' c ', '', [['name', '']])]
  const { data } = Papa.parse<Record<string, string>>(recordText(records, 'csv'), { header: true, skipEmptyLines: true })
  expect(data).toEqual([
    {
      id: 'a',
      document: 'says "hi", twice\r\nand 中文',
      count: '9007199254740993',
      score: '3.0',
      small: '5e-324',
      ok: 'true',
      name: 'x,y',
      tags: '["a", "b"]',
      floats: '[1.0, 2.5]',
      extra: '',
    },
    { id: 'b', document: '', count: '', score: '', small: '', ok: '', name: '', tags: '', floats: '', extra: '=1+1' },
    { id: ' c ', document: '', count: '', score: '', small: '', ok: '', name: '', tags: '', floats: '', extra: '' },
  ])
})

test('CSV tells an empty text from a missing one, ends lines with CRLF and keeps data unaltered', () => {
  expect(recordText([record('a', '', [['k', '']]), record('b', null, null)], 'csv')).toBe('id,document,k\r\na,"",""\r\nb,,\r\n')
  expect(recordText([record('@SUM(A1)', '+1', null)], 'csv')).toBe('id,document\r\n@SUM(A1),+1\r\n')
})

test('columns choose and order the metadata keys, and keys that clash with id or document are told apart', () => {
  const clashing = record('a', 'd', [
    ['id', 'other'],
    ['k', 1n],
    ['l', 2n],
  ])
  expect(recordText([clashing], 'csv', ['l', 'id'])).toBe('id,document,l,metadata.id\r\na,d,2,other\r\n')
  expect(recordText([clashing], 'jsonl', ['k'])).toBe('{"id": "a", "document": "d", "metadata": {"k": 1}}\n')
})

test('numbers that JSON has no word for are kept as text', () => {
  expect(
    recordText(
      [
        record('a', null, [
          ['n', Number.NaN],
          ['i', -Infinity],
        ]),
      ],
      'jsonl',
    ),
  ).toBe('{"id": "a", "document": null, "metadata": {"n": "NaN", "i": "-Infinity"}}\n')
})
