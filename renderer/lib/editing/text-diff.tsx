import { useMemo } from 'react'
import { diffTokens, mostTokens, type DiffToken } from '../../../shared/domain/token-diff.ts'
import { formatCount } from '../format.ts'
import { visibleString } from '../visible-text.ts'

interface Piece {
  readonly kind: 'same' | 'out' | 'in'
  readonly text: string
}

/** Words that are shown before and after a difference. */
const context = 12

function textOf({ space, text }: DiffToken): string {
  return `${space}${text}`
}

/** Both texts as one row of pieces: what went stands before what came. Capitals count, although the comparison overlooks them. */
function piecesOf(left: readonly DiffToken[], right: readonly DiffToken[]): Piece[] {
  const pieces: Piece[] = []
  let [at, to] = [0, 0]
  while (at < left.length || to < right.length) {
    const [out, come] = [left[at], right[to]]
    if (out && !out.isSame) {
      pieces.push({ kind: 'out', text: textOf(out) })
      at += 1
      continue
    }
    if (come && !come.isSame) {
      pieces.push({ kind: 'in', text: textOf(come) })
      to += 1
      continue
    }
    if (out && come && out.text === come.text) pieces.push({ kind: 'same', text: textOf(come) })
    else {
      if (out) pieces.push({ kind: 'out', text: textOf(out) })
      if (come) pieces.push({ kind: 'in', text: textOf(come) })
    }
    at += 1
    to += 1
  }
  return pieces
}

/** Pieces of one kind together, and long runs of what is the same cut down to what surrounds a difference. */
function runsOf(pieces: readonly Piece[]): Piece[] {
  const runs: { kind: Piece['kind']; texts: string[] }[] = []
  for (const { kind, text } of pieces) {
    const last = runs.at(-1)
    if (last?.kind === kind) last.texts.push(text)
    else runs.push({ kind, texts: [text] })
  }
  return runs.map(({ kind, texts }, place) => {
    const isFirst = place === 0
    const isLast = place === runs.length - 1
    const room = context * (isFirst || isLast ? 1 : 2) + 6
    if (kind !== 'same' || texts.length <= room) return { kind, text: texts.join('') }
    const head = isFirst ? '' : texts.slice(0, context).join('')
    const tail = isLast ? '' : texts.slice(-context).join('')
    return { kind, text: `${head} … ${tail.trimStart()}` }
  })
}

function Run({ run: { kind, text: stored } }: { run: Piece }) {
  const text = visibleString(stored, true)
  if (kind === 'same') return text
  if (kind === 'out') return <del className="rounded-sm bg-wrong-soft text-wrong">{text}</del>
  return <ins className="rounded-sm bg-accent-soft text-accent decoration-1 underline-offset-2">{text}</ins>
}

/** How one text became another, word by word: words that went are struck through, words that came are underlined. */
export function TextDiff({ before, after }: { before: string; after: string }) {
  const { runs, isCut, isSpace } = useMemo(() => {
    const diff = diffTokens(before, after)
    const pieces = piecesOf(diff.left, diff.right)
    return { runs: runsOf(pieces), isCut: diff.isCut, isSpace: before !== after && pieces.every(({ kind }) => kind === 'same') }
  }, [before, after])
  return (
    <div dir="auto" data-selectable="" className="min-w-0 whitespace-pre-wrap wrap-anywhere">
      {runs.map((run, place) => (
        <Run key={place} run={run} />
      ))}
      {isSpace && <p className="text-small text-ink-faint">Only white space differs.</p>}
      {isCut && <p className="text-small text-ink-faint">Only the first {formatCount(mostTokens)} words are compared.</p>}
    </div>
  )
}
