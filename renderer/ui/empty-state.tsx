import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export interface EmptyStateProps {
  icon?: ReactNode
  /** What would be here. */
  title: string
  /** Why it is not, and what helps. */
  children?: ReactNode
  /** The one action that helps. */
  action?: ReactNode
  className?: string
}

/** Says what would be here, why it is not, and the one action that helps. */
export function EmptyState({ icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div className={cx('flex min-h-0 flex-1 flex-col items-center justify-center gap-1 p-8 text-center', className)}>
      {icon && (
        <span aria-hidden="true" className="mb-2 text-ink-faint [&_svg]:size-6 [&_svg]:stroke-[1.5]">
          {icon}
        </span>
      )}
      <p className="text-body font-strong text-ink">{title}</p>
      {children && <div className="max-w-96 text-body text-ink-muted">{children}</div>}
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
