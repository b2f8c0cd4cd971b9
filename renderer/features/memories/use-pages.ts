import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { memoryPageSize } from '../../../shared/contract/memories.ts'
import { useClient } from '../../lib/client-context.tsx'
import type { Input, Output, QueryName } from '../../rpc/client.ts'

export type Paged = Extract<QueryName, 'memories.users' | 'memories.sessions' | 'memories.timeline'>

/** How long pages out of sight are kept, in milliseconds. */
const keptFor = 60_000

/**
 * Pages of a long list: the first one, which says how many items there are, and those that hold items in view.
 * @param inView places of items that are drawn
 */
export function usePages<Name extends Paged>(name: Name, request: Omit<Input<Name>, 'offset' | 'limit'>, inView: readonly number[]) {
  const client = useClient()
  const pages = [...new Set([0, ...inView.map((place) => Math.floor(place / memoryPageSize))])]
  const results = useQueries({
    queries: pages.map((page) => {
      const input = { ...request, offset: page * memoryPageSize, limit: memoryPageSize } as Input<Name>
      return { ...client.query(name, input), gcTime: keptFor, placeholderData: page === 0 ? keepPreviousData : undefined }
    }),
  })
  const dataOf = (page: number): Output<Name> | undefined => results[pages.indexOf(page)]?.data as Output<Name> | undefined
  const failed = results.find(({ error }) => error !== null)
  const first = dataOf(0)
  return {
    first,
    /** Zero while it is not known. */
    total: (first as { readonly total: number } | undefined)?.total ?? 0,
    /** The page that holds the item at a place, undefined while it is on its way, and the item's place within. */
    at: (place: number): { data: Output<Name> | undefined; index: number } => ({
      data: dataOf(Math.floor(place / memoryPageSize)),
      index: place % memoryPageSize,
    }),
    isFetching: results.some(({ isFetching }) => isFetching),
    error: failed?.error ?? null,
    retry: () => results.filter(({ error }) => error !== null).forEach((result) => void result.refetch()),
  }
}
