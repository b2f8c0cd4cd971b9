import { ChevronRight, Redo2, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ChangeSummary } from '../../../shared/contract/changes.ts'
import { useUndo } from '../../lib/editing/use-undo.ts'
import { formatBytes, formatQuantity, formatRelativeTime, formatTime } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { visibleString } from '../../lib/visible-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { cx } from '../../ui/cx.ts'
import { Spinner } from '../../ui/spinner.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { ChangedRecords } from './changed-records.tsx'

interface ChangeRowProps {
  readonly change: ChangeSummary
  readonly isInEffect: boolean
  readonly takesBack: boolean
  readonly isOpen: boolean
  readonly onOpen: (open: boolean) => void
  readonly isChosen: boolean
  readonly onChosen: (chosen: boolean) => void
}

function stateBadge({ state }: ChangeSummary, isInEffect: boolean): ReactNode {
  if (state === 'applying') {
    return (
      <Badge tone="accent" icon={<Spinner />}>
        applying
      </Badge>
    )
  }
  if (state === 'cut-off') return <Badge tone="wrong">cut off</Badge>
  if (state === 'failed') return <Badge tone="outline">failed, taken back</Badge>
  return isInEffect ? null : <Badge tone="outline">undone</Badge>
}

function BackButton({ change, isInEffect, takesBack }: Pick<ChangeRowProps, 'change' | 'isInEffect' | 'takesBack'>) {
  const undo = useUndo()
  const isRedo = takesBack || !isInEffect
  const id = isInEffect ? change.id : takesBack ? null : change.undoneBy
  if (change.state !== 'done' || id === null) return null
  const word = isRedo ? 'Redo' : 'Undo'
  return (
    <Button
      size="small"
      icon={isRedo ? <Redo2 aria-hidden="true" /> : <Undo2 aria-hidden="true" />}
      aria-label={`${word}: ${visibleString(change.title)}`}
      onClick={() => undo({ ...change, id, isRedo })}
    >
      {word}
    </Button>
  )
}

/** One change of History: what it did, and the way back; open it shows the records. */
export function ChangeRow({ change, isInEffect, takesBack, isOpen, onOpen, isChosen, onChosen }: ChangeRowProps) {
  const now = useNow()
  const { title, rule, note, problem, records, bytes, at, collectionName } = change
  const facts = [
    collectionName === null ? null : visibleString(collectionName),
    formatQuantity(records, 'record'),
    rule === null ? null : visibleString(rule),
    bytes === 0 ? null : `${formatBytes(bytes)} kept`,
  ]
  return (
    <li className="group/change border-t border-line first:border-t-0">
      <div className="flex items-start gap-2 px-3 py-1.5 hover:bg-hover">
        <Checkbox
          checked={isChosen}
          onCheckedChange={onChosen}
          label={`Choose: ${visibleString(title)}`}
          hideLabel
          className={cx('mt-1.5 group-focus-within/change:opacity-100 group-hover/change:opacity-100', !isChosen && 'opacity-0')}
        />
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => onOpen(!isOpen)}
          className="flex min-w-0 flex-1 items-start gap-1.5 rounded-sm py-1 text-left"
        >
          <ChevronRight
            aria-hidden="true"
            className={cx('mt-0.5 size-3.5 shrink-0 text-ink-faint transition-transform duration-100', isOpen && 'rotate-90')}
          />
          <span className="min-w-0 flex-1">
            <span className="flex min-w-0 items-center gap-2">
              <span className={cx('min-w-0 truncate', isInEffect ? 'text-ink' : 'text-ink-muted')}>
                <UntrustedText text={title} limit={300} />
              </span>
              {stateBadge(change, isInEffect)}
            </span>
            <span className="block truncate text-small text-ink-muted">{facts.filter(Boolean).join(' · ')}</span>
            {note !== null && <span className="block text-small wrap-anywhere text-ink-muted">{note}</span>}
            {problem !== null && <span className="block text-small wrap-anywhere text-ink">{problem.message}</span>}
          </span>
        </button>
        <span className="w-28 shrink-0 pt-1 text-right text-small leading-5 text-ink-muted" title={formatTime(at)}>
          {formatRelativeTime(at, now)}
        </span>
        <span className="flex w-18 shrink-0 justify-end pt-0.5">
          <BackButton change={change} isInEffect={isInEffect} takesBack={takesBack} />
        </span>
      </div>
      {isOpen && <ChangedRecords change={change} />}
    </li>
  )
}
