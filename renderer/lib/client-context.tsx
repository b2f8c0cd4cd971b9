import { createContext, useContext, type ReactNode } from 'react'
import type { Client } from '../rpc/client.ts'

const ClientContext = createContext<Client | null>(null)

/** Gives every view the calls of the contract. */
export function ClientProvider({ client, children }: { client: Client; children: ReactNode }) {
  return <ClientContext value={client}>{children}</ClientContext>
}

/** The calls of the contract: `useQuery(client.query('records.page', input))`, `useMutation(client.mutation('connections.pin'))`. */
export function useClient(): Client {
  const client = useContext(ClientContext)
  if (!client) throw new Error('useClient needs a ClientProvider around it.')
  return client
}
