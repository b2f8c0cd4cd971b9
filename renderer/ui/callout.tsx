import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export type Severity = 'info' | 'warning' | 'error'

const icons = { info: Info, warning: TriangleAlert, error: CircleAlert }
const names = { info: 'Information', warning: 'Warning', error: 'Error' }

/** The mark of a severity, with its name for screen readers. */
export function SeverityIcon({ severity, className }: { severity: Severity; className?: string }) {
  const Icon = icons[severity]
  return (
    <span
      className={cx('shrink-0', severity === 'error' ? 'text-wrong' : severity === 'warning' ? 'text-ink' : 'text-ink-faint', className)}
    >
      <Icon aria-hidden="true" className="size-4" />
      <span className="sr-only">{names[severity]}</span>
    </span>
  )
}

export interface CalloutProps {
  severity?: Severity
  /** What happened or is the case, in a sentence. */
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
  className?: string
}

/** A sentence or two set apart from what surrounds them. */
export function Callout({ severity = 'info', title, children, action, className }: CalloutProps) {
  return (
    <div
      role={severity === 'error' ? 'alert' : 'status'}
      className={cx(
        'flex items-start gap-2.5 rounded-md border px-3 py-2 text-body',
        severity === 'error' ? 'border-transparent bg-wrong-soft' : 'border-line bg-sunken',
        className,
      )}
    >
      <SeverityIcon severity={severity} className="mt-0.5" />
      <div className="min-w-0 flex-1">
        <div className="wrap-anywhere text-ink">{title}</div>
        {children && <div className="wrap-anywhere text-ink-muted">{children}</div>}
      </div>
      {action}
    </div>
  )
}
