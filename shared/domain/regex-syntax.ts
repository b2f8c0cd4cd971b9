import { AppError } from '../rpc/errors.ts'

/** Rust's Perl classes are Unicode-aware where RE2's know ASCII only; these are Rust's definitions (UTS #18, annex C). */
const perlClasses: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  w: '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}',
  s: '\\p{White_Space}',
}

/** All code points but the surrogates, which no text holds alone, in two pieces. */
const alphabetParts = [
  [0, 0xd7ff],
  [0xe000, 0x10ffff],
] as const
const rangesByClass = new Map<string, string>()

function alphabet(from: number, to: number): string {
  let text = ''
  for (let start = from; start <= to; start += 4096) {
    const length = Math.min(4096, to - start + 1)
    text += String.fromCodePoint(...Array.from({ length }, (_, index) => start + index))
  }
  return text
}

/** The inside of a character class, as `\x{..}-\x{..}` ranges, for everything that a JavaScript class matches or does not match. */
function ranges(javaScriptClass: string, negated: boolean): string {
  const cacheKey = `${negated ? '^' : ''}${javaScriptClass}`
  const known = rangesByClass.get(cacheKey)
  if (known !== undefined) return known
  const run = new RegExp(`[${cacheKey}]+`, 'gu')
  let text = ''
  for (const [from, to] of alphabetParts) {
    for (const [members] of alphabet(from, to).matchAll(run)) {
      const first = members.codePointAt(0) ?? 0
      const last = first + [...members].length - 1
      text += `\\x{${first.toString(16)}}-\\x{${last.toString(16)}}`
    }
  }
  rangesByClass.set(cacheKey, text)
  return text
}

function isJavaScriptProperty(name: string): boolean {
  try {
    return new RegExp(`\\p{${name}}`, 'u').source !== ''
  } catch {
    return false
  }
}

function refuse(pattern: string, what: string): never {
  throw new AppError('invalid-input', `The pattern ${pattern} uses ${what}, which cannot be read here.`, 'Write the pattern without it.')
}

const codePointEscape = /^\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/
const propertyEscape = /^\\([pP])\{(\^?)([^}]+)\}/

const escape = /^\\(?:x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{2}|[pP]\{[^}]*\}|[pP].|.)/su
/** What begins a group: `(`, `(?:`, `(?i)`, `(?i:`, `(?<name>` and the like. */
const groupHead = /^\((?:\?(?:P?<[^>]*>|[a-zA-Z-]*[:)]))?/
const repetition = /^(?:[*+?]|\{\d+(?:,\d*)?\})/

export interface Re2Pattern {
  readonly text: string
  /** Whether `\b` or `\B` stands in it. */
  readonly hasWordBoundary: boolean
}

/**
 * Rewrites what RE2 reads differently from Rust's regex crate, which is what Chroma uses. `around` is called with each part that
 * stands for one character, such as a letter, a class or a dot, and returns what is written for it.
 * @throws AppError 'invalid-input' for what cannot be rewritten.
 */
export function toRe2Syntax(pattern: string, around: (character: string) => string = (character) => character): Re2Pattern {
  let result = ''
  let hasWordBoundary = false
  /** The class that is being read, from its opening bracket on. */
  let open: string | null = null
  let at = 0
  const write = (character: string): void => {
    if (open === null) result += around(character)
    else open += character
  }
  while (at < pattern.length) {
    const rest = pattern.slice(at)
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0)
    if (character === '\\') {
      const point = codePointEscape.exec(rest)
      const property = propertyEscape.exec(rest)
      const letter = pattern[at + 1] ?? ''
      const perl = perlClasses[letter.toLowerCase()]
      const bracket = (inside: string): string => (open === null ? `[${inside}]` : inside)
      if ('QEC'.includes(letter) && letter !== '') refuse(pattern, `\\${letter}`)
      if (letter === '<' || letter === '>') refuse(pattern, `\\${letter}`)
      if (/^\\b\{[a-z-]/.test(rest)) refuse(pattern, 'one side of a word boundary')
      if (/[1-9]/.test(letter)) refuse(pattern, 'a back-reference')
      if (perl !== undefined) {
        write(bracket(ranges(perl, letter !== letter.toLowerCase())))
        at += 2
      } else if (point !== null) {
        write(`\\x{${point[1] ?? point[2] ?? point[3] ?? ''}}`)
        at += point[0].length
      } else if (property !== null && (property[3] ?? '').length > 2 && isJavaScriptProperty(property[3] ?? '')) {
        write(bracket(ranges(`\\p{${property[3]}}`, (property[1] === 'P') !== (property[2] === '^'))))
        at += property[0].length
      } else {
        const whole = escape.exec(rest)?.[0] ?? rest.slice(0, 2)
        if (open === null && 'AzbB'.includes(letter)) result += whole
        else write(whole)
        hasWordBoundary ||= open === null && (letter === 'b' || letter === 'B')
        at += whole.length
      }
      continue
    }
    if (open !== null) {
      if (/^(?:&&|--|~~)/.test(rest)) refuse(pattern, 'an operation on character classes')
      if (character === '[') {
        const posix = /^\[:\^?[a-z]+:\]/.exec(rest)?.[0]
        if (posix === undefined) refuse(pattern, 'a class inside a class')
        open += posix
        at += posix.length
        continue
      }
      open += character
      at += character.length
      if (character !== ']') continue
      result += around(open)
      open = null
    } else if (character === '[') {
      // A bracket right after the opening one stands for itself.
      const opening = /^\[\^?\]?/.exec(rest)?.[0] ?? character
      open = opening.endsWith(']') ? `${opening.slice(0, -1)}\\]` : opening
      at += opening.length
    } else if (character === '(') {
      const head = groupHead.exec(rest)?.[0] ?? character
      const flags = /^\(\?([a-zA-Z-]*)[:)]/.exec(head)?.[1] ?? ''
      if (/[xR]/.test(flags) || flags.split('-')[1]?.includes('u') === true) refuse(pattern, `the flags ${flags}`)
      const kept = flags.replace('u', '')
      if (flags === kept) result += head
      else if (kept !== '' || head.endsWith(':')) result += `(?${kept}${head.at(-1)}`
      at += head.length
    } else {
      const repeated = repetition.exec(rest)?.[0]
      if (repeated !== undefined || '|)^$'.includes(character)) result += repeated ?? character
      else write(character)
      at += (repeated ?? character).length
    }
  }
  return { text: result + (open ?? ''), hasWordBoundary }
}
