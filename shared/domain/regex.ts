import { RE2JS, RE2JSSyntaxException } from 're2js'
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

/** Rewrites what RE2 reads differently from Rust's regex crate, which is what Chroma uses. */
function toRe2Syntax(pattern: string): string {
  let result = ''
  let insideClass = false
  let at = 0
  while (at < pattern.length) {
    const rest = pattern.slice(at)
    const character = pattern[at] ?? ''
    const bracket = (inside: string): string => (insideClass ? inside : `[${inside}]`)
    if (character === '\\') {
      const point = codePointEscape.exec(rest)
      const property = propertyEscape.exec(rest)
      const letter = pattern[at + 1] ?? ''
      const perl = perlClasses[letter.toLowerCase()]
      if ('QEC'.includes(letter) && letter !== '') refuse(pattern, `\\${letter}`)
      if (/[1-9]/.test(letter)) refuse(pattern, 'a back-reference')
      if (perl !== undefined) {
        result += bracket(ranges(perl, letter !== letter.toLowerCase()))
        at += 2
      } else if (point !== null) {
        result += `\\x{${point[1] ?? point[2] ?? point[3] ?? ''}}`
        at += point[0].length
      } else if (property !== null && (property[3] ?? '').length > 2 && isJavaScriptProperty(property[3] ?? '')) {
        result += bracket(ranges(`\\p{${property[3]}}`, (property[1] === 'P') !== (property[2] === '^')))
        at += property[0].length
      } else {
        result += rest.slice(0, 2)
        at += 2
      }
      continue
    }
    if (insideClass) {
      if (/^(?:&&|--|~~)/.test(rest)) refuse(pattern, 'an operation on character classes')
      if (character === '[') {
        const posix = /^\[:\^?[a-z]+:\]/.exec(rest)?.[0]
        if (posix === undefined) refuse(pattern, 'a class inside a class')
        result += posix
        at += posix.length
        continue
      }
      if (character === ']') insideClass = false
    } else if (character === '[') {
      insideClass = true
      // A bracket right after the opening one stands for itself.
      const opening = /^\[\^?\]?/.exec(rest)?.[0] ?? character
      result += opening.endsWith(']') ? `${opening.slice(0, -1)}\\]` : opening
      at += opening.length
      continue
    } else if (character === '(') {
      const flags = /^\(\?([a-zA-Z-]*)[:)]/.exec(rest)?.[1] ?? ''
      if (/[xR]/.test(flags) || flags.split('-')[1]?.includes('u') === true) refuse(pattern, `the flags ${flags}`)
      if (flags.includes('u')) {
        const kept = flags.replace('u', '')
        const closing = rest[2 + flags.length] ?? ''
        result += kept === '' && closing === ')' ? '' : `(?${kept}${closing}`
        at += 3 + flags.length
        continue
      }
    }
    result += character
    at++
  }
  return result
}

/** @throws AppError 'invalid-input' for a pattern that Chroma refuses or that cannot be read here. */
function compile(pattern: string, flags: number): RE2JS {
  const translated = toRe2Syntax(pattern)
  try {
    return RE2JS.compile(translated, flags)
  } catch (thrown) {
    if (!(thrown instanceof RE2JSSyntaxException)) throw thrown
    throw new AppError(
      'invalid-input',
      `The pattern ${pattern} cannot be read: ${thrown.getDescription()}.`,
      'Patterns have the syntax of Rust, without look-around and back-references.',
      {
        cause: thrown,
      },
    )
  }
}

/**
 * Compiles a pattern in the syntax of Rust's regex crate (what Chroma's $regex uses) into a search over a text.
 * Linear in the text's length. One deviation: `\b` knows only ASCII letters, digits and `_` as parts of words.
 * @throws AppError 'invalid-input' for a pattern that Chroma refuses or that cannot be read here.
 */
export function compileRegex(pattern: string): (text: string) => boolean {
  const compiled = compile(pattern, 0)
  return (text) => compiled.matcher(text).find()
}

/**
 * Compiles a pattern as {@link compileRegex} does into a replacement of all its matches. In `replacement`, `$1` is a group,
 * `$<name>` a named one, `$&` the match, and `$$` a dollar sign.
 * @throws AppError 'invalid-input' as {@link compileRegex}.
 */
export function compileReplacement(pattern: string, replacement: string, matchCase: boolean): (text: string) => string {
  const compiled = compile(pattern, matchCase ? 0 : RE2JS.CASE_INSENSITIVE)
  return (text) => compiled.matcher(text).replaceAll(replacement)
}
