import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { cx } from './cx.ts'

export interface ErrorStateProps {
  /** What happened, in a sentence. */
  message: string
  /** What to do about it. */
  remedy?: string | null
  onRetry?: () => void
  retrying?: boolean
  /** Further ways out. */
  actions?: ReactNode
  className?: string
}

/** Stands where something could not be shown: what happened, what to do, and a way to try again. */
export function ErrorState({ message, remedy, onRetry, retrying = false, actions, className }: ErrorStateProps) {
  return (
    <div role="alert" className={cx('flex min-h-0 flex-1 flex-col items-center justify-center gap-1 p-8 text-center', className)}>
      <CircleAlert aria-hidden="true" className="mb-2 size-6 text-wrong" strokeWidth={1.5} />
      <p className="max-w-120 text-body font-strong wrap-anywhere text-ink">{message}</p>
      {remedy && <p className="max-w-120 text-body wrap-anywhere text-ink-muted">{remedy}</p>}
      {(onRetry || actions) && (
        <div className="mt-3 flex flex-wrap justify-center gap-2">
          {onRetry && (
            <Button onClick={onRetry} busy={retrying}>
              Try again
            </Button>
          )}
          {actions}
        </div>
      )}
    </div>
  )
}
