import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { CollectionRef } from '../../../../shared/contract/collections.ts'
import type { Probe, SearchSettings } from '../../../../shared/contract/search.ts'
import { useClient } from '../../../lib/client-context.tsx'
import { isCancelled } from '../../../lib/describe-error.ts'
import { QueryError } from '../../../lib/query-error.tsx'
import { Panel, PanelHandle, Panels } from '../../../ui/panels.tsx'
import { AnswerPending, SearchProgress } from '../answer-pending.tsx'
import { QueryLadder } from '../query-ladder.tsx'
import type { QueryState } from '../query-state.ts'
import { useProbeText } from '../use-probe-text.ts'
import { ComparedAnswers } from './compared-answers.tsx'
import { useVariantProbes } from './use-variant-probes.ts'
import { namespaceKey, variantFilter, type Variant } from './variant.ts'
import { VariantForm } from './variant-form.tsx'

interface CompareViewProps {
  readonly state: QueryState
  readonly probes: readonly Probe[]
  readonly variant: Variant
  /** Which query of a list is compared record by record, from 0. */
  readonly place: number
  readonly onPlace: (place: number) => void
  readonly onVariant: (variant: Variant | null) => void
  readonly onOpen: (id: string) => void
  /** Opens a record of the other collection there. */
  readonly onOpenElsewhere: (collection: CollectionRef, id: string) => void
  readonly errorActions?: ReactNode
}

/** A query, or each of a list, beside a second one in which something is otherwise. */
export function CompareView(props: CompareViewProps) {
  const { state, probes, variant, place, onPlace, onVariant, onOpen, onOpenElsewhere, errorActions } = props
  const client = useClient()
  const { collection, mapping, settings } = state
  const isElsewhere = variant.collectionId !== undefined && variant.collectionId !== collection.collectionId
  const target = { ...collection, collectionId: variant.collectionId ?? collection.collectionId }
  const profile = useQuery({ ...client.query('profiles.get', target), enabled: isElsewhere })
  const rightMapping = isElsewhere ? (profile.data?.mapping ?? { kind: 'unknown' as const, fields: {} }) : mapping
  const key = namespaceKey(rightMapping)
  const { filter, problem } = variantFilter(settings.filter, variant, key)
  const second: SearchSettings = { ...settings, filter }
  const secondProbes = useVariantProbes(collection, probes, variant)
  const left = useQuery({
    ...client.query('search.runList', { ...collection, probes: [...probes], settings }),
    placeholderData: keepPreviousData,
  })
  const right = useQuery({
    ...client.query('search.runList', { ...target, probes: [...(secondProbes ?? probes)], settings: second }),
    placeholderData: keepPreviousData,
    enabled: secondProbes !== null && problem === null,
  })
  const probe = probes[place]
  const queryText = useProbeText(collection, mapping, probe)
  const error = left.error ?? right.error

  const body = () => {
    if (error !== null && !isCancelled(error))
      return <QueryError error={error} onRetry={() => void (left.error ? left : right).refetch()} actions={errorActions} />
    if (left.data === undefined || right.data === undefined) {
      const waiting = [left, right].filter(({ data }) => data === undefined)
      return (
        <AnswerPending
          collection={left.data === undefined ? collection : target}
          isFetching={secondProbes === null || waiting.some(({ isFetching }) => isFetching)}
          onRetry={() => waiting.forEach(({ refetch }) => void refetch())}
        />
      )
    }
    const [leftAnswer, rightAnswer] = [left.data[place], right.data[place]]
    const compared = leftAnswer && rightAnswer && (
      <ComparedAnswers
        state={state}
        left={leftAnswer}
        right={rightAnswer}
        rightMapping={rightMapping}
        queryText={queryText}
        onOpen={onOpen}
        onOpenElsewhere={isElsewhere ? (id) => onOpenElsewhere(target, id) : null}
      />
    )
    return (
      <>
        {(left.isFetching || right.isFetching) && <SearchProgress collection={left.isFetching ? collection : target} />}
        {probes.length === 1 ? (
          compared
        ) : (
          <Panels name="query-list" panelIds={['queries', 'results']} className="flex-1">
            <Panel id="queries" minSize={260} defaultSize="34%">
              <QueryLadder state={state} probes={probes} answers={left.data} second={right.data} place={place} onPlace={onPlace} />
            </Panel>
            <PanelHandle label="Width of the queries" />
            <Panel id="results" minSize={400}>
              {compared}
            </Panel>
          </Panels>
        )}
      </>
    )
  }

  return (
    <>
      <VariantForm
        collection={collection}
        variant={variant}
        target={target}
        namespaceKey={key}
        asksText={probe?.kind === 'text'}
        problem={problem}
        onVariant={onVariant}
      />
      {body()}
    </>
  )
}
