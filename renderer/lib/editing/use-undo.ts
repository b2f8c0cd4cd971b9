import { useCallback } from 'react'
import type { ChangeSummary } from '../../../shared/contract/changes.ts'
import { useClient } from '../client-context.tsx'
import { settleSelections } from '../selection/selections.ts'
import { toastError } from '../toast-error.ts'
import { useChangeDialogs } from './change-dialogs.ts'
import { useFollowedJobs, type FollowedJob } from './followed-jobs.ts'
import { useEditing } from './use-editing.ts'

export type UndoableChange = Pick<ChangeSummary, 'id' | 'connectionId' | 'title'> & { readonly isRedo: boolean }

/** What is said once a change was taken back. */
export function undoWords({ title, isRedo }: Pick<UndoableChange, 'title' | 'isRedo'>): Pick<FollowedJob, 'message' | 'title' | 'back'> {
  return { message: `${isRedo ? 'Done again' : 'Undone'}: ${title}`, title, back: isRedo ? 'Undo' : 'Redo' }
}

/** Takes a change back. Where records were changed since, it is shown which, and asked what to do. */
export function useUndo(): (change: UndoableChange) => void {
  const client = useClient()
  const { whenEditing } = useEditing(null)
  return useCallback(
    (change) => {
      const { id: changeId, connectionId, title, isRedo } = change
      const undo = async (): Promise<void> => {
        const { total } = await client.call('changes.conflicts', { changeId })
        if (total > 0) return useChangeDialogs.getState().show({ kind: 'conflicts', connectionId, changeId, title, isRedo })
        await settleSelections(client, connectionId)
        const { jobId } = await client.call('changes.undo', { changeId, overwrite: [] })
        useFollowedJobs.getState().follow(jobId, { connectionId, ...undoWords(change), isShown: false })
      }
      whenEditing(connectionId, () => void undo().catch(toastError))
    },
    [client, whenEditing],
  )
}
