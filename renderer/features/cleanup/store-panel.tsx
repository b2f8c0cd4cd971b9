import { useMutation, useQuery } from '@tanstack/react-query'
import { Archive, FolderX, Undo2 } from 'lucide-react'
import { useClient } from '../../lib/client-context.tsx'
import { ChangeProgress } from '../../lib/editing/change-progress.tsx'
import { formatBytes, formatCount, formatQuantity, formatTime } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { toastError } from '../../lib/toast-error.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Section } from '../../ui/section.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast.tsx'

/** What lies around the collections of a store: index folders of nobody, the write-ahead queue, and free pages of the database. */
export function StorePanel({ connectionId }: { connectionId: string }) {
  const client = useClient()
  const { data, error, refetch, isFetching } = useQuery(client.query('cleanup.store', { connectionId }))
  const remove = useMutation(client.mutation('cleanup.removeOrphans'))
  const restore = useMutation(client.mutation('cleanup.restoreOrphan'))
  const compact = useMutation(client.mutation('cleanup.compact'))
  const { data: jobs } = useQuery(client.query('jobs.list', {}))
  const job = jobs?.findLast(({ purpose }) => purpose?.method === 'cleanup.compact' && purpose.subject === connectionId) ?? null
  const isCompacting = compact.isPending || job?.state === 'running'

  if (error !== null && data === undefined) return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
  if (data === undefined) return <SkeletonLines count={8} className="flex-1 p-5" />
  if (data === null) {
    return (
      <EmptyState icon={<Archive />} title="A server keeps its files itself">
        Folders and the size of the database can be looked at where the server keeps them.
      </EmptyState>
    )
  }
  const { orphans, trash, queue, database, refusal } = data
  const bytes = orphans.reduce((sum, one) => sum + one.bytes, 0)
  const removeAll = (): void =>
    remove.mutate(
      { connectionId, names: orphans.map(({ name }) => name) },
      { onSuccess: () => toast({ message: `${formatQuantity(orphans.length, 'folder')} moved to the trash.` }), onError: toastError },
    )
  return (
    <section aria-label="Store" className="flex min-w-0 flex-1 flex-col gap-6 overflow-y-auto px-5 py-4">
      {refusal !== null && (
        <Callout severity="warning" title={refusal.message}>
          {refusal.remedy}
        </Callout>
      )}
      <Section
        title="Orphan index folders"
        note={orphans.length === 0 ? undefined : `${formatCount(orphans.length)}, ${formatBytes(bytes)}`}
        action={
          orphans.length > 0 && (
            <Button
              size="small"
              icon={<FolderX aria-hidden="true" />}
              disabled={refusal !== null}
              busy={remove.isPending}
              onClick={removeAll}
            >{`Move ${formatQuantity(orphans.length, 'folder')} to the trash`}</Button>
          )
        }
      >
        <p className="max-w-180 text-body text-ink-muted">
          {orphans.length === 0
            ? 'Every index folder belongs to a collection.'
            : 'Chroma leaves the folders of deleted collections behind. No segment of the database names these.'}
        </p>
        <ul aria-label="Orphan index folders">
          {orphans.map(({ name, bytes: size, files }) => (
            <li key={name} className="numeric flex gap-4 text-body text-ink">
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <span className="text-ink-muted">{`${formatQuantity(files, 'file')}, ${formatBytes(size)}`}</span>
            </li>
          ))}
        </ul>
      </Section>
      {trash.length > 0 && (
        <Section title="Trash" note="in the data folder of the app">
          <ul aria-label="Trash">
            {trash.map(({ id, name, bytes: size, at }) => (
              <li key={id} className="flex items-center gap-4 text-body text-ink">
                <span className="numeric min-w-0 flex-1 truncate">{name}</span>
                <span className="text-small text-ink-muted">{`${formatBytes(size)}, ${formatTime(at)}`}</span>
                <Button
                  size="small"
                  variant="ghost"
                  icon={<Undo2 aria-hidden="true" />}
                  disabled={refusal !== null}
                  onClick={() => restore.mutate({ connectionId, id }, { onError: toastError })}
                >
                  Put back
                </Button>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section
        title="Compact"
        action={
          <Button
            size="small"
            icon={<Archive aria-hidden="true" />}
            disabled={refusal !== null}
            busy={isCompacting}
            onClick={() => compact.mutate({ connectionId }, { onError: toastError })}
          >
            Copy the store, then compact it
          </Button>
        }
      >
        <p className="max-w-180 text-body text-ink-muted">
          {`The database takes ${formatBytes(database.bytes)}, of which ${formatBytes(database.freeBytes)} are free pages. The write-ahead queue holds ${formatQuantity(queue.operations, 'operation')}${queue.large ? ', more than Chroma would leave in it' : ''}${queue.purges ? '' : ' and is not purged until the store was compacted once'}. Deleted texts stay in free pages until then.`}
        </p>
        {job?.state === 'done' && job.result !== null && (
          <p role="status" className="text-body wrap-anywhere text-ink">
            {job.result}
          </p>
        )}
        <ChangeProgress change={{ isRunning: isCompacting, job, failure: job?.state === 'failed' ? job.error : null }} />
      </Section>
    </section>
  )
}
