import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export interface TableColumn {
  name: string
  align?: 'start' | 'end'
  /** Keeps the name for screen readers only. */
  hideName?: boolean
  className?: string
}

export interface TableProps {
  /** Name of the table for screen readers. */
  label: string
  columns: readonly TableColumn[]
  /** Rows of TableRow. */
  children: ReactNode
  className?: string
}

/** A short table that is shown whole. Long ones are virtual and not made with this. */
export function Table({ label, columns, children, className }: TableProps) {
  return (
    <div className={cx('overflow-x-auto rounded-md border border-line', className)}>
      <table aria-label={label} className="w-full border-collapse text-left text-body">
        <thead>
          <tr className="bg-sunken">
            {columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                className={cx(
                  'h-7 px-3 text-small font-normal whitespace-nowrap text-ink-muted',
                  column.align === 'end' && 'text-right',
                  column.className,
                )}
              >
                {column.hideName === true ? <span className="sr-only">{column.name}</span> : column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

/** One row of {@link Table}. */
export function TableRow({ className, children }: { className?: string; children: ReactNode }) {
  return <tr className={cx('border-t border-line', className)}>{children}</tr>
}

/** One cell of {@link Table}; numbers stand at the end. */
export function TableCell({ align = 'start', className, children }: { align?: 'start' | 'end'; className?: string; children: ReactNode }) {
  return <td className={cx('row-height px-3 py-1', align === 'end' && 'numeric text-right whitespace-nowrap', className)}>{children}</td>
}
