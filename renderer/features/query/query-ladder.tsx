import type { Answer, Probe } from '../../../shared/contract/search.ts'
import { textColumns } from '../../lib/text-columns.ts'
import { Badge } from '../../ui/badge.tsx'
import { Ladder, scaleStart } from '../../ui/ladder.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { columnText } from './answer-ladder.tsx'
import { probeTitle } from './probes.ts'
import type { QueryState } from './query-state.ts'

interface QueryLadderProps {
  readonly state: QueryState
  readonly probes: readonly Probe[]
  /** One for each probe. */
  readonly answers: readonly Answer[]
  /** Answers of a second query, whose nearest records are compared; absent where there is none. */
  readonly second?: readonly Answer[]
  /** The query whose results are shown. */
  readonly place: number
  readonly onPlace: (place: number) => void
}

function Change({ first, second }: { first: Answer | undefined; second: Answer | undefined }) {
  const [one, other] = [first?.neighbours[0], second?.neighbours[0]]
  if (one?.record.id === other?.record.id) return <Badge tone="neutral">same</Badge>
  const change = (other?.similarity ?? 0) - (one?.similarity ?? 0)
  return (
    <Badge tone="accent">
      other <span className="numeric">{`${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(3)}`}</span>
    </Badge>
  )
}

/** The queries of a list, each with the record nearest to it. */
export function QueryLadder({ state, probes, answers, second, place, onPlace }: QueryLadderProps) {
  const { mapping, threshold, setThreshold } = state
  const [column] = textColumns(mapping)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <Ladder
        label="Queries"
        rows={answers.map((answer, at) => {
          const [nearest] = answer.neighbours
          const probe = probes[at]
          return {
            id: String(at),
            similarity: nearest?.similarity ?? null,
            distance: nearest?.distance ?? null,
            tone: threshold !== null && (nearest?.similarity ?? -1) < threshold ? ('miss' as const) : ('plain' as const),
            cells: [
              <UntrustedText key="query" text={probe ? probeTitle(probe) : ''} limit={300} />,
              second ? (
                <Change key="change" first={answer} second={second[at]} />
              ) : nearest === undefined ? (
                <span key="nearest" className="text-ink-faint">
                  none
                </span>
              ) : (
                <UntrustedText key="nearest" text={columnText(column, nearest, mapping) ?? nearest.record.id} limit={300} />
              ),
            ],
          }
        })}
        columns={[
          { name: 'Query', share: 1 },
          { name: second ? 'Nearest of the second' : 'Nearest', share: 1 },
        ]}
        space={answers[place]?.space ?? null}
        threshold={threshold}
        onThreshold={setThreshold}
        from={scaleStart(answers.flatMap(({ neighbours }) => neighbours.map(({ similarity }) => similarity)))}
        openId={String(place)}
        onOpen={(id) => onPlace(Number(id))}
        compact
      />
    </div>
  )
}
