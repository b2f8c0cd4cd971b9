import type { ImportPreview } from '../../../shared/contract/imports.ts'
import { RecordDiff } from '../../lib/editing/record-diff.tsx'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { cx } from '../../ui/cx.ts'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { LengthBars } from './length-bars.tsx'

interface ImportPreviewPanelProps {
  readonly preview: ImportPreview
  readonly isCurrent: boolean
  readonly existing: 'leave' | 'overwrite'
}

const mostReasons = 5

function Sample({ record }: { record: ImportPreview['first'][number] }) {
  return (
    <li className="border-t border-line py-2 first:border-t-0">
      <h4 className="numeric mb-0.5 truncate text-ink">
        <UntrustedText text={record.id} limit={200} />
      </h4>
      <RecordDiff before={null} after={record} />
    </li>
  )
}

function countWords({ records, existing }: ImportPreview, choice: 'leave' | 'overwrite'): string {
  if (existing === 0) return `${formatQuantity(records, 'record')} would be added`
  const there =
    choice === 'leave'
      ? existing === 1
        ? '1 exists and stays as it is'
        : `${formatCount(existing)} exist and stay as they are`
      : `${formatCount(existing)} would be overwritten`
  return `${formatCount(records - existing)} of ${formatQuantity(records, 'record')} would be added · ${there}`
}

/** How many records files make, how long they are, what cannot be added, and the first ones and the last. */
export function ImportPreviewPanel({ preview, isCurrent, existing }: ImportPreviewPanelProps) {
  const { records, lengths, histogram, refused, first, last, embedder } = preview
  return (
    <section aria-label="What would be added" aria-busy={!isCurrent} className={cx('flex flex-col gap-2', !isCurrent && 'opacity-60')}>
      <p role="status" className="text-ink">
        {countWords(preview, existing)}
      </p>
      {lengths !== null && <LengthBars lengths={lengths} histogram={histogram} />}
      {embedder !== null && records > 0 && (
        <p className={cx('text-small', embedder.problem === null ? 'text-ink-muted' : 'text-wrong')}>
          {embedder.problem ?? `Vectors by ${embedder.title ?? ''}.`}
          {embedder.problem === null && embedder.sendsTo !== null && ` The texts are sent to ${embedder.sendsTo}.`}
        </p>
      )}
      {refused.length > 0 && (
        <ul aria-label="What cannot be added" className="flex flex-col gap-0.5 text-small text-ink-muted">
          {refused.slice(0, mostReasons).map(({ reason, count, example }) => (
            <li key={reason} className="wrap-anywhere">
              {formatCount(count)}: {reason}{' '}
              <span className="numeric text-ink-faint">
                <UntrustedText text={example} limit={60} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {first.length > 0 && (
        <ul aria-label="Sample" className="flex flex-col rounded-md border border-line px-3">
          {first.map((record) => (
            <Sample key={record.id} record={record} />
          ))}
          {last !== null && records > first.length + 1 && (
            <li className="border-t border-line py-1.5 text-small text-ink-faint">
              {formatQuantity(records - first.length - 1, 'more record')}
            </li>
          )}
          {last !== null && <Sample record={last} />}
        </ul>
      )}
    </section>
  )
}
