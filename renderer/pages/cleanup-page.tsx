import { useMemo } from 'react'
import { CleanupView } from '../features/cleanup/cleanup-view.tsx'
import type { CleanupSearch } from '../lib/cleanup-search.ts'
import { EntryInspector, useOpenRecord } from './entry-inspector.tsx'

export interface CleanupPageProps {
  connectionId: string
  collectionId: string
  search: CleanupSearch
  /** Goes to the same page with another search. `replace` keeps it out of the history. */
  onSearchChange: (search: CleanupSearch, options?: { replace?: boolean }) => void
}

/** What could be cleaned up in a collection, with a record in the inspector. */
export function CleanupPage({ connectionId, collectionId, search, onSearchChange }: CleanupPageProps) {
  const collection = useMemo(() => ({ connectionId, collectionId }), [connectionId, collectionId])
  const open = useOpenRecord(search, onSearchChange)
  return (
    <>
      <CleanupView collection={collection} search={search} onSearchChange={onSearchChange} onOpen={open} />
      <EntryInspector collection={collection} id={search.record} onOpen={open} />
    </>
  )
}
