import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { EmbedderChip } from '../features/embedders/embedder-chip.tsx'
import { DryRunView } from '../features/lookups/dry-run-view.tsx'
import { useClient } from '../lib/client-context.tsx'
import { collectionsOf } from '../lib/collections-of.ts'
import { useOverlay } from '../lib/overlay.ts'
import type { LookupsSearch } from '../lib/query-search.ts'
import { Button } from '../ui/button.tsx'
import { EntryInspector, useOpenRecord } from './entry-inspector.tsx'

export interface LookupsPageProps {
  connectionId: string
  collectionId: string
  search: LookupsSearch
  /** Goes to the same page with another search. `replace` keeps it out of the history. */
  onSearchChange: (search: LookupsSearch, options?: { replace?: boolean }) => void
}

/** Lookups of one collection, taken as a cache, with the entry in the inspector. */
export function LookupsPage({ connectionId, collectionId, search, onSearchChange }: LookupsPageProps) {
  const client = useClient()
  const collection = useMemo(() => ({ connectionId, collectionId }), [connectionId, collectionId])
  const { data: catalog } = useQuery(client.query('collections.catalog', { connectionId }))
  const show = useOverlay((store) => store.show)
  const summary = catalog && collectionsOf(catalog).find(({ id }) => id === collectionId)
  const open = useOpenRecord(search, onSearchChange)

  return (
    <DryRunView
      collection={collection}
      space={summary?.space ?? null}
      query={search.q ?? ''}
      openId={search.record ?? null}
      onAsk={(q) => onSearchChange({ ...search, q, record: undefined })}
      onOpen={open}
      embedder={<EmbedderChip collection={collection} dimension={summary?.dimension ?? null} />}
      errorActions={<Button onClick={() => show('settings')}>Set up embedders…</Button>}
      renderInspector={(order) => <EntryInspector collection={collection} id={search.record} order={order} onOpen={open} />}
    />
  )
}
