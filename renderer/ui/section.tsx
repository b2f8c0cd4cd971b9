import { useId, type ReactNode } from 'react'
import { cx } from './cx.ts'

export interface SectionProps {
  title: string
  /** A count or a few words beside the title. */
  note?: ReactNode
  action?: ReactNode
  className?: string
  children: ReactNode
}

/** A part of a page under a heading. */
export function Section({ title, note, action, className, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={cx('flex min-w-0 flex-col gap-2.5', className)}>
      <div className="flex h-6 items-center gap-2">
        <h2 id={id} className="text-body font-strong text-ink">
          {title}
        </h2>
        {note !== undefined && <span className="text-small text-ink-faint">{note}</span>}
        {action && <div className="ml-auto flex items-center gap-1">{action}</div>}
      </div>
      {children}
    </section>
  )
}
