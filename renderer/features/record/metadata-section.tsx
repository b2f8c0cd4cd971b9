import { Filter } from 'lucide-react'
import {
  formatMetadataValue,
  metadataTypeOf,
  type Metadata,
  type MetadataType,
  type MetadataScalar,
  type MetadataValue,
} from '../../../shared/domain/metadata.ts'
import { looksLikeTimes, readTime } from '../../../shared/domain/time.ts'
import { formatQuantity, formatRelativeTime, formatTime } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { visibleString } from '../../lib/visible-text.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { cx } from '../../ui/cx.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { ShowMore } from '../../ui/show-more.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

interface MetadataSectionProps {
  readonly metadata: Metadata | null
  readonly onPick: (key: string, value: MetadataScalar) => void
}

/** Keys that are drawn at once. */
const shownAtFirst = 100

/** Short names of the types, so that they stand beside a key. */
const typeNames: Readonly<Record<MetadataType, string>> = {
  string: 'string',
  integer: 'int',
  float: 'float',
  boolean: 'bool',
  'string[]': 'string[]',
  'integer[]': 'int[]',
  'float[]': 'float[]',
  'boolean[]': 'bool[]',
  'empty[]': 'empty[]',
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

/** A text that needs the whole width to be read. */
function isLong(value: MetadataValue): boolean {
  return typeof value === 'string' && (value.length > 90 || value.includes('\n'))
}

/** Metadata with its types, in the order in which it is stored. */
export function MetadataSection({ metadata, onPick }: MetadataSectionProps) {
  if (metadata === null || metadata.size === 0) return <p className="text-body text-ink-muted">This record has no metadata.</p>
  return (
    <ShowMore items={[...metadata]} first={shownAtFirst} label={(total) => `Show more of ${formatQuantity(total, 'key')}`}>
      {(shown) => <Entries entries={shown} onPick={onPick} />}
    </ShowMore>
  )
}

function Entries({ entries, onPick }: { entries: readonly (readonly [string, MetadataValue])[]; onPick: MetadataSectionProps['onPick'] }) {
  return (
    <dl className="-mx-2 flex flex-col text-body">
      {entries.map(([key, value]) => (
        <div
          key={key}
          className={cx(
            'group/entry relative grid gap-x-3 rounded-md px-2 py-1 hover:bg-hover',
            isLong(value) ? 'grid-cols-[minmax(0,1fr)_auto]' : 'grid-cols-[minmax(6rem,36%)_minmax(0,1fr)_auto]',
          )}
        >
          <dt className="numeric min-w-0 leading-5 wrap-anywhere text-ink-muted">
            <UntrustedText text={key} limit={400} />
          </dt>
          <dd className={cx('min-w-0 wrap-anywhere text-ink', isLong(value) && 'order-last col-span-2')}>
            <Value value={value} />
            <TimeNote name={key} value={value} />
          </dd>
          <dd className="text-small leading-5 text-ink-faint">
            {typeNames[metadataTypeOf(value)]}
            <span className="absolute top-0.5 right-1 flex rounded-md bg-raised opacity-0 shadow-control group-focus-within/entry:opacity-100 group-hover/entry:opacity-100">
              {!Array.isArray(value) && (
                <IconButton
                  size="small"
                  label={`Filter by ${visibleString(key)} of this record`}
                  icon={<Filter aria-hidden="true" />}
                  onClick={() => onPick(key, value)}
                />
              )}
              <CopyButton text={formatMetadataValue(value)} label={`Copy ${visibleString(key)}`} />
            </span>
          </dd>
        </div>
      ))}
    </dl>
  )
}
