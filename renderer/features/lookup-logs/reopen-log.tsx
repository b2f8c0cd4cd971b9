import { useMutation, useQuery } from '@tanstack/react-query'
import { Logs } from 'lucide-react'
import { useEffect } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { LookupLog } from '../../../shared/contract/lookup-logs.ts'
import { useClient } from '../../lib/client-context.tsx'
import { QueryError } from '../../lib/query-error.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { LogJobBar } from './log-job-bar.tsx'

export interface ReopenLogProps {
  collection: CollectionRef
  log: LookupLog
  onClose: () => void
}

/** Reads a log that was open when the app ended, and says what to do where that fails. */
export function ReopenLog({ collection, log, onClose }: ReopenLogProps) {
  const client = useClient()
  const { data, mutate, error, isPending } = useMutation({ ...client.mutation('lookupLogs.reopen'), meta: { showsError: true } })
  const cancel = useMutation(client.mutation('jobs.cancel'))
  const { data: jobs } = useQuery(client.query('jobs.list', {}))
  const job = jobs?.find(({ id }) => id === data?.jobId)
  const { connectionId, collectionId } = collection
  const logId = log.id
  useEffect(() => mutate({ connectionId, collectionId, logId }), [mutate, connectionId, collectionId, logId])
  const isRead = job?.state === 'done'
  useEffect(() => {
    // What the core tells of it may have been told before this window listened.
    if (isRead) void client.invalidate(['lookupLogs'])
  }, [isRead, client])

  const read = (): void => mutate({ ...collection, logId })
  const close = <Button onClick={onClose}>Close the log</Button>
  if (error !== null) return <QueryError error={error} onRetry={read} retrying={isPending} actions={close} />
  if (job?.state === 'failed')
    return <ErrorState message={job.error?.message ?? ''} remedy={job.error?.remedy ?? null} onRetry={read} actions={close} />
  if (job?.state === 'cancelled') {
    return (
      <EmptyState
        icon={<Logs />}
        title="The log was not read"
        action={
          <>
            <Button variant="primary" onClick={read}>
              Read it
            </Button>
            {close}
          </>
        }
      >
        Reading <UntrustedText text={log.name} limit={120} /> was cancelled.
      </EmptyState>
    )
  }
  return (
    <>
      {job?.state === 'running' && <LogJobBar job={job} onCancel={() => cancel.mutate({ jobId: job.id })} />}
      <div aria-busy="true">
        <SkeletonLines count={10} className="p-4" />
      </div>
    </>
  )
}
