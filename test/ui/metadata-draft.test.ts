import { describe, expect, test } from 'vitest'
import {
  differingKeys,
  emptyRow,
  keptOtherwise,
  readRows,
  readValue,
  rowsOf,
  withType,
  type DraftType,
  type MetadataRow,
} from '../../renderer/lib/editing/metadata-draft.ts'
import type { Metadata, MetadataValue } from '../../shared/domain/metadata.ts'
import { seededRandom } from '../support/random.ts'

function read(type: DraftType, text: string): MetadataValue | string {
  const result = readValue({ type, text })
  return result.ok ? result.value : `refused: ${result.message}`
}
function row(type: DraftType, text: string, key = 'key'): MetadataRow {
  return { row: 0, key, type, text }
}

describe('a value that is typed', () => {
  test('is an integer of 64 bits, to the last digit', () => {
    expect(read('integer', ' 9223372036854775807 ')).toBe(9223372036854775807n)
    expect(read('integer', '-9223372036854775808')).toBe(-9223372036854775808n)
    expect(read('integer', '+7')).toBe(7n)
    for (const text of ['9223372036854775808', '-9223372036854775809']) expect(read('integer', text)).toMatch(/64 bits/)
    for (const text of ['', '1.0', '1e3', 'seven', '1 000']) expect(read('integer', text)).toMatch(/^refused/)
  })

  test('is a float even where it is whole, and refused where it cannot be held', () => {
    expect(read('float', '3')).toBe(3)
    expect(read('float', '-.5e-3')).toBe(-0.0005)
    expect(Object.is(read('float', '-0.0'), -0)).toBe(true)
    for (const text of ['NaN', 'inf', '-Infinity']) expect(read('float', text)).toMatch(/NaN or infinity/)
    expect(read('float', '1e309')).toMatch(/larger than a float/)
    expect(read('float', '9007199254740993')).toMatch(/would become 9007199254740992/)
    for (const text of ['', '1,5', '0x10', '1_000']) expect(read('float', text)).toMatch(/^refused/)
  })

  test('is a list of one type, written as JSON, of which no number loses a digit', () => {
    expect(read('integer[]', '[1, 9007199254740993]')).toEqual([1n, 9007199254740993n])
    expect(read('float[]', '[1, 2.5]')).toEqual([1, 2.5])
    expect(read('string[]', '["a", ""]')).toEqual(['a', ''])
    expect(read('boolean[]', '[true, false]')).toEqual([true, false])
    for (const [type, text] of [
      ['integer[]', '[1, 2.5]'],
      ['string[]', '["a", 1]'],
      ['boolean[]', '[1]'],
      ['float[]', '[]'],
      ['float[]', '{"a": 1}'],
      ['float[]', '[1,'],
    ] as const)
      expect(read(type, text)).toMatch(/^refused/)
  })

  test('is true or false', () => {
    expect(read('boolean', ' TRUE ')).toBe(true)
    expect(read('boolean', 'yes')).toMatch(/neither true nor false/)
    expect(read('boolean', '')).toMatch(/Choose/)
  })
})

describe('another type', () => {
  test('keeps the value where nothing is lost, and its spelling where something would be', () => {
    expect(withType(row('integer', '3'), 'float')).toMatchObject({ type: 'float', text: '3.0' })
    expect(withType(row('float', '3.0'), 'integer')).toMatchObject({ text: '3' })
    expect(withType(row('float', '3.5'), 'integer')).toMatchObject({ text: '3.5' })
    expect(withType(row('integer', '9007199254740993'), 'float')).toMatchObject({ text: '9007199254740993' })
    expect(withType(row('string', 'a'), 'string[]')).toMatchObject({ text: '["a"]' })
    expect(withType(row('string', '1.5'), 'float[]')).toMatchObject({ text: '[1.5]' })
    expect(withType(row('string', '[1, 2]'), 'integer[]')).toMatchObject({ text: '[1, 2]' })
    expect(withType(row('integer[]', '[7]'), 'integer')).toMatchObject({ text: '7' })
    expect(withType(row('integer[]', '[1, 2]'), 'string[]')).toMatchObject({ text: '["1", "2"]' })
    expect(withType(row('integer', 'seven'), 'float')).toMatchObject({ type: 'float', text: 'seven' })
  })

  test('and back is the same value, for every pair of types that both can hold it', () => {
    const values: [DraftType, string][] = [
      ['integer', '-12'],
      ['float', '2.0'],
      ['boolean', 'true'],
      ['string', 'text'],
      ['float[]', '[1.5]'],
    ]
    for (const [type, text] of values) {
      for (const other of ['string', 'integer', 'float', 'boolean', `${type.replace('[]', '')}[]`] as DraftType[]) {
        const there = withType(row(type, text), other)
        if (!readValue(there).ok || other.endsWith('[]')) continue
        const back = withType(there, type)
        expect(read(type, back.text), `${type} ${text} by way of ${other}`).toEqual(read(type, text))
      }
    }
  })
})

describe('rows', () => {
  const stored: Metadata = new Map<string, MetadataValue>([
    ['whole', 3n],
    ['float', 3],
    ['odd', Number.NaN],
    ['chroma:own', 'kept'],
    ['none', []],
    ['list', [1n, 2n]],
  ])

  test('that were not touched stand for what is stored, whatever it is', () => {
    const { metadata, problems } = readRows(rowsOf(stored), stored)
    expect(problems).toEqual([])
    expect(differingKeys(stored, metadata)).toEqual([])
  })

  test('say what is wrong with a key or a value, and beside which', () => {
    const rows = [
      row('string', 'a', ''),
      { ...row('string', 'a', 'chroma:document'), row: 1 },
      { ...row('string', 'a', '#tag'), row: 2 },
      { ...row('integer', 'x', 'number'), row: 3 },
      { ...row('string', 'a', 'twice'), row: 4 },
      { ...row('string', 'b', 'twice'), row: 5 },
    ]
    const { problems } = readRows(rows, null)
    expect(problems.map(({ row: place, field }) => [place, field])).toEqual([
      [0, 'key'],
      [1, 'key'],
      [2, 'key'],
      [3, 'value'],
      [5, 'key'],
    ])
  })

  test('that all went leave no metadata', () => {
    expect(readRows([], stored)).toEqual({ metadata: null, problems: [] })
    expect(differingKeys(stored, null)).toEqual([...stored.keys()])
  })

  test('get numbers of their own when keys are added', () => {
    const rows = rowsOf(stored)
    const added = emptyRow(rows)
    expect(rows.some(({ row: taken }) => taken === added.row)).toBe(false)
    expect(emptyRow([]).row).toBe(0)
  })

  test('tell types apart: a float, an integer and a text of the same spelling differ', () => {
    expect(differingKeys(new Map<string, MetadataValue>([['a', 3n]]), new Map<string, MetadataValue>([['a', 3]]))).toEqual(['a'])
    expect(differingKeys(new Map<string, MetadataValue>([['a', [1n]]]), new Map<string, MetadataValue>([['a', [1n]]]))).toEqual([])
  })
})

describe('what is kept of a float', () => {
  test('is not told where it is the number that was typed, in whatever spelling', () => {
    for (const text of ['3', '3.0', '003.50', '0.25', '1e3', '2.5E-1', '-0', '0.0', '-12', '1e21'])
      expect(keptOtherwise({ type: 'float', text }), text).toBeNull()
    for (const type of ['integer', 'string'] as const) expect(keptOtherwise({ type, text: '0.12345678901234567890' })).toBeNull()
    expect(keptOtherwise({ type: 'float', text: 'x' })).toBeNull()
  })

  test('is told where digits are lost, as a number beside the one that was typed', () => {
    expect(keptOtherwise({ type: 'float', text: '0.12345678901234567890' })).toMatch(/^0\.1234567890123456\d?$/)
    const random = seededRandom(5)
    for (let run = 0; run < 500; run += 1) {
      const typed = String((random.next() - 0.5) * 10 ** random.below(12))
      const kept = keptOtherwise({ type: 'float', text: typed })
      if (kept !== null) expect(Math.abs(Number(kept) - Number(typed))).toBeLessThanOrEqual(Math.abs(Number(typed)) * 4.5e-16)
    }
  })
})
