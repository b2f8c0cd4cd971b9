import { useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useClient } from '../../lib/client-context.tsx'
import { collectionsOf } from '../../lib/collections-of.ts'
import { matchScore } from './match-score.ts'

/** A store can have thousands of collections; the palette lists a few at first and more of those that fit. */
const listedAtFirst = 6
const listedMatches = 50

/** Connections and collections that the palette can go to, as far as they fit what was typed. */
export function usePaletteEntries(search: string) {
  const client = useClient()
  const navigate = useNavigate()
  const { data: connections = [] } = useQuery(client.query('connections.list', {}))
  const open = connections.filter((connection) => connection.isOpen)
  const catalogs = useQueries({ queries: open.map((connection) => client.query('collections.catalog', { connectionId: connection.id })) })
  const collections = open.flatMap((connection, place) => {
    const catalog = catalogs[place]?.data
    return catalog ? collectionsOf(catalog).map((collection) => ({ connection, collection })) : []
  })
  return {
    connections,
    collections:
      search.trim() === ''
        ? collections.slice(0, listedAtFirst)
        : collections
            .filter(({ connection, collection }) => matchScore(`${collection.name} ${connection.title}`, search) > 0)
            .slice(0, listedMatches),
    openConnection: (connectionId: string) => void navigate({ to: '/s/$connectionId', params: { connectionId } }),
    openCollection: (connectionId: string, collectionId: string) =>
      void navigate({ to: '/s/$connectionId/c/$collectionId/records', params: { connectionId, collectionId } }),
  }
}
