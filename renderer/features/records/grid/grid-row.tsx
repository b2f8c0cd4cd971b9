import { Check } from 'lucide-react'
import { memo } from 'react'
import type { StoredRecord } from '../../../../shared/domain/record.ts'
import { formatCount } from '../../../lib/format.ts'
import { cx } from '../../../ui/cx.ts'
import { Skeleton } from '../../../ui/skeleton.tsx'
import type { PlacedColumn } from '../columns/layout.ts'
import { cellValue } from './cell-value.ts'
import { GridCell } from './grid-cell.tsx'

interface GridRowProps {
  /** Undefined while it is loaded. */
  readonly record: StoredRecord | undefined
  /** Place in the view, from 0. */
  readonly index: number
  readonly domId: string
  readonly top: number
  readonly height: number
  readonly gutterWidth: number
  readonly columns: readonly PlacedColumn[]
  readonly now: number
  readonly isSelected: boolean
  /** The row that the keyboard is on. */
  readonly isCursor: boolean
  /** The record that the inspector shows. */
  readonly isOpen: boolean
  /** An edit of the record waits to be applied. */
  readonly isStaged: boolean
}

/** Bars of different lengths, so that a page on its way looks like text and not like a wall. */
function skeletonWidth(index: number, place: number): string {
  return `${35 + ((index * 37 + place * 53) % 50)}%`
}

function Gutter({ index, width, isSelected, isStaged }: { index: number; width: number; isSelected: boolean; isStaged: boolean }) {
  return (
    <span
      role="rowheader"
      aria-colindex={1}
      aria-label={`Row ${formatCount(index + 1)}${isStaged ? ', edit staged' : ''}`}
      data-gutter=""
      style={{ width }}
      className="sticky left-0 z-10 flex h-full shrink-0 items-center justify-end bg-inherit pr-2"
    >
      {isStaged && <span title="An edit is staged" className="absolute left-1.5 size-1.5 rounded-full bg-accent" />}
      <span className={cx('numeric text-ink-faint group-hover/row:invisible', isSelected && 'invisible')}>{formatCount(index + 1)}</span>
      <span
        className={cx(
          'absolute right-2 flex size-3.5 items-center justify-center rounded-sm border',
          isSelected
            ? 'border-transparent bg-accent-solid text-accent-ink'
            : 'invisible border-line-strong bg-canvas group-hover/row:visible',
        )}
      >
        {isSelected && <Check aria-hidden="true" className="size-3" strokeWidth={3} />}
      </span>
    </span>
  )
}

/** One record of the table, or the place of one that is on its way. */
export const GridRow = memo(function GridRow({
  record,
  index,
  domId,
  top,
  height,
  gutterWidth,
  columns,
  now,
  isSelected,
  isCursor,
  isOpen,
  isStaged,
}: GridRowProps) {
  return (
    <div
      role="row"
      id={domId}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-busy={record === undefined || undefined}
      data-row={index}
      style={{ top, height }}
      className={cx(
        'group/row absolute left-0 flex min-w-full items-center border-b border-line text-body',
        isSelected ? 'bg-accent-soft' : 'bg-canvas hover:bg-[color-mix(in_srgb,var(--canvas),var(--ink)_4%)]',
        isCursor &&
          'group-focus-visible/grid:z-10 group-focus-visible/grid:outline-1 group-focus-visible/grid:-outline-offset-1 group-focus-visible/grid:outline-accent',
      )}
    >
      {isOpen && <span aria-hidden="true" className="absolute inset-y-0 left-0 z-20 w-0.5 bg-accent" />}
      <Gutter index={index} width={gutterWidth} isSelected={isSelected} isStaged={isStaged} />
      {columns.map((column, place) => (
        <span
          key={column.id}
          role="gridcell"
          aria-colindex={place + 2}
          data-column={column.id}
          style={{ width: column.width }}
          className="flex h-full shrink-0 items-center px-2"
        >
          {record === undefined ? (
            <>
              <span className="sr-only">Loading</span>
              <span className="block w-full" style={{ maxWidth: skeletonWidth(index, place) }}>
                <Skeleton />
              </span>
            </>
          ) : (
            <GridCell column={column} cell={cellValue(column, record)} now={now} />
          )}
        </span>
      ))}
    </div>
  )
})
