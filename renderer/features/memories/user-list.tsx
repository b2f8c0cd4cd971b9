import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDownWideNarrow, Search } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { MemoryRef, MemoryUser, UserSort } from '../../../shared/contract/memories.ts'
import { formatCount, formatQuantity, formatRelativeTime } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { cx } from '../../ui/cx.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { MiddleText } from '../../ui/middle-text.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { userTitle } from './memory-words.ts'
import { usePages } from './use-pages.ts'

export interface UserListProps {
  readonly memory: MemoryRef
  readonly find: string
  readonly onFind: (find: string) => void
  readonly sort: UserSort
  readonly onSort: (sort: UserSort) => void
  /** The user whose memory is shown. */
  readonly user: string | null
  readonly onUser: (user: string | null) => void
}

const rowHeight = 44
/** Milliseconds that typing rests before the list follows. */
const rest = 150
const sortNames: Readonly<Record<UserSort, string>> = { 'last-seen': 'Seen last', episodes: 'Most episodes', name: 'Name' }

function UserRow({ item, now }: { item: MemoryUser; now: number }) {
  return (
    <>
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="min-w-0 flex-1 truncate text-ink">{userTitle(item)}</span>
        <span className="numeric text-ink-muted">{formatCount(item.episodes)}</span>
      </span>
      <span className="flex min-w-0 items-baseline gap-2 text-small text-ink-muted">
        <span className="numeric flex min-w-0 flex-1">{item.label !== null && item.user !== null && <MiddleText text={item.user} />}</span>
        {item.lastSeen !== null && <span className="shrink-0">{formatRelativeTime(item.lastSeen, now)}</span>}
      </span>
    </>
  )
}

/** Who is remembered, as many as there are. */
export function UserList({ memory, find, onFind, sort, onSort, user, onUser }: UserListProps) {
  const now = useNow()
  const [typed, setTyped] = useState(find)
  const viewport = useRef<HTMLDivElement>(null)
  const [places, setPlaces] = useState<readonly number[]>([])
  const pages = usePages('memories.users', { ...memory, find, sort }, places)
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
  const itemAt = (place: number): MemoryUser | undefined => {
    const { data, index } = pages.at(place)
    return data?.users[index]
  }
  const known = drawn.find((place) => itemAt(place)?.user === user)

  const latest = useRef(onFind)
  useEffect(() => {
    latest.current = onFind
  })
  useEffect(() => {
    if (typed === find) return
    const timer = setTimeout(() => latest.current(typed), rest)
    return () => clearTimeout(timer)
  }, [typed, find])

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by === undefined || total === 0) return
    event.preventDefault()
    const place = Math.min(total - 1, Math.max(0, (known ?? -1) + by))
    virtualizer.scrollToIndex(place)
    const next = itemAt(place)
    if (next !== undefined) onUser(next.user)
  }

  return (
    <section aria-label="Users" className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 items-center gap-1 px-2 py-1.5">
        <TextInput
          size="small"
          value={typed}
          onValueChange={setTyped}
          icon={<Search aria-hidden="true" />}
          clearable
          aria-label="Find a user"
          placeholder="Find a user"
          className="flex-1"
        />
        <Menu
          align="end"
          trigger={<IconButton size="small" label={`Sorted by: ${sortNames[sort]}`} icon={<ArrowDownWideNarrow aria-hidden="true" />} />}
          entries={(Object.keys(sortNames) as UserSort[]).map((each) => ({
            kind: 'check',
            label: sortNames[each],
            checked: each === sort,
            onCheckedChange: () => onSort(each),
          }))}
        />
      </div>
      {pages.first !== undefined && total === 0 && (
        <p className="px-3 py-2 text-small text-ink-muted">
          None of {formatQuantity(pages.first.everyone, 'user')} has this in id or name.
        </p>
      )}
      <div
        ref={viewport}
        role="listbox"
        tabIndex={0}
        aria-label={`Users, ${sortNames[sort].toLowerCase()}`}
        aria-activedescendant={known === undefined ? undefined : `memory-user-${known}`}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-y-auto px-1 pb-1 -outline-offset-2"
      >
        <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const item = itemAt(index)
            const isShown = item !== undefined && item.user === user
            return (
              <div
                key={index}
                id={`memory-user-${index}`}
                role="option"
                aria-selected={isShown}
                aria-setsize={total}
                aria-posinset={index + 1}
                tabIndex={-1}
                onClick={() => item !== undefined && onUser(item.user)}
                style={{ top: start, height: rowHeight }}
                className={cx(
                  'absolute inset-x-0 flex flex-col justify-center rounded-sm px-2 leading-4',
                  isShown ? 'bg-pressed' : 'hover:bg-hover',
                )}
              >
                {item === undefined ? <Skeleton className="w-2/3" /> : <UserRow item={item} now={now} />}
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}
