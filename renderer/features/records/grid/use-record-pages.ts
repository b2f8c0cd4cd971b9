import { useQueries, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { storedOrder, type RecordView } from '../../../../shared/contract/records.ts'
import type { StoredRecord } from '../../../../shared/domain/record.ts'
import { noFilter } from '../../../../shared/domain/where.ts'
import { encode } from '../../../../shared/rpc/codec.ts'
import { useClient } from '../../../lib/client-context.tsx'

/** Records per request. */
const pageSize = 200
/** Rows beyond the screen that are asked for ahead. */
const ahead = 120
/** A thumb that is dragged passes many pages: only those where it rests this long, in milliseconds, are asked for. */
const rest = 70
/** How long pages out of sight are kept, in milliseconds. */
const keptFor = 60_000

/** Asks for the first page of a view ahead of everything else that the page needs, because on a large collection the rest takes longer. */
export function useFirstPage(view: RecordView | null): void {
  const client = useClient()
  const asked = view ?? { connectionId: '', collectionId: '', filter: noFilter, sort: storedOrder }
  useQuery({ ...client.query('records.page', { view: asked, offset: 0, limit: pageSize }), enabled: view !== null, gcTime: keptFor })
}

export interface ShownView {
  readonly view: RecordView
  /** Text that is the same for the same view. */
  readonly key: string
  /** Number of records in the view. */
  readonly total: number
}

/**
 * The view that is shown, which stays the one before until the first page of the requested view is there; `isUpdating` is true meanwhile.
 * Null while a collection is opened.
 */
export function useShownView(requested: RecordView) {
  const client = useClient()
  const first = useQuery({ ...client.query('records.page', { view: requested, offset: 0, limit: pageSize }), gcTime: keptFor })
  const key = encode(requested)
  const [kept, setKept] = useState<ShownView | null>(null)
  const total = first.data?.total
  const current = total === undefined ? null : { view: requested, key, total }
  if (current !== null && (kept?.key !== key || kept.total !== total)) setKept(current)
  const isOfSameCollection = kept?.view.collectionId === requested.collectionId && kept.view.connectionId === requested.connectionId
  const shown = current ?? (isOfSameCollection ? kept : null)
  return {
    shown,
    isUpdating: shown !== null && shown.key !== key && first.error === null,
    error: first.error,
    retry: () => void first.refetch(),
    isRetrying: first.isFetching,
  }
}

function pagesFor(from: number, to: number, total: number): number[] {
  if (total === 0) return []
  const first = Math.floor(Math.max(0, from - ahead) / pageSize)
  const last = Math.floor(Math.min(total - 1, to + ahead) / pageSize)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
}

/** The same pages, but only once the rows in view rest, unless they are next to the pages asked for before. */
function useRestingPages(wanted: readonly number[]): readonly number[] {
  const [resting, setResting] = useState(wanted)
  const isNear = wanted.some((page) => resting.includes(page))
  const key = wanted.join()
  useEffect(() => {
    const timer = setTimeout(() => setResting(key === '' ? [] : key.split(',').map(Number)), isNear ? 0 : rest)
    return () => clearTimeout(timer)
  }, [key, isNear])
  return resting
}

/** Access to the records of a view by place. Pages near the rows in view are loaded; requests for pages left behind are cancelled. */
export function useRecordPages(shown: ShownView, from: number, to: number) {
  const client = useClient()
  const pages = useRestingPages(pagesFor(from, to, shown.total))
  const results = useQueries({
    queries: pages.map((page) => ({
      ...client.query('records.page', { view: shown.view, offset: page * pageSize, limit: pageSize }),
      gcTime: keptFor,
    })),
  })
  const loaded = new Map(pages.map((page, index) => [page, results[index]?.data?.records]))
  const failed = results.find((result) => result.error !== null)
  return {
    recordAt: (index: number): StoredRecord | undefined => loaded.get(Math.floor(index / pageSize))?.[index % pageSize],
    error: failed?.error ?? null,
    retry: () => results.filter((result) => result.error !== null).forEach((result) => void result.refetch()),
  }
}
