import type { MemorySession, MemoryUserRef } from '../../../shared/contract/memories.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { MiddleText } from '../../ui/middle-text.tsx'
import { formatMoment } from './memory-words.ts'
import { PagedListbox } from './paged-listbox.tsx'
import { useVirtualPages } from './use-virtual-pages.ts'

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
  const list = useVirtualPages('memories.sessions', memory, { rowHeight, overscan: 8 })
  const { pages, count } = list
  const itemAt = (place: number): MemorySession | undefined => {
    const { data, index } = pages.at(place)
    return data?.sessions[index]
  }
  if (count === 0 || (count === 1 && pages.first?.sessions[0]?.session === null)) return null
  return (
    <section aria-label="Sessions" className="flex min-h-0 flex-1 flex-col border-t border-line first:border-t-0">
      <h2 className="shrink-0 px-3 pt-2 pb-1 text-small font-strong text-ink-muted">{formatQuantity(count, 'session')}, newest first</h2>
      <PagedListbox
        label="Sessions, newest first"
        idPrefix="memory-session"
        rowHeight={rowHeight}
        list={list}
        itemAt={itemAt}
        isChosen={(item) => item.at <= top && top < item.at + item.episodes}
        onChoose={(item) => onSession(item.at)}
      >
        {(item) => <SessionRow item={item} />}
      </PagedListbox>
    </section>
  )
}
