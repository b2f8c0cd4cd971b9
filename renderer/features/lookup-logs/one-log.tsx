import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useRef } from 'react'
import { assumedThreshold, type EntryRanking, type LogFilter } from '../../../shared/contract/lookup-logs.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatQuantity } from '../../lib/format.ts'
import { logFilterOf, logSortOf, searchOfLogFilter, searchOfLogSort, type LogSearch } from '../../lib/log-search.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { useThreshold } from '../../lib/use-threshold.ts'
import { Callout } from '../../ui/callout.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { EntryList } from './entry-list.tsx'
import { LogFilterBar } from './log-filter-bar.tsx'
import { LogSummary } from './log-summary.tsx'
import { LookupList } from './lookup-list.tsx'
import type { LookupLogViewProps } from './lookup-log-view.tsx'
import type { ReadLog } from './read-log.ts'

const LogCharts = lazy(() => import('./log-charts.tsx').then((charts) => ({ default: charts.LogCharts })))

type ListName = 'lookups' | EntryRanking
const lists: { value: ListName; label: string }[] = [
  { value: 'lookups', label: 'Lookups' },
  { value: 'most-hit', label: 'Most-hit entries' },
  { value: 'never-hit', label: 'Never-hit entries' },
  { value: 'near-missed', label: 'Near-missed entries' },
]

/** A log in figures, charts and lists. What is shown of it follows from the address. */
export function OneLog({ collection, log, search, onSearchChange, onOpen }: LookupLogViewProps & { log: ReadLog }) {
  const client = useClient()
  const { threshold, settled, setThreshold } = useThreshold(collection)
  const listPlace = useRef<HTMLDivElement>(null)
  const { outcome, near, namespace, without, entry, from, to, min, max, query, sort, dir } = search
  const { facts } = log
  const otherwise = facts.threshold === null ? (settled ?? assumedThreshold) : assumedThreshold
  const filter = useMemo(
    () => logFilterOf({ outcome, near, namespace, without, entry, from, to, min, max, query }, otherwise),
    [outcome, near, namespace, without, entry, from, to, min, max, query, otherwise],
  )
  const order = useMemo(() => logSortOf({ sort, dir }), [sort, dir])
  const list = search.list ?? 'lookups'
  const overview = useQuery({
    ...client.query('lookupLogs.overview', { ...collection, logId: log.id, filter }),
    placeholderData: keepPreviousData,
  })
  const change = (part: LogSearch, options?: { replace?: boolean }): void => onSearchChange({ ...search, log: log.id, ...part }, options)
  const setFilter = (next: LogFilter): void =>
    // What is typed would make an entry of the history for each pause.
    change({ ...searchOfLogFilter(next), skip: undefined }, { replace: next.find !== filter.find })
  const narrow = (part: Partial<LogFilter>): void => {
    change({ ...searchOfLogFilter({ ...filter, ...part }), list: undefined, skip: undefined })
    listPlace.current?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="flex flex-col gap-4 px-4 py-4">
        {facts.notes.map((note) => (
          <Callout key={note} title={note} />
        ))}
        {facts.lookups === 0 && (
          <Callout severity="warning" title="No lookup could be read from this file.">
            {facts.malformed > 0
              ? 'See the malformed lines for the reasons, or choose the columns by hand.'
              : 'It is empty. Follow it to see lookups as they come.'}
          </Callout>
        )}
        <LogFilterBar filter={filter} onFilter={setFilter} />
        {overview.error !== null ? (
          <QueryError error={overview.error} onRetry={() => void overview.refetch()} retrying={overview.isFetching} />
        ) : overview.data === undefined ? (
          <SkeletonLines count={6} />
        ) : (
          <>
            <LogSummary overview={overview.data} onFilter={narrow} />
            <Suspense fallback={<SkeletonLines count={10} />}>
              <LogCharts
                overview={overview.data}
                threshold={threshold}
                onThreshold={setThreshold}
                logThreshold={facts.threshold}
                onFilter={narrow}
              />
            </Suspense>
          </>
        )}
        <div ref={listPlace} className="flex flex-col gap-2">
          <div className="flex items-center gap-3">
            <Segmented
              label="What is listed"
              value={list}
              onValueChange={(next) => change({ list: next === 'lookups' ? undefined : next, skip: undefined })}
              options={lists}
              className="self-start"
            />
            {list === 'lookups' && overview.data && (
              <span className="text-small text-ink-muted">{formatQuantity(overview.data.lookups, 'lookup')}</span>
            )}
          </div>
          {list === 'lookups' ? (
            <LookupList
              collection={collection}
              logId={log.id}
              filter={filter}
              sort={order}
              onSort={(next) => change(searchOfLogSort(next))}
              openId={search.record ?? null}
              onOpen={onOpen}
            />
          ) : (
            <EntryList
              collection={collection}
              logId={log.id}
              ranking={list}
              filter={filter}
              offset={Number(search.skip ?? 0)}
              onOffset={(offset) => change({ skip: offset === 0 ? undefined : String(offset) })}
              onOpen={onOpen}
              onFilter={narrow}
            />
          )}
        </div>
      </div>
    </div>
  )
}
