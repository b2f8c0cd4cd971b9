import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { cx } from './cx.ts'

export interface ThresholdLineProps {
  /** Similarity, -1 to 1. */
  readonly value: number
  /** Similarities at the left and at the right end of the box that the line lies in; `to` is 1 where it is left out. */
  readonly from: number
  readonly to?: number
  /** Hears of every step of a movement. Absent where the line can only be looked at. */
  readonly onValueChange?: (value: number) => void
  /** Name for screen readers. */
  readonly label?: string
}

const step = 0.005
const leap = 0.05

/** On a step of a drag, so that a line that is put down has a number one would write. */
function snapped(value: number, from: number, to: number): number {
  const within = Math.min(to, Math.max(from, Math.round(value / step) * step))
  return Math.round(within * 1000) / 1000
}

/**
 * The similarity threshold as a line from top to bottom of the nearest positioned box, with its value at the head. Dragged with the
 * pointer (Escape puts it back); moved with the arrow keys by 0.005, with Page Up and Page Down by 0.05. The value stays in sight
 * while what lies under the line scrolls.
 */
export function ThresholdLine({ value, from, to = 1, onValueChange, label = 'Similarity threshold' }: ThresholdLineProps) {
  const box = useRef<HTMLDivElement>(null)
  const [before, setBefore] = useState<number | null>(null)
  const share = Math.min(1, Math.max(0, (value - from) / (to - from)))
  const canMove = onValueChange !== undefined

  function onPointerMove(event: PointerEvent<HTMLDivElement>): void {
    const bounds = box.current?.getBoundingClientRect()
    if (before === null || !bounds || bounds.width === 0) return
    const next = snapped(from + ((event.clientX - bounds.left) / bounds.width) * (to - from), from, to)
    if (next !== value) onValueChange?.(next)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const steps: Record<string, number> = {
      ArrowRight: step,
      ArrowUp: step,
      ArrowLeft: -step,
      ArrowDown: -step,
      PageUp: leap,
      PageDown: -leap,
      Home: from - to,
      End: to - from,
    }
    const by = steps[event.key]
    if (event.key === 'Escape' && before !== null) {
      setBefore(null)
      onValueChange?.(before)
    } else if (by !== undefined) onValueChange?.(snapped(value + by, from, to))
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const line = (
    <>
      <span
        className={cx(
          'absolute inset-y-0 left-1/2 w-0.5 -translate-x-1/2 bg-accent',
          canMove && 'group-hover:w-1 group-focus-visible:w-1',
          before !== null && 'w-1',
        )}
      />
      {/* Shifted with the line, so that the value never leaves the box. */}
      <span
        className={cx(
          'numeric sticky top-1 left-1/2 inline-flex h-5 items-center rounded-sm bg-accent-solid px-1 text-accent-ink',
          canMove && 'group-focus-visible:outline-2 group-focus-visible:outline-offset-1 group-focus-visible:outline-accent',
        )}
        style={{ transform: `translateX(calc(6px - ${share * 100}%))` }}
      >
        {value.toFixed(3)}
      </span>
    </>
  )
  const place = { left: `${share * 100}%` }
  return (
    <div ref={box} className="pointer-events-none absolute inset-0">
      {canMove ? (
        <div
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-valuemin={from}
          aria-valuemax={to}
          aria-valuenow={value}
          aria-valuetext={value.toFixed(3)}
          title={`${label}: drag it, or use the arrow keys`}
          className="group pointer-events-auto absolute inset-y-0 w-3 will-change-transform -translate-x-1/2 cursor-ew-resize touch-none outline-none"
          style={place}
          onPointerDown={(event) => {
            if (event.button !== 0) return
            event.currentTarget.setPointerCapture(event.pointerId)
            setBefore(value)
          }}
          onPointerMove={onPointerMove}
          onPointerUp={() => setBefore(null)}
          onPointerCancel={() => setBefore(null)}
          onKeyDown={onKeyDown}
        >
          {line}
        </div>
      ) : (
        <div className="absolute inset-y-0 w-3 -translate-x-1/2" style={place}>
          <span className="sr-only">{label}</span>
          {line}
        </div>
      )}
    </div>
  )
}
