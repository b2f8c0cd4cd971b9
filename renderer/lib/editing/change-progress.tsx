import type { Job } from '../../../shared/contract/jobs.ts'
import type { WireError } from '../../../shared/rpc/errors.ts'
import { Callout } from '../../ui/callout.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { formatCount } from '../format.ts'

interface ChangeProgressProps {
  readonly change: {
    readonly isRunning: boolean
    readonly job: Job | null
    readonly failure: Pick<WireError, 'message' | 'remedy'> | null
  }
}

/** How a change goes while it runs, and why it failed; nothing otherwise. */
export function ChangeProgress({ change: { isRunning, job, failure } }: ChangeProgressProps) {
  if (failure !== null) {
    return (
      <Callout severity="error" title={failure.message} className="mt-3">
        {failure.remedy}
      </Callout>
    )
  }
  if (!isRunning) return null
  const { stage, done, total } = job ?? { stage: 'Starting', done: 0, total: null }
  return (
    <div role="status" aria-label="Progress" className="mt-3 flex flex-col gap-1.5 text-small text-ink-muted">
      <span>
        {stage}
        {total !== null && total > 1 && <span className="numeric">{` · ${formatCount(done)} of ${formatCount(total)}`}</span>}
      </span>
      <ProgressBar label={stage} done={done} total={total} />
    </div>
  )
}
