import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Unplug } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useClient } from '../../lib/client-context.tsx'
import { ConnectionContext } from '../../lib/connection-context.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { useDocumentTitle } from '../../lib/use-document-title.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Spinner } from '../../ui/spinner.tsx'

const welcomeLink = (
  <Link to="/" className="inline-flex h-7 items-center rounded-md px-2.5 text-body text-accent hover:underline">
    Go to the welcome page
  </Link>
)

function Opening({ text }: { text: string }) {
  return (
    <div role="status" className="flex flex-1 items-center justify-center gap-2 text-ink-muted">
      <Spinner />
      {text}
    </div>
  )
}

/**
 * Shows its children once the connection is open. A link to a connection that is known but not open opens it;
 * one that was closed while its page was shown waits to be opened again.
 */
export function ConnectionGate({ connectionId, children }: { connectionId: string; children: ReactNode }) {
  const client = useClient()
  const list = useQuery(client.query('connections.list', {}))
  const connection = list.data?.find((item) => item.id === connectionId)
  const [wasOpen, setWasOpen] = useState(false)
  if (connection?.isOpen && !wasOpen) setWasOpen(true)
  const opening = useQuery({
    queryKey: ['opening', connectionId],
    queryFn: async ({ signal }) => {
      const opened = await client.call('connections.open', { connectionId }, signal)
      await client.invalidate(['connections', 'collections'])
      return opened
    },
    enabled: connection !== undefined && !connection.isOpen && !wasOpen,
    staleTime: 0,
    gcTime: 0,
  })
  useDocumentTitle(connection?.title ?? null)

  if (connection?.isOpen) return <ConnectionContext value={connectionId}>{children}</ConnectionContext>
  if (list.isLoadingError) return <QueryError error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />
  if (list.isPending) return <Opening text="Loading…" />
  if (!connection) {
    return (
      <EmptyState icon={<Unplug />} title="This connection is not known here" action={welcomeLink}>
        It was forgotten, or the link comes from another computer. Open the directory or connect to the server again.
      </EmptyState>
    )
  }
  if (opening.isError) {
    return (
      <ConnectionContext value={connectionId}>
        <QueryError error={opening.error} onRetry={() => void opening.refetch()} retrying={opening.isFetching} actions={welcomeLink} />
      </ConnectionContext>
    )
  }
  if (wasOpen && !opening.isFetching) {
    return (
      <EmptyState
        icon={<Unplug />}
        title={`${connection.title} is closed`}
        action={
          <>
            <Button onClick={() => void opening.refetch()}>Open it again</Button>
            {welcomeLink}
          </>
        }
      >
        Nothing of it is held or watched any more.
      </EmptyState>
    )
  }
  return <Opening text={`Opening ${connection.title}…`} />
}
