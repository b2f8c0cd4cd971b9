import { useId, type ReactNode } from 'react'

export interface ChartLegendItem {
  readonly name: string
  readonly color: string
  readonly dashed?: boolean
}

export interface ChartCardProps {
  title: string
  /** A few words beside the title. */
  note?: ReactNode
  legend: readonly ChartLegendItem[]
  /** What is said in place of a chart that has nothing to show; null where it has. */
  empty: string | null
  chart: ReactNode
  /** Lies over the whole chart and follows the threshold, so that the chart itself need not be drawn again. */
  overlay?: ReactNode
  /** Figures at the threshold, in words. */
  readout: string
}

/** A chart under its title, with what it says at the threshold below it. */
export function ChartCard({ title, note, legend, empty, chart, overlay, readout }: ChartCardProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-1">
      <div className="flex min-w-0 flex-wrap items-baseline gap-x-3">
        <h3 id={id} className="text-body font-strong text-ink">
          {title}
        </h3>
        {note !== undefined && <span className="text-small text-ink-muted">{note}</span>}
        <ul className="flex flex-wrap gap-x-3 text-small text-ink-muted">
          {legend.map(({ name, color, dashed }) => (
            <li key={name} className="flex items-baseline gap-1">
              <span
                aria-hidden="true"
                className="h-0 w-3 self-center border-t-3"
                style={{ borderColor: color, borderStyle: dashed ? 'dotted' : 'solid' }}
              />
              {name}
            </li>
          ))}
        </ul>
      </div>
      {empty === null ? (
        <>
          <div className="relative">
            {/* A layer of its own, so that a line that moves over it does not have it drawn again. */}
            <div className="h-44 contain-strict will-change-transform">{chart}</div>
            {overlay}
          </div>
          <p className="min-h-4 text-small text-ink-muted">{readout}</p>
        </>
      ) : (
        <p className="flex h-44 items-center text-ink-muted">{empty}</p>
      )}
    </section>
  )
}
