import { Progress } from '@base-ui/react/progress'
import { cx } from './cx.ts'

export interface ProgressBarProps {
  label: string
  done: number
  /** Null while the amount of work is unknown: the bar then moves without saying how far. */
  total: number | null
  className?: string
}

/** How far something has come. */
export function ProgressBar({ label, done, total, className }: ProgressBarProps) {
  const share = total === null || total <= 0 ? null : Math.min(100, (100 * done) / total)
  return (
    <Progress.Root value={share} aria-label={label} className={className}>
      <Progress.Track className="relative h-1 overflow-hidden rounded-sm bg-pressed">
        <Progress.Indicator
          className={cx(
            'absolute inset-y-0 rounded-sm bg-accent-solid',
            share === null ? 'w-2/5 animate-slide' : 'left-0 transition-[width] duration-150',
          )}
        />
      </Progress.Track>
    </Progress.Root>
  )
}
