import { useMutation, useQuery } from '@tanstack/react-query'
import { Unlink } from 'lucide-react'
import { useCallback, useEffect, useRef } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { useClient } from '../../lib/client-context.tsx'
import type { LogSearch } from '../../lib/log-search.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { LogJobBar } from './log-job-bar.tsx'
import { LogToolbar } from './log-toolbar.tsx'
import { OneLog } from './one-log.tsx'
import { OpenLog } from './open-log.tsx'
import { isRead } from './read-log.ts'
import { ReopenLog } from './reopen-log.tsx'
import { useLogJob } from '../../lib/use-log-job.ts'

export interface LookupLogViewProps {
  collection: CollectionRef
  search: LogSearch
  /** Goes to the same page with another search. `replace` keeps it out of the history. */
  onSearchChange: (search: LogSearch, options?: { replace?: boolean }) => void
  onOpen: (entryId: string) => void
}

/** Logs of lookups of a collection: one of them in figures, charts and lists. */
export function LookupLogView({ collection, search, onSearchChange, onOpen }: LookupLogViewProps) {
  const client = useClient()
  const logs = useQuery(client.query('lookupLogs.list', collection))
  const close = useMutation(client.mutation('lookupLogs.close'))
  const log = search.log === undefined ? logs.data?.[0] : logs.data?.find(({ id }) => id === search.log)
  const latest = useRef({ shownId: log?.id, threshold: search.threshold, onSearchChange })
  useEffect(() => {
    latest.current = { shownId: log?.id, threshold: search.threshold, onSearchChange }
  })
  const choose = useCallback((logId: string): void => {
    const { shownId, threshold, onSearchChange: go } = latest.current
    if (logId !== shownId) go({ log: logId, threshold })
  }, [])
  const { follow, job, cancel } = useLogJob(choose)

  if (logs.error !== null) return <QueryError error={logs.error} onRetry={() => void logs.refetch()} retrying={logs.isFetching} />
  if (logs.data === undefined) return <SkeletonLines count={8} className="p-4" />
  if (log === undefined && search.log !== undefined && logs.isFetching) return <SkeletonLines count={8} className="p-4" />
  const forget = (logId: string): void => {
    onSearchChange({ threshold: search.threshold, record: search.record }, { replace: true })
    close.mutate({ ...collection, logId })
  }
  const [other] = logs.data
  return (
    <>
      {job !== null && <LogJobBar job={job} onCancel={cancel} />}
      {log !== undefined ? (
        <>
          <LogToolbar
            collection={collection}
            log={log}
            logs={logs.data}
            onChoose={choose}
            onStarted={follow}
            onClose={() => forget(log.id)}
          >
            <OpenLog compact collection={collection} onStarted={follow} />
          </LogToolbar>
          {isRead(log) ? (
            <OneLog key={log.id} collection={collection} log={log} search={search} onSearchChange={onSearchChange} onOpen={onOpen} />
          ) : (
            <ReopenLog key={log.id} collection={collection} log={log} onClose={() => forget(log.id)} />
          )}
        </>
      ) : other !== undefined ? (
        <EmptyState
          icon={<Unlink />}
          title="The log of this address is not open here"
          action={
            <>
              <Button variant="primary" onClick={() => onSearchChange({ threshold: search.threshold })}>
                {`Show ${other.name}`}
              </Button>
              <OpenLog compact collection={collection} onStarted={follow} />
            </>
          }
        >
          It was closed, or the address comes from another computer.
        </EmptyState>
      ) : (
        job === null && <OpenLog collection={collection} onStarted={follow} />
      )}
    </>
  )
}
