import { ArrowDownWideNarrow } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { MemoryRef, MemoryUser, UserSort } from '../../../shared/contract/memories.ts'
import { formatCount, formatQuantity, formatRelativeTime } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { MiddleText } from '../../ui/middle-text.tsx'
import { SearchInput } from '../../ui/search-input.tsx'
import { userTitle } from './memory-words.ts'
import { PagedListbox } from './paged-listbox.tsx'
import { useVirtualPages } from './use-virtual-pages.ts'

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
  const list = useVirtualPages('memories.users', { ...memory, find, sort }, { rowHeight, overscan: 8 })
  const { pages, count } = list
  const itemAt = (place: number): MemoryUser | undefined => {
    const { data, index } = pages.at(place)
    return data?.users[index]
  }

  const latest = useRef(onFind)
  useEffect(() => {
    latest.current = onFind
  })
  useEffect(() => {
    if (typed === find) return
    const timer = setTimeout(() => latest.current(typed), rest)
    return () => clearTimeout(timer)
  }, [typed, find])

  return (
    <section aria-label="Users" className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 items-center gap-1 px-2 py-1.5">
        <SearchInput size="small" value={typed} onValueChange={setTyped} label="Find a user" className="flex-1" />
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
      {pages.first !== undefined && count === 0 && (
        <p className="px-3 py-2 text-small text-ink-muted">
          None of {formatQuantity(pages.first.everyone, 'user')} has this in id or name.
        </p>
      )}
      <PagedListbox
        label={`Users, ${sortNames[sort].toLowerCase()}`}
        idPrefix="memory-user"
        rowHeight={rowHeight}
        list={list}
        itemAt={itemAt}
        isChosen={(item) => item.user === user}
        onChoose={(item) => onUser(item.user)}
      >
        {(item) => <UserRow item={item} now={now} />}
      </PagedListbox>
    </section>
  )
}
