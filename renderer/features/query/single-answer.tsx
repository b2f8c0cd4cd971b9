import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Probe } from '../../../shared/contract/search.ts'
import { isUnfiltered } from '../../../shared/domain/where.ts'
import { useClient } from '../../lib/client-context.tsx'
import { isCancelled } from '../../lib/describe-error.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { cx } from '../../ui/cx.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { AnswerFacts, AnswerWarnings } from './answer-facts.tsx'
import { AnswerLadder } from './answer-ladder.tsx'
import { AnswerPending, SearchProgress } from './answer-pending.tsx'
import type { QueryState } from './query-state.ts'
import { useProbeText } from './use-probe-text.ts'

interface SingleAnswerProps {
  readonly state: QueryState
  readonly probe: Probe
  readonly onOpen: (id: string) => void
  /** Ways out of an error, such as another embedder. */
  readonly errorActions?: ReactNode
}

/** What a collection answers to one probe. */
export function SingleAnswer({ state, probe, onOpen, errorActions }: SingleAnswerProps) {
  const client = useClient()
  const { collection, mapping, settings, threshold, setThreshold, openId } = state
  const { data, error, isPlaceholderData, isFetching, refetch } = useQuery({
    ...client.query('search.run', { ...collection, probe, settings }),
    placeholderData: keepPreviousData,
  })
  const queryText = useProbeText(collection, mapping, probe)

  if (error !== null && !isCancelled(error))
    return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} actions={errorActions} />
  if (data === undefined) return <AnswerPending collection={collection} isFetching={isFetching} onRetry={() => void refetch()} />
  return (
    <>
      {isFetching && <SearchProgress collection={collection} />}
      <AnswerFacts answer={data} />
      <AnswerWarnings warnings={data.warnings} />
      {data.neighbours.length === 0 ? (
        <EmptyState icon={<SearchX />} title="Nothing to compare with">
          {isUnfiltered(settings.filter)
            ? 'No record of this collection has a vector yet. Look in another collection, or refresh once a program has added some.'
            : 'The filter leaves no record that has a vector. Clear it, or look in another collection.'}
        </EmptyState>
      ) : (
        <div className={cx('min-h-0 flex-1 overflow-y-auto', isPlaceholderData && 'opacity-60 transition-opacity delay-150')}>
          <AnswerLadder
            label="Results"
            answer={data}
            mapping={mapping}
            threshold={threshold}
            onThreshold={setThreshold}
            queryText={queryText}
            openId={openId}
            onOpen={onOpen}
          />
        </div>
      )}
    </>
  )
}
