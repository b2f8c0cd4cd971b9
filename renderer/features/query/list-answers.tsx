import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { Probe } from '../../../shared/contract/search.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { StatusContent } from '../../lib/slots.tsx'
import { textColumns } from '../../lib/text-columns.ts'
import { Panel, PanelHandle, Panels } from '../../ui/panels.tsx'
import { Ladder, scaleStart } from '../../ui/ladder.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { AnswerFacts, AnswerWarnings } from './answer-facts.tsx'
import { AnswerLadder, columnText } from './answer-ladder.tsx'
import { probeTitle } from './probes.ts'
import type { QueryState } from './query-state.ts'

interface ListAnswersProps {
  readonly state: QueryState
  readonly probes: readonly Probe[]
  readonly onOpen: (id: string) => void
  readonly errorActions?: ReactNode
}

/** What a collection answers to each of several queries: the nearest record of each, and all results of the one that is chosen. */
export function ListAnswers({ state, probes, onOpen, errorActions }: ListAnswersProps) {
  const client = useClient()
  const { collection, mapping, settings, threshold, setThreshold, openId } = state
  const [chosen, setChosen] = useState(0)
  const { data, error, isFetching, refetch } = useQuery(client.query('search.runList', { ...collection, probes: [...probes], settings }))
  if (error !== null) return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} actions={errorActions} />
  if (data === undefined) {
    return (
      <div aria-busy="true" className="p-4">
        <SkeletonLines count={10} />
      </div>
    )
  }
  const [column] = textColumns(mapping)
  const place = Math.min(chosen, data.length - 1)
  const answer = data[place]
  const probe = probes[place]
  const from = scaleStart(data.flatMap(({ neighbours }) => neighbours.map(({ similarity }) => similarity)))
  const reached = threshold === null ? null : data.filter(({ neighbours }) => (neighbours[0]?.similarity ?? -1) >= threshold).length
  return (
    <Panels name="query-list" panelIds={['queries', 'results']} className="flex-1">
      <Panel id="queries" minSize={260} defaultSize="46%">
        <div className="min-h-0 flex-1 overflow-y-auto">
          <Ladder
            label="Queries"
            rows={data.map(({ neighbours: [nearest] }, at) => ({
              id: String(at),
              similarity: nearest?.similarity ?? null,
              distance: nearest?.distance ?? null,
              tone: threshold !== null && (nearest?.similarity ?? -1) < threshold ? 'miss' : 'plain',
              cells: [
                <UntrustedText key="query" text={probeTitle(probes[at] ?? { kind: 'record', id: '' })} limit={300} />,
                nearest === undefined ? (
                  <span key="nearest" className="text-ink-faint">
                    none
                  </span>
                ) : (
                  <UntrustedText key="nearest" text={columnText(column, nearest, mapping) ?? nearest.record.id} limit={300} />
                ),
              ],
            }))}
            columns={[
              { name: 'Query', share: 1 },
              { name: 'Nearest', share: 1 },
            ]}
            space={answer?.space ?? null}
            threshold={threshold}
            onThreshold={setThreshold}
            from={from}
            openId={String(place)}
            onOpen={(id) => setChosen(Number(id))}
            compact
          />
        </div>
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
                from={from}
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
  )
}
