import type { Matcher, RE2JS } from 're2js'
import { toRe2Syntax } from './regex-syntax.ts'

/**
 * RE2 knows ASCII letters only as parts of words, and Rust those of every script. So a text is written with each character between two
 * others that say what it is: `a` beside a part of a word, `!` beside anything else, a line feed beside a line feed. Between two
 * characters RE2 then sees exactly what Rust would see: a boundary of a word, or of a line.
 */
const beside = (character: string): string => (character === '\n' ? '\n' : wordCharacter.test(character) ? 'a' : '!')
const wordCharacter = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u
const unicodeWordCharacter = /(?=[^\0-\x7f])[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u

/** Whether a text has parts of words that are not ASCII, so that RE2's word boundaries may be elsewhere than Rust's. */
export function hasUnicodeWords(text: string): boolean {
  return unicodeWordCharacter.test(text)
}

/** A text in units of three characters: {@link beside} what the character is, the character, and the same once more. */
export function wordUnits(text: string): string {
  let units = ''
  for (const character of text) {
    const mark = beside(character)
    units += mark + character + mark
  }
  return units
}

/** What {@link wordUnits} was made of. */
function fromUnits(units: string): string {
  let text = ''
  let place = 0
  for (const character of units) if (place++ % 3 === 1) text += character
  return text
}

/**
 * A pattern of Rust's for texts in units: from where the search begins over whole units to the first match, which is its first group.
 * It tells something only where it matches right there, since elsewhere it would be out of step with the units.
 */
export function searchUnits(pattern: string): string {
  return `(?s:...)*?(${toRe2Syntax(pattern, (character) => `(?:(?s:.)${character}(?s:.))`).text})`
}

/** What stands for one match, as String.prototype.replace has it. */
function expand(template: string, matcher: Matcher): string {
  const group = (name: string | number): string => fromUnits(matcher.group(name) ?? '')
  return template.replaceAll(/\$(?:([$&])|(\d{1,2})|<([^>]*)>)/g, (all, sign: string | undefined, digits = '', name = '') => {
    if (sign === '$') return sign
    if (sign === '&') return group(1)
    if (name !== '') return group(String(name))
    const groups = matcher.groupCount() - 1
    const taken = Number(digits) <= groups ? String(digits) : String(digits).slice(0, 1)
    const number = Number(taken)
    return number >= 1 && number <= groups ? group(number + 1) + String(digits).slice(taken.length) : String(all)
  })
}

/** A text with every match of a pattern made by {@link searchUnits} replaced. */
export function replaceInUnits(pattern: RE2JS, text: string, template: string): string {
  const units = wordUnits(text)
  const matcher = pattern.matcher(units)
  let result = ''
  let at = 0
  while (matcher.find(at) && matcher.start() === at) {
    result += fromUnits(units.slice(at, matcher.start(1))) + expand(template, matcher)
    at = matcher.end(1)
    if (matcher.start(1) < at) continue
    if (at >= units.length) return result
    // A match of nothing: the next one is looked for behind the next character.
    const next = String.fromCodePoint(units.codePointAt(at + 1) ?? 0)
    result += next
    at += next.length + 2
  }
  return result + fromUnits(units.slice(at))
}
