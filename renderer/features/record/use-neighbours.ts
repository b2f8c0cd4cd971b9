import { useQuery } from '@tanstack/react-query'
import type { RecordView } from '../../../shared/contract/records.ts'
import { useClient } from '../../lib/client-context.tsx'

/** The place of a record in a view, and the ids before and after it. Index is null where the view does not hold the record. */
export function useNeighbours(view: RecordView, id: string) {
  const client = useClient()
  const { data: located } = useQuery(client.query('records.locate', { view, id }))
  const index = located?.index ?? null
  const from = Math.max(0, (index ?? 0) - 1)
  const { data: around } = useQuery({ ...client.query('records.page', { view, offset: from, limit: 3 }), enabled: index !== null })
  const place = around?.records.findIndex((record) => record.id === id) ?? -1
  return {
    isLocated: located !== undefined,
    index,
    total: located?.total ?? 0,
    previous: place > 0 ? (around?.records[place - 1]?.id ?? null) : null,
    next: place >= 0 ? (around?.records[place + 1]?.id ?? null) : null,
  }
}
