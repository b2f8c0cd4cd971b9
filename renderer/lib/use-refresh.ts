import { useMutation } from '@tanstack/react-query'
import { useClient } from './client-context.tsx'
import { settleSelections } from './selection/selections.ts'

/** Reads a store anew. What is selected stays selected, although its records may stand elsewhere afterwards. */
export function useRefresh() {
  const client = useClient()
  return useMutation({
    ...client.mutation('connections.refresh'),
    mutationFn: async ({ connectionId }: { connectionId: string }) => {
      await settleSelections(client, connectionId)
      return client.call('connections.refresh', { connectionId })
    },
  })
}
