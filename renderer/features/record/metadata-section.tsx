import { Filter } from 'lucide-react'
import {
  formatMetadataValue,
  metadataTypeOf,
  type Metadata,
  type MetadataScalar,
  type MetadataValue,
} from '../../../shared/domain/metadata.ts'
import { looksLikeTimes, readTime } from '../../../shared/domain/time.ts'
import { formatRelativeTime, formatTime } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { visibleString } from '../../lib/visible-text.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

interface MetadataSectionProps {
  readonly metadata: Metadata | null
  readonly onPick: (key: string, value: MetadataScalar) => void
}

function Value({ value }: { value: MetadataValue }) {
  if (value === '') return <span className="text-ink-faint">empty text</span>
  if (typeof value === 'string') return <UntrustedText text={value} lines limit={4000} />
  return <UntrustedText text={formatMetadataValue(value)} lines limit={4000} className="numeric" />
}

function TimeNote({ name, value }: { name: string; value: MetadataValue }) {
  const now = useNow()
  if (Array.isArray(value) || looksLikeTimes(name, [value]) === null) return null
  const time = readTime(value)
  if (time === null) return null
  return (
    <div className="text-small text-ink-faint">
      {formatTime(time)}, {formatRelativeTime(time, now)}
    </div>
  )
}

/** Metadata with its types, in the order in which it is stored. */
export function MetadataSection({ metadata, onPick }: MetadataSectionProps) {
  if (metadata === null || metadata.size === 0) return <p className="text-body text-ink-muted">This record has no metadata.</p>
  return (
    <table className="w-full table-fixed border-collapse text-body">
      <colgroup>
        <col className="w-[38%]" />
        <col />
        <col className="w-14" />
      </colgroup>
      <thead className="sr-only">
        <tr>
          <th scope="col">Key and type</th>
          <th scope="col">Value</th>
          <th scope="col">Actions</th>
        </tr>
      </thead>
      <tbody>
        {[...metadata].map(([key, value]) => (
          <tr key={key} className="group/entry border-b border-line last:border-b-0 hover:bg-hover">
            <th scope="row" className="py-1 pr-2 text-left align-top font-normal">
              <span className="numeric block wrap-anywhere text-ink-muted">
                <UntrustedText text={key} limit={400} />
              </span>
              <span className="block text-small text-ink-faint">{metadataTypeOf(value)}</span>
            </th>
            <td className="py-1 pr-1 align-top wrap-anywhere text-ink">
              <Value value={value} />
              <TimeNote name={key} value={value} />
            </td>
            <td className="py-0.5 text-right align-top whitespace-nowrap opacity-0 group-focus-within/entry:opacity-100 group-hover/entry:opacity-100">
              {!Array.isArray(value) && (
                <IconButton
                  size="small"
                  label={`Filter by ${visibleString(key)} of this record`}
                  icon={<Filter aria-hidden="true" />}
                  onClick={() => onPick(key, value)}
                />
              )}
              <CopyButton text={formatMetadataValue(value)} label={`Copy ${visibleString(key)}`} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
