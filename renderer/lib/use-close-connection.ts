import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useAddress } from './use-address.ts'
import { useClient } from './client-context.tsx'

/** Closes a connection, and leaves its pages where one of them is shown. */
export function useCloseConnection() {
  const client = useClient()
  const navigate = useNavigate()
  const shown = useAddress().connectionId
  const { mutationKey, mutationFn, onSuccess } = client.mutation('connections.close')
  return useMutation({
    mutationKey,
    mutationFn,
    onSuccess: async (...parameters) => {
      // Before the answers change, for the page that is shown would then be gone, and this with it.
      if (parameters[1].connectionId === shown) await navigate({ to: '/' })
      await onSuccess?.(...parameters)
    },
  })
}
