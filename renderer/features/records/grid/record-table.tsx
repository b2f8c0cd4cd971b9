import { useCallback, useEffect, useId, useMemo, useRef, useState, type MouseEvent, type Ref, useImperativeHandle } from 'react'
import type { Sort } from '../../../../shared/contract/records.ts'
import type { MetadataScalar } from '../../../../shared/domain/metadata.ts'
import { formatQuantity } from '../../../lib/format.ts'
import { useNow } from '../../../lib/use-now.ts'
import { cx } from '../../../ui/cx.ts'
import { Callout } from '../../../ui/callout.tsx'
import { Button } from '../../../ui/button.tsx'
import { ContextMenu } from '../../../ui/menu.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { describeError } from '../../../lib/describe-error.ts'
import type { PlacedColumn } from '../columns/layout.ts'
import { countRanges } from '../../../lib/selection/ranges.ts'
import {
  clearSelection,
  countSelected,
  extendTo,
  isSelected,
  nothingSelected,
  selectAll,
  selectOnly,
  toggle,
  type Selection,
} from '../../../lib/selection/selection.ts'
import { GridHeaderCell, type HeaderActions } from './grid-header.tsx'
import { GridRow } from './grid-row.tsx'
import { rowMenu } from './row-menu.ts'
import { useGridKeys } from './use-grid-keys.ts'
import { useRecordPages, type ShownView } from './use-record-pages.ts'
import { useRowWindow } from './use-row-window.ts'

const headerHeight = 32

export interface RecordTableHandle {
  readonly focus: () => void
  /** Goes down or up from the row that the keyboard is on. */
  readonly step: (rows: number) => void
}

interface RecordTableProps extends Omit<HeaderActions, 'onSort'> {
  readonly ref?: Ref<RecordTableHandle>
  readonly shown: ShownView
  readonly isUpdating: boolean
  readonly columns: (width: number) => readonly PlacedColumn[]
  readonly rowHeight: number
  readonly selection: Selection
  readonly onSelection: (next: Selection) => void
  readonly openId: string | null
  /** Place of the open record in the shown view; null where it is unknown or not part of it. */
  readonly openIndex: number | null
  readonly onOpen: (id: string | null) => void
  readonly onSort: (sort: Sort) => void
  readonly onCopy: () => void
  readonly onCopyText: (text: string) => void
  readonly onFindSimilar: (id: string) => void
  /** Records with an edit that waits to be applied, by their ids. */
  readonly staged: ReadonlyMap<string, unknown>
  readonly onDuplicate: (id: string) => void
  readonly onDelete: (id: string) => void
  readonly onPick: (key: string, value: MetadataScalar) => void
  readonly onExclude: (key: string, value: MetadataScalar) => void
}

function rowOf(event: MouseEvent): { index: number; inGutter: boolean; columnId: string | undefined } | null {
  const target = event.target
  if (!(target instanceof Element)) return null
  const row = target.closest<HTMLElement>('[data-row]')
  if (row === null) return null
  return {
    index: Number(row.dataset.row),
    inGutter: target.closest('[data-gutter]') !== null,
    columnId: target.closest<HTMLElement>('[data-column]')?.dataset.column,
  }
}

/** The records of a view as a grid. Only the rows in view are drawn and only the pages around them are loaded. */
export function RecordTable({
  ref,
  shown,
  isUpdating,
  columns: columnsFor,
  rowHeight,
  selection,
  onSelection,
  openId,
  openIndex,
  onOpen,
  onSort,
  onCopy,
  onCopyText,
  onFindSimilar,
  staged,
  onDuplicate,
  onDelete,
  onPick,
  onExclude,
  ...headerActions
}: RecordTableProps) {
  const gridId = useId()
  const now = useNow()
  const rows = useRowWindow({ rowCount: shown.total, rowHeight, headerHeight })
  const { recordAt, error, retry } = useRecordPages(shown, rows.from, rows.to)
  const gutterWidth = 26 + String(shown.total).length * 8 + (shown.total > 9999 ? 8 : 0)
  const columns = useMemo(() => columnsFor(rows.width - gutterWidth), [columnsFor, rows.width, gutterWidth])
  const [dragged, setDragged] = useState<string | null>(null)
  const [menuAt, setMenuAt] = useState<{ index: number; columnId: string | undefined } | null>(null)
  const pending = useRef<number | null>(null)
  const sort = shown.view.sort
  const { reveal, scrollToRow, container } = rows

  const idAt = (index: number) => recordAt(index)?.id
  const openedHere = useRef<string | null>(null)
  const openRecord = (id: string) => {
    openedHere.current = id
    onOpen(id)
  }
  const open = (index: number) => {
    const id = idAt(index)
    pending.current = id === undefined ? index : null
    if (id !== undefined) openRecord(id)
  }
  const follow = (index: number) => {
    reveal(index)
    if (openId !== null) open(index)
  }

  useEffect(() => {
    if (pending.current === null) return
    const id = recordAt(pending.current)?.id
    if (id === undefined) return
    pending.current = null
    openRecord(id)
  })

  const lastKey = useRef(shown.key)
  useEffect(() => {
    if (lastKey.current !== shown.key) scrollToRow(0)
    lastKey.current = shown.key
  }, [shown.key, scrollToRow])

  const revealed = useRef('')
  useEffect(() => {
    const wanted = `${shown.key}\n${openId ?? ''}`
    if (openIndex === null || revealed.current === wanted || rows.width === 0) return
    revealed.current = wanted
    // Where a record stands is known a moment after it was opened; by then the keyboard may be rows further.
    if (openId === openedHere.current) return
    reveal(openIndex)
    if (selection.cursor !== openIndex)
      onSelection(countSelected(selection) > 1 ? { ...selection, cursor: openIndex } : selectOnly(openIndex))
  }, [openIndex, openId, shown.key, rows.width, reveal, selection, onSelection])

  const step = useCallback(
    (by: number) => {
      if (shown.total === 0) return
      const index = Math.min(shown.total - 1, Math.max(0, (selection.cursor ?? (by > 0 ? -1 : 0)) + by))
      onSelection(selectOnly(index))
      follow(index)
    },
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- follow is new on every render and reads nothing that is not listed
    [selection.cursor, shown, openId, onSelection],
  )
  useImperativeHandle(ref, () => ({ focus: () => container.current?.focus(), step }), [container, step])

  const onKeyDown = useGridKeys({
    selection,
    total: shown.total,
    rowsPerScreen: rows.rowsPerScreen,
    idAt,
    onSelection,
    onCursor: follow,
    onOpen: open,
    onCopy,
    onLeave: () => (openId === null ? onSelection(clearSelection(selection)) : onOpen(null)),
  })

  const onClick = (event: MouseEvent) => {
    const at = rowOf(event)
    if (at === null) return
    container.current?.focus()
    const command = event.ctrlKey || event.metaKey
    if (event.shiftKey) onSelection(extendTo(selection, at.index, command || at.inGutter))
    else if (command || at.inGutter) onSelection(toggle(selection, at.index, idAt(at.index)))
    else {
      onSelection(selectOnly(at.index))
      open(at.index)
    }
  }

  const allSelected = shown.total > 0 && countRanges(selection.ranges) >= shown.total
  const menuRecord = menuAt === null ? undefined : recordAt(menuAt.index)
  const cursorIsDrawn = selection.cursor !== null && selection.cursor >= rows.from && selection.cursor < rows.to
  const width = columns.reduce((sum, column) => sum + column.width, gutterWidth)
  const problem = error === null ? null : describeError(error)

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {isUpdating && (
        <ProgressBar label="Updating the list" done={0} total={null} className="absolute inset-x-0 top-8 z-30 -mt-px [&>*]:h-0.5" />
      )}
      <div
        ref={container}
        role="grid"
        aria-label={`Records, ${formatQuantity(shown.total, 'record')}`}
        aria-rowcount={shown.total + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable
        aria-busy={isUpdating}
        aria-activedescendant={cursorIsDrawn ? `${gridId}-${selection.cursor}` : undefined}
        tabIndex={0}
        onScroll={rows.onScroll}
        onKeyDown={onKeyDown}
        onClick={onClick}
        className="group/grid relative min-h-0 flex-1 overflow-auto bg-canvas outline-none focus-visible:outline-none"
      >
        <div role="rowgroup" className="sticky top-0 z-20 min-w-full bg-chrome" style={{ width, height: headerHeight }}>
          <div role="row" aria-rowindex={1} className="flex h-full items-center border-b border-line-strong">
            <div
              role="columnheader"
              aria-colindex={1}
              style={{ width: gutterWidth }}
              className="sticky left-0 z-10 flex h-full shrink-0 items-center justify-end bg-chrome pr-2"
            >
              <button
                type="button"
                aria-label={allSelected ? 'Select nothing' : 'Select all records'}
                aria-pressed={allSelected}
                onClick={() => onSelection(allSelected ? nothingSelected : selectAll(selection, shown.total))}
                className={cx(
                  'flex size-3.5 items-center justify-center rounded-sm border',
                  allSelected ? 'border-transparent bg-accent-solid' : 'border-line-strong bg-canvas',
                )}
              >
                {countSelected(selection) > 0 && (
                  <span className={cx('h-0.5 w-2 rounded-sm', allSelected ? 'bg-accent-ink' : 'bg-accent')} />
                )}
              </button>
            </div>
            {columns.map((column, place) => (
              <GridHeaderCell
                key={column.id}
                column={column}
                place={place + 2}
                sort={sort}
                dragged={dragged}
                onDrag={setDragged}
                onSort={onSort}
                {...headerActions}
              />
            ))}
          </div>
        </div>
        <ContextMenu
          entries={
            menuRecord === undefined
              ? [{ label: 'Loading…', disabled: true, onSelect: () => undefined }]
              : rowMenu(
                  menuRecord,
                  columns.find((column) => column.id === menuAt?.columnId),
                  {
                    onOpen: () => menuAt && open(menuAt.index),
                    onCopyText,
                    onFindSimilar: () => onFindSimilar(menuRecord.id),
                    onDuplicate: () => onDuplicate(menuRecord.id),
                    onDelete: () => onDelete(menuRecord.id),
                    onPick,
                    onExclude,
                  },
                )
          }
        >
          <div
            role="rowgroup"
            onContextMenu={(event) => setMenuAt(rowOf(event))}
            className={cx('relative min-w-full', isUpdating && 'opacity-60 transition-opacity delay-150 duration-150')}
            style={{ width, height: rows.spacerHeight }}
          >
            {Array.from({ length: rows.to - rows.from }, (_, place) => {
              const index = rows.from + place
              const record = recordAt(index)
              return (
                <GridRow
                  key={index}
                  record={record}
                  index={index}
                  domId={`${gridId}-${index}`}
                  top={index * rowHeight + rows.shift}
                  height={rowHeight}
                  gutterWidth={gutterWidth}
                  columns={columns}
                  now={now}
                  isSelected={isSelected(selection, index, record?.id)}
                  isCursor={selection.cursor === index}
                  isOpen={openId !== null && record?.id === openId}
                  isStaged={record !== undefined && staged.has(record.id)}
                />
              )
            })}
          </div>
        </ContextMenu>
      </div>
      {problem !== null && (
        <Callout
          severity="error"
          title={problem.message}
          action={<Button onClick={retry}>Try again</Button>}
          className="absolute inset-x-4 bottom-4 z-30"
        >
          {problem.remedy}
        </Callout>
      )}
    </div>
  )
}
