import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { CollectionRef } from '../../../../shared/contract/collections.ts'
import type { Probe, SearchSettings } from '../../../../shared/contract/search.ts'
import { useClient } from '../../../lib/client-context.tsx'
import { QueryError } from '../../../lib/query-error.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { scaleStart } from '../../../ui/ladder.tsx'
import { SkeletonLines } from '../../../ui/skeleton.tsx'
import { AnswerFacts, AnswerWarnings } from '../answer-facts.tsx'
import { AnswerLadder } from '../answer-ladder.tsx'
import type { QueryState } from '../query-state.ts'
import { useProbeText } from '../use-probe-text.ts'
import { RankLines } from './rank-lines.tsx'
import { rankChanges, rankText } from './ranks.ts'
import { namespaceKey, variantFilter, type Variant } from './variant.ts'
import { VariantForm } from './variant-form.tsx'

interface CompareViewProps {
  readonly state: QueryState
  readonly probe: Probe
  readonly variant: Variant
  readonly onVariant: (variant: Variant | null) => void
  readonly onOpen: (id: string) => void
  /** Opens a record of the other collection there. */
  readonly onOpenElsewhere: (collection: CollectionRef, id: string) => void
  readonly errorActions?: ReactNode
}

/** The probe of the second query. A record of another collection is looked for by its vector. */
function useVariantProbe(collection: CollectionRef, probe: Probe, variant: Variant): Probe | null {
  const client = useClient()
  const needsVector = probe.kind === 'record' && variant.collectionId !== undefined
  const { data } = useQuery({
    ...client.query('records.vector', { ...collection, id: probe.kind === 'record' ? probe.id : '' }),
    enabled: needsVector,
  })
  if (probe.kind === 'text') return { ...probe, embedderId: variant.embedderId ?? probe.embedderId }
  if (!needsVector) return probe
  return data?.vector ? { kind: 'vector', vector: Array.from(data.vector.values) } : null
}

/** Two queries side by side, with a line for each record from its place in one to its place in the other. */
export function CompareView({ state, probe, variant, onVariant, onOpen, onOpenElsewhere, errorActions }: CompareViewProps) {
  const client = useClient()
  const { collection, mapping, settings, threshold, setThreshold, openId } = state
  const isElsewhere = variant.collectionId !== undefined && variant.collectionId !== collection.collectionId
  const target = { ...collection, collectionId: variant.collectionId ?? collection.collectionId }
  const profile = useQuery({ ...client.query('profiles.get', target), enabled: isElsewhere })
  const targetMapping = isElsewhere ? (profile.data?.mapping ?? { kind: 'unknown' as const, fields: {} }) : mapping
  const key = namespaceKey(targetMapping)
  const { filter, problem } = variantFilter(settings.filter, variant, key)
  const second: SearchSettings = { ...settings, filter }
  const secondProbe = useVariantProbe(collection, probe, variant)
  const left = useQuery({ ...client.query('search.run', { ...collection, probe, settings }), placeholderData: keepPreviousData })
  const right = useQuery({
    ...client.query('search.run', { ...target, probe: secondProbe ?? probe, settings: second }),
    placeholderData: keepPreviousData,
    enabled: secondProbe !== null && problem === null,
  })
  const queryText = useProbeText(collection, mapping, probe)
  const error = left.error ?? right.error

  const body = () => {
    if (error !== null)
      return <QueryError error={error} onRetry={() => void (left.error ? left : right).refetch()} actions={errorActions} />
    if (left.data === undefined || right.data === undefined) {
      return (
        <div aria-busy="true" className="p-4">
          <SkeletonLines count={10} />
        </div>
      )
    }
    const answers = [left.data, right.data]
    const from = scaleStart(answers.flatMap(({ neighbours }) => neighbours.map(({ similarity }) => similarity)))
    const [leftIds, rightIds] = answers.map(({ neighbours }) => neighbours.map(({ record }) => record.id))
    const changes = rankChanges(leftIds ?? [], rightIds ?? [])
    const changeOf = new Map(changes.map((change) => [change.id, change]))
    const markOf = (id: string) => {
      const change = changeOf.get(id)
      return change && <Badge tone={change.left === change.right ? 'neutral' : 'accent'}>{rankText(change)}</Badge>
    }
    return (
      <>
        <div className="grid grid-cols-[minmax(0,1fr)_72px_minmax(0,1fr)] border-b border-line">
          <AnswerFacts answer={left.data} title="First" />
          <span />
          <AnswerFacts answer={right.data} title="Second" />
        </div>
        <AnswerWarnings warnings={[...new Set(answers.flatMap(({ warnings }) => warnings))]} />
        <div className="min-h-0 flex-1 overflow-y-auto">
          <div className="grid grid-cols-[minmax(0,1fr)_72px_minmax(0,1fr)] items-start">
            <AnswerLadder
              label="First results"
              answer={left.data}
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
              answer={right.data}
              mapping={targetMapping}
              threshold={threshold}
              onThreshold={setThreshold}
              queryText={queryText}
              openId={isElsewhere ? null : openId}
              onOpen={(id) => (isElsewhere ? onOpenElsewhere(target, id) : onOpen(id))}
              from={from}
              compact
              markOf={markOf}
            />
          </div>
        </div>
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
        asksText={probe.kind === 'text'}
        problem={problem}
        onVariant={onVariant}
      />
      {body()}
    </>
  )
}
