import type { Episode, MemoryUserRef } from '../../../shared/contract/memories.ts'
import { roleName } from '../../../shared/domain/profiles/role-names.ts'
import { formatRelativeTime, formatTime } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { useNow } from '../../lib/use-now.ts'
import { cx } from '../../ui/cx.ts'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { StandingBadge } from './episode-card.tsx'
import { TurnText } from './turn-text.tsx'
import { useVirtualPages } from './use-virtual-pages.ts'

export interface FactsListProps {
  /** The user, in the collection that holds the facts. */
  readonly memory: MemoryUserRef
  readonly openId: string | null
  readonly onOpen: (id: string) => void
}

const usualHeight = 60

function FactCard({ fact, isOpen, onOpen }: { fact: Episode; isOpen: boolean; onOpen: () => void }) {
  const now = useNow()
  const { time, turns, details, standing } = fact
  return (
    <div className={cx('rounded-md px-2 py-1.5', isOpen ? 'bg-pressed' : 'hover:bg-hover')}>
      <div className={cx('text-body', standing === 'current' ? 'text-ink' : 'text-ink-muted')}>
        {turns.length === 0 && <p className="text-ink-muted">This record has no text.</p>}
        {turns.map((turn, place) => (
          <TurnText key={place} turn={turn} onOpen={onOpen} />
        ))}
      </div>
      <div className="flex min-h-5 min-w-0 items-center gap-2 text-small text-ink-muted">
        <StandingBadge standing={standing} />
        <span className="flex min-w-0 flex-1 items-center gap-2 overflow-hidden">
          {details.slice(0, 2).map(({ role, text }) => (
            <span key={role} title={roleName(role)} className="truncate">
              <UntrustedText text={text} limit={40} />
            </span>
          ))}
          {time !== null && (
            <span title={formatTime(time)} className="shrink-0">
              {formatRelativeTime(time, now)}
            </span>
          )}
        </span>
        <button
          type="button"
          aria-current={isOpen || undefined}
          onClick={onOpen}
          className="shrink-0 rounded-sm hover:text-accent hover:underline"
        >
          Open
        </button>
      </div>
    </div>
  )
}

/** The facts that are kept of a user, newest first. */
export function FactsList({ memory, openId, onOpen }: FactsListProps) {
  const options = { rowHeight: usualHeight, overscan: 6 }
  const { viewport, pages, count, virtualizer, items } = useVirtualPages('memories.timeline', { ...memory, order: 'newest' }, options)

  if (pages.error !== null) return <QueryError error={pages.error} onRetry={pages.retry} retrying={pages.isFetching} />
  if (pages.first === undefined) return <SkeletonLines count={6} className="px-4 py-2" />
  if (count === 0) return <p className="px-4 py-1 text-small text-ink-muted">No fact names this user.</p>
  return (
    <div ref={viewport} tabIndex={0} className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-2 -outline-offset-2">
      <ul aria-label="Facts, newest first" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const { data, index: place } = pages.at(index)
          const fact = data?.episodes[place]
          return (
            <li
              key={index}
              ref={virtualizer.measureElement}
              data-index={index}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              {fact === undefined ? (
                <div className="px-2 py-3" style={{ height: usualHeight }}>
                  <SkeletonLines count={2} />
                </div>
              ) : (
                <FactCard fact={fact} isOpen={fact.id === openId} onOpen={() => onOpen(fact.id)} />
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
