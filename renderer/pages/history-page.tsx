import { HistoryView } from '../features/changes/history-view.tsx'
import type { HistorySearch } from '../lib/history-search.ts'

interface HistoryPageProps {
  readonly connectionId: string
  readonly search: HistorySearch
  /** Goes to the same page with another search. `replace` keeps it out of the history. */
  readonly onSearchChange: (search: HistorySearch, options?: { replace?: boolean }) => void
}

/** The changes of a store. */
export function HistoryPage({ connectionId, search, onSearchChange }: HistoryPageProps) {
  return <HistoryView key={connectionId} connectionId={connectionId} search={search} onSearchChange={onSearchChange} />
}
