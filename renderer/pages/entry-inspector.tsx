import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { storedOrder, type RecordView } from '../../shared/contract/records.ts'
import type { MetadataScalar } from '../../shared/domain/metadata.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { togglePicked } from '../../shared/domain/where-edit.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { RecordInspector } from '../features/record/record-inspector.tsx'
import { useClient } from '../lib/client-context.tsx'
import { useFrame } from '../lib/frame.ts'
import { InspectorContent } from '../lib/slots.tsx'
import { searchOfFilter } from './records-view-from-search.ts'

interface EntryInspectorProps {
  readonly collection: CollectionRef
  /** Nothing is shown where it is absent. */
  readonly id: string | undefined
  readonly onOpen: (id: string | null) => void
  /** Ids that Previous and Next go through; the whole collection where absent. */
  readonly order?: readonly string[]
}

const unknownMapping: ProfileMapping = { kind: 'unknown', fields: {} }

/** The entry of a lookup in the inspector, for views that have no filter of their own: what is picked leads to Records. */
export function EntryInspector({ collection, id, onOpen, order }: EntryInspectorProps) {
  const client = useClient()
  const navigate = useNavigate()
  const { data: profile } = useQuery(client.query('profiles.get', collection))
  const view = useMemo<RecordView>(() => ({ ...collection, filter: noFilter, sort: storedOrder }), [collection])
  if (id === undefined) return null
  const pick = (key: string, value: MetadataScalar): void => {
    const picked = searchOfFilter({ ...noFilter, where: togglePicked(noFilter.where, key, value) })
    void navigate({ to: '/s/$connectionId/c/$collectionId/records', params: collection, search: { ...picked, record: id } })
  }
  const findSimilar = (similar: string): void =>
    void navigate({
      to: '/s/$connectionId/c/$collectionId/query',
      params: collection,
      search: { by: 'record', q: similar, record: similar },
    })
  return (
    <InspectorContent>
      <RecordInspector
        collection={collection}
        view={view}
        id={id}
        mapping={profile?.mapping ?? unknownMapping}
        order={order}
        onOpen={onOpen}
        onPick={pick}
        onFindSimilar={findSimilar}
      />
    </InspectorContent>
  )
}

/** Opens a record of a view in the inspector, or with null closes it; going from one to the next leaves one step for Back. */
export function useOpenRecord<Search extends { record?: string | undefined }>(
  search: Search,
  onSearchChange: (search: Search, options?: { replace?: boolean }) => void,
): (id: string | null) => void {
  const setInspectorOpen = useFrame((store) => store.setInspectorOpen)
  return (id) => {
    if (id !== null) setInspectorOpen(true)
    onSearchChange({ ...search, record: id ?? undefined }, { replace: id !== null && search.record !== undefined })
  }
}
