import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { collectionSubject } from '../../../shared/contract/jobs.ts'
import { ruleSentence } from '../../../shared/domain/cleanup/rule-words.ts'
import type { CleanupRule } from '../../../shared/domain/cleanup/rule.ts'
import { useClient } from '../../lib/client-context.tsx'
import { ChangeProgress } from '../../lib/editing/change-progress.tsx'
import { RecordDiff } from '../../lib/editing/record-diff.tsx'
import { useChange } from '../../lib/editing/use-change.ts'
import { useEditing } from '../../lib/editing/use-editing.ts'
import { formatBytes, formatCount, formatQuantity } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { ReportDialog } from './report-dialog.tsx'

interface PreviewDialogProps {
  readonly collection: CollectionRef
  readonly rules: readonly CleanupRule[]
  readonly onClose: () => void
}

const scopesShown = 8

/** What rules would do: how many records, by rule and by scope, with a sample; and the button that does it. */
export function PreviewDialog({ collection, rules, onClose }: PreviewDialogProps) {
  const client = useClient()
  const body = useRef<HTMLDivElement>(null)
  const change = useChange('cleanup.apply')
  const { whenEditing } = useEditing(collection.connectionId)
  const [isDone, setDone] = useState(false)
  const { data, error, refetch, isFetching } = useQuery({
    ...client.query('cleanup.preview', { ...collection, rules: [...rules] }),
    enabled: !isDone,
    staleTime: 0,
  })
  if (isDone) return <ReportDialog method="cleanup.apply" subject={collectionSubject(collection)} onClose={onClose} />
  const removed = data?.removed ?? 0
  const changed = data?.changed ?? 0
  const isNothing = data !== undefined && removed === 0 && changed === 0
  const verb =
    removed > 0 ? `Remove ${formatQuantity(removed, 'record')}` : changed > 0 ? `Change ${formatQuantity(changed, 'record')}` : 'Remove'
  const apply = (): void => {
    if (data === undefined) return
    const { state } = data
    whenEditing(collection.connectionId, () =>
      change.run({
        connectionId: collection.connectionId,
        input: { ...collection, rules: [...rules], state },
        message: removed > 0 ? `${formatQuantity(removed, 'record')} removed.` : `${formatQuantity(changed, 'record')} changed.`,
        onDone: () => setDone(true),
      }),
    )
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="large"
      title="Preview of the cleanup"
      description={
        data === undefined
          ? 'Looking at what the rules come to…'
          : isNothing
            ? 'Nothing would be removed or changed.'
            : `${formatQuantity(removed, 'record')} would be removed${changed > 0 ? ` and ${formatQuantity(changed, 'record')} changed` : ''}. History keeps about ${formatBytes(data.bytes)} so that it can be undone.`
      }
      footer={
        <>
          <Button onClick={change.isRunning ? change.cancel : onClose}>Cancel</Button>
          <Button
            variant={removed > 0 ? 'danger' : 'primary'}
            busy={change.isRunning}
            disabled={data === undefined || isNothing}
            onClick={apply}
          >
            {verb}
          </Button>
        </>
      }
    >
      <DialogBody bodyRef={body} className="flex flex-col gap-4">
        {error !== null && data === undefined && <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />}
        {data === undefined && error === null && <SkeletonLines count={6} />}
        {data !== undefined && (
          <>
            <ul aria-label="Rules" className="flex flex-col gap-1">
              {data.rules.map(({ rule, records }) => (
                <li key={JSON.stringify(rule)} className="flex justify-between gap-4 text-body text-ink">
                  <span>{ruleSentence(rule)}</span>
                  <span className="numeric">{formatCount(records)}</span>
                </li>
              ))}
            </ul>
            {data.scopes.length > 0 && (
              <ul aria-label="Records by scope" className="flex flex-wrap gap-x-5 gap-y-1 text-small text-ink-muted">
                {data.scopes.slice(0, scopesShown).map(({ scope, records }) => (
                  <li key={scope}>
                    <UntrustedText text={scope} limit={60} /> <span className="numeric text-ink">{formatCount(records)}</span>
                  </li>
                ))}
                {data.scopes.length > scopesShown && <li>{`and ${formatCount(data.scopes.length - scopesShown)} more`}</li>}
              </ul>
            )}
            {data.sample.length > 0 && (
              <ul aria-label="Sample" className="flex flex-col rounded-md border border-line px-3">
                {data.sample.map(({ id, before, after }) => (
                  <li key={id} className="border-t border-line py-2 first:border-t-0">
                    <h3 className="numeric mb-0.5 truncate">
                      <UntrustedText text={id} limit={200} />
                    </h3>
                    <RecordDiff before={before} after={after} />
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
        <ChangeProgress change={change} />
      </DialogBody>
    </Dialog>
  )
}
