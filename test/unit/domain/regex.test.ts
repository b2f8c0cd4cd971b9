import { expect, test } from 'vitest'
import { compileRegex, compileReplacement } from '../../../shared/domain/regex.ts'
import { seededRandom } from '../../support/random.ts'

test.each([
  // As Rust's regex crate answers, which knows the letters of every script.
  ['\\bdélai\\b', 'le délai expire', true],
  ['\\bd\\b', 'd’été', true],
  ['\\bt', 'été', false],
  ['\\bété\\b', 'été', true],
  ['\\Bt\\B', 'été', true],
  ['\\B', 'é', false],
  ['^\\b東京\\b$', '東京', true],
  ['\\bмир\\b', 'мир, труд', true],
  ['\\bмир\\b', 'миру', false],
  ['(?m)^\\bשלום$', 'ü\nשלום\nü', true],
  ['(?s)é.\\bü', 'é\nü', true],
  ['é.\\bü', 'é\nü', false],
  ['[^\\w]\\bñ', '🙂ñ', true],
  ['(?i)\\bÜBER\\b', 'etwas über es', true],
  ['(?:\\b\\w{2}\\b ?){3}', 'åå ßß øø', true],
  ['\\b\\b\\bé\\b\\b', 'é', true],
  ['\\x{e9}\\b', 'é', true],
  ['\\p{L}\\b\\PL', 'é!', true],
  ['\\bcaf\\b', 'café', false],
  ['a{2}\\b', 'éaa', true],
  ['\\bx', '“x”', true],
  ['^\\b𝒳\\b🙂\\B$', '𝒳🙂', true],
])('%s in %s: %s', (pattern, text, found) => {
  expect(compileRegex(pattern)(text)).toBe(found)
})

test.each(['\\<a', 'a\\>', '\\b{start}a', '\\b{end-half}'])('%s, which would mean something else here, is refused', (pattern) => {
  expect(() => compileRegex(pattern)).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error)
})

const word = '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]'

/** The same pattern for JavaScript, which can look around and so spell out what a boundary is. */
function inJavaScript(pattern: string): string {
  return pattern
    .replaceAll('\\b', `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`)
    .replaceAll('\\B', `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`)
    .replaceAll('\\w', word)
}

test('word boundaries are found and replaced as in an engine that can look around', () => {
  const random = seededRandom(5)
  // Without pairs of surrogates, between which JavaScript finds a place where nothing is.
  const characters = ['a', 'é', '東', ' ', '!', '\n', '_', '1', '\u0301', '’']
  const parts = [...characters, '.', '\\w', '[^é]', '[a東]', '(a|é)', '\\b', '\\B', '^', '$', 'é*', '(?:\\b.)?']
  const outcomes = new Set<boolean>()
  for (let round = 0; round < 250; round += 1) {
    const text = Array.from({ length: random.below(7) }, () => random.pick(characters)).join('')
    const middle = Array.from({ length: random.below(4) }, () => random.pick(parts)).join('')
    const pattern = `${middle}${random.pick(['\\b', '\\B'])}${random.pick(parts)}`
    const found = new RegExp(inJavaScript(pattern), 'u').test(text)
    outcomes.add(found)
    const told = `${pattern} in ${JSON.stringify(text)}`
    expect(compileRegex(pattern)(text), told).toBe(found)
    const groups = pattern.includes('(a|é)') ? '$1' : ''
    const template = `[$&${groups}$$$$${random.pick(['', 'ü'])}]`
    const replaced = text.replace(new RegExp(inJavaScript(pattern), 'gu'), template)
    expect(compileReplacement(pattern, template, true)(text), told).toBe(replaced)
  }
  expect(outcomes.size).toBe(2)
})

test('groups by number and by name are put into what replaces a match', () => {
  const swap = compileReplacement('\\b(?<first>\\w+) (\\w+)\\b', '$2 $<first>, $$1 of $&', true)
  expect(swap('Zoë Müller')).toBe('Müller Zoë, $1 of Zoë Müller')
  expect(compileReplacement('\\b', '|', true)('𝒳é 🙂')).toBe('|𝒳é| 🙂')
})
