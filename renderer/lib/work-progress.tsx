import { useEffect, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { ProgressBar } from '../ui/progress-bar.tsx'
import { formatCount } from './format.ts'
import { useRunningJob } from './use-running-job.ts'

/** Milliseconds after which one wants to know what is going on. */
const patience = 1000

export interface WorkProgressProps {
  /** Method and subject of the job's purpose. */
  readonly method: string
  readonly subject: string
  /** Ends the wait. The job is cancelled as well. */
  readonly onCancel: () => void
}

/** How far work has come that a view waits for: stage, count and a way to cancel, after a second at the latest; nothing before. */
export function WorkProgress({ method, subject, onCancel }: WorkProgressProps) {
  const { job, cancel } = useRunningJob(method, subject)
  const [isLate, setIsLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), patience)
    return () => clearTimeout(timer)
  }, [])
  if (job === null && !isLate) return null
  const stage = job?.stage ?? 'Working'
  const { done, total } = job ?? { done: 0, total: null }
  return (
    <div role="status" aria-label="Progress" className="flex min-h-8 shrink-0 items-center gap-3 px-3 py-1 text-small text-ink-muted">
      <span className="text-ink">{stage}</span>
      {total !== null && total > 1 && (
        <span className="numeric">
          {formatCount(done)} of {formatCount(total)}
        </span>
      )}
      <ProgressBar label={stage} done={done} total={total !== null && total > 1 ? total : null} className="max-w-80 min-w-24 flex-1" />
      <Button
        size="small"
        onClick={() => {
          cancel()
          onCancel()
        }}
      >
        Cancel
      </Button>
    </div>
  )
}
