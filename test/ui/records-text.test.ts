import { expect, test } from 'vitest'
import { documentModes } from '../../renderer/features/record/document-kind.ts'
import { prettyJson } from '../../renderer/features/record/pretty-json.ts'
import { sparklinePath } from '../../renderer/features/record/sparkline-path.ts'
import { visibleParts, visibleString } from '../../renderer/lib/visible-text.ts'

test('ordinary text, emoji and joined scripts stay whole', () => {
  for (const text of ['hello', '👩‍👩‍👧 सलाम', 'می‌خواهم', '']) expect(visibleString(text)).toBe(text)
})

test('control, zero-width and direction characters become marks that name them', () => {
  expect(visibleString('a\u0000b\u202Ec\u200Bd\uFEFF')).toBe('a⟦NUL⟧b⟦RLO⟧c⟦ZWSP⟧d⟦BOM⟧')
  expect(visibleParts('x\u2066y', false)).toEqual([
    { kind: 'text', text: 'x' },
    { kind: 'mark', label: 'LRI', code: 'U+2066' },
    { kind: 'text', text: 'y' },
  ])
})

test('half of a surrogate pair is shown as what it is', () => {
  expect(visibleString('a\uD83Db')).toBe('a⟦U+D83D⟧b')
})

test('line breaks stay in a text that is read and become one mark on a single line', () => {
  expect(visibleParts('a\r\nb\tc', true)).toEqual([{ kind: 'text', text: 'a\nb\tc' }])
  expect(visibleParts('a\nb', false).map((part) => (part.kind === 'mark' ? part.label : part.text))).toEqual(['a', '⏎', 'b'])
})

test('the way to read a document is found from its text', () => {
  expect(documentModes('{"a": 1}')[0]).toBe('json')
  expect(documentModes('User: hi\nAssistant: hello')[0]).toBe('turns')
  expect(documentModes('# Title\n\nSome **text**')[0]).toBe('markdown')
  expect(documentModes('{not json}')[0]).toBe('text')
  expect(documentModes('Just a sentence.')).toContain('text')
})

test('pretty JSON keeps every digit', () => {
  expect(prettyJson('{"n":9007199254740993,"f":3.0}')).toBe('{\n  "n": 9007199254740993,\n  "f": 3.0\n}')
  expect(prettyJson('no json')).toBe('no json')
})

test('a sparkline stays inside its box, whatever the numbers', () => {
  const path = sparklinePath(Float32Array.from([Number.NaN, Infinity, -1, 2, 0.5]), 100, 40)
  const heights = [...path.matchAll(/[MV](?:[\d.]+ )?([\d.]+)/g)].map((match) => Number(match[1]))
  expect(heights.length).toBeGreaterThan(0)
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...heights)).toBeLessThanOrEqual(40)
  expect(sparklinePath(new Float32Array(0), 100, 40)).toBe('')
})
