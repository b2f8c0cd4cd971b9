import { Skeleton } from '../../../ui/skeleton.tsx'

const rows = 24
const widths = ['w-10', 'w-28', 'w-2/5', 'w-1/4', 'w-20']

/** The table before anything is known about it. */
export function GridSkeleton({ rowHeight }: { rowHeight: number }) {
  return (
    <div role="status" aria-label="Loading records" className="min-h-0 flex-1 overflow-hidden bg-canvas">
      <div className="h-8 border-b border-line-strong bg-chrome" />
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} style={{ height: rowHeight }} className="flex items-center gap-6 border-b border-line px-3">
          {widths.map((width) => (
            <Skeleton key={width} className={width} />
          ))}
        </div>
      ))}
    </div>
  )
}
