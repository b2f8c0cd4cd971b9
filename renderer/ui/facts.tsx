import type { ReactNode } from 'react'
import { cx } from './cx.ts'

/** Names and values in two columns. */
export function Facts({ className, children }: { className?: string; children: ReactNode }) {
  return <dl className={cx('grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-body', className)}>{children}</dl>
}

/** One name with its value; an unknown value is said, not left blank. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-muted">{name}</dt>
      <dd className="min-w-0 wrap-anywhere text-ink">{children ?? <span className="text-ink-faint">unknown</span>}</dd>
    </>
  )
}
