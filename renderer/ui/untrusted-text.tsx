import { Fragment, useMemo } from 'react'
import { cutText } from '../../shared/domain/cut-text.ts'
import { visibleParts } from '../lib/visible-text.ts'

interface UntrustedTextProps {
  readonly text: string
  /** Keeps line breaks and tabs. */
  readonly lines?: boolean
  /** Characters that are shown; the rest is cut off with an ellipsis. */
  readonly limit?: number
  readonly className?: string
}

/** Text that somebody else wrote: isolated from its neighbours' direction, with control characters as small marks, never as markup. */
export function UntrustedText({ text, lines = false, limit, className }: UntrustedTextProps) {
  const isCut = limit !== undefined && text.length > limit
  const parts = useMemo(() => visibleParts(isCut ? cutText(text, limit) : text, lines), [text, isCut, limit, lines])
  return (
    <bdi className={lines ? `whitespace-pre-wrap break-words ${className ?? ''}` : className}>
      {parts.map((part, index) =>
        part.kind === 'text' ? (
          <Fragment key={index}>{part.text}</Fragment>
        ) : (
          <span
            key={index}
            className={
              part.label === '⏎'
                ? 'mx-0.5 text-[0.8em] text-ink-faint'
                : 'mx-px rounded-sm bg-pressed px-0.5 font-mono text-[0.75em] text-ink-muted'
            }
            title={part.code}
          >
            {part.label}
          </span>
        ),
      )}
      {isCut && '…'}
    </bdi>
  )
}
