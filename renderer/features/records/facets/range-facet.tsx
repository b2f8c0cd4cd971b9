import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { Facet } from '../../../../shared/contract/records.ts'
import { formatCount, formatQuantity, formatTime } from '../../../lib/format.ts'
import { Button } from '../../../ui/button.tsx'
import { cx } from '../../../ui/cx.ts'

type RangeFacetData = Facet & { kind: 'range' }

interface RangeFacetProps {
  readonly facet: RangeFacetData
  /** Bounds in force, in the facet's own scale. */
  readonly bounds: { readonly from: number | null; readonly to: number | null }
  readonly onPick: (from: number, to: number, includeUpper: boolean) => void
  readonly onClear: () => void
}

const height = 44
const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 })
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
const minutes = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })

function label(facet: RangeFacetData, value: number): string {
  if (facet.scale === 'number') return numbers.format(value)
  return facet.max - facet.min < 3 * 86_400_000 ? minutes.format(value) : days.format(value)
}

function fullLabel(facet: RangeFacetData, value: number): string {
  return facet.scale === 'date' ? formatTime(value) : numbers.format(value)
}

/** How the numbers or dates of a key are spread. Click a bar or drag over several to filter; arrow keys and Shift do the same. */
export function RangeFacet({ facet, bounds, onPick, onClear }: RangeFacetProps) {
  const area = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)
  const [hover, setHover] = useState<number | null>(null)
  const tallest = Math.max(1, ...facet.bins.map((bin) => bin.count))
  const lastBin = facet.bins.length - 1
  const hasBounds = bounds.from !== null || bounds.to !== null

  const binAt = (event: PointerEvent): number => {
    const box = area.current?.getBoundingClientRect()
    if (box === undefined || box.width === 0) return 0
    return Math.min(lastBin, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * facet.bins.length)))
  }
  const pick = (first: number, second: number) => {
    const from = facet.bins[Math.min(first, second)]
    const to = facet.bins[Math.max(first, second)]
    if (from !== undefined && to !== undefined) onPick(from.from, to.to, Math.max(first, second) === lastBin)
  }
  const isInside = (place: number): boolean => {
    if (drag !== null) return place >= Math.min(drag.from, drag.to) && place <= Math.max(drag.from, drag.to)
    const bin = facet.bins[place]
    if (!hasBounds || bin === undefined) return false
    return bin.to > (bounds.from ?? -Infinity) && bin.from < (bounds.to ?? Infinity)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      const next = Math.min(lastBin, Math.max(0, (hover ?? -1) + step))
      setHover(next)
      setDrag((before) => (event.shiftKey ? { from: before?.from ?? hover ?? next, to: next } : null))
    } else if ((event.key === 'Enter' || event.key === ' ') && hover !== null) {
      event.preventDefault()
      pick(drag?.from ?? hover, drag?.to ?? hover)
      setDrag(null)
    } else if (event.key === 'Escape' && drag !== null) {
      event.stopPropagation()
      setDrag(null)
    }
  }

  const hovered = hover === null ? undefined : facet.bins[hover]
  const ends = drag === null ? undefined : { from: facet.bins[Math.min(drag.from, drag.to)], to: facet.bins[Math.max(drag.from, drag.to)] }
  const caption =
    ends?.from && ends.to
      ? `${fullLabel(facet, ends.from.from)} to ${fullLabel(facet, ends.to.to)}`
      : hovered
        ? `${fullLabel(facet, hovered.from)} to ${fullLabel(facet, hovered.to)}: ${formatQuantity(hovered.count, 'record')}`
        : null

  return (
    <div className="px-1.5">
      <div
        ref={area}
        role="slider"
        tabIndex={0}
        aria-label={`Range of ${facet.key}`}
        aria-valuemin={facet.min}
        aria-valuemax={facet.max}
        aria-valuenow={hovered?.from ?? bounds.from ?? facet.min}
        aria-valuetext={caption ?? `${fullLabel(facet, facet.min)} to ${fullLabel(facet, facet.max)}`}
        onKeyDown={onKeyDown}
        onBlur={() => setHover(null)}
        onPointerDown={(event) => {
          if (event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          setDrag({ from: binAt(event), to: binAt(event) })
        }}
        onPointerMove={(event) => {
          const place = binAt(event)
          setHover(place)
          setDrag((before) => (before === null || event.buttons === 0 ? before : { from: before.from, to: place }))
        }}
        onPointerUp={() => {
          if (drag !== null) pick(drag.from, drag.to)
          setDrag(null)
        }}
        onPointerLeave={() => setHover(null)}
        className="flex cursor-crosshair touch-none items-end gap-px rounded-sm border-b border-line-strong"
        style={{ height }}
      >
        {facet.bins.map((bin, place) => (
          <span key={bin.from} className="flex h-full min-w-0 flex-1 items-end">
            <span
              style={{ height: bin.count === 0 ? 0 : Math.max(2, (bin.count / tallest) * (height - 4)) }}
              className={cx(
                'w-full rounded-t-sm transition-colors',
                isInside(place) ? 'bg-accent-solid' : hasBounds || drag !== null ? 'bg-line-strong' : 'bg-accent-line',
                hover === place && !isInside(place) && 'bg-accent',
              )}
            />
          </span>
        ))}
      </div>
      <div className="mt-0.5 flex justify-between gap-2 text-small text-ink-faint">
        {caption === null ? (
          <>
            <span className="numeric truncate">{label(facet, facet.min)}</span>
            <span className="numeric truncate">{label(facet, facet.max)}</span>
          </>
        ) : (
          <span className="truncate text-ink-muted" title={caption}>
            {hovered && drag === null
              ? `${label(facet, hovered.from)} – ${label(facet, hovered.to)} · ${formatCount(hovered.count)}`
              : caption}
          </span>
        )}
      </div>
      {hasBounds && (
        <Button size="small" variant="ghost" onClick={onClear} className="-ml-1.5 px-1.5">
          Clear the range
        </Button>
      )}
    </div>
  )
}
