import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useRef } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { LogFilter, Lookup, LookupSort } from '../../../shared/contract/lookup-logs.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount, formatTime } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Badge } from '../../ui/badge.tsx'
import { cx } from '../../ui/cx.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { formatLatency, formatSimilarity, outcomeOf } from './outcome-words.ts'

const pageSize = 200
const rowHeight = 28
/** Browsers lay out no more than about 33 million pixels. */
const maxRows = 1_000_000
/** What there is no room for is left out: the latency first, then the namespace. */
const columns = cx(
  'grid grid-cols-[8.5rem_5.75rem_minmax(0,1fr)_4.75rem_minmax(0,6rem)] items-center gap-3 px-3',
  '@min-[52rem]:grid-cols-[8.5rem_5.75rem_minmax(0,1fr)_4.75rem_6rem_minmax(0,8rem)]',
  '@min-[60rem]:grid-cols-[9.5rem_6.5rem_minmax(0,1fr)_4.75rem_4.5rem_7rem_minmax(0,10rem)]',
)
const fromMiddle = 'hidden @min-[52rem]:block'
const fromWide = 'hidden @min-[60rem]:block'

export interface LookupListProps {
  collection: CollectionRef
  logId: string
  filter: LogFilter
  sort: LookupSort
  onSort: (sort: LookupSort) => void
  /** The entry in the inspector. */
  openId: string | null
  onOpen: (entryId: string) => void
}

const heads = [
  { by: 'time', name: 'Time' },
  { by: null, name: 'Outcome' },
  { by: null, name: 'Query' },
  { by: 'similarity', name: 'Similarity', place: 'text-right' },
  { by: 'latency', name: 'Latency', place: cx('text-right', fromWide) },
  { by: null, name: 'Namespace', place: fromMiddle },
  { by: null, name: 'Entry' },
] satisfies readonly { by: LookupSort['by'] | null; name: string; place?: string }[]

/** The lookups that a filter means, as many as there are; each leads to its entry. */
export function LookupList({ collection, logId, filter, sort, onSort, openId, onOpen }: LookupListProps) {
  const client = useClient()
  const viewport = useRef<HTMLDivElement>(null)
  const window = { ...collection, logId, filter, sort, limit: pageSize }
  const first = useQuery({ ...client.query('lookupLogs.lookups', { ...window, offset: 0 }), placeholderData: keepPreviousData })
  const total = first.data?.total ?? 0
  const virtualizer = useVirtualizer({
    count: Math.min(total, maxRows),
    getScrollElement: () => viewport.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const items = virtualizer.getVirtualItems()
  const pages = [...new Set(items.map((item) => Math.floor(item.index / pageSize)))].filter((page) => page > 0)
  const results = useQueries({
    queries: pages.map((page) => ({ ...client.query('lookupLogs.lookups', { ...window, offset: page * pageSize }), gcTime: 60_000 })),
  })
  const loaded = new Map([[0, first.data?.lookups], ...pages.map((page, at) => [page, results[at]?.data?.lookups] as const)])
  const lookupAt = (index: number): Lookup | undefined => loaded.get(Math.floor(index / pageSize))?.[index % pageSize]

  if (first.error !== null) return <QueryError error={first.error} onRetry={() => void first.refetch()} retrying={first.isFetching} />
  if (first.data?.total === 0)
    return <EmptyState title="No lookup of this log is like that">Take a part of the filter away to see others.</EmptyState>
  return (
    <div
      role="table"
      aria-label="Lookups"
      aria-rowcount={total + 1}
      className="@container flex h-96 min-w-0 flex-col overflow-hidden rounded-md border border-line"
    >
      <div role="row" className={cx(columns, 'h-7 shrink-0 border-b border-line bg-sunken text-small text-ink-muted')}>
        {heads.map(({ by, name, place }) => {
          const isSorted = by !== null && sort.by === by
          return (
            <span
              key={name}
              role="columnheader"
              className={place}
              aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
            >
              {by === null ? (
                name
              ) : (
                <button
                  type="button"
                  className="inline-flex items-center gap-1 rounded-sm hover:text-ink"
                  onClick={() => onSort({ by, descending: isSorted ? !sort.descending : true })}
                >
                  {name}
                  {isSorted &&
                    (sort.descending ? (
                      <ArrowDown aria-hidden="true" className="size-3" />
                    ) : (
                      <ArrowUp aria-hidden="true" className="size-3" />
                    ))}
                </button>
              )}
            </span>
          )
        })}
      </div>
      <div ref={viewport} role="rowgroup" className="min-h-0 flex-1 overflow-y-auto">
        <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => (
            <LookupRow key={item.key} index={item.index} top={item.start} lookup={lookupAt(item.index)} openId={openId} onOpen={onOpen} />
          ))}
        </div>
      </div>
      {total > maxRows && (
        <p className="shrink-0 border-t border-line px-3 py-1 text-small text-ink-muted">
          The first {formatCount(maxRows)} of {formatCount(total)} are listed. Filter to see others.
        </p>
      )}
    </div>
  )
}

interface LookupRowProps {
  index: number
  top: number
  lookup: Lookup | undefined
  openId: string | null
  onOpen: (entryId: string) => void
}

function LookupRow({ index, top, lookup, openId, onOpen }: LookupRowProps) {
  const place = { role: 'row', 'aria-rowindex': index + 2, style: { top, height: rowHeight } }
  if (lookup === undefined) {
    return (
      <div {...place} className={cx(columns, 'absolute inset-x-0')}>
        <span role="cell">
          <Skeleton className="w-24" />
        </span>
      </div>
    )
  }
  const { time, query, namespace, entryId, similarity, latency, line } = lookup
  const { word, tone } = outcomeOf(lookup)
  const cell = 'min-w-0 truncate'
  return (
    <div
      {...place}
      className={cx(
        columns,
        'absolute inset-x-0 border-b border-line',
        entryId !== null && 'hover:bg-hover',
        entryId !== null && entryId === openId && 'bg-accent-soft',
      )}
      onClick={() => entryId !== null && onOpen(entryId)}
    >
      <span role="cell" className={cx(cell, 'text-small text-ink-muted')} title={`Line ${formatCount(line)}`}>
        {time === null ? 'no time' : formatTime(time)}
      </span>
      <span role="cell">
        <Badge tone={tone}>{word}</Badge>
      </span>
      <span role="cell" className={cell} title={query?.slice(0, 500)}>
        {query === null ? <span className="text-ink-faint">no query</span> : <UntrustedText text={query} limit={300} />}
      </span>
      <span role="cell" className="numeric text-right">
        {similarity === null ? '' : formatSimilarity(similarity)}
      </span>
      <span role="cell" className={cx('numeric text-right', fromWide)}>
        {latency === null ? '' : formatLatency(latency)}
      </span>
      <span role="cell" className={cx(cell, 'text-ink-muted', fromMiddle)}>
        {namespace !== null && <UntrustedText text={namespace} limit={100} />}
      </span>
      <span role="cell" className={cell}>
        {entryId !== null && (
          <button
            type="button"
            className="numeric max-w-full truncate rounded-sm text-accent hover:underline"
            onClick={(event) => {
              event.stopPropagation()
              onOpen(entryId)
            }}
          >
            <UntrustedText text={entryId} limit={80} />
          </button>
        )}
      </span>
    </div>
  )
}
