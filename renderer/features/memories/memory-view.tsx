import { useQuery } from '@tanstack/react-query'
import { MessagesSquare } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { collectionSubject } from '../../../shared/contract/jobs.ts'
import { withPeriod } from '../../../shared/domain/period.ts'
import { isUnfiltered, noFilter, type Filter, type Where } from '../../../shared/domain/where.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatQuantity } from '../../lib/format.ts'
import type { MemorySearch } from '../../lib/memory-search.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { WorkProgress } from '../../lib/work-progress.tsx'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { EpisodeFeed } from './episode-feed.tsx'
import { userTitle } from './memory-words.ts'
import { SessionList } from './session-list.tsx'
import { TimeFilter } from './time-filter.tsx'
import { useFactsCollection } from './use-facts-collection.ts'
import { UserActions } from './user-actions.tsx'
import { UserList } from './user-list.tsx'
import { UserPanel, type UserPanelProps } from './user-panel.tsx'

export interface MemoryViewProps {
  readonly collection: CollectionRef
  readonly search: MemorySearch
  readonly filter: Filter
  readonly onFilter: (filter: Filter) => void
  readonly onChange: (part: Partial<MemorySearch>, options?: { replace?: boolean }) => void
  readonly onOpen: (id: string, user: string | null) => void
  readonly onOpenFact: (factsCollectionId: string, id: string) => void
  readonly onShowRecords: (where: Where) => void
  readonly onForget: (user: string) => void
  readonly renderToolbar: (trailing: ReactNode) => ReactNode
}

/** A collection read as memory: who, the sessions of one of them, what was said in each, and what is known beside. */
export function MemoryView(props: MemoryViewProps) {
  const { collection, search, filter, onFilter, onChange, onOpen, onOpenFact, onShowRecords, onForget, renderToolbar } = props
  const client = useClient()
  const [top, setTop] = useState(0)
  const sort = search.users ?? 'last-seen'
  const everyone = useQuery(client.query('memories.users', { ...collection, filter, find: '', sort, offset: 0, limit: 1 }))
  const { data } = everyone
  const { facts } = useFactsCollection(collection, search.facts)
  const user = search.without === 'user' ? null : (search.user ?? data?.users[0]?.user ?? null)
  const memory = { ...collection, filter, user }
  const { data: profile } = useQuery({ ...client.query('memories.user', memory), enabled: data !== undefined })
  const timeKey = data?.timeKey ?? null
  const toolbar = renderToolbar(
    timeKey !== null && <TimeFilter collection={collection} timeKey={timeKey} filter={filter} onFilter={onFilter} />,
  )

  if (everyone.error !== null)
    return <QueryError error={everyone.error} onRetry={() => void everyone.refetch()} retrying={everyone.isFetching} />
  if (data === undefined) {
    return (
      <>
        {toolbar}
        <WorkProgress method="memories.users" subject={collectionSubject(collection)} onCancel={() => undefined} />
        <div aria-busy="true" className="p-6">
          <SkeletonLines count={8} />
        </div>
      </>
    )
  }
  if (data.everyone === 0) {
    return (
      <>
        {toolbar}
        {isUnfiltered(filter) ? (
          <EmptyState icon={<MessagesSquare />} title="Nothing is remembered yet">
            Episodes appear here as conversations, by user and session, once the collection has records.
          </EmptyState>
        ) : (
          <EmptyState
            icon={<MessagesSquare />}
            title="No episode is like that"
            action={<Button onClick={() => onFilter(noFilter)}>Clear the filter</Button>}
          >
            The filter leaves no record of this collection.
          </EmptyState>
        )}
      </>
    )
  }

  const showsProfile = search.show === 'profile'
  const panel: UserPanelProps = {
    collection,
    memory,
    chosenFacts: search.facts,
    onChooseFacts: (chosen) => onChange({ facts: chosen, fact: undefined }),
    openFact: search.fact ?? null,
    onOpenFact,
    onSpan:
      timeKey === null
        ? undefined
        : (from, to) => onFilter({ ...filter, periods: withPeriod(filter.periods, timeKey, { key: timeKey, from, to }) }),
  }
  return (
    <>
      {toolbar}
      <div className="@container flex min-h-0 flex-1">
        {(data.hasUsers || data.hasSessions) && (
          <div className="flex w-56 shrink-0 flex-col border-r border-line bg-chrome @min-[72rem]:w-64">
            {data.hasUsers && (
              <UserList
                memory={{ ...collection, filter }}
                find={search.who ?? ''}
                onFind={(who) => onChange({ who: who === '' ? undefined : who }, { replace: true })}
                sort={sort}
                onSort={(next) => onChange({ users: next === 'last-seen' ? undefined : next })}
                user={user}
                onUser={(next) =>
                  onChange({
                    user: next ?? undefined,
                    without: next === null ? 'user' : undefined,
                    at: undefined,
                    record: undefined,
                    fact: undefined,
                  })
                }
              />
            )}
            {data.hasSessions && (
              <SessionList
                key={user}
                memory={memory}
                top={top}
                onSession={(at) => onChange({ at: String(at), show: undefined }, { replace: true })}
              />
            )}
          </div>
        )}
        <section aria-label="Timeline" className="flex min-w-0 flex-1 flex-col">
          <header className="flex h-10 shrink-0 items-center gap-3 border-b border-line px-4">
            <h2 className="min-w-0 truncate text-body font-strong">
              {data.hasUsers ? userTitle({ user, label: profile?.label ?? null }) : 'All episodes'}
            </h2>
            {profile && (
              <span className="hidden min-w-0 truncate text-small text-ink-muted @min-[60rem]:block">
                {formatQuantity(profile.episodes, 'episode')}
                {profile.sessions > 0 && ` in ${formatQuantity(profile.sessions, 'session')}`}
              </span>
            )}
            <span className="flex-1" />
            <Segmented
              size="small"
              label="What is shown"
              value={showsProfile ? 'profile' : 'timeline'}
              onValueChange={(next) => onChange({ show: next === 'profile' ? next : undefined }, { replace: true })}
              options={[
                { value: 'timeline', label: 'Timeline' },
                { value: 'profile', label: 'Profile' },
              ]}
              className="@min-[60rem]:hidden"
            />
            <UserActions
              memory={memory}
              factsCollectionId={facts?.collectionId ?? null}
              onShowRecords={onShowRecords}
              onForget={onForget}
            />
          </header>
          <div className={cx('min-h-0 flex-1 flex-col', showsProfile ? 'hidden @min-[60rem]:flex' : 'flex')}>
            {profile === null ? (
              <EmptyState icon={<MessagesSquare />} title="No episode of this user is here">
                {isUnfiltered(filter) ? 'The collection names no such user.' : 'The filter leaves nothing of this user.'}
              </EmptyState>
            ) : (
              <EpisodeFeed
                key={user}
                memory={memory}
                at={Number(search.at ?? 0)}
                openId={search.record ?? null}
                onOpen={(id) => onOpen(id, user)}
                onTop={setTop}
              />
            )}
          </div>
          {showsProfile && (
            <div className="flex min-h-0 flex-1 flex-col @min-[60rem]:hidden">
              <UserPanel {...panel} />
            </div>
          )}
        </section>
        <aside
          aria-label="Profile and facts"
          className="hidden w-72 shrink-0 flex-col border-l border-line @min-[60rem]:flex @min-[72rem]:w-80"
        >
          <UserPanel {...panel} />
        </aside>
      </div>
    </>
  )
}
