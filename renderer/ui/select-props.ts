import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export interface SelectOption<Value extends string> {
  value: Value
  label: string
  /** A few words beside the label. */
  hint?: string
  icon?: ReactNode
}

export interface SelectProps<Value extends string> {
  value: Value
  onValueChange: (value: Value) => void
  options: readonly SelectOption<Value>[]
  /** Needed where no Field names it. */
  label?: string
  disabled?: boolean
  size?: 'small' | 'medium'
  className?: string
}

/** Class of what shows the value and opens the list. */
export function selectTriggerClass(size: 'small' | 'medium', className: string | undefined): string {
  return cx(
    'inline-flex min-w-0 items-center justify-between gap-1.5 border border-line-strong bg-raised text-ink shadow-control transition-colors hover:bg-sunken data-disabled:opacity-55',
    size === 'small' ? 'h-6 rounded-sm px-1.5 text-small' : 'h-7 rounded-md px-2 text-body',
    className,
  )
}
