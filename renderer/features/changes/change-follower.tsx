import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { afterChange } from '../../../shared/contract/changes.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useCommands } from '../../lib/commands.ts'
import { nextToTakeBack } from '../../lib/editing/change-effect.ts'
import { useFollowedJobs } from '../../lib/editing/followed-jobs.ts'
import { useUndo } from '../../lib/editing/use-undo.ts'
import { toastError } from '../../lib/toast-error.ts'
import { useAddress } from '../../lib/use-address.ts'
import { toast } from '../../ui/toast.tsx'

/** How many changes are looked through for the one to take back. */
const looked = 50

/** Tells what the changes of this window came to, and offers to take the last one back. Shows nothing itself. */
export function ChangeFollower() {
  const client = useClient()
  const { connectionId } = useAddress()
  const { data: jobs } = useQuery(client.query('jobs.list', {}))
  const followed = useFollowedJobs((store) => store.jobs)
  const end = useFollowedJobs((store) => store.end)
  const undo = useUndo()

  useEffect(() => {
    for (const [jobId, { connectionId: of, message, title, back, isShown }] of followed) {
      const job = jobs?.find(({ id }) => id === jobId)
      if (job === undefined || job.state === 'running') continue
      end(jobId)
      void client.invalidate(afterChange)
      if (job.state === 'failed' && job.error !== null && !isShown)
        toast({ severity: 'error', message: job.error.message, remedy: job.error.remedy, key: jobId })
      if (job.state === 'cancelled') toast({ key: jobId, message: `Cancelled: ${job.title}`, remedy: 'What was applied was taken back.' })
      if (job.state !== 'done') continue
      const changeId = job.result
      const isRedo = back === 'Redo'
      const action =
        changeId === null ? undefined : { label: back, onSelect: () => undo({ id: changeId, connectionId: of, title, isRedo }) }
      toast({ key: 'change', message, action })
    }
  }, [followed, jobs, end, client, undo])

  const takeBack = async (word: 'undo' | 'redo'): Promise<void> => {
    if (connectionId === null) return
    const { changes } = await client.call('changes.list', { connectionId, collectionId: null, offset: 0, limit: looked })
    const change = nextToTakeBack(changes, word)
    if (change === null) toast({ key: 'change', message: `There is nothing to ${word}.` })
    else undo({ ...change, isRedo: word === 'redo' })
  }
  useCommands(
    connectionId === null
      ? []
      : [
          {
            id: 'changes.undo',
            title: 'Undo the last change',
            group: 'Changes',
            shortcut: 'mod+z',
            leavesTyping: true,
            run: () => void takeBack('undo').catch(toastError),
          },
          {
            id: 'changes.redo',
            title: 'Redo the change that was undone last',
            group: 'Changes',
            shortcut: 'mod+shift+z',
            leavesTyping: true,
            run: () => void takeBack('redo').catch(toastError),
          },
        ],
  )
  return null
}
