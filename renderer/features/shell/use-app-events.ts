import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { AppEvent } from '../../../shared/contract/events.ts'
import type { Job } from '../../../shared/contract/jobs.ts'
import { useClient } from '../../lib/client-context.tsx'
import { allCommands } from '../../lib/commands.ts'
import { useCoreConnection } from '../../lib/core-connection.ts'
import { useFollowedJobs } from '../../lib/editing/followed-jobs.ts'
import { useMapVersions } from '../../lib/map-versions.ts'
import type { Transport } from '../../rpc/transport.ts'
import { toast } from '../../ui/toast.tsx'

function withJob(jobs: Job[] | undefined, job: Job): Job[] {
  const place = jobs?.findIndex((item) => item.id === job.id) ?? -1
  return !jobs ? [job] : place === -1 ? [...jobs, job] : jobs.with(place, job)
}

/** Follows what the core tells without being asked, and whether it can be reached. */
export function useAppEvents(transport: Transport): void {
  const client = useClient()
  const queryClient = useQueryClient()
  const router = useRouter()
  const setConnected = useCoreConnection((store) => store.setConnected)
  const tellMap = useMapVersions((store) => store.tell)

  useEffect(() => {
    function onJob(job: Job): void {
      const { queryKey } = client.query('jobs.list', {})
      const isOnItsWay = queryClient.isFetching({ queryKey }) > 0
      queryClient.setQueryData(queryKey, (jobs: Job[] | undefined) => withJob(jobs, job))
      // A list that was asked for before this event may come after it, and would take it back.
      if (isOnItsWay) void queryClient.invalidateQueries({ queryKey })
      if (job.state === 'done') void client.invalidate(['connections'])
      // What became of a change is told by what asked for it.
      if (job.state === 'failed' && job.error && !useFollowedJobs.getState().jobs.has(job.id)) {
        toast({ severity: 'error', message: `${job.title}: ${job.error.message}`, remedy: job.error.remedy, key: job.id })
      }
    }

    function onEvent(event: AppEvent): void {
      switch (event.type) {
        case 'job':
          return onJob(event.job)
        case 'map':
          return tellMap(event.mapId, event.version)
        case 'store-changed':
          return void queryClient.invalidateQueries(client.query('connections.status', { connectionId: event.connectionId }))
        case 'invalidate':
          return void client.invalidate(event.names)
        case 'navigate':
          return router.history.push(event.to.replace(/^#/, ''))
        case 'command':
          return allCommands()
            .find((command) => command.id === event.id)
            ?.run()
        case 'notice':
          return toast({ severity: event.severity, message: event.message, remedy: event.remedy, key: event.message })
      }
    }
    return transport.onEvent(onEvent)
  }, [transport, client, queryClient, router, tellMap])

  useEffect(
    () =>
      transport.onConnection((connected) => {
        const before = useCoreConnection.getState().connected
        setConnected(connected)
        // Events were missed in between, so everything that is shown is asked for again.
        if (connected && before === false) void queryClient.invalidateQueries()
      }),
    [transport, queryClient, setConnected],
  )
}
