import { Columns3, GripVertical } from 'lucide-react'
import { useState, type KeyboardEvent } from 'react'
import type { TableLayout } from '../../../../shared/contract/settings.ts'
import { formatQuantity } from '../../../lib/format.ts'
import { visibleString } from '../../../lib/visible-text.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { cx } from '../../../ui/cx.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Popover } from '../../../ui/popover.tsx'
import { ShowMore } from '../../../ui/show-more.tsx'
import { SearchInput } from '../../../ui/search-input.tsx'
import { UntrustedText } from '../../../ui/untrusted-text.tsx'
import type { GridColumn } from './column.ts'
import { hideColumn, moveColumn, nudgeColumn, showColumn } from './layout.ts'

/** Hidden columns that are listed at once. */
const listedAtFirst = 100

interface ColumnMenuProps {
  readonly columns: readonly GridColumn[]
  readonly layout: TableLayout
  readonly widthOf: (column: GridColumn) => number
  readonly onLayout: (layout: TableLayout) => void
  /** Null where the columns are those chosen at first. */
  readonly onReset: (() => void) | null
}

function ColumnName({ column }: { column: GridColumn }) {
  return (
    <span className="flex min-w-0 flex-1 items-baseline gap-2" title={visibleString(column.origin)}>
      <span className={cx('min-w-0 truncate', column.isKey && 'numeric')}>
        <UntrustedText text={column.title} limit={120} />
      </span>
      {column.role !== null && (
        <span className="min-w-0 truncate text-small text-ink-faint">
          <UntrustedText text={column.origin} limit={80} />
        </span>
      )}
    </span>
  )
}

/** Which columns the table shows, and in which order: by dragging, or with Alt and the arrow keys. */
export function ColumnMenu({ columns, layout, widthOf, onLayout, onReset }: ColumnMenuProps) {
  const [search, setSearch] = useState('')
  const [dragged, setDragged] = useState<string | null>(null)
  const byId = new Map(columns.map((column) => [column.id, column]))
  const shown = layout.columns.flatMap(({ id }) => byId.get(id) ?? [])
  const hidden = columns.filter((column) => !shown.includes(column))
  const wanted = search.trim().toLowerCase()
  const matches = (column: GridColumn) => wanted === '' || column.title.toLowerCase().includes(wanted)

  const onKeyDown = (event: KeyboardEvent, id: string) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    onLayout(nudgeColumn(layout, id, event.key === 'ArrowUp' ? -1 : 1))
  }

  return (
    <Popover
      label="Columns"
      align="end"
      className="flex w-80 flex-col gap-2"
      trigger={<IconButton label="Columns" icon={<Columns3 aria-hidden="true" />} />}
    >
      <SearchInput value={search} onValueChange={setSearch} label="Search columns" />
      <ul aria-label="Shown columns" className="-mx-1 flex flex-col">
        {shown.filter(matches).map((column) => (
          <li
            key={column.id}
            draggable
            onDragStart={() => setDragged(column.id)}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => {
              event.preventDefault()
              if (dragged !== null && dragged !== column.id) onLayout(moveColumn(layout, dragged, column.id))
            }}
            className={cx('flex h-7 items-center gap-2 rounded-md px-1 hover:bg-hover', dragged === column.id && 'opacity-50')}
          >
            <Checkbox
              checked
              hideLabel
              label={`Show ${visibleString(column.title)}`}
              disabled={shown.length === 1}
              onCheckedChange={() => onLayout(hideColumn(layout, column.id))}
            />
            <ColumnName column={column} />
            <button
              type="button"
              aria-label={`Move ${visibleString(column.title)}: Alt and arrow keys`}
              onKeyDown={(event) => onKeyDown(event, column.id)}
              className="flex size-5 cursor-grab items-center justify-center rounded-sm text-ink-faint hover:text-ink"
            >
              <GripVertical aria-hidden="true" className="size-3.5" />
            </button>
          </li>
        ))}
      </ul>
      {hidden.some(matches) && (
        <>
          <p className="border-t border-line pt-2 text-small text-ink-faint">Hidden</p>
          <div className="-mx-1 flex max-h-64 flex-col overflow-y-auto">
            <ShowMore
              items={hidden.filter(matches)}
              first={listedAtFirst}
              label={(total) => `Show more of ${formatQuantity(total, 'column')}`}
            >
              {(listed) => (
                <ul aria-label="Hidden columns" className="flex flex-col">
                  {listed.map((column) => (
                    <li key={column.id} className="flex h-7 shrink-0 items-center gap-2 rounded-md px-1 hover:bg-hover">
                      <Checkbox
                        checked={false}
                        hideLabel
                        label={`Show ${visibleString(column.title)}`}
                        onCheckedChange={() => onLayout(showColumn(layout, column.id, widthOf(column)))}
                      />
                      <ColumnName column={column} />
                    </li>
                  ))}
                </ul>
              )}
            </ShowMore>
          </div>
        </>
      )}
      {onReset !== null && (
        <Button variant="ghost" size="small" onClick={onReset} className="self-start">
          Back to the first columns
        </Button>
      )}
    </Popover>
  )
}
