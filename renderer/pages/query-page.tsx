import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo, type ComponentProps } from 'react'
import { noFilter, type Filter } from '../../shared/domain/where.ts'
import { pickedValues, sameScalar, togglePicked } from '../../shared/domain/where-edit.ts'
import type { MetadataScalar } from '../../shared/domain/metadata.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { EmbedderChip } from '../features/embedders/embedder-chip.tsx'
import { FilterBar } from '../features/filters/filter-bar.tsx'
import { parseVariant } from '../features/query/compare/variant.ts'
import { parseProbes, writtenProbes } from '../features/query/probes.ts'
import type { QueryState } from '../features/query/query-state.ts'
import { QueryView } from '../features/query/query-view.tsx'
import { useLadderOrder } from '../features/query/use-ladder-order.ts'
import { RecordInspector } from '../features/record/record-inspector.tsx'
import { useClient } from '../lib/client-context.tsx'
import { collectionsOf } from '../lib/collections-of.ts'
import { useFrame } from '../lib/frame.ts'
import { useOverlay } from '../lib/overlay.ts'
import { QueryError } from '../lib/query-error.tsx'
import type { QuerySearch } from '../lib/query-search.ts'
import { InspectorContent } from '../lib/slots.tsx'
import { useThreshold } from '../lib/use-threshold.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { searchOfFilter, viewFromSearch } from './records-view-from-search.ts'

export interface QueryPageProps {
  connectionId: string
  collectionId: string
  search: QuerySearch
  /** Goes to the same page with another search. `replace` keeps it out of the history. */
  onSearchChange: (search: QuerySearch, options?: { replace?: boolean }) => void
}

const unknownMapping: ProfileMapping = { kind: 'unknown', fields: {} }

type InspectorProps = Omit<ComponentProps<typeof RecordInspector>, 'order'>

/** The inspector, which goes through the records of the ladder and not of the collection. */
function LadderInspector({ state, place, ...props }: InspectorProps & { state: QueryState; place: number }) {
  return <RecordInspector {...props} order={useLadderOrder(state, place)} />
}

/** Queries of one collection, with their filter, embedder and inspector. Everything it shows follows from its address. */
export function QueryPage({ connectionId, collectionId, search, onSearchChange }: QueryPageProps) {
  const client = useClient()
  const navigate = useNavigate()
  const collection = useMemo(() => ({ connectionId, collectionId }), [connectionId, collectionId])
  const { data: keys } = useQuery(client.query('collections.keys', collection))
  const { data: profile } = useQuery(client.query('profiles.get', collection))
  const { data: catalog } = useQuery(client.query('collections.catalog', { connectionId }))
  const { threshold, setThreshold } = useThreshold(collection)
  const setInspectorOpen = useFrame((store) => store.setInspectorOpen)
  const show = useOverlay((store) => store.show)
  const { where, doc, find, dates, set } = search
  const view = useMemo(() => {
    try {
      return { ok: true as const, value: viewFromSearch(connectionId, collectionId, { where, doc, find, dates, set }) }
    } catch (error) {
      return { ok: false as const, error }
    }
  }, [connectionId, collectionId, where, doc, find, dates, set])

  const change = useCallback(
    (part: Partial<QuerySearch>, options?: { replace?: boolean }) => onSearchChange({ ...search, ...part }, options),
    [onSearchChange, search],
  )
  const setFilter = useCallback((filter: Filter, options?: { replace?: boolean }) => change(searchOfFilter(filter), options), [change])
  const open = (id: string | null) => {
    if (id !== null) setInspectorOpen(true)
    change({ record: id ?? undefined }, { replace: id !== null && search.record !== undefined })
  }
  if (!view.ok) return <QueryError error={view.error} actions={<Button onClick={() => setFilter(noFilter)}>Clear the filter</Button>} />

  const { filter } = view.value
  const kind = search.by ?? 'text'
  const text = search.q ?? ''
  const nResults = Math.min(1000, Number(search.n ?? 10))
  const mapping = profile?.mapping ?? unknownMapping
  const dimension = catalog === undefined ? null : (collectionsOf(catalog).find(({ id }) => id === collectionId)?.dimension ?? null)
  const compared = parseVariant(search.versus)
  const state: QueryState = {
    collection,
    mapping,
    kind,
    text,
    parsed: parseProbes(kind, text),
    settings: { nResults, filter, method: search.method ?? 'exact' },
    threshold,
    setThreshold,
    openId: search.record ?? null,
  }
  const place = Math.min(Number(search.at ?? 1), state.parsed.ok ? state.parsed.probes.length : 1) - 1
  const pick = (key: string, value: MetadataScalar) => {
    if (!pickedValues(filter.where, key).some((each) => sameScalar(each, value)))
      setFilter({ ...filter, where: togglePicked(filter.where, key, value) })
  }
  const count = (n: number) => (n === 10 ? undefined : String(n))

  return (
    <>
      {compared === 'unreadable' && (
        <Callout
          severity="warning"
          title="The query to compare with cannot be read in this link."
          action={<Button onClick={() => change({ versus: undefined }, { replace: true })}>Show this query alone</Button>}
          className="m-3"
        >
          Perhaps the link was cut short. Only its first query is shown.
        </Callout>
      )}
      <QueryView
        state={state}
        variant={compared === 'unreadable' ? null : compared}
        place={place}
        onPlace={(next) => change({ at: next === 0 ? undefined : String(next + 1), record: undefined }, { replace: true })}
        onAsk={(nextKind, q, n) =>
          change({ by: nextKind === 'text' ? undefined : nextKind, q, n: count(n), at: undefined, record: undefined })
        }
        onMethod={(method) => change({ method: method === 'engine' ? method : undefined })}
        onPick={({ probes, settings }) =>
          onSearchChange({
            ...writtenProbes(probes),
            ...searchOfFilter(settings.filter),
            n: count(settings.nResults),
            threshold: search.threshold,
            method: settings.method === 'engine' ? settings.method : undefined,
          })
        }
        onVariant={(variant) => change({ versus: variant === null ? undefined : JSON.stringify(variant) })}
        onOpen={open}
        onOpenElsewhere={(target, record) =>
          void navigate({ to: '/s/$connectionId/c/$collectionId/records', params: target, search: { record } })
        }
        filterBar={<FilterBar collection={collection} keys={keys ?? []} filter={filter} onFilter={setFilter} />}
        embedder={<EmbedderChip collection={collection} dimension={dimension} />}
        errorActions={
          search.by !== 'record' && search.by !== 'vector' && <Button onClick={() => show('settings')}>Set up embedders…</Button>
        }
      />
      {search.record !== undefined && (
        <InspectorContent>
          <LadderInspector
            state={state}
            place={place}
            collection={collection}
            view={view.value}
            id={search.record}
            mapping={mapping}
            onOpen={open}
            onPick={pick}
            onClearFilter={() => setFilter(noFilter)}
            onFindSimilar={(id) => change({ by: 'record', q: id, at: undefined, record: id })}
          />
        </InspectorContent>
      )}
    </>
  )
}
