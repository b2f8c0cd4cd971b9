import { useQuery } from '@tanstack/react-query'
import type { RecordView } from '../../../shared/contract/records.ts'
import { useClient } from '../../lib/client-context.tsx'

/**
 * The place of a record, and the ids before and after it: in `order` where that holds the record, else in a view. Index is null
 * where the view does not hold it either.
 */
export function useNeighbours(view: RecordView, id: string, order: readonly string[] = []) {
  const client = useClient()
  const inOrder = order.indexOf(id)
  const { data: located } = useQuery({ ...client.query('records.locate', { view, id }), enabled: inOrder === -1 })
  const index = located?.index ?? null
  const from = Math.max(0, (index ?? 0) - 1)
  const { data: around } = useQuery({
    ...client.query('records.page', { view, offset: from, limit: 3 }),
    enabled: inOrder === -1 && index !== null,
  })
  if (inOrder !== -1) {
    return {
      isLocated: true,
      index: inOrder,
      total: order.length,
      previous: order[inOrder - 1] ?? null,
      next: order[inOrder + 1] ?? null,
    }
  }
  const place = around?.records.findIndex((record) => record.id === id) ?? -1
  return {
    isLocated: located !== undefined,
    index,
    total: located?.total ?? 0,
    previous: place > 0 ? (around?.records[place - 1]?.id ?? null) : null,
    next: place >= 0 ? (around?.records[place + 1]?.id ?? null) : null,
  }
}
