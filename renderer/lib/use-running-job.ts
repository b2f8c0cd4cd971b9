import { useMutation, useQuery } from '@tanstack/react-query'
import type { Job } from '../../shared/contract/jobs.ts'
import { useClient } from './client-context.tsx'

/** The newest running job of a purpose, and a way to cancel all of that purpose. */
export function useRunningJob(method: string, subject: string): { job: Job | null; cancel: () => void } {
  const client = useClient()
  const { data } = useQuery(client.query('jobs.list', {}))
  const { mutate } = useMutation(client.mutation('jobs.cancel'))
  const running =
    data?.filter(({ purpose, state }) => state === 'running' && purpose?.method === method && purpose.subject === subject) ?? []
  return {
    job: running.at(-1) ?? null,
    cancel: () => {
      for (const { id } of running) mutate({ jobId: id })
    },
  }
}
