import { useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { Space } from '../../shared/domain/space.ts'
import { cx } from './cx.ts'
import { ThresholdLine } from './threshold-line.tsx'
import { SimilarityBar, type SimilarityTone } from './similarity-bar.tsx'

export interface LadderRow {
  readonly id: string
  /** Cosine similarity, -1 to 1; null where there is none. */
  readonly similarity: number | null
  /** Chroma's own number; null where there is none. */
  readonly distance: number | null
  readonly tone: SimilarityTone
  /** One for each of the ladder's columns. */
  readonly cells: readonly ReactNode[]
  /** Stands beside the rank. */
  readonly mark?: ReactNode
}

export interface LadderColumn {
  readonly name: string
  /** Share of the width that is left for texts. */
  readonly share: number
}

export interface LadderProps {
  /** Name of the table for screen readers. */
  readonly label: string
  readonly rows: readonly LadderRow[]
  readonly columns: readonly LadderColumn[]
  readonly space: Space | null
  /** Similarity at which a lookup hits; null where none is drawn. */
  readonly threshold: number | null
  /** Makes the threshold a line that can be moved. */
  readonly onThreshold?: (threshold: number) => void
  /** Similarity at the left end of the bars. */
  readonly from: number
  readonly openId: string | null
  readonly onOpen: (id: string) => void
  /** Leaves out the distance, where there is little room. */
  readonly compact?: boolean
}

/** Height of every row and of the heading in pixels, for what is drawn beside a ladder. */
export const ladderRowHeight = 48
export const ladderHeadHeight = 28

/** Widths in pixels, of which the place of the threshold follows: it is one line through all rows. */
const distanceWidth = 112
const cellPadding = 8
const numberWidth = 44

/** Where the scale of some similarities begins: at 0, or at -1 where one is negative. */
export function scaleStart(similarities: readonly (number | null)[]): number {
  return similarities.some((similarity) => similarity !== null && similarity < 0) ? -1 : 0
}

/** Three decimals, cut and not rounded where rounding would say that a threshold is reached which is not. */
function similarityText(similarity: number, threshold: number | null): string {
  const text = similarity.toFixed(3)
  return threshold !== null && similarity < threshold && Number(text) >= threshold
    ? (Math.floor(similarity * 1000) / 1000).toFixed(3)
    : text
}

function distanceText(distance: number): string {
  return distance.toFixed(Math.abs(distance) >= 100 ? 2 : 4)
}

/** The first row below the threshold, where all behind it are below too; null where the rows are in another order. */
function firstBelow(rows: readonly LadderRow[], threshold: number | null): number | null {
  if (threshold === null) return null
  const isBelow = (row: LadderRow) => row.similarity === null || row.similarity < threshold
  const at = rows.findIndex(isBelow)
  return at > 0 && rows.slice(at).every(isBelow) ? at : null
}

/** Records by nearness, with their similarity on one scale. Arrows, j and k move, Enter opens. */
export function Ladder({ label, rows, columns, space, threshold, onThreshold, from, openId, onOpen, compact = false }: LadderProps) {
  const [cursor, setCursor] = useState(0)
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const target = frame.current
    if (target === null) return
    const observer = new ResizeObserver(() => setWidth(target.clientWidth))
    observer.observe(target)
    setWidth(target.clientWidth)
    return () => observer.disconnect()
  }, [])
  const current = Math.min(cursor, rows.length - 1)
  const divider = firstBelow(rows, threshold)
  const shares = columns.reduce((sum, { share }) => sum + share, 0)
  const hasMarks = rows.some(({ mark }) => mark !== undefined)
  const rankWidth = hasMarks ? 80 : 44
  const similarityWidth = compact ? 144 : 176
  // A table takes a width that is calculated from a percentage for none at all, so pixels are.
  const textWidth = Math.max(0, width - rankWidth - similarityWidth - (compact ? 0 : distanceWidth))

  function onKeyDown(event: KeyboardEvent<HTMLTableSectionElement>): void {
    const steps: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, Home: -rows.length, End: rows.length }
    const step = steps[event.key]
    const row = rows[current]
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (step !== undefined) {
      const next = Math.min(rows.length - 1, Math.max(0, current + step))
      setCursor(next)
      event.currentTarget.querySelector<HTMLElement>(`[data-rung="${next}"]`)?.focus()
    } else if (event.key === 'Enter' && row) onOpen(row.id)
    else return
    event.preventDefault()
  }

  return (
    <div ref={frame} className="relative">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- the pattern of a grid: one stop for Tab, arrows inside */}
      <table role="grid" aria-label={label} className="w-full table-fixed border-collapse text-left">
        <thead className="sticky top-0 z-10 bg-canvas">
          <tr style={{ height: ladderHeadHeight }} className="text-small whitespace-nowrap text-ink-muted">
            <th scope="col" className="pl-3 font-normal" style={{ width: rankWidth }}>
              <span className="sr-only">Rank</span>#
            </th>
            <th scope="col" className="px-2 text-right font-normal" style={{ width: similarityWidth }}>
              Similarity
            </th>
            {!compact && (
              <th scope="col" className="px-2 text-right font-normal" style={{ width: distanceWidth }}>
                Distance{space !== null && <span className="ml-1 text-ink-faint">{space}</span>}
              </th>
            )}
            {columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                className="truncate px-2 font-normal"
                style={{ width: textWidth * (column.share / shares) }}
              >
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {rows.map((row, at) => (
            <tr
              key={row.id}
              data-rung={at}
              data-record={row.id}
              tabIndex={at === current ? 0 : -1}
              aria-selected={row.id === openId}
              onFocus={() => setCursor(at)}
              onClick={() => {
                if (getSelection()?.isCollapsed !== false) onOpen(row.id)
              }}
              style={{ height: ladderRowHeight }}
              className={cx(
                'border-t align-middle outline-none hover:bg-hover focus-visible:bg-hover focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-accent aria-selected:bg-accent-soft',
                at === divider ? 'border-accent' : 'border-line',
              )}
            >
              <td className="numeric pl-3 text-ink-faint">
                <span className="flex items-center gap-1">
                  {at + 1}
                  {row.mark}
                </span>
              </td>
              {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- its text is the number */}
              <td className="h-px px-2 py-0">
                <span className="flex h-full items-center gap-2">
                  <span className="h-full min-w-0 flex-1">
                    <SimilarityBar similarity={row.similarity} from={from} tone={row.tone} />
                  </span>
                  <span className="numeric w-11 shrink-0 text-right text-ink">
                    {row.similarity === null ? 'none' : similarityText(row.similarity, threshold)}
                  </span>
                </span>
              </td>
              {!compact && (
                <td className="numeric px-2 text-right text-ink-muted">{row.distance === null ? 'none' : distanceText(row.distance)}</td>
              )}
              {row.cells.map((cell, place) => (
                <td key={columns[place]?.name ?? place} className="px-2 py-1 text-small text-ink">
                  <div className="line-clamp-2 wrap-anywhere">{cell}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {threshold !== null && rows.length > 0 && (
        <div
          className="pointer-events-none absolute inset-y-0 z-20"
          style={{ left: rankWidth + cellPadding, width: similarityWidth - 3 * cellPadding - numberWidth }}
        >
          <ThresholdLine value={threshold} from={from} onValueChange={onThreshold} />
        </div>
      )}
    </div>
  )
}
