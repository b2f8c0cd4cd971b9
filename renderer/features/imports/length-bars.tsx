import { formatCount } from '../../lib/format.ts'
import { cx } from '../../ui/cx.ts'

interface LengthBarsProps {
  readonly lengths: { readonly min: number; readonly median: number; readonly max: number }
  /** How many documents are so long, in equal bins from 0 to the longest. */
  readonly histogram: readonly number[]
}

/** How long documents are, as bars and in words. */
export function LengthBars({ lengths: { min, median, max }, histogram }: LengthBarsProps) {
  const most = Math.max(1, ...histogram)
  return (
    <div className="flex items-end gap-3">
      <div aria-hidden="true" className={cx('flex h-8 w-48 items-end gap-px border-b border-line', min === max && 'hidden')}>
        {histogram.map((count, bin) => (
          <span
            key={bin}
            className="min-w-0 flex-1 rounded-t-sm bg-accent"
            style={{ height: count === 0 ? 0 : `${Math.max(6, (100 * count) / most)}%` }}
          />
        ))}
      </div>
      <p className="text-small text-ink-muted">
        {min === max
          ? `All have ${formatCount(max)} characters`
          : `${formatCount(min)} to ${formatCount(max)} characters, half of them up to ${formatCount(median)}`}
      </p>
    </div>
  )
}
