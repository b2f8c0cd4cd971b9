import { useQuery } from '@tanstack/react-query'
import { History, Layers, Plus, RefreshCw, Unplug } from 'lucide-react'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ConnectionStatus } from '../../../shared/contract/connections.ts'
import { useClient } from '../../lib/client-context.tsx'
import { collectionsOf } from '../../lib/collections-of.ts'
import { useEditing } from '../../lib/editing/use-editing.ts'
import { formatBytes, formatRelativeTime, formatTime } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { openedByWords } from '../../lib/opened-by-words.ts'
import { useCloseConnection } from '../../lib/use-close-connection.ts'
import { useDocumentTitle } from '../../lib/use-document-title.ts'
import { useNow } from '../../lib/use-now.ts'
import { useRefresh } from '../../lib/use-refresh.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Page } from '../../ui/page.tsx'
import { PathText } from '../../ui/path-text.tsx'
import { Section } from '../../ui/section.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { CollectionsTable } from './collections-table.tsx'
import { FindingsList } from './findings-list.tsx'

const accessSentences = {
  'read-only': 'Read-only: nothing is written into the directory, and no lock is held that another process could wait for.',
  editing: 'Open for editing: changes are written through a Chroma engine.',
  remote: 'Remote: the server answers, nothing is read from disk.',
}

function HowItIsOpen({ status }: { status: ConnectionStatus }) {
  const now = useNow()
  return (
    <Facts>
      <Fact name="Access">{accessSentences[status.access]}</Fact>
      <Fact name="Read by">{status.reader}</Fact>
      {status.connection.kind === 'directory' && (
        <>
          <Fact name="Written by">{status.formatVersion === null ? null : `Chroma ${status.formatVersion}`}</Fact>
          <Fact name="Size on disk">{status.bytesOnDisk === null ? null : formatBytes(status.bytesOnDisk)}</Fact>
          <Fact name="Open elsewhere">{openedByWords(status)}</Fact>
        </>
      )}
      <Fact name="Shown as of">
        {formatTime(status.snapshotAt)} <span className="text-ink-faint">({formatRelativeTime(status.snapshotAt, now)})</span>
        {status.changedSince && ' · changed by another process since'}
      </Fact>
    </Facts>
  )
}

/** What a store holds, how it is open, and what was noticed about it. `engine` is the section about the Chroma process. */
export function StoreOverviewPage({ connectionId, engine }: { connectionId: string; engine: ReactNode }) {
  const client = useClient()
  const status = useQuery(client.query('connections.status', { connectionId }))
  const catalog = useQuery(client.query('collections.catalog', { connectionId }))
  const refresh = useRefresh()
  const close = useCloseConnection()
  const navigate = useNavigate()
  const { ask } = useEditing(connectionId)
  const createCollection = (): void => ask({ kind: 'create-collection', connectionId })
  const connection = status.data?.connection
  const collections = catalog.data ? collectionsOf(catalog.data) : []
  useDocumentTitle(connection?.title ?? null)

  if (status.isLoadingError) return <QueryError error={status.error} onRetry={() => void status.refetch()} retrying={status.isFetching} />
  return (
    <Page>
      <header className="flex items-start gap-4" aria-busy={status.isPending}>
        <div className="min-w-0 flex-1">
          <h1 className="truncate text-title font-strong">{connection?.title ?? 'Opening…'}</h1>
          {connection && (
            <div className="flex items-center gap-1 text-ink-muted">
              <PathText path={connection.location} />
              <CopyButton text={connection.location} label="Copy the path" />
            </div>
          )}
        </div>
        <Button
          icon={<History aria-hidden="true" />}
          onClick={() => void navigate({ to: '/s/$connectionId/history', params: { connectionId } })}
        >
          History
        </Button>
        <Button icon={<RefreshCw aria-hidden="true" />} busy={refresh.isPending} onClick={() => refresh.mutate({ connectionId })}>
          Refresh
        </Button>
        <Button variant="ghost" icon={<Unplug aria-hidden="true" />} busy={close.isPending} onClick={() => close.mutate({ connectionId })}>
          Close
        </Button>
      </header>

      <Section
        title="Collections"
        note={catalog.data ? String(collections.length) : undefined}
        action={
          <Button size="small" icon={<Plus aria-hidden="true" />} onClick={createCollection}>
            Create a collection…
          </Button>
        }
      >
        {catalog.isLoadingError ? (
          <QueryError error={catalog.error} onRetry={() => void catalog.refetch()} retrying={catalog.isFetching} />
        ) : catalog.isPending ? (
          <SkeletonLines count={4} />
        ) : collections.length === 0 ? (
          <EmptyState icon={<Layers />} title="The store has no collections" className="rounded-md border border-line">
            It was made, but nothing was put into it. Collections that a program adds appear here after a refresh.
          </EmptyState>
        ) : (
          <CollectionsTable connectionId={connectionId} collections={collections} onAsk={ask} />
        )}
      </Section>

      {status.data && status.data.findings.length > 0 && (
        <Section title="Findings" note={String(status.data.findings.length)}>
          <FindingsList findings={status.data.findings} nameOf={(id) => collections.find((item) => item.id === id)?.name ?? null} />
        </Section>
      )}
      <Section title="How it is open">{status.data ? <HowItIsOpen status={status.data} /> : <SkeletonLines count={5} />}</Section>
      {connection?.kind === 'directory' && engine}
    </Page>
  )
}
