import { lazy, Suspense, useMemo, useState } from 'react'
import { cutText } from '../../../shared/domain/cut-text.ts'
import { splitTurns } from '../../../shared/domain/turns.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import type { DocumentMode } from './document-kind.ts'
import { prettyJson } from './pretty-json.ts'

const MarkdownText = lazy(() => import('./markdown-text.tsx').then((module) => ({ default: module.MarkdownText })))

/** Characters that are laid out at once; the whole of a very long text would stop the window. */
const shownAtFirst = 20_000
/** Most characters that are parsed and laid out as Markdown or as turns, which takes far longer than plain text. */
const mostParsed = 100_000
/** About how many characters are laid out together; pieces out of sight are not laid out. */
const pieceLength = 10_000

/** Cuts a text behind line ends, or else behind spaces, into pieces that read the same one below the other. */
function piecesOf(text: string): string[] {
  const pieces: string[] = []
  for (let from = 0; from < text.length;) {
    const piece = cutText(text.slice(from), pieceLength)
    const isLast = from + piece.length >= text.length
    const end = isLast ? piece.length : piece.lastIndexOf('\n') + 1 || piece.lastIndexOf(' ') + 1 || piece.length
    pieces.push(piece.slice(0, end))
    from += end
  }
  return pieces
}

function PlainText({ text }: { text: string }) {
  const pieces = useMemo(() => piecesOf(text), [text])
  return pieces.map((piece, place) => (
    <span key={place} className={pieces.length > 1 ? 'block [contain-intrinsic-size:auto_2000px] [content-visibility:auto]' : undefined}>
      <UntrustedText text={place < pieces.length - 1 ? piece.replace(/\n$/, '') : piece} lines />
    </span>
  ))
}

function Turns({ text }: { text: string }) {
  const turns = useMemo(() => splitTurns(text) ?? [], [text])
  return (
    <ol className="flex flex-col gap-2">
      {turns.map((turn, place) => {
        const isUser = turn.speaker === 'user'
        return (
          <li
            key={place}
            className={cx(
              'max-w-[92%] rounded-lg border px-3 py-2',
              isUser ? 'self-end border-accent-line bg-accent-soft' : 'self-start border-line bg-sunken',
            )}
          >
            <p className="mb-0.5 text-small text-ink-muted">
              <UntrustedText text={turn.label} limit={40} />
            </p>
            <div data-selectable="">
              <UntrustedText text={turn.text} lines />
            </div>
          </li>
        )
      })}
    </ol>
  )
}

/** A stored text in one of the ways to read it. */
export function DocumentText({ text, mode }: { text: string; mode: DocumentMode }) {
  const [limit, setLimit] = useState(shownAtFirst)
  const isParsed = mode === 'markdown' || mode === 'turns'
  const json = useMemo(() => (mode === 'json' ? prettyJson(text) : ''), [mode, text])
  const whole = mode === 'json' ? json : text
  const shown = cutText(whole, isParsed ? Math.min(limit, mostParsed) : limit)
  return (
    <>
      {mode === 'turns' && <Turns text={shown} />}
      {mode === 'markdown' && (
        <Suspense fallback={<SkeletonLines count={4} />}>
          <MarkdownText text={shown} />
        </Suspense>
      )}
      {mode === 'text' && (
        <div data-selectable="" dir="auto">
          <PlainText text={shown} />
        </div>
      )}
      {mode === 'json' && (
        <pre className="font-mono text-small leading-5">
          <PlainText text={shown} />
        </pre>
      )}
      {shown.length < whole.length &&
        (isParsed && limit >= mostParsed ? (
          <p className="mt-2 text-small text-ink-muted">
            These are the first {formatCount(shown.length)} of {formatQuantity(whole.length, 'character')}; as plain text all of them can be
            read.
          </p>
        ) : (
          <Button size="small" onClick={() => setLimit(limit * 5)} className="mt-2">
            Show more of {formatQuantity(whole.length, 'character')}
          </Button>
        ))}
    </>
  )
}
