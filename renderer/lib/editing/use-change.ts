import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Job } from '../../../shared/contract/jobs.ts'
import type { WireError } from '../../../shared/rpc/errors.ts'
import type { Input, MutationName, Output } from '../../rpc/client.ts'
import { useClient } from '../client-context.tsx'
import { describeError } from '../describe-error.ts'
import { settleSelections } from '../selection/selections.ts'
import { useFollowedJobs, type FollowedJob } from './followed-jobs.ts'

type JobMethod = { [Name in MutationName]: Output<Name> extends { jobId: string } ? Name : never }[MutationName]

interface Started {
  readonly jobId: string
  readonly onDone: () => void
}

export interface ChangeRequest<Name extends JobMethod> {
  readonly connectionId: string
  readonly input: Input<Name>
  /** What is said once it is done. */
  readonly message: string
  /** Where it takes another change back: what that one did, and the word for doing it again. */
  readonly undoing?: Pick<FollowedJob, 'title' | 'back'>
  readonly onDone: () => void
}

/**
 * Carries out a method that changes a store, shows how it goes and tells when it is done, with a way to take it back. What is selected is
 * tied to ids before, because places may mean other records afterwards. A view that goes away leaves the change running.
 */
export function useChange<Name extends JobMethod>(name: Name) {
  const client = useClient()
  const [started, setStarted] = useState<Started | null>(null)
  const [failure, setFailure] = useState<Pick<WireError, 'message' | 'remedy'> | null>(null)
  const { data: jobs } = useQuery(client.query('jobs.list', {}))
  const job: Job | null = jobs?.find(({ id }) => id === started?.jobId) ?? null
  const latest = useRef<string | null>(null)
  latest.current = started?.jobId ?? null

  const start = useMutation({
    mutationKey: [name],
    mutationFn: async ({ connectionId, input }: ChangeRequest<Name>) => {
      await settleSelections(client, connectionId)
      return client.call(name, input)
    },
    onSuccess: (output, { connectionId, message, undoing, onDone }) => {
      // Every method of this type answers the id of its job.
      const { jobId } = output as { jobId: string }
      useFollowedJobs.getState().follow(jobId, { connectionId, message, title: message, back: 'Undo', ...undoing, isShown: true })
      setStarted({ jobId, onDone })
    },
    onError: (error) => setFailure(describeError(error)),
    meta: { showsError: true },
  })
  const cancel = useMutation(client.mutation('jobs.cancel'))

  useEffect(() => {
    if (started === null || job === null || job.state === 'running') return
    setStarted(null)
    if (job.state === 'done') started.onDone()
    else if (job.error !== null && job.state === 'failed') setFailure(job.error)
  }, [started, job])
  useEffect(
    () => () => {
      if (latest.current !== null) useFollowedJobs.getState().hide(latest.current)
    },
    [],
  )

  return {
    run: (request: ChangeRequest<Name>) => {
      setFailure(null)
      start.mutate(request)
    },
    /** Null where it did not fail; a cancelled change did not. */
    failure,
    reset: () => setFailure(null),
    isRunning: start.isPending || started !== null,
    /** Null while it is not known yet. */
    job: started === null ? null : job,
    cancel: () => started !== null && cancel.mutate({ jobId: started.jobId }),
  }
}
