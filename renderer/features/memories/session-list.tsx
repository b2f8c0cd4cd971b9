import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState, type KeyboardEvent } from 'react'
import type { MemorySession, MemoryUserRef } from '../../../shared/contract/memories.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { cx } from '../../ui/cx.ts'
import { MiddleText } from '../../ui/middle-text.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { formatMoment } from './memory-words.ts'
import { usePages } from './use-pages.ts'

export interface SessionListProps {
  readonly memory: MemoryUserRef
  /** Place in the timeline of the episode at the top of the view. */
  readonly top: number
  /** Goes to the first episode of a session. */
  readonly onSession: (at: number) => void
}

const rowHeight = 40

function SessionRow({ item }: { item: MemorySession }) {
  return (
    <>
      <span className="flex items-baseline gap-2 text-small">
        <span className="min-w-0 flex-1 truncate text-ink">{item.first === null ? 'Time not known' : formatMoment(item.first)}</span>
        <span className="numeric text-ink-muted">{formatCount(item.episodes)}</span>
      </span>
      <span className="numeric flex min-w-0 text-ink-muted">
        {item.session === null ? <span className="font-sans">without a session</span> : <MiddleText text={item.session} />}
      </span>
    </>
  )
}

/** The sessions of a user, newest first; nothing where all the user's episodes are without one. */
export function SessionList({ memory, top, onSession }: SessionListProps) {
  const viewport = useRef<HTMLDivElement>(null)
  const [places, setPlaces] = useState<readonly number[]>([])
  const pages = usePages('memories.sessions', memory, places)
  const total = pages.first?.total ?? 0
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  const items = virtualizer.getVirtualItems()
  const drawn = items.map(({ index }) => index)
  if (drawn.join() !== places.join()) setPlaces(drawn)
  const itemAt = (place: number): MemorySession | undefined => {
    const { data, index } = pages.at(place)
    return data?.sessions[index]
  }
  const holdsTop = (item: MemorySession | undefined): boolean => item !== undefined && item.at <= top && top < item.at + item.episodes
  const current = drawn.find((place) => holdsTop(itemAt(place)))
  if (total === 0 || (total === 1 && pages.first?.sessions[0]?.session === null)) return null

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const place = Math.min(total - 1, Math.max(0, (current ?? -1) + by))
    virtualizer.scrollToIndex(place)
    const next = itemAt(place)
    if (next !== undefined) onSession(next.at)
  }

  return (
    <section aria-label="Sessions" className="flex min-h-0 flex-1 flex-col border-t border-line first:border-t-0">
      <h2 className="shrink-0 px-3 pt-2 pb-1 text-small font-strong text-ink-muted">{formatQuantity(total, 'session')}, newest first</h2>
      <div
        ref={viewport}
        role="listbox"
        tabIndex={0}
        aria-label="Sessions, newest first"
        aria-activedescendant={current === undefined ? undefined : `memory-session-${current}`}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-y-auto px-1 pb-1 -outline-offset-2"
      >
        <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const item = itemAt(index)
            return (
              <div
                key={index}
                id={`memory-session-${index}`}
                role="option"
                aria-selected={index === current}
                aria-setsize={total}
                aria-posinset={index + 1}
                tabIndex={-1}
                onClick={() => item !== undefined && onSession(item.at)}
                style={{ top: start, height: rowHeight }}
                className={cx(
                  'absolute inset-x-0 flex flex-col justify-center rounded-sm px-2 leading-4',
                  index === current ? 'bg-pressed' : 'hover:bg-hover',
                )}
              >
                {item === undefined ? <Skeleton className="w-1/2" /> : <SessionRow item={item} />}
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}
