import { RE2JS, RE2JSSyntaxException } from 're2js'
import { AppError } from '../rpc/errors.ts'
import { hasUnicodeWords, replaceInUnits, searchUnits, wordUnits } from './regex-units.ts'
import { toRe2Syntax } from './regex-syntax.ts'

interface Compiled {
  readonly plain: RE2JS
  /** The same for texts as {@link wordUnits} writes them; null where both would find the same in any text. */
  readonly inUnits: RE2JS | null
}

/** @throws AppError 'invalid-input' for a pattern that Chroma refuses or that cannot be read here. */
function compile(pattern: string, flags: number): Compiled {
  const { text, hasWordBoundary } = toRe2Syntax(pattern)
  try {
    const plain = RE2JS.compile(text, flags)
    return { plain, inUnits: hasWordBoundary ? RE2JS.compile(searchUnits(pattern), flags) : null }
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
 * Linear in the text's length.
 * @throws AppError 'invalid-input' for a pattern that Chroma refuses or that cannot be read here.
 */
export function compileRegex(pattern: string): (text: string) => boolean {
  const { plain, inUnits } = compile(pattern, 0)
  return (text) => {
    if (inUnits === null || !hasUnicodeWords(text)) return plain.matcher(text).find()
    return inUnits.matcher(wordUnits(text)).lookingAt()
  }
}

/**
 * Compiles a pattern as {@link compileRegex} does into a replacement of all its matches. In `replacement`, `$1` is a group,
 * `$<name>` a named one, `$&` the match, and `$$` a dollar sign.
 * @throws AppError 'invalid-input' as {@link compileRegex}.
 */
export function compileReplacement(pattern: string, replacement: string, matchCase: boolean): (text: string) => string {
  const { plain, inUnits } = compile(pattern, matchCase ? 0 : RE2JS.CASE_INSENSITIVE)
  return (text) => {
    if (inUnits === null || !hasUnicodeWords(text)) return plain.matcher(text).replaceAll(replacement)
    return replaceInUnits(inUnits, text, replacement)
  }
}
