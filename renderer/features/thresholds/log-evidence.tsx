import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Logs, Sparkles } from 'lucide-react'
import { useCallback, useEffect, useRef, type ReactNode } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { EvidenceSource } from '../../../shared/contract/thresholds.ts'
import type { EvidenceRef } from '../../../shared/domain/thresholds/experiment.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useLogJob } from '../../lib/use-log-job.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'

export interface LogEvidenceProps {
  collection: CollectionRef
  source: EvidenceSource
  sources: readonly EvidenceSource[]
  onChoose: (ref: EvidenceRef) => void
  /** What is shown of evidence that is ready. */
  children: ReactNode
}

/** Reads the log that is the evidence, where it was not read yet, and offers one where only weak labels are there. */
export function LogEvidence({ collection, source, sources, onChoose, children }: LogEvidenceProps) {
  const client = useClient()
  const { data: sample } = useQuery(client.query('lookupLogs.sample', collection))
  const openSample = useMutation(client.mutation('lookupLogs.openSample'))
  const reopen = useMutation(client.mutation('lookupLogs.reopen'))
  const choose = useRef(onChoose)
  useEffect(() => {
    choose.current = onChoose
  })
  const onRead = useCallback((logId: string) => choose.current({ from: 'log', logId, name: '' }), [])
  const { follow, job, cancel } = useLogJob(onRead)
  const progress = job && (
    <div role="status" className="flex items-center gap-3 px-4 py-1 text-small text-ink-muted">
      {job.stage}
      <ProgressBar label={job.stage} done={job.done} total={job.total} className="max-w-80 flex-1" />
      <Button size="small" onClick={cancel}>
        Cancel
      </Button>
    </div>
  )
  const ref = source.source
  if (!source.isReady && ref.from === 'log') {
    return (
      <>
        {progress}
        {job === null && (
          <EmptyState
            icon={<Logs />}
            title="The log was not read since the app was started"
            action={
              <Button
                variant="primary"
                busy={reopen.isPending}
                onClick={() => reopen.mutate({ ...collection, logId: ref.logId }, { onSuccess: follow })}
              >
                Read the log
              </Button>
            }
          >
            Its place and its columns are remembered, and so are the labels that were given.
          </EmptyState>
        )}
      </>
    )
  }
  return (
    <>
      {progress}
      {job === null && !sources.some(({ source: { from } }) => from === 'log') && (
        <Callout
          className="mx-4 mt-3 shrink-0"
          title="No log of lookups is open. It tells what the cache is asked, so that a threshold fits its traffic."
          action={
            <div className="flex gap-2">
              {sample?.available && (
                <Button
                  size="small"
                  variant="primary"
                  icon={<Sparkles aria-hidden="true" />}
                  busy={openSample.isPending}
                  onClick={() => openSample.mutate(collection, { onSuccess: follow })}
                >
                  Open the sample’s log
                </Button>
              )}
              <Link
                to="/s/$connectionId/c/$collectionId/log"
                params={collection}
                className="inline-flex h-6 items-center rounded-sm border border-line-strong bg-raised px-2 text-small text-ink shadow-control hover:bg-sunken"
              >
                Open a log
              </Link>
            </div>
          }
        />
      )}
      {children}
    </>
  )
}
