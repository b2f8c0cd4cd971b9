import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useRef, useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { wholeLog, type EntryRanking, type LogFilter, type LookupLog, type LookupSort } from '../../../shared/contract/lookup-logs.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatBytes, formatQuantity } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { EntryList } from './entry-list.tsx'
import { LogFilterBar } from './log-filter-bar.tsx'
import { LogSummary } from './log-summary.tsx'
import { LogToolbar } from './log-toolbar.tsx'
import { LookupList } from './lookup-list.tsx'
import { OpenLog } from './open-log.tsx'
import { useLogJob } from './use-log-job.ts'

const LogCharts = lazy(() => import('./log-charts.tsx').then((charts) => ({ default: charts.LogCharts })))

export interface LookupLogViewProps {
  collection: CollectionRef
  /** The entry in the inspector. */
  openId: string | null
  onOpen: (entryId: string) => void
}

/** Logs of lookups of a collection: one of them in figures, charts and lists. */
export function LookupLogView({ collection, openId, onOpen }: LookupLogViewProps) {
  const client = useClient()
  const logs = useQuery(client.query('lookupLogs.list', collection))
  const [chosen, setChosen] = useState<string | null>(null)
  const { follow, job, cancel } = useLogJob(useCallback((logId: string) => setChosen(logId), []))
  const log = logs.data?.find(({ id }) => id === chosen) ?? logs.data?.[0]

  if (logs.error !== null) return <QueryError error={logs.error} onRetry={() => void logs.refetch()} retrying={logs.isFetching} />
  return (
    <>
      {job !== null && (
        <div className="flex items-center gap-3 border-b border-line px-4 py-2">
          <span className="text-body">{job.title}</span>
          <ProgressBar label={job.title} done={job.done} total={job.total} className="max-w-80 flex-1" />
          <span className="text-small text-ink-muted">
            {job.total === null || !job.stage.endsWith('bytes') ? job.stage : `${formatBytes(job.done)} of ${formatBytes(job.total)}`}
          </span>
          <Button size="small" onClick={cancel}>
            Cancel
          </Button>
        </div>
      )}
      {logs.data === undefined ? (
        <SkeletonLines count={8} className="p-4" />
      ) : log === undefined ? (
        job === null && <OpenLog collection={collection} onStarted={follow} />
      ) : (
        <>
          <LogToolbar collection={collection} log={log} logs={logs.data} onChoose={setChosen} onStarted={follow}>
            <OpenLog compact collection={collection} onStarted={follow} />
          </LogToolbar>
          <OneLog key={log.id} collection={collection} log={log} openId={openId} onOpen={onOpen} />
        </>
      )}
    </>
  )
}

type ListName = 'lookups' | EntryRanking
const lists: { value: ListName; label: string }[] = [
  { value: 'lookups', label: 'Lookups' },
  { value: 'most-hit', label: 'Most-hit entries' },
  { value: 'never-hit', label: 'Never-hit entries' },
  { value: 'near-missed', label: 'Near-missed entries' },
]

function OneLog({ collection, log, openId, onOpen }: LookupLogViewProps & { log: LookupLog }) {
  const client = useClient()
  const [filter, setFilter] = useState<LogFilter>(wholeLog)
  const [sort, setSort] = useState<LookupSort>({ by: 'time', descending: true })
  const [list, setList] = useState<ListName>('lookups')
  const listPlace = useRef<HTMLDivElement>(null)
  const overview = useQuery({
    ...client.query('lookupLogs.overview', { ...collection, logId: log.id, filter }),
    placeholderData: keepPreviousData,
  })
  const narrow = (part: Partial<LogFilter>): void => {
    setFilter({ ...filter, ...part })
    setList('lookups')
    listPlace.current?.scrollIntoView({ block: 'nearest' })
  }

  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="flex flex-col gap-4 px-4 py-4">
        {log.notes.map((note) => (
          <Callout key={note} title={note} />
        ))}
        {log.lookups === 0 && (
          <Callout severity="warning" title="No lookup could be read from this file.">
            {log.malformed > 0
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
              <LogCharts overview={overview.data} threshold={log.threshold} onFilter={narrow} />
            </Suspense>
          </>
        )}
        <div ref={listPlace} className="flex flex-col gap-2">
          <div className="flex items-center gap-3">
            <Segmented label="What is listed" value={list} onValueChange={setList} options={lists} className="self-start" />
            {list === 'lookups' && overview.data && (
              <span className="text-small text-ink-muted">{formatQuantity(overview.data.lookups, 'lookup')}</span>
            )}
          </div>
          {list === 'lookups' ? (
            <LookupList
              collection={collection}
              logId={log.id}
              filter={filter}
              sort={sort}
              onSort={setSort}
              openId={openId}
              onOpen={onOpen}
            />
          ) : (
            <EntryList key={list} collection={collection} logId={log.id} ranking={list} filter={filter} onOpen={onOpen} onFilter={narrow} />
          )}
        </div>
      </div>
    </div>
  )
}
