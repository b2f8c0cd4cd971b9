import { useQueries, useQuery } from '@tanstack/react-query'
import { useClient } from '../../../lib/client-context.tsx'
import { describeError } from '../../../lib/describe-error.ts'
import type { TreeStore } from './tree.ts'

/** The connections that are open, with what each holds as far as it is known. */
export function useTreeStores(): TreeStore[] {
  const client = useClient()
  const { data: connections = [] } = useQuery(client.query('connections.list', {}))
  const open = connections.filter((connection) => connection.isOpen)
  const catalogs = useQueries({ queries: open.map((connection) => client.query('collections.catalog', { connectionId: connection.id })) })
  const statuses = useQueries({ queries: open.map((connection) => client.query('connections.status', { connectionId: connection.id })) })
  return open.map((connection, place) => {
    const catalog = catalogs[place]
    return {
      connection,
      catalog: catalog?.data,
      error: catalog?.isLoadingError ? describeError(catalog.error).message : null,
      problems: statuses[place]?.data?.findings.filter((finding) => finding.severity !== 'info').length ?? 0,
    }
  })
}
