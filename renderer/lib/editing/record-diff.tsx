import type { ReactNode } from 'react'
import { formatMetadataValue, metadataTypeOf, type MetadataValue } from '../../../shared/domain/metadata.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { formatQuantity } from '../format.ts'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { differingKeys } from './metadata-draft.ts'
import { TextDiff } from './text-diff.tsx'

interface RecordDiffProps {
  /** Null where there was none. */
  readonly before: StoredRecord | null
  readonly after: StoredRecord | null
  /** What happens to the vector, in a few words; nothing where it stays. */
  readonly vector?: string | null
}

/** Characters of a value, and keys of a whole record, that are shown. */
const longest = 400
const mostKeys = 4

function Line({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[minmax(5rem,8rem)_minmax(0,1fr)] gap-x-3 py-0.5">
      <dt className="numeric min-w-0 leading-5 wrap-anywhere text-ink-muted">{name}</dt>
      <dd className="min-w-0 wrap-anywhere text-ink">{children}</dd>
    </div>
  )
}

function KeyLine({ name, children }: { name: string; children: ReactNode }) {
  return <Line name={<UntrustedText text={name} limit={60} />}>{children}</Line>
}

function Value({ value }: { value: MetadataValue }) {
  if (value === '') return <span className="text-ink-faint">empty text</span>
  return <UntrustedText text={formatMetadataValue(value)} limit={longest} className={typeof value === 'string' ? '' : 'numeric'} />
}

/** A value that became another; types are named where they differ. */
function ValueChange({ before, after }: { before: MetadataValue | undefined; after: MetadataValue | undefined }) {
  if (typeof before === 'string' && typeof after === 'string' && before.length + after.length > 60)
    return <TextDiff before={before} after={after} />
  const typed = before !== undefined && after !== undefined && metadataTypeOf(before) !== metadataTypeOf(after)
  return (
    <span className="flex flex-wrap items-baseline gap-x-2">
      {before !== undefined && (
        <del className="min-w-0 rounded-sm bg-wrong-soft px-0.5 text-wrong">
          <Value value={before} />
        </del>
      )}
      {typed && <span className="text-small text-ink-faint">{metadataTypeOf(before)}</span>}
      {after === undefined ? (
        <span className="text-small text-ink-muted">removed</span>
      ) : (
        <ins className="min-w-0 rounded-sm bg-accent-soft px-0.5 text-accent decoration-1 underline-offset-2">
          <Value value={after} />
        </ins>
      )}
      {typed && <span className="text-small text-ink-faint">{metadataTypeOf(after)}</span>}
    </span>
  )
}

function Text({ text }: { text: string | null }) {
  if (text === null) return <span className="text-ink-faint">none</span>
  if (text === '') return <span className="text-ink-faint">empty text</span>
  return <UntrustedText text={text} lines limit={longest} />
}

function TextChange({ before, after }: { before: string | null; after: string | null }) {
  if (before !== null && after !== null) return <TextDiff before={before} after={after} />
  return (
    <span className="flex flex-col gap-0.5">
      <del className="text-wrong">
        <Text text={before} />
      </del>
      <ins className="text-accent decoration-1 underline-offset-2">
        <Text text={after} />
      </ins>
    </span>
  )
}

/** A record that is new, or that goes, in a few lines. */
function WholeRecord({ record }: { record: StoredRecord }) {
  const metadata = [...(record.metadata ?? [])]
  return (
    <dl className="text-body">
      <Line name="document">
        <Text text={record.document} />
      </Line>
      {metadata.slice(0, mostKeys).map(([key, value]) => (
        <KeyLine key={key} name={key}>
          <Value value={value} />
        </KeyLine>
      ))}
      {metadata.length > mostKeys && (
        <Line name="">
          <span className="text-small text-ink-faint">and {formatQuantity(metadata.length - mostKeys, 'more key')}</span>
        </Line>
      )}
      {record.uri !== null && (
        <Line name="URI">
          <Text text={record.uri} />
        </Line>
      )}
    </dl>
  )
}

/** What a change does to one record: only what differs. */
export function RecordDiff({ before, after, vector = null }: RecordDiffProps) {
  if (before === null || after === null) {
    const record = after ?? before
    return record === null ? <p className="text-ink-muted">No such record.</p> : <WholeRecord record={record} />
  }
  const keys = differingKeys(before.metadata, after.metadata)
  const same = [...(after.metadata?.keys() ?? [])].filter((key) => !keys.includes(key)).length
  const isSame = before.id === after.id && before.document === after.document && before.uri === after.uri && keys.length === 0
  if (isSame && vector === null) return <p className="text-ink-muted">Document, metadata and URI stay as they are.</p>
  return (
    <dl className="text-body">
      {before.id !== after.id && (
        <Line name="ID">
          <ValueChange before={before.id} after={after.id} />
        </Line>
      )}
      {before.document !== after.document && (
        <Line name="document">
          <TextChange before={before.document} after={after.document} />
        </Line>
      )}
      {keys.map((key) => (
        <KeyLine key={key} name={key}>
          <ValueChange before={before.metadata?.get(key)} after={after.metadata?.get(key)} />
        </KeyLine>
      ))}
      {before.uri !== after.uri && (
        <Line name="URI">
          <TextChange before={before.uri} after={after.uri} />
        </Line>
      )}
      {vector !== null && <Line name="vector">{vector}</Line>}
      {!isSame && same > 0 && (
        <Line name="">
          <span className="text-small text-ink-faint">{formatQuantity(same, 'other key')} unchanged</span>
        </Line>
      )}
    </dl>
  )
}
