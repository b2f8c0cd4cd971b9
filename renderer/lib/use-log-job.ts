import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Job } from '../../shared/contract/jobs.ts'
import { useClient } from './client-context.tsx'

/** Follows the job that reads a log; `onRead` is told the log's id once. */
export function useLogJob(onRead: (logId: string) => void): {
  follow: (started: { jobId: string } | null) => void
  job: Job | null
  cancel: () => void
} {
  const client = useClient()
  const [jobId, setJobId] = useState<string | null>(null)
  const { data: jobs } = useQuery(client.query('jobs.list', {}))
  const { mutate } = useMutation(client.mutation('jobs.cancel'))
  const job = jobs?.find((item) => item.id === jobId) ?? null

  useEffect(() => {
    if (!job || job.state === 'running') return
    setJobId(null)
    if (job.state === 'done' && job.result !== null) onRead(job.result)
  }, [job, onRead])

  return {
    follow: (started) => started !== null && setJobId(started.jobId),
    job: job?.state === 'running' ? job : null,
    cancel: () => jobId !== null && mutate({ jobId }),
  }
}
