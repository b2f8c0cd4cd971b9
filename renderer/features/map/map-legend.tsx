import type { ReactNode } from 'react'
import { formatCount } from '../../lib/format.ts'
import { cx } from '../../ui/cx.ts'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import type { ColourWords } from './colour-words.ts'
import type { Legend } from './point-paint.ts'
import { scaleText } from './scale-text.ts'

interface MapLegendProps {
  readonly legend: Legend
  readonly words: ColourWords
  /** What stands under the colours. */
  readonly children?: ReactNode
  /** Labels that are picked out; none means all. */
  readonly picked: ReadonlySet<string>
  readonly onPick: (picked: ReadonlySet<string>) => void
}

/** What the colours mean. A category is picked out by a click, with Ctrl or ⌘ besides those picked already. */
export function MapLegend({ words, children, ...props }: MapLegendProps) {
  const isEmpty = props.legend.kind === 'empty'
  return (
    <div className="flex flex-col gap-1.5">
      <Colours words={words} {...props} />
      {words.meaning !== null && !isEmpty && <p className="text-small text-ink-muted">{words.meaning}</p>}
      {children}
    </div>
  )
}

function Colours({ legend, words, picked, onPick }: Omit<MapLegendProps, 'children'>) {
  if (legend.kind === 'empty') return <p className="text-small text-ink-muted">{words.none}</p>
  if (legend.kind === 'scale') {
    const { scale, min, max, threshold, colours, missing } = legend
    return (
      <div className="flex flex-col gap-1 text-small">
        <div aria-hidden="true" className="h-2 rounded-sm" style={{ background: `linear-gradient(to right, ${colours.join(', ')})` }} />
        <div className="numeric flex justify-between gap-3 text-ink-muted">
          <span>{scaleText(scale, min)}</span>
          {threshold !== null && <span className="text-accent">{scaleText(scale, threshold)}</span>}
          <span>{scaleText(scale, max)}</span>
        </div>
        {missing > 0 && (
          <span className="text-ink-faint">
            {formatCount(missing)} {words.withoutValue}
          </span>
        )}
      </div>
    )
  }
  const pick = (label: string, isMore: boolean) => {
    const next = new Set(isMore ? picked : [])
    if (picked.has(label)) next.delete(label)
    else next.add(label)
    if (!isMore && picked.size > 1) next.add(label)
    onPick(next)
  }
  return (
    <ul aria-label="Legend" className="flex max-h-74 flex-col overflow-y-auto">
      {legend.entries.map(({ label, count, colour }) => (
        <li key={label}>
          <button
            type="button"
            aria-pressed={picked.has(label)}
            onClick={(event) => pick(label, event.ctrlKey || event.metaKey || event.shiftKey)}
            className={cx(
              'flex h-6 w-full items-center gap-2 rounded-sm px-1 text-left text-small transition-colors hover:bg-hover aria-pressed:bg-pressed',
              picked.size > 0 && !picked.has(label) && 'text-ink-faint',
            )}
          >
            <span aria-hidden="true" className="size-2.5 shrink-0 rounded-full" style={{ background: colour }} />
            <span className="min-w-0 flex-1 truncate">
              <UntrustedText text={label} limit={120} />
            </span>
            <span className="numeric text-ink-faint">{formatCount(count)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
