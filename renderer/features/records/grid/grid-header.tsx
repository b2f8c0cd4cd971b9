import { ArrowDown, ArrowUp } from 'lucide-react'
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { Sort } from '../../../../shared/contract/records.ts'
import { cx } from '../../../ui/cx.ts'
import { ContextMenu } from '../../../ui/menu.tsx'
import { UntrustedText } from '../../../ui/untrusted-text.tsx'
import { visibleString } from '../../../lib/visible-text.ts'
import type { SortBy } from '../columns/column.ts'
import type { PlacedColumn } from '../columns/layout.ts'

export interface HeaderActions {
  readonly onSort: (sort: Sort) => void
  readonly onResize: (id: string, width: number) => void
  /** Puts a column where another one is. */
  readonly onMove: (id: string, target: string) => void
  readonly onNudge: (id: string, steps: number) => void
  readonly onHide: (id: string) => void
}

interface GridHeaderCellProps extends HeaderActions {
  readonly column: PlacedColumn
  /** Place among the columns of the grid, from 1. */
  readonly place: number
  readonly sort: Sort
  readonly dragged: string | null
  readonly onDrag: (id: string | null) => void
}

function sortsBy(sort: Sort, by: SortBy | null): boolean {
  if (by === null || sort.by.kind !== by.kind) return false
  return sort.by.kind !== 'metadata' || (by.kind === 'metadata' && sort.by.key === by.key)
}

/** Ascending first, then descending, then back to the order in which records are stored. */
function nextSort(sort: Sort, by: SortBy): Sort {
  if (!sortsBy(sort, by)) return { by, direction: 'ascending' }
  return sort.direction === 'ascending' ? { by, direction: 'descending' } : { by: { kind: 'stored' }, direction: 'ascending' }
}

const keyboardStep = 16

/** The edge of a column that is dragged, or moved with the arrow keys. */
function ResizeHandle({ column, onResize }: { column: PlacedColumn; onResize: (id: string, width: number) => void }) {
  const start = useRef<{ x: number; width: number } | null>(null)
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.preventDefault()
    event.stopPropagation()
    event.currentTarget.setPointerCapture(event.pointerId)
    start.current = { x: event.clientX, width: column.width }
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (start.current !== null) onResize(column.id, start.current.width + event.clientX - start.current.x)
  }
  const stop = () => {
    start.current = null
  }
  return (
    <div
      aria-hidden="true"
      data-resize={column.id}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={stop}
      onPointerCancel={stop}
      className="group/resize absolute inset-y-0 -right-1 z-10 flex w-2 cursor-col-resize touch-none justify-center"
    >
      <span className="my-1.5 w-px bg-line transition-colors group-hover/resize:w-0.5 group-hover/resize:bg-accent group-active/resize:w-0.5 group-active/resize:bg-accent" />
    </div>
  )
}

export function GridHeaderCell({ column, place, sort, dragged, onDrag, onSort, onResize, onMove, onNudge, onHide }: GridHeaderCellProps) {
  const [isTarget, setIsTarget] = useState(false)
  const isSorted = sortsBy(sort, column.sortBy)
  const by = column.sortBy
  const name = visibleString(column.title)

  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return
    event.preventDefault()
    event.stopPropagation()
    const direction = event.key === 'ArrowLeft' ? -1 : 1
    if (event.shiftKey) onResize(column.id, column.width + direction * keyboardStep)
    else onNudge(column.id, direction)
  }

  return (
    <div
      role="columnheader"
      aria-colindex={place}
      aria-sort={isSorted ? sort.direction : 'none'}
      className={cx('relative flex h-full shrink-0 items-center', isTarget && dragged !== column.id && 'bg-accent-soft')}
      style={{ width: column.width }}
      onDragOver={(event) => {
        if (dragged === null) return
        event.preventDefault()
        setIsTarget(true)
      }}
      onDragLeave={() => setIsTarget(false)}
      onDrop={(event) => {
        event.preventDefault()
        setIsTarget(false)
        if (dragged !== null && dragged !== column.id) onMove(dragged, column.id)
      }}
    >
      <ContextMenu
        entries={[
          { label: 'Sort ascending', disabled: by === null, onSelect: () => by && onSort({ by, direction: 'ascending' }) },
          { label: 'Sort descending', disabled: by === null, onSelect: () => by && onSort({ by, direction: 'descending' }) },
          { label: 'Order as stored', onSelect: () => onSort({ by: { kind: 'stored' }, direction: 'ascending' }) },
          { kind: 'separator' },
          { label: 'Move left', onSelect: () => onNudge(column.id, -1) },
          { label: 'Move right', onSelect: () => onNudge(column.id, 1) },
          { kind: 'separator' },
          { label: 'Hide column', onSelect: () => onHide(column.id) },
        ]}
      >
        <button
          type="button"
          draggable
          data-column={column.id}
          title={`${visibleString(column.origin)}${by === null ? ' · cannot be sorted, because it is a part of a value' : ''}`}
          aria-label={`${name}, ${by === null ? 'cannot be sorted' : isSorted ? `sorted ${sort.direction}` : 'not sorted'}`}
          aria-disabled={by === null || undefined}
          onClick={() => by && onSort(nextSort(sort, by))}
          onKeyDown={onKeyDown}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move'
            event.dataTransfer.setData('text/plain', name)
            onDrag(column.id)
          }}
          onDragEnd={() => onDrag(null)}
          className={cx(
            'flex h-full w-full min-w-0 items-center gap-1 px-2 text-small transition-colors outline-offset-[-2px] hover:text-ink',
            isSorted ? 'text-ink' : 'text-ink-muted',
            column.alignsRight && 'flex-row-reverse',
          )}
        >
          <span className={cx('min-w-0 truncate', column.isKey ? 'numeric' : 'font-strong')}>
            <UntrustedText text={column.title} limit={120} />
          </span>
          {isSorted &&
            (sort.direction === 'ascending' ? (
              <ArrowUp aria-hidden="true" className="size-3 shrink-0 text-accent" />
            ) : (
              <ArrowDown aria-hidden="true" className="size-3 shrink-0 text-accent" />
            ))}
        </button>
      </ContextMenu>
      <ResizeHandle column={column} onResize={onResize} />
    </div>
  )
}
