import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Job } from '../../../shared/contract/jobs.ts'
import { useClient } from '../../lib/client-context.tsx'

/** Makes and opens the sample; `job` is there while it is being made. */
export function useSample(): { start: () => void; cancel: () => void; job: Job | null; starting: boolean } {
  const client = useClient()
  const navigate = useNavigate()
  const [jobId, setJobId] = useState<string | null>(null)
  const open = useMutation(client.mutation('connections.openSample'))
  const cancel = useMutation(client.mutation('jobs.cancel'))
  const { data: jobs } = useQuery(client.query('jobs.list', {}))
  const job = jobs?.find((item) => item.id === jobId) ?? null

  useEffect(() => {
    if (!job || job.state === 'running') return
    setJobId(null)
    if (job.state === 'done' && job.result !== null) void navigate({ to: '/s/$connectionId', params: { connectionId: job.result } })
  }, [job, navigate])

  return {
    start: () => open.mutate({}, { onSuccess: (started) => setJobId(started.jobId) }),
    cancel: () => jobId !== null && cancel.mutate({ jobId }),
    job: job?.state === 'running' ? job : null,
    starting: open.isPending,
  }
}
