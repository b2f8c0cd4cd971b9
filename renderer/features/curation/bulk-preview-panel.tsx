import type { BulkOperation, BulkPreview } from '../../../shared/contract/curation.ts'
import { RecordDiff } from '../../lib/editing/record-diff.tsx'
import { formatBytes, formatCount, formatQuantity } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { cx } from '../../ui/cx.ts'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { vectorWords } from './bulk-words.ts'
import type { BulkPreviewState } from './use-bulk-preview.ts'

interface BulkPreviewPanelProps {
  readonly state: BulkPreviewState
  readonly operation: BulkOperation | null
}

const mostReasons = 5
/** Up to so many records are counted in no time. */
const fewRecords = 2000

function countWords({ records, changed, unchanged, refused }: BulkPreview, verb: string): string {
  const left = refused.reduce((sum, { count }) => sum + count, 0)
  if (unchanged === 0 && left === 0 && changed === records) return `${formatQuantity(changed, 'record')} would be ${verb}`
  const parts = [
    `${formatCount(changed)} of ${formatQuantity(records, 'record')} would be ${verb}`,
    ...(unchanged > 0 ? [`${formatCount(unchanged)} already ${unchanged === 1 ? 'is' : 'are'} so`] : []),
    ...(left > 0 ? [`${formatCount(left)} cannot`] : []),
  ]
  return parts.join(' · ')
}

function verbOf(operation: BulkOperation): string {
  if (operation.kind === 'delete') return 'deleted'
  if (operation.kind === 'copy') return operation.move ? 'moved' : 'copied'
  return operation.kind === 'embed' ? 'embedded again' : 'changed'
}

function Counts({ preview, operation }: { preview: BulkPreview; operation: BulkOperation }) {
  const { changed, bytes, refused, notes } = preview
  return (
    <div className="flex flex-col gap-1">
      <p role="status" className="text-ink">
        {countWords(preview, verbOf(operation))}
        {changed > 0 && <span className="text-ink-muted"> · about {formatBytes(bytes)} kept to undo it</span>}
      </p>
      {notes.map((note) => (
        <p key={note} className="text-small text-ink-muted">
          {note}
        </p>
      ))}
      {refused.length > 0 && (
        <ul aria-label="Why records cannot be changed" className="flex flex-col gap-0.5 text-small text-ink-muted">
          {refused.slice(0, mostReasons).map(({ reason, count, exampleId }) => (
            <li key={reason} className="wrap-anywhere">
              {formatCount(count)}: {reason}{' '}
              <span className="numeric text-ink-faint">
                <UntrustedText text={exampleId} limit={60} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Sample({ sample, operation }: { sample: BulkPreview['sample']; operation: BulkOperation }) {
  if (sample.length === 0) return null
  return (
    <ul aria-label="Sample" className="flex flex-col rounded-md border border-line px-3">
      {sample.map(({ id, before, after }) => (
        <li key={id} className="border-t border-line py-2 first:border-t-0">
          <h3 className="numeric mb-0.5 truncate text-ink">
            <UntrustedText text={id} limit={200} />
          </h3>
          <RecordDiff before={before} after={after} vector={vectorWords(operation)} />
        </li>
      ))}
    </ul>
  )
}

/** How many records an operation would change, which not and why, and a sample before and after. */
export function BulkPreviewPanel({ state: { preview, sample: early, isCurrent, error, retry }, operation }: BulkPreviewPanelProps) {
  if (operation === null) return <p className="text-ink-muted">What would change is shown here before anything is written.</p>
  if (error !== null) return <QueryError error={error} onRetry={retry} className="min-h-24 p-2" />
  if (!isCurrent && early !== undefined && early.records > fewRecords) {
    return (
      <div className="flex flex-col gap-2" aria-busy="true">
        <p role="status" className="text-ink-muted">
          Counting what would change among {formatQuantity(early.records, 'record')}…
        </p>
        <Sample sample={early.sample} operation={operation} />
      </div>
    )
  }
  if (preview === undefined) {
    return (
      <div aria-busy="true">
        <SkeletonLines count={4} />
      </div>
    )
  }
  const { sample, changed } = preview
  return (
    <div className={cx('flex flex-col gap-2', !isCurrent && 'opacity-60')} aria-busy={!isCurrent}>
      <Counts preview={preview} operation={operation} />
      <Sample sample={sample} operation={operation} />
      {sample.length > 0 && sample.length < changed && (
        <p className="text-small text-ink-faint">A sample of {formatCount(sample.length)}; all of them are in History afterwards.</p>
      )}
    </div>
  )
}
