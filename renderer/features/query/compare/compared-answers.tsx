import type { Answer } from '../../../../shared/contract/search.ts'
import type { ProfileMapping } from '../../../../shared/domain/profiles/profile.ts'
import { Badge } from '../../../ui/badge.tsx'
import { scaleStart } from '../../../ui/ladder.tsx'
import { AnswerFacts, AnswerWarnings } from '../answer-facts.tsx'
import { AnswerLadder } from '../answer-ladder.tsx'
import type { QueryState } from '../query-state.ts'
import { RankLines } from './rank-lines.tsx'
import { rankChanges, rankText } from './ranks.ts'

interface ComparedAnswersProps {
  readonly state: QueryState
  readonly left: Answer
  readonly right: Answer
  /** How records of the second collection are laid out. */
  readonly rightMapping: ProfileMapping
  readonly queryText: string | null
  readonly onOpen: (id: string) => void
  /** Opens a record of the second collection where that is another one. */
  readonly onOpenElsewhere: ((id: string) => void) | null
}

const columns = 'grid grid-cols-[minmax(0,1fr)_72px_minmax(0,1fr)]'

/** Two answers to one query side by side, with a line for each record from its place in one to its place in the other. */
export function ComparedAnswers({ state, left, right, rightMapping, queryText, onOpen, onOpenElsewhere }: ComparedAnswersProps) {
  const { mapping, threshold, setThreshold, openId } = state
  const answers = [left, right]
  const from = scaleStart(answers.flatMap(({ neighbours }) => neighbours.map(({ similarity }) => similarity)))
  const idsOf = ({ neighbours }: Answer) => neighbours.map(({ record }) => record.id)
  const changes = rankChanges(idsOf(left), idsOf(right))
  const changeOf = new Map(changes.map((change) => [change.id, change]))
  const markOf = (id: string) => {
    const change = changeOf.get(id)
    return change && <Badge tone={change.left === change.right ? 'neutral' : 'accent'}>{rankText(change)}</Badge>
  }
  return (
    <>
      <div className={`${columns} border-b border-line`}>
        <AnswerFacts answer={left} title="First" />
        <span />
        <AnswerFacts answer={right} title="Second" />
      </div>
      <AnswerWarnings warnings={[...new Set(answers.flatMap(({ warnings }) => warnings))]} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className={`${columns} items-start`}>
          <AnswerLadder
            label="First results"
            answer={left}
            mapping={mapping}
            threshold={threshold}
            onThreshold={setThreshold}
            queryText={queryText}
            openId={openId}
            onOpen={onOpen}
            from={from}
            compact
          />
          <RankLines changes={changes} rows={Math.max(...answers.map(({ neighbours }) => neighbours.length))} openId={openId} />
          <AnswerLadder
            label="Second results"
            answer={right}
            mapping={rightMapping}
            threshold={threshold}
            onThreshold={setThreshold}
            queryText={queryText}
            openId={onOpenElsewhere === null ? openId : null}
            onOpen={onOpenElsewhere ?? onOpen}
            from={from}
            compact
            markOf={markOf}
          />
        </div>
      </div>
    </>
  )
}
