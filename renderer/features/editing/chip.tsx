import type { ComponentProps, ReactNode } from 'react'
import { cx } from '../../ui/cx.ts'

interface ChipProps extends ComponentProps<'button'> {
  readonly icon: ReactNode
  readonly isOn?: boolean
}

/** A small button with the state of something as its words. */
export function Chip({ icon, isOn = false, className, children, ...rest }: ChipProps) {
  return (
    <button
      type="button"
      className={cx(
        'inline-flex h-5 shrink-0 items-center gap-1 rounded-sm border px-1.5 text-small whitespace-nowrap transition-colors [&_svg]:size-3',
        isOn
          ? 'border-accent-line bg-accent-soft text-accent'
          : 'border-line-strong text-ink-muted hover:bg-hover hover:text-ink data-popup-open:bg-hover',
        className,
      )}
      {...rest}
    >
      {icon}
      {children}
    </button>
  )
}
