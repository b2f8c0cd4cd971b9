import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { storedOrder, type RecordView } from '../../shared/contract/records.ts'
import type { MetadataScalar } from '../../shared/domain/metadata.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { togglePicked } from '../../shared/domain/where-edit.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { RecordInspector } from '../features/record/record-inspector.tsx'
import { ThresholdsView } from '../features/thresholds/thresholds-view.tsx'
import { useClient } from '../lib/client-context.tsx'
import { useFrame } from '../lib/frame.ts'
import { InspectorContent } from '../lib/slots.tsx'
import type { ThresholdsSearch } from '../lib/thresholds-search.ts'
import { searchOfFilter } from './records-view-from-search.ts'

export interface ThresholdsPageProps {
  connectionId: string
  collectionId: string
  search: ThresholdsSearch
  /** Goes to the same page with another search. `replace` keeps it out of the history. */
  onSearchChange: (search: ThresholdsSearch, options?: { replace?: boolean }) => void
}

const unknownMapping: ProfileMapping = { kind: 'unknown', fields: {} }

/** The threshold lab of a collection, with the entry of a lookup in the inspector. */
export function ThresholdsPage({ connectionId, collectionId, search, onSearchChange }: ThresholdsPageProps) {
  const client = useClient()
  const navigate = useNavigate()
  const collection = useMemo(() => ({ connectionId, collectionId }), [connectionId, collectionId])
  const { data: profile } = useQuery(client.query('profiles.get', collection))
  const setInspectorOpen = useFrame((store) => store.setInspectorOpen)
  const view = useMemo<RecordView>(() => ({ ...collection, filter: noFilter, sort: storedOrder }), [collection])
  const { record } = search
  const open = (id: string | null): void => {
    if (id !== null) setInspectorOpen(true)
    onSearchChange({ ...search, record: id ?? undefined }, { replace: id !== null && record !== undefined })
  }
  const pick = (key: string, value: MetadataScalar): void => {
    const picked = searchOfFilter({ ...noFilter, where: togglePicked(noFilter.where, key, value) })
    void navigate({ to: '/s/$connectionId/c/$collectionId/records', params: collection, search: { ...picked, record } })
  }
  const findSimilar = (id: string): void =>
    void navigate({ to: '/s/$connectionId/c/$collectionId/query', params: collection, search: { by: 'record', q: id, record: id } })
  return (
    <>
      <ThresholdsView collection={collection} search={search} onSearchChange={onSearchChange} onOpen={open} />
      {record !== undefined && (
        <InspectorContent>
          <RecordInspector
            collection={collection}
            view={view}
            id={record}
            mapping={profile?.mapping ?? unknownMapping}
            onOpen={open}
            onPick={pick}
            onFindSimilar={findSimilar}
          />
        </InspectorContent>
      )}
    </>
  )
}
