import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useClient } from '../client-context.tsx'
import { toastError } from '../toast-error.ts'
import { connectionOf, useChangeDialogs, type ChangeDialog } from './change-dialogs.ts'

/**
 * Whether a connection may be changed now, and ways to change it. `whenEditing` runs what it is given at once where the connection is
 * open for editing, and else once the person has opened it; `ask` shows a dialog in the same way.
 */
export function useEditing(connectionId: string | null) {
  const client = useClient()
  const queryClient = useQueryClient()
  const { data: connections } = useQuery(client.query('connections.list', {}))
  const isOpen = connections?.some(({ id, isOpen: open }) => id === connectionId && open) === true
  const { data: status } = useQuery({
    ...client.query('editing.status', { connectionId: connectionId ?? '' }),
    enabled: connectionId !== null && isOpen,
  })
  const whenEditing = useCallback(
    (id: string, onStarted: () => void) => {
      queryClient
        .fetchQuery({ ...client.query('editing.status', { connectionId: id }), staleTime: 0 })
        .then(({ state }) => (state === 'editing' ? onStarted() : useChangeDialogs.getState().wait(id, onStarted)))
        .catch(toastError)
    },
    [client, queryClient],
  )
  const ask = useCallback(
    (dialog: ChangeDialog) => whenEditing(connectionOf(dialog), () => useChangeDialogs.getState().show(dialog)),
    [whenEditing],
  )
  return { status, isEditing: status?.state === 'editing', whenEditing, ask }
}
