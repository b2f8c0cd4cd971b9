import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Probe } from '../../../shared/contract/search.ts'
import { useClient } from '../../lib/client-context.tsx'
import { isCancelled } from '../../lib/describe-error.ts'
import { formatCount } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { StatusContent } from '../../lib/slots.tsx'
import { Panel, PanelHandle, Panels } from '../../ui/panels.tsx'
import { AnswerFacts, AnswerWarnings } from './answer-facts.tsx'
import { AnswerLadder } from './answer-ladder.tsx'
import { AnswerPending, SearchProgress } from './answer-pending.tsx'
import { QueryLadder } from './query-ladder.tsx'
import type { QueryState } from './query-state.ts'

interface ListAnswersProps {
  readonly state: QueryState
  readonly probes: readonly Probe[]
  /** Which query's results are shown, from 0. */
  readonly place: number
  readonly onPlace: (place: number) => void
  readonly onOpen: (id: string) => void
  readonly errorActions?: ReactNode
}

/** What a collection answers to each of several queries: the nearest record of each, and all results of the one that is chosen. */
export function ListAnswers({ state, probes, place, onPlace, onOpen, errorActions }: ListAnswersProps) {
  const client = useClient()
  const { collection, mapping, settings, threshold, setThreshold, openId } = state
  const { data, error, isFetching, refetch, isPlaceholderData } = useQuery({
    ...client.query('search.runList', { ...collection, probes: [...probes], settings }),
    placeholderData: keepPreviousData,
  })
  if (error !== null && !isCancelled(error))
    return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} actions={errorActions} />
  // Answers of another list would stand beside queries that they do not belong to.
  if (data === undefined || (isPlaceholderData && data.length !== probes.length))
    return <AnswerPending collection={collection} isFetching={isFetching} onRetry={() => void refetch()} />
  const answer = data[place]
  const probe = probes[place]
  const reached = threshold === null ? null : data.filter(({ neighbours }) => (neighbours[0]?.similarity ?? -1) >= threshold).length
  return (
    <>
      {isFetching && <SearchProgress collection={collection} />}
      <Panels name="query-list" panelIds={['queries', 'results']} className="flex-1">
        <Panel id="queries" minSize={260} defaultSize="46%">
          <QueryLadder state={state} probes={probes} answers={data} place={place} onPlace={onPlace} />
        </Panel>
        <PanelHandle label="Width of the queries" />
        <Panel id="results" minSize={300}>
          {answer && probe && (
            <>
              <AnswerFacts answer={answer} />
              <AnswerWarnings warnings={answer.warnings} />
              <div className="min-h-0 flex-1 overflow-y-auto">
                <AnswerLadder
                  label="Results"
                  answer={answer}
                  mapping={mapping}
                  threshold={threshold}
                  onThreshold={setThreshold}
                  queryText={probe.kind === 'text' ? probe.text : null}
                  openId={openId}
                  onOpen={onOpen}
                />
              </div>
            </>
          )}
        </Panel>
        <StatusContent>
          {reached !== null && (
            <span>
              {formatCount(reached)} of {formatCount(data.length)} queries reach the threshold
            </span>
          )}
        </StatusContent>
      </Panels>
    </>
  )
}
