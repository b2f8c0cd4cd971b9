import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { storedOrder, type RecordView } from '../../shared/contract/records.ts'
import { printWhere } from '../../shared/domain/where-json.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { EmbedderChip } from '../features/embedders/embedder-chip.tsx'
import { DryRunView } from '../features/lookups/dry-run-view.tsx'
import { RecordInspector } from '../features/record/record-inspector.tsx'
import { useClient } from '../lib/client-context.tsx'
import { collectionsOf } from '../lib/collections-of.ts'
import { useFrame } from '../lib/frame.ts'
import { useOverlay } from '../lib/overlay.ts'
import type { LookupsSearch } from '../lib/query-search.ts'
import { InspectorContent } from '../lib/slots.tsx'
import { Button } from '../ui/button.tsx'

export interface LookupsPageProps {
  connectionId: string
  collectionId: string
  search: LookupsSearch
  /** Goes to the same page with another search. `replace` keeps it out of the history. */
  onSearchChange: (search: LookupsSearch, options?: { replace?: boolean }) => void
}

const unknownMapping: ProfileMapping = { kind: 'unknown', fields: {} }

/** Lookups of one collection, taken as a cache, with the entry in the inspector. */
export function LookupsPage({ connectionId, collectionId, search, onSearchChange }: LookupsPageProps) {
  const client = useClient()
  const navigate = useNavigate()
  const collection = useMemo(() => ({ connectionId, collectionId }), [connectionId, collectionId])
  const { data: profile } = useQuery(client.query('profiles.get', collection))
  const { data: catalog } = useQuery(client.query('collections.catalog', { connectionId }))
  const setInspectorOpen = useFrame((store) => store.setInspectorOpen)
  const show = useOverlay((store) => store.show)
  const summary = catalog && collectionsOf(catalog).find(({ id }) => id === collectionId)
  const view = useMemo<RecordView>(() => ({ ...collection, filter: noFilter, sort: storedOrder }), [collection])
  const open = (id: string | null) => {
    if (id !== null) setInspectorOpen(true)
    onSearchChange({ ...search, record: id ?? undefined }, { replace: id !== null && search.record !== undefined })
  }

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
      renderInspector={(order) =>
        search.record !== undefined && (
          <InspectorContent>
            <RecordInspector
              collection={collection}
              view={view}
              id={search.record}
              mapping={profile?.mapping ?? unknownMapping}
              order={order}
              onOpen={open}
              onPick={(key, value) =>
                void navigate({
                  to: '/s/$connectionId/c/$collectionId/records',
                  params: collection,
                  search: { where: printWhere({ kind: 'compare', key, operator: '$eq', value }, 'compact'), record: search.record },
                })
              }
              onFindSimilar={(id) =>
                void navigate({
                  to: '/s/$connectionId/c/$collectionId/query',
                  params: collection,
                  search: { by: 'record', q: id, record: id },
                })
              }
            />
          </InspectorContent>
        )
      }
    />
  )
}
