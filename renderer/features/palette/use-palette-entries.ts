import { useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useClient } from '../../lib/client-context.tsx'
import { collectionsOf } from '../../lib/collections-of.ts'

/** Connections and collections that the palette can go to. */
export function usePaletteEntries() {
  const client = useClient()
  const navigate = useNavigate()
  const { data: connections = [] } = useQuery(client.query('connections.list', {}))
  const open = connections.filter((connection) => connection.isOpen)
  const catalogs = useQueries({ queries: open.map((connection) => client.query('collections.catalog', { connectionId: connection.id })) })
  return {
    connections,
    collections: open.flatMap((connection, place) => {
      const catalog = catalogs[place]?.data
      return catalog ? collectionsOf(catalog).map((collection) => ({ connection, collection })) : []
    }),
    openConnection: (connectionId: string) => void navigate({ to: '/s/$connectionId', params: { connectionId } }),
    openCollection: (connectionId: string, collectionId: string) =>
      void navigate({ to: '/s/$connectionId/c/$collectionId/records', params: { connectionId, collectionId } }),
  }
}
