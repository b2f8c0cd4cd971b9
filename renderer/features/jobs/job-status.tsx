import { useMutation, useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import type { Job } from '../../../shared/contract/jobs.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount } from '../../lib/format.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Popover } from '../../ui/popover.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'

function share(job: Job): string {
  return job.total ? `${Math.floor((100 * job.done) / job.total)}%` : ''
}

function RunningJob({ job }: { job: Job }) {
  const client = useClient()
  const cancel = useMutation(client.mutation('jobs.cancel'))
  return (
    <li className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <div className="flex gap-2">
          <span className="min-w-0 flex-1 truncate text-ink">{job.title}</span>
          <span className="numeric text-ink-muted">{share(job)}</span>
        </div>
        <ProgressBar label={job.title} done={job.done} total={job.total} className="my-1.5" />
        <div className="text-small text-ink-muted">
          {job.stage}
          {job.total !== null && ` · ${formatCount(job.done)} of ${formatCount(job.total)}`}
        </div>
      </div>
      <IconButton
        size="small"
        label={`Cancel: ${job.title}`}
        icon={<X aria-hidden="true" />}
        disabled={cancel.isPending}
        onClick={() => cancel.mutate({ jobId: job.id })}
      />
    </li>
  )
}

/** What is running, in the status bar; a click shows each job with its stage and a way to cancel it. */
export function JobStatus() {
  const client = useClient()
  const { data: jobs } = useQuery(client.query('jobs.list', {}))
  const running = jobs?.filter((job) => job.state === 'running') ?? []
  const first = running[0]
  if (!first) return null
  return (
    <Popover
      label="Running jobs"
      side="top"
      align="end"
      className="w-80"
      trigger={
        <button type="button" className="flex h-6 items-center gap-2 rounded-sm px-1.5 hover:bg-hover">
          <span className="max-w-48 truncate">{running.length === 1 ? first.title : `${running.length} jobs`}</span>
          <ProgressBar label={first.title} done={first.done} total={first.total} className="w-20" />
          <span className="numeric">{share(first)}</span>
        </button>
      }
    >
      <ul className="flex flex-col gap-3">
        {running.map((job) => (
          <RunningJob key={job.id} job={job} />
        ))}
      </ul>
    </Popover>
  )
}
