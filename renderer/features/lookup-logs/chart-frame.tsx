import { useId, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { MouseHandlerDataParam } from 'recharts'

export interface ChartHandlers {
  readonly onClick: (state: MouseHandlerDataParam) => void
  readonly onMouseMove: (state: MouseHandlerDataParam) => void
}

export interface ChartFrameProps<Bin> {
  title: string
  /** A few words beside the title. */
  note?: string
  legend: readonly { name: string; color: string; dashed?: boolean }[]
  bins: readonly Bin[]
  /** What is said in place of a chart without bins. */
  empty: string
  describe: (bin: Bin) => string
  onPick: (bin: number) => void
  /** @param chosen the bin that the arrow keys chose */
  renderChart: (handlers: ChartHandlers, chosen: number | null) => ReactNode
  /** Lies over the whole chart. */
  overlay?: ReactNode
}

function binOf({ activeTooltipIndex }: MouseHandlerDataParam): number | null {
  const place = Number(activeTooltipIndex)
  return activeTooltipIndex === undefined || activeTooltipIndex === null || !Number.isInteger(place) ? null : place
}

/** A chart of bins under its title: the bin under the mouse, or chosen with the arrow keys, is told in words; a click or Enter picks it. */
export function ChartFrame<Bin>({ title, note, legend, bins, empty, describe, onPick, renderChart, overlay }: ChartFrameProps<Bin>) {
  const id = useId()
  const [chosen, setChosen] = useState<{ bin: number; by: 'mouse' | 'keys' } | null>(null)
  const bin = chosen === null ? undefined : bins[chosen.bin]

  function onKeyDown(event: KeyboardEvent): void {
    const last = bins.length - 1
    const now = chosen?.bin ?? -1
    const go = (to: number): void => setChosen({ bin: to, by: 'keys' })
    if (event.key === 'ArrowRight') go(Math.min(last, now + 1))
    else if (event.key === 'ArrowLeft') go(Math.max(0, now - 1))
    else if (event.key === 'Home') go(0)
    else if (event.key === 'End') go(last)
    else if (event.key === 'Enter' && chosen !== null) onPick(chosen.bin)
    else return
    event.preventDefault()
  }

  const handlers: ChartHandlers = {
    onClick: (state) => {
      const at = binOf(state) ?? chosen?.bin ?? null
      if (at !== null) onPick(at)
    },
    onMouseMove: (state) => {
      const at = binOf(state)
      if (at !== null) setChosen({ bin: at, by: 'mouse' })
    },
  }

  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-1">
      <div className="flex min-w-0 items-baseline gap-x-3">
        <h2 id={id} className="shrink-0 text-body font-strong text-ink">
          {title}
        </h2>
        {note !== undefined && <span className="truncate text-small text-ink-muted">{note}</span>}
      </div>
      {/* A line of its own, so that charts beside each other begin at one height. */}
      <ul className="flex h-4 min-w-0 gap-x-3 overflow-hidden text-small whitespace-nowrap text-ink-muted">
        {legend.map(({ name, color, dashed }) => (
          <li key={name} className="flex shrink-0 items-center gap-1 last:min-w-0 last:shrink">
            <span
              aria-hidden="true"
              className="h-0 w-3 shrink-0 border-t-3"
              style={{ borderColor: color, borderStyle: dashed ? 'dotted' : 'solid' }}
            />
            <span className="truncate">{name}</span>
          </li>
        ))}
      </ul>
      {bins.length === 0 ? (
        <p className="flex h-45 items-center text-ink-muted">{empty}</p>
      ) : (
        <>
          <div className="relative">
            <div
              role="application"
              aria-roledescription="chart"
              aria-label={`${title}: arrow keys move, Enter shows the lookups`}
              tabIndex={0}
              className="h-40 rounded-sm"
              onKeyDown={onKeyDown}
              onBlur={() => setChosen(null)}
              onMouseLeave={() => setChosen(null)}
            >
              {renderChart(handlers, chosen?.by === 'keys' ? chosen.bin : null)}
            </div>
            {overlay}
          </div>
          <p aria-live="polite" className="h-4 truncate text-small text-ink-muted">
            {bin === undefined ? '' : describe(bin)}
          </p>
        </>
      )}
    </section>
  )
}
