import { useMemo } from 'react'
import { ThresholdsView } from '../features/thresholds/thresholds-view.tsx'
import type { ThresholdsSearch } from '../lib/thresholds-search.ts'
import { EntryInspector, useOpenRecord } from './entry-inspector.tsx'

export interface ThresholdsPageProps {
  connectionId: string
  collectionId: string
  search: ThresholdsSearch
  /** Goes to the same page with another search. `replace` keeps it out of the history. */
  onSearchChange: (search: ThresholdsSearch, options?: { replace?: boolean }) => void
}

/** The threshold lab of a collection, with the entry of a lookup in the inspector. */
export function ThresholdsPage({ connectionId, collectionId, search, onSearchChange }: ThresholdsPageProps) {
  const collection = useMemo(() => ({ connectionId, collectionId }), [connectionId, collectionId])
  const open = useOpenRecord(search, onSearchChange)
  return (
    <>
      <ThresholdsView collection={collection} search={search} onSearchChange={onSearchChange} onOpen={open} />
      <EntryInspector collection={collection} id={search.record} onOpen={open} />
    </>
  )
}
