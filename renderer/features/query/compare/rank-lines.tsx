import { ladderHeadHeight, ladderRowHeight } from '../../../ui/ladder.tsx'
import { cx } from '../../../ui/cx.ts'
import type { RankChange } from './ranks.ts'

const width = 72

function middleOf(place: number): number {
  return ladderHeadHeight + (place + 0.5) * ladderRowHeight
}

/** Lines from each record's place in one ladder to its place in the other. */
export function RankLines({ changes, rows, openId }: { changes: readonly RankChange[]; rows: number; openId: string | null }) {
  const height = ladderHeadHeight + rows * ladderRowHeight
  const moved = changes.filter(({ left, right }) => left !== null && right !== null && left !== right).length
  const same = changes.filter(({ left, right }) => left !== null && left === right).length
  return (
    <svg
      role="img"
      aria-label={`${same} records keep their rank, ${moved} change it, ${changes.length - same - moved} are in one list only`}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className="shrink-0"
    >
      {changes.map(({ id, left, right }) => {
        const isOpen = id === openId
        const stroke = cx(isOpen ? 'stroke-accent' : left === right ? 'stroke-line-strong' : 'stroke-ink-faint')
        if (left !== null && right !== null) {
          const [from, to] = [middleOf(left), middleOf(right)]
          return (
            <path
              key={id}
              d={`M0,${from} C${width / 2},${from} ${width / 2},${to} ${width},${to}`}
              fill="none"
              strokeWidth={isOpen ? 2.5 : 1.5}
              className={stroke}
            />
          )
        }
        const [x, place] = left === null ? [width, right ?? 0] : [0, left]
        const end = left === null ? width - 16 : 16
        return (
          <g key={id} className={stroke}>
            <path d={`M${x},${middleOf(place)} L${end},${middleOf(place)}`} strokeWidth={1.5} strokeDasharray="3 3" />
            <circle cx={end} cy={middleOf(place)} r={2.5} fill="none" strokeWidth={1.5} />
          </g>
        )
      })}
    </svg>
  )
}
