import { isNumberText, markOf, type TokenMark } from './token-marks.ts'

/** One word, number or sign of a text. The text is `space + text` of its tokens, one after the other. */
export interface DiffToken {
  readonly space: string
  readonly text: string
  /** Whether the other text has it too, at its place in the common order. */
  readonly isSame: boolean
  readonly mark: TokenMark | null
}

export interface TokenDiff {
  readonly left: readonly DiffToken[]
  readonly right: readonly DiffToken[]
  /** White space behind the last token. */
  readonly leftEnd: string
  readonly rightEnd: string
  /** Kinds of words that one text has and the other has not: where texts that read alike mean different things. */
  readonly differing: readonly TokenMark[]
  /** Share of tokens of both texts that are the same, 0 to 1; 1 for two empty texts. */
  readonly share: number
  /** Only the first {@link mostTokens} tokens were compared; those behind them are not the same as anything. */
  readonly isCut: boolean
}

/** Longer texts are compared up to here: the time grows with the product of both lengths. */
export const mostTokens = 2000

interface Token {
  readonly space: string
  readonly text: string
  /** Equal where two tokens are the same but for capitals and ways to write them. */
  readonly key: string
}

const tokenPattern =
  /(\s*)([+-]?\p{N}+(?:[.,:/]\p{N}+)*|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}])(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{N}_]|['’](?=\p{L})|-(?=\p{L}))*|\S)/gu

function keyOf(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase().replaceAll('’', "'")
  // 1,000 and 1000 are the same number; 1,5 and 1.5 may be too, but 1,500 and 1.5 are not.
  return isNumberText(plain) ? plain.replaceAll(/(?<=\d),(?=\d{3}(?:\D|$))/g, '') : plain
}

function tokensOf(text: string): { tokens: Token[]; end: string } {
  const tokens: Token[] = []
  let end = 0
  for (const match of text.matchAll(tokenPattern)) {
    const [whole, space = '', token = ''] = match
    tokens.push({ space, text: token, key: keyOf(token) })
    end = match.index + whole.length
  }
  return { tokens, end: text.slice(end) }
}

/**
 * Which tokens belong to a longest common subsequence, by the textbook's dynamic programming (Wagner and Fischer 1974) on what
 * lies between the common beginning and end.
 */
function common(left: readonly Token[], right: readonly Token[]): { left: Uint8Array; right: Uint8Array } {
  const inLeft = new Uint8Array(left.length)
  const inRight = new Uint8Array(right.length)
  const keep = (a: number, b: number): void => {
    inLeft[a] = 1
    inRight[b] = 1
  }
  let start = 0
  while (start < left.length && start < right.length && left[start]?.key === right[start]?.key) {
    keep(start, start)
    start += 1
  }
  let [leftEnd, rightEnd] = [left.length, right.length]
  while (leftEnd > start && rightEnd > start && left[leftEnd - 1]?.key === right[rightEnd - 1]?.key) {
    leftEnd -= 1
    rightEnd -= 1
    keep(leftEnd, rightEnd)
  }
  const [rows, columns] = [leftEnd - start, rightEnd - start]
  const width = columns + 1
  const lengths = new Uint16Array((rows + 1) * width)
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      const at = row * width + column
      lengths[at] =
        left[start + row]?.key === right[start + column]?.key
          ? (lengths[at + width + 1] ?? 0) + 1
          : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0)
    }
  }
  let [row, column] = [0, 0]
  while (row < rows && column < columns) {
    const at = row * width + column
    if (left[start + row]?.key === right[start + column]?.key) {
      keep(start + row, start + column)
      row += 1
      column += 1
    } else if ((lengths[at + width] ?? 0) >= (lengths[at + 1] ?? 0)) row += 1
    else column += 1
  }
  return { left: inLeft, right: inRight }
}

function marked(tokens: readonly Token[], same: Uint8Array): DiffToken[] {
  return tokens.map(({ space, text }, at) => {
    const previous = tokens[at - 1]
    const before = previous === undefined || space.includes('\n') ? null : previous.text
    return { space, text, isSame: same[at] === 1, mark: markOf(text, before, tokens[at + 1]?.text ?? null) }
  })
}

const marksInOrder: readonly TokenMark[] = ['negation', 'number', 'unit', 'name']

/**
 * Compares two texts word by word, without regard to capitals and white space, and marks what changes a meaning: negations,
 * numbers, their units and names.
 */
export function diffTokens(left: string, right: string): TokenDiff {
  const [first, second] = [tokensOf(left), tokensOf(right)]
  const same = common(first.tokens.slice(0, mostTokens), second.tokens.slice(0, mostTokens))
  const [leftTokens, rightTokens] = [marked(first.tokens, same.left), marked(second.tokens, same.right)]
  const all = [...leftTokens, ...rightTokens]
  const changed = new Set(all.filter(({ isSame }) => !isSame).map(({ mark }) => mark))
  return {
    left: leftTokens,
    right: rightTokens,
    leftEnd: first.end,
    rightEnd: second.end,
    differing: marksInOrder.filter((mark) => changed.has(mark)),
    share: all.length === 0 ? 1 : all.filter(({ isSame }) => isSame).length / all.length,
    isCut: first.tokens.length > mostTokens || second.tokens.length > mostTokens,
  }
}
