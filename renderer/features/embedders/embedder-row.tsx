import { useMutation, useQuery } from '@tanstack/react-query'
import { Cpu, Download, Globe, Pencil, Trash2 } from 'lucide-react'
import type { EmbedderInfo } from '../../../shared/contract/embedders.ts'
import { useClient } from '../../lib/client-context.tsx'
import { describeError } from '../../lib/describe-error.ts'
import { formatBytes } from '../../lib/format.ts'
import { useCancellableMutation } from '../../lib/use-cancellable-mutation.ts'
import { WorkProgress } from '../../lib/work-progress.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'

/** Fetches the files of a model, with a way to stop; what was fetched stays, and the next start goes on from there. */
function ModelDownload({ embedder }: { embedder: EmbedderInfo }) {
  const client = useClient()
  const start = useMutation(client.mutation('embedders.download'))
  const cancel = useMutation(client.mutation('jobs.cancel'))
  const { data: jobs } = useQuery(client.query('jobs.list', {}))
  const model = embedder.config.kind === 'transformers' ? embedder.config.model : ''
  const job = jobs?.findLast(({ purpose }) => purpose?.method === 'embedders.download' && purpose.subject === model)
  if (job?.state === 'running') {
    return (
      <div className="flex w-full items-center gap-2">
        <ProgressBar label={job.title} done={job.done} total={job.total} className="flex-1" />
        <span className="numeric text-ink-muted">
          {formatBytes(job.done)}
          {job.total !== null && ` of ${formatBytes(job.total)} · ${Math.floor((100 * job.done) / Math.max(1, job.total))}%`}
        </span>
        <Button size="small" onClick={() => cancel.mutate({ jobId: job.id })}>
          Cancel
        </Button>
      </div>
    )
  }
  return (
    <>
      <Button size="small" icon={<Download aria-hidden="true" />} busy={start.isPending} onClick={() => start.mutate({ id: embedder.id })}>
        {job?.state === 'cancelled' || job?.state === 'failed' ? 'Go on with the download' : 'Download the model'}
      </Button>
      {job?.state === 'failed' && job.error !== null && (
        <Callout severity="error" title={job.error.message} className="w-full">
          {job.error.remedy}
        </Callout>
      )}
    </>
  )
}

/** One embedder with what can be done with it. */
export function EmbedderRow({ embedder, onEdit }: { embedder: EmbedderInfo; onEdit: () => void }) {
  const client = useClient()
  const test = useCancellableMutation('embedders.test')
  const remove = useMutation(client.mutation('embedders.remove'))
  const failure = test.error === null ? null : describeError(test.error)
  const { config } = embedder
  return (
    <li aria-label={embedder.title} className="flex flex-col gap-1.5 border-t border-line py-2.5 first:border-t-0">
      <div className="flex items-center gap-2">
        {embedder.sendsTo === null ? (
          <Cpu aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
        ) : (
          <Globe aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
        )}
        <span className="min-w-0 truncate font-strong text-ink">{embedder.title}</span>
        {embedder.dimension !== null && <span className="numeric text-ink-muted">{embedder.dimension}-d</span>}
        {embedder.hasKey && <Badge tone="outline">key kept</Badge>}
        <span className="flex-1" />
        <Button size="small" busy={test.isPending} onClick={() => test.mutate({ id: embedder.id })} aria-label={`Test ${embedder.title}`}>
          Test
        </Button>
        {!embedder.builtIn && (
          <>
            <IconButton size="small" label={`Edit ${embedder.title}`} icon={<Pencil aria-hidden="true" />} onClick={onEdit} />
            <IconButton
              size="small"
              label={`Remove ${embedder.title}`}
              icon={<Trash2 aria-hidden="true" />}
              disabled={remove.isPending}
              onClick={() => remove.mutate({ id: embedder.id })}
            />
          </>
        )}
      </div>
      <p className="text-small text-ink-muted">{embedder.description}</p>
      {config.kind === 'openai' && (
        <p className="text-small text-ink-muted">
          {embedder.sendsTo === null ? 'The server runs on this computer.' : `Texts are sent to ${embedder.sendsTo}.`}
        </p>
      )}
      {embedder.needs !== null && (
        <Callout title={embedder.needs}>
          <div className="mt-1 flex flex-wrap items-center gap-2">
            {config.kind === 'transformers' && config.localModelId === null && <ModelDownload embedder={embedder} />}
          </div>
        </Callout>
      )}
      {test.isPending && (
        <div className="-mx-3">
          <WorkProgress method="embedders.test" subject={embedder.id} onCancel={test.cancel} />
        </div>
      )}
      {test.data && <Callout title={test.data.message} />}
      {failure && (
        <Callout severity="error" title={failure.message}>
          {failure.remedy}
        </Callout>
      )}
    </li>
  )
}
