import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { storedOrder, type Sort } from '../../shared/contract/records.ts'
import type { MetadataScalar } from '../../shared/domain/metadata.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { pickedValues, sameScalar, togglePicked } from '../../shared/domain/where-edit.ts'
import { noFilter, type Filter } from '../../shared/domain/where.ts'
import { FilterBar } from '../features/filters/filter-bar.tsx'
import { ProfileBadge } from '../features/profiles/profile-badge.tsx'
import { RecordInspector } from '../features/record/record-inspector.tsx'
import { GridSkeleton } from '../features/records/grid/grid-skeleton.tsx'
import { useFirstPage } from '../features/records/grid/use-record-pages.ts'
import { RecordsView } from '../features/records/records-view.tsx'
import { SetsPopover } from '../features/sets/sets-popover.tsx'
import { useClient } from '../lib/client-context.tsx'
import { collectionsOf } from '../lib/collections-of.ts'
import { useFrame } from '../lib/frame.ts'
import { QueryError } from '../lib/query-error.tsx'
import type { RecordsPageProps, RecordsSearch } from '../lib/records-search.ts'
import { InspectorContent } from '../lib/slots.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { UntrustedText } from '../ui/untrusted-text.tsx'
import { searchOfFilter, searchOfSort, viewFromSearch } from './records-view-from-search.ts'

const unknownMapping: ProfileMapping = { kind: 'unknown', fields: {} }

/** How long the table waits for keys and profile before it shows what it has, in milliseconds. */
const patience = 700

function usePatience(): boolean {
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsOver(true), patience)
    return () => clearTimeout(timer)
  }, [])
  return isOver
}

/** The records of one collection, with their filter, profile and inspector. Everything it shows follows from its address. */
export function RecordsPage({ connectionId, collectionId, search, onSearchChange }: RecordsPageProps) {
  const client = useClient()
  const navigate = useNavigate()
  const collection = useMemo(() => ({ connectionId, collectionId }), [connectionId, collectionId])
  const setInspectorOpen = useFrame((store) => store.setInspectorOpen)
  const isOver = usePatience()

  const { where, doc, find, dates, set, sort, dir } = search
  const view = useMemo(() => {
    try {
      return { ok: true as const, value: viewFromSearch(connectionId, collectionId, { where, doc, find, dates, set, sort, dir }) }
    } catch (error) {
      return { ok: false as const, error }
    }
  }, [connectionId, collectionId, where, doc, find, dates, set, sort, dir])

  useFirstPage(view.ok ? view.value : null)
  const keys = useQuery(client.query('collections.keys', collection))
  const profile = useQuery(client.query('profiles.get', collection))
  const { data: catalog } = useQuery(client.query('collections.catalog', { connectionId }))

  const change = useCallback(
    (part: Partial<RecordsSearch>, options?: { replace?: boolean }) => onSearchChange({ ...search, ...part }, options),
    [onSearchChange, search],
  )
  const setFilter = useCallback((filter: Filter, options?: { replace?: boolean }) => change(searchOfFilter(filter), options), [change])
  const setSort = useCallback((next: Sort) => change(searchOfSort(next)), [change])
  const isRecordOpen = search.record !== undefined
  const open = useCallback(
    (id: string | null) => {
      if (id !== null) setInspectorOpen(true)
      change({ record: id ?? undefined }, { replace: id !== null && isRecordOpen })
    },
    [change, isRecordOpen, setInspectorOpen],
  )

  const findSimilar = useCallback(
    (id: string) =>
      void navigate({
        to: '/s/$connectionId/c/$collectionId/query',
        params: { connectionId, collectionId },
        search: { by: 'record', q: id, where, doc, find, dates, set, record: id },
      }),
    [navigate, connectionId, collectionId, where, doc, find, dates, set],
  )

  if (!view.ok) return <QueryError error={view.error} actions={<Button onClick={() => setFilter(noFilter)}>Clear the filter</Button>} />
  const isWaiting = !isOver && (keys.isPending || profile.isPending)
  if (isWaiting) return <GridSkeleton rowHeight={28} />

  const { filter, sort: order } = view.value
  const { by } = order
  const total = (catalog && collectionsOf(catalog).find((each) => each.id === collectionId)?.count) ?? null
  const goneKey = total !== 0 && by.kind === 'metadata' && keys.data?.every(({ key }) => key !== by.key) ? by.key : null
  const mapping = profile.data?.mapping ?? unknownMapping
  const metadataKeys = keys.data ?? []
  const pick = (key: string, value: MetadataScalar) => {
    if (!pickedValues(filter.where, key).some((each) => sameScalar(each, value)))
      setFilter({ ...filter, where: togglePicked(filter.where, key, value) })
  }

  return (
    <>
      <RecordsView
        collection={collection}
        view={view.value}
        keys={metadataKeys}
        mapping={mapping}
        total={total}
        openId={search.record ?? null}
        onOpen={open}
        onSort={setSort}
        onFilter={setFilter}
        onFindSimilar={findSimilar}
        renderToolbar={(trailing) => (
          <>
            <FilterBar
              collection={collection}
              keys={metadataKeys}
              filter={filter}
              onFilter={setFilter}
              trailing={
                <>
                  <SetsPopover collection={collection} shown={filter.set} onShow={(next) => setFilter({ ...filter, set: next })} />
                  {trailing}
                </>
              }
            >
              <ProfileBadge collection={collection} keys={metadataKeys} />
            </FilterBar>
            {goneKey !== null && (
              <Callout
                severity="warning"
                title={
                  <>
                    Records are to be sorted by <UntrustedText text={goneKey} limit={80} />, which is no key of this collection.
                  </>
                }
                action={<Button onClick={() => setSort(storedOrder)}>Show stored order</Button>}
                className="m-3"
              >
                They stand as they are stored.
              </Callout>
            )}
          </>
        )}
      />
      {search.record !== undefined && (
        <InspectorContent>
          <RecordInspector
            collection={collection}
            view={view.value}
            id={search.record}
            mapping={mapping}
            onOpen={open}
            onPick={pick}
            onClearFilter={() => setFilter(noFilter)}
            onFindSimilar={findSimilar}
          />
        </InspectorContent>
      )}
    </>
  )
}
