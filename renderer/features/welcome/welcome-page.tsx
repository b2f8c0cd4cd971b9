import { useQuery } from '@tanstack/react-query'
import { FlaskConical, FolderOpen, History, Server, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useClient } from '../../lib/client-context.tsx'
import { useOverlay } from '../../lib/overlay.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { useDocumentTitle } from '../../lib/use-document-title.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Section } from '../../ui/section.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { RecentConnections } from './recent-connections.tsx'
import { useSample } from './use-sample.ts'

interface StartActionProps {
  icon: ReactNode
  title: string
  description: string
  shortcut?: string
  busy?: boolean
  onSelect: () => void
}

function StartAction({ icon, title, description, shortcut, busy = false, onSelect }: StartActionProps) {
  return (
    <button
      type="button"
      aria-busy={busy || undefined}
      onClick={() => !busy && onSelect()}
      className="flex w-full items-start gap-3 rounded-md p-2.5 text-left transition-colors hover:bg-hover active:bg-pressed"
    >
      <span className="flex size-8 shrink-0 items-center justify-center rounded-md border border-line bg-raised text-accent shadow-control [&_svg]:size-4">
        {busy ? <Spinner /> : icon}
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex items-center justify-between gap-2">
          <span className="font-strong text-ink">{title}</span>
          {shortcut && <Kbd keys={shortcut} />}
        </span>
        <span className="block text-small text-ink-muted">{description}</span>
      </span>
    </button>
  )
}

function Sample() {
  const { start, cancel, job, starting } = useSample()
  if (!job) {
    return (
      <StartAction
        icon={<FlaskConical aria-hidden="true" />}
        title="Try the sample"
        description="A support assistant's semantic cache and chat memory, made on this computer"
        busy={starting}
        onSelect={start}
      />
    )
  }
  return (
    <div role="status" className="flex flex-col gap-2 rounded-md border border-line bg-raised p-3">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-strong">{job.title}</span>
        <Button size="small" icon={<X aria-hidden="true" />} onClick={cancel}>
          Cancel
        </Button>
      </div>
      <ProgressBar label={job.title} done={job.done} total={job.total} />
      <span className="text-small text-ink-muted">{job.stage}</span>
    </div>
  )
}

function Recent() {
  const client = useClient()
  const connections = useQuery(client.query('connections.list', {}))
  if (connections.isLoadingError) {
    return <QueryError error={connections.error} onRetry={() => void connections.refetch()} retrying={connections.isFetching} />
  }
  if (connections.isPending) return <SkeletonLines count={5} />
  if (connections.data.length > 0) return <RecentConnections connections={connections.data} />
  return (
    <EmptyState icon={<History />} title="No store was opened yet" className="rounded-md border border-line">
      Stores that are opened appear here with what they hold. A persist directory is the folder given to{' '}
      <code className="font-mono text-small text-ink">chromadb.PersistentClient(path=…)</code>, often called chroma or chroma_db.
    </EmptyState>
  )
}

/** The first page: ways to open a store, and the stores that were open before. */
export function WelcomePage() {
  useDocumentTitle(null)
  const show = useOverlay((store) => store.show)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-240 flex-col gap-8 px-8 pt-[min(12vh,112px)] pb-12">
        <header>
          <h1 className="text-title font-strong">Open vector memory</h1>
          <p className="text-ink-muted">
            Caches and memories kept in Chroma, shown as they are. Directories are only read: not one byte is changed.
          </p>
        </header>
        <div className="grid gap-10 md:grid-cols-[19rem_minmax(0,1fr)]">
          <Section title="Start">
            <div className="-mx-2.5 flex flex-col gap-0.5">
              <StartAction
                icon={<FolderOpen aria-hidden="true" />}
                title="Open a directory"
                description="A persist directory on this computer, even while another process uses it"
                shortcut="mod+o"
                onSelect={() => show('open-directory')}
              />
              <StartAction
                icon={<Server aria-hidden="true" />}
                title="Connect to a server"
                description="A Chroma server by its address, or Chroma Cloud"
                onSelect={() => show('connect-server')}
              />
              <Sample />
            </div>
          </Section>
          <Section title="Recent">
            <Recent />
          </Section>
        </div>
      </div>
    </div>
  )
}
