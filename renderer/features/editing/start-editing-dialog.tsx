import { useMutation, useQuery } from '@tanstack/react-query'
import { Lock } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useClient } from '../../lib/client-context.tsx'
import { describeError } from '../../lib/describe-error.ts'
import { useChangeDialogs } from '../../lib/editing/change-dialogs.ts'
import { toastError } from '../../lib/toast-error.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { OutlookFacts } from './outlook-facts.tsx'

interface StartEditingProps {
  readonly connectionId: string
  readonly onStarted: () => void
  readonly onClose: () => void
}

function useHistoryLimit(connectionId: string): number | null {
  const client = useClient()
  const { data } = useQuery(client.query('changes.list', { connectionId, collectionId: null, offset: 0, limit: 1 }))
  return data?.limit ?? null
}

/** Starts editing as a job; `onDone` once the connection may be changed. */
function useStart(onDone: () => void) {
  const client = useClient()
  const { data: jobs } = useQuery(client.query('jobs.list', {}))
  const [jobId, setJobId] = useState<string | null>(null)
  const start = useMutation({
    ...client.mutation('editing.start'),
    onSuccess: ({ jobId: started }: { jobId: string }) => setJobId(started),
    meta: { showsError: true },
  })
  const cancel = useMutation(client.mutation('jobs.cancel'))
  const job = jobs?.find(({ id }) => id === jobId) ?? null
  useEffect(() => {
    if (job?.state === 'done') void client.invalidate(['editing', 'connections', 'engine', 'changes']).then(onDone)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each job that is done
  }, [job?.id, job?.state])
  const failure = start.error === null ? null : describeError(start.error)
  return {
    start: start.mutate,
    cancel: () => jobId !== null && cancel.mutate({ jobId }),
    isRunning: start.isPending || (jobId !== null && (job === null || job.state === 'running' || job.state === 'done')),
    job,
    failure: failure ?? (job?.state === 'failed' ? job.error : null),
  }
}

function StartEditing({ connectionId, onStarted, onClose }: StartEditingProps) {
  const client = useClient()
  const outlook = useQuery({ ...client.query('editing.outlook', { connectionId }), staleTime: 0, gcTime: 0 })
  const { data: status } = useQuery(client.query('editing.status', { connectionId }))
  const historyLimit = useHistoryLimit(connectionId)
  const [wantsSnapshot, setWantsSnapshot] = useState(false)
  const [migrate, setMigrate] = useState(false)
  const lock = useMutation({ ...client.mutation('editing.lock'), onError: toastError })
  const { start, cancel, isRunning, job, failure } = useStart(() => {
    onClose()
    onStarted()
  })
  const isLocked = status?.locked === true
  const { data } = outlook
  const lookError = outlook.error === null ? null : describeError(outlook.error)
  const problem = failure ?? lookError ?? (isLocked ? null : (data?.refusal ?? null))
  const canStart = data !== undefined && data.refusal === null && !isLocked && (!data.migrates || migrate)

  const cancelButton = useRef<HTMLButtonElement>(null)
  const startButton = useRef<HTMLButtonElement>(null)
  // Enter begins once that is possible, and never locks the store.
  useEffect(() => {
    if (canStart) startButton.current?.focus()
  }, [canStart])

  return (
    <Dialog
      open
      initialFocus={cancelButton}
      onOpenChange={(open) => !open && !isRunning && onClose()}
      title="Start editing"
      description="Until now this store was only read. From here on changes are written to it, each one journalled first."
      footer={
        <>
          {!isLocked && !isRunning && (
            <Button
              variant="ghost"
              icon={<Lock aria-hidden="true" />}
              onClick={() => lock.mutate({ connectionId, locked: true }, { onSuccess: onClose })}
              className="mr-auto"
            >
              Never change this store
            </Button>
          )}
          <Button ref={cancelButton} onClick={isRunning ? cancel : onClose}>
            Cancel
          </Button>
          <Button
            ref={startButton}
            variant="primary"
            busy={isRunning}
            disabled={!canStart}
            onClick={() => start({ connectionId, snapshot: wantsSnapshot || data?.migrates === true, migrate })}
          >
            Start editing
          </Button>
        </>
      }
    >
      <DialogBody className="flex flex-col gap-4">
        {outlook.isPending && (
          <div aria-busy="true">
            <SkeletonLines count={4} />
          </div>
        )}
        {isLocked && (
          <Callout
            title="This store is locked: it is never changed."
            action={
              <Button
                size="small"
                busy={lock.isPending}
                onClick={() => lock.mutate({ connectionId, locked: false }, { onSuccess: () => void outlook.refetch() })}
              >
                Allow changes
              </Button>
            }
          />
        )}
        {data && (
          <OutlookFacts
            outlook={data}
            historyLimit={historyLimit}
            wantsSnapshot={wantsSnapshot}
            onSnapshot={setWantsSnapshot}
            migrate={migrate}
            onMigrate={setMigrate}
          />
        )}
        {problem && (
          <Callout severity="error" title={problem.message}>
            {problem.remedy}
          </Callout>
        )}
        {isRunning && (
          <div role="status" className="flex flex-col gap-1.5 text-small text-ink-muted">
            {job?.stage ?? 'Starting'}
            <ProgressBar label="Start editing" done={job?.done ?? 0} total={job?.total ?? null} />
          </div>
        )}
      </DialogBody>
    </Dialog>
  )
}

/** Asks before a store is changed for the first time: what would write, who has it open, and what can be taken back. */
export function StartEditingDialog() {
  const { waiting, stopWaiting } = useChangeDialogs()
  if (waiting === null) return null
  return <StartEditing key={waiting.connectionId} connectionId={waiting.connectionId} onStarted={waiting.onStarted} onClose={stopWaiting} />
}
