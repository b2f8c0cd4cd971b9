import { formatQuantity } from '../../lib/format.ts'
import { cx } from '../../ui/cx.ts'
import { formatDay } from './memory-words.ts'

export interface ActivityBarsProps {
  readonly activity: { readonly from: number; readonly to: number; readonly counts: readonly number[] }
  /** Narrows the time to one span; absent where time cannot be filtered. */
  readonly onSpan?: ((from: number, to: number) => void) | undefined
}

/** When a user was there: episodes over time, each bar a way to see only those. */
export function ActivityBars({ activity: { from, to, counts }, onSpan }: ActivityBarsProps) {
  const most = Math.max(1, ...counts)
  const width = (to - from) / counts.length
  return (
    <figure aria-label="Episodes over time" className="flex flex-col gap-1">
      <div className="flex h-10 items-end gap-px border-b border-line">
        {counts.map((count, place) => {
          const start = from + place * width
          // The last span holds its own end.
          const end = place === counts.length - 1 ? to + 1 : start + width
          const name = `${formatQuantity(count, 'episode')}, ${formatDay(start)} to ${formatDay(end)}`
          const share = count === 0 ? 0 : Math.max(0.1, count / most)
          const bar = (
            <span
              className={cx('block w-full', count > 0 && 'bg-accent group-hover:bg-accent-solid-hover')}
              style={{ height: `${share * 100}%` }}
            />
          )
          return onSpan === undefined || count === 0 ? (
            <span key={place} title={name} className="flex h-full min-w-0 flex-1 items-end">
              {bar}
            </span>
          ) : (
            <button
              key={place}
              type="button"
              tabIndex={-1}
              title={name}
              aria-label={name}
              onClick={() => onSpan(Math.floor(start), Math.ceil(end))}
              className="group flex h-full min-w-0 flex-1 items-end"
            >
              {bar}
            </button>
          )
        })}
      </div>
      <figcaption className="flex justify-between text-small text-ink-muted">
        <span>{formatDay(from)}</span>
        <span>{formatDay(to)}</span>
      </figcaption>
    </figure>
  )
}
