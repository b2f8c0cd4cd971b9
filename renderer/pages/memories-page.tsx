import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { MessagesSquare } from 'lucide-react'
import { useMemo, useState } from 'react'
import { isMemory } from '../../shared/domain/memory/is-memory.ts'
import { noFilter, type Filter } from '../../shared/domain/where.ts'
import { ForgetDialog } from '../features/cleanup/forget-dialog.tsx'
import { FilterBar } from '../features/filters/filter-bar.tsx'
import { MemoryView } from '../features/memories/memory-view.tsx'
import { useFactsCollection } from '../features/memories/use-facts-collection.ts'
import { ProfileBadge } from '../features/profiles/profile-badge.tsx'
import { useClient } from '../lib/client-context.tsx'
import { useFrame } from '../lib/frame.ts'
import type { MemorySearch } from '../lib/memory-search.ts'
import { QueryError } from '../lib/query-error.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { EntryInspector, useOpenRecord } from './entry-inspector.tsx'
import { searchOfFilter, viewFromSearch } from './records-view-from-search.ts'

export interface MemoriesPageProps {
  connectionId: string
  collectionId: string
  search: MemorySearch
  /** Goes to the same page with another search. `replace` keeps it out of the history. */
  onSearchChange: (search: MemorySearch, options?: { replace?: boolean }) => void
}

/** Most episodes of a user that the inspector goes through in the order of the timeline. */
const mostInOrder = 20_000

/** A collection read as memory, with the episode or fact that was opened in the inspector. */
export function MemoriesPage({ connectionId, collectionId, search, onSearchChange }: MemoriesPageProps) {
  const client = useClient()
  const navigate = useNavigate()
  const collection = useMemo(() => ({ connectionId, collectionId }), [connectionId, collectionId])
  const [forgetting, setForgetting] = useState<string | null>(null)
  const setInspectorOpen = useFrame((store) => store.setInspectorOpen)
  const keys = useQuery(client.query('collections.keys', collection))
  const profile = useQuery(client.query('profiles.get', collection))
  const { facts } = useFactsCollection(collection, search.facts)
  const open = useOpenRecord(search, (next, options) => onSearchChange({ ...next, fact: undefined }, options))
  const { where, doc, find, dates, set } = search
  const view = useMemo(() => {
    try {
      return { ok: true as const, value: viewFromSearch(connectionId, collectionId, { where, doc, find, dates, set }) }
    } catch (error) {
      return { ok: false as const, error }
    }
  }, [connectionId, collectionId, where, doc, find, dates, set])
  const filter = view.ok ? view.value.filter : noFilter
  const isNamed = search.user !== undefined || search.without === 'user' || profile.data?.mapping.fields.user === undefined
  const memory = { ...collection, filter, user: search.without === 'user' ? null : (search.user ?? null) }
  const { data: user } = useQuery({ ...client.query('memories.user', memory), enabled: isNamed && search.record !== undefined })
  const { data: order } = useQuery({ ...client.query('memories.ids', memory), enabled: user != null && user.episodes <= mostInOrder })

  const change = (part: Partial<MemorySearch>, options?: { replace?: boolean }): void => onSearchChange({ ...search, ...part }, options)
  const setFilter = (next: Filter, options?: { replace?: boolean }): void => change({ ...searchOfFilter(next), at: undefined }, options)
  const openEpisode = (record: string, of: string | null): void => {
    setInspectorOpen(true)
    const without = of === null && profile.data?.mapping.fields.user !== undefined ? 'user' : undefined
    change({ record, fact: undefined, user: of ?? undefined, without }, { replace: search.record !== undefined })
  }
  const openFact = (factsCollectionId: string, id: string): void => {
    setInspectorOpen(true)
    change({ facts: factsCollectionId, fact: id, record: undefined }, { replace: search.fact !== undefined })
  }

  if (!view.ok) return <QueryError error={view.error} actions={<Button onClick={() => setFilter(noFilter)}>Clear the filter</Button>} />
  if (profile.error !== null)
    return <QueryError error={profile.error} onRetry={() => void profile.refetch()} retrying={profile.isFetching} />
  if (profile.data === undefined) {
    return (
      <div aria-busy="true" className="p-6">
        <SkeletonLines count={8} />
      </div>
    )
  }
  if (!isMemory(profile.data.mapping)) {
    return (
      <EmptyState
        icon={<MessagesSquare />}
        title="This collection does not read as memory"
        action={<ProfileBadge collection={collection} keys={keys.data ?? []} />}
      >
        Users, their sessions and what was said in them would be here. The records were taken for something else; where that is wrong, say
        what their fields mean.
      </EmptyState>
    )
  }
  return (
    <>
      <MemoryView
        key={`${connectionId} ${collectionId}`}
        collection={collection}
        search={search}
        filter={filter}
        onFilter={setFilter}
        onChange={change}
        onOpen={openEpisode}
        onOpenFact={openFact}
        onShowRecords={(only) =>
          void navigate({
            to: '/s/$connectionId/c/$collectionId/records',
            params: collection,
            search: searchOfFilter({ ...filter, where: filter.where === null ? only : { kind: 'and', clauses: [filter.where, only] } }),
          })
        }
        onForget={setForgetting}
        renderToolbar={(trailing) => (
          <FilterBar collection={collection} keys={keys.data ?? []} filter={filter} onFilter={setFilter} trailing={trailing} />
        )}
      />
      {forgetting !== null && <ForgetDialog connectionId={connectionId} user={forgetting} onClose={() => setForgetting(null)} />}
      {search.fact === undefined || facts === null ? (
        <EntryInspector collection={collection} id={search.record} onOpen={open} {...(order === undefined ? {} : { order })} />
      ) : (
        <EntryInspector
          collection={{ connectionId, collectionId: facts.collectionId }}
          id={search.fact}
          onOpen={(id) => (id === null ? change({ fact: undefined }) : openFact(facts.collectionId, id))}
        />
      )}
    </>
  )
}
