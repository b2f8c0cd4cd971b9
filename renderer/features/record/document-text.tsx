import { lazy, Suspense, useMemo, useState } from 'react'
import { cutText } from '../../../shared/domain/cut-text.ts'
import { splitTurns } from '../../../shared/domain/turns.ts'
import { formatQuantity } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import type { DocumentMode } from './document-kind.ts'
import { prettyJson } from './pretty-json.ts'

const MarkdownText = lazy(() => import('./markdown-text.tsx').then((module) => ({ default: module.MarkdownText })))

/** Characters that are laid out at once; the whole of a very long text would stop the window. */
const shownAtFirst = 20_000

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
  const [showsAll, setShowsAll] = useState(false)
  const json = useMemo(() => (mode === 'json' ? prettyJson(text) : ''), [mode, text])
  const whole = mode === 'json' ? json : text
  const isCut = !showsAll && whole.length > shownAtFirst
  const shown = isCut ? cutText(whole, shownAtFirst) : whole
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
          <UntrustedText text={shown} lines />
        </div>
      )}
      {mode === 'json' && (
        <pre className="font-mono text-small leading-5">
          <UntrustedText text={shown} lines />
        </pre>
      )}
      {isCut && (
        <Button size="small" onClick={() => setShowsAll(true)} className="mt-2">
          Show all {formatQuantity(whole.length, 'character')}
        </Button>
      )}
    </>
  )
}
