import { memo, useMemo, useRef, type ReactNode } from 'react'
import type { Answer, Neighbour } from '../../../shared/contract/search.ts'
import { formatMetadataValue } from '../../../shared/domain/metadata.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import { readRole } from '../../../shared/domain/profiles/read-role.ts'
import { useIsNarrower } from '../../lib/use-is-narrower.ts'
import { textColumns, type TextColumn } from '../../lib/text-columns.ts'
import { DiffText } from '../../ui/diff-text.tsx'
import { Ladder, scaleStart, type LadderRow } from '../../ui/ladder.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

interface AnswerLadderProps {
  readonly label: string
  readonly answer: Answer
  readonly mapping: ProfileMapping
  readonly threshold: number | null
  readonly onThreshold: (threshold: number) => void
  /** The text that results are compared with; null where there is none. */
  readonly queryText: string | null
  readonly openId: string | null
  readonly onOpen: (id: string) => void
  /** Left end of the scale, where several ladders share one. */
  readonly from?: number
  readonly compact?: boolean
  readonly markOf?: (id: string) => ReactNode
}

/** The text of a neighbour in a column; null where it has none. */
export function columnText({ role }: TextColumn, { record }: Pick<Neighbour, 'record'>, mapping: ProfileMapping): string | null {
  const value = role === null ? record.document : readRole(mapping, role, record)
  return value === null ? null : formatMetadataValue(value)
}

const Cell = memo(function Cell({ text, queryText }: { text: string | null; queryText: string | null }) {
  if (text === null) return <span className="text-ink-faint">none</span>
  if (text === '') return <span className="text-ink-faint">empty text</span>
  return queryText === null ? <UntrustedText text={text} limit={400} /> : <DiffText query={queryText} text={text} />
})

/** The records of an answer, near first. */
export function AnswerLadder(props: AnswerLadderProps) {
  const { label, answer, mapping, threshold, onThreshold, queryText, openId, onOpen, from, compact, markOf } = props
  const frame = useRef<HTMLDivElement>(null)
  const isNarrow = useIsNarrower(frame, 680)
  const columns = useMemo(() => {
    const all = textColumns(mapping)
    return compact === true || isNarrow ? all.slice(0, 1) : all
  }, [mapping, compact, isNarrow])
  const rows = answer.neighbours.map((neighbour): LadderRow => ({
    id: neighbour.record.id,
    similarity: neighbour.similarity,
    distance: neighbour.distance,
    tone: threshold !== null && (neighbour.similarity ?? -1) < threshold ? 'miss' : 'plain',
    mark: markOf?.(neighbour.record.id),
    cells: columns.map((column, place) => (
      <Cell key={column.name} text={columnText(column, neighbour, mapping)} queryText={place === 0 ? queryText : null} />
    )),
  }))
  return (
    <div ref={frame} className="min-w-0">
      <Ladder
        label={label}
        rows={rows}
        columns={columns}
        space={answer.space}
        threshold={threshold}
        onThreshold={onThreshold}
        from={from ?? scaleStart(rows.map(({ similarity }) => similarity))}
        openId={openId}
        onOpen={onOpen}
        compact={compact}
      />
    </div>
  )
}
