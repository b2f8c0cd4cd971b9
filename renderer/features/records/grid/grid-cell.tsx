import { memo } from 'react'
import { formatMetadataValue, formatScalar, type MetadataValue } from '../../../../shared/domain/metadata.ts'
import { ttlMilliseconds } from '../../../../shared/domain/lookup-entry.ts'
import { timeRoles } from '../../../../shared/domain/profiles/role-names.ts'
import { readTime } from '../../../../shared/domain/time.ts'
import { formatDuration, formatRelativeTime, formatTime } from '../../../lib/format.ts'
import { cx } from '../../../ui/cx.ts'
import { UntrustedText } from '../../../ui/untrusted-text.tsx'
import type { PlacedColumn } from '../columns/layout.ts'
import type { CellValue } from './cell-value.ts'

/** Characters of a text that are drawn in a cell; the rest could not be seen anyway. */
const longestDrawn = 400

interface GridCellProps {
  readonly column: PlacedColumn
  readonly cell: CellValue
  readonly now: number
}

function Absent({ text, name }: { text: string; name: string }) {
  return (
    <span className="text-ink-faint" aria-label={name}>
      {text}
    </span>
  )
}

function ValueText({ value, column, now }: { value: MetadataValue; column: PlacedColumn; now: number }) {
  if (column.role !== null && timeRoles.has(column.role) && !Array.isArray(value)) {
    const time = readTime(value)
    if (time !== null) {
      return <time title={`${formatTime(time)} · stored as ${formatScalar(value)}`}>{formatRelativeTime(time, now)}</time>
    }
  }
  const duration = column.role === 'ttl' ? ttlMilliseconds(column.field, value) : null
  if (duration !== null) {
    return (
      <span className="numeric" title={`stored as ${formatMetadataValue(value)}`}>
        {formatDuration(duration)}
      </span>
    )
  }
  if (typeof value === 'string') {
    if (value === '') return <Absent text="empty" name="empty text" />
    return <UntrustedText text={value} limit={longestDrawn} className={column.id === 'id' ? 'numeric' : undefined} />
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? (
      <Absent text="[ ]" name="empty list" />
    ) : (
      <UntrustedText text={formatMetadataValue(value.slice(0, 50))} limit={longestDrawn} className="numeric" />
    )
  }
  return <span className="numeric">{formatScalar(value)}</span>
}

/** One value in a row, on one line. */
export const GridCell = memo(function GridCell({ column, cell, now }: GridCellProps) {
  return (
    <span className={cx('min-w-0 flex-1 truncate', column.alignsRight && 'text-right')}>
      {cell.kind === 'missing' && <Absent text="·" name="no value" />}
      {cell.kind === 'no-document' && <Absent text="no document" name="no document" />}
      {cell.kind === 'value' && <ValueText value={cell.value} column={column} now={now} />}
    </span>
  )
})
