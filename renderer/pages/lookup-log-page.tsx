import { useMemo } from 'react'
import { LookupLogView } from '../features/lookup-logs/lookup-log-view.tsx'
import type { LogSearch } from '../lib/log-search.ts'
import { EntryInspector, useOpenRecord } from './entry-inspector.tsx'

export interface LookupLogPageProps {
  connectionId: string
  collectionId: string
  search: LogSearch
  /** Goes to the same page with another search. `replace` keeps it out of the history. */
  onSearchChange: (search: LogSearch, options?: { replace?: boolean }) => void
}

/** The lookup log of a collection, with the entry of a lookup in the inspector. */
export function LookupLogPage({ connectionId, collectionId, search, onSearchChange }: LookupLogPageProps) {
  const collection = useMemo(() => ({ connectionId, collectionId }), [connectionId, collectionId])
  const open = useOpenRecord(search, onSearchChange)
  return (
    <>
      <LookupLogView collection={collection} search={search} onSearchChange={onSearchChange} onOpen={open} />
      <EntryInspector collection={collection} id={search.record} onOpen={open} />
    </>
  )
}
