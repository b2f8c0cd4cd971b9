import type { Job } from '../../../shared/contract/jobs.ts'
import { formatBytes, formatCount } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'

function progressOf({ stage, done, total }: Job): string {
  if (total === null) return stage
  return stage.endsWith('bytes')
    ? `${formatBytes(done)} of ${formatBytes(total)}`
    : `${stage}: ${formatCount(done)} of ${formatCount(total)}`
}

/** How far a job about a log has come, and a way to cancel it. */
export function LogJobBar({ job, onCancel }: { job: Job; onCancel: () => void }) {
  return (
    <div className="flex items-center gap-3 border-b border-line px-4 py-2">
      <span className="min-w-0 truncate text-body">{job.title}</span>
      <ProgressBar label={job.title} done={job.done} total={job.total} className="max-w-80 flex-1" />
      <span className="numeric shrink-0 text-small text-ink-muted">{progressOf(job)}</span>
      <Button size="small" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  )
}
