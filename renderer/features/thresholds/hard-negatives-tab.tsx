import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { collectionSubject } from '../../../shared/contract/jobs.ts'
import type { ScoredNegative } from '../../../shared/contract/thresholds.ts'
import { hardNegativeKinds, type HardNegativeKind } from '../../../shared/domain/thresholds/hard-negatives.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { WorkProgress } from '../../lib/work-progress.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { DiffText } from '../../ui/diff-text.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Table, TableCell, TableRow } from '../../ui/table.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import type { LabState } from './lab.tsx'
import { formatShare, formatThreshold } from './threshold-words.ts'
import { isConsentNeeded, SendingQuestion } from './sending-question.tsx'

const kindWords: Readonly<Record<HardNegativeKind, string>> = {
  negation: 'negation',
  number: 'another number',
  unit: 'another unit',
  entity: 'another name',
  order: 'another order',
}
/** Pairs of a kind that are shown. */
const mostShown = 50

/** Texts that read like the collection's queries and ask something else: how many the candidate would let through. */
export function HardNegativesTab({ lab }: { lab: LabState }) {
  const client = useClient()
  const { collection } = lab
  const [isWanted, setWanted] = useState(false)
  const { data, error, refetch, isFetching } = useQuery({
    ...client.query('thresholds.hardNegatives', { ...collection, embedderId: null, most: 500 }),
    enabled: isWanted,
    gcTime: Infinity,
    staleTime: Infinity,
  })
  if (isConsentNeeded(error)) return <SendingQuestion collection={collection} error={error} onAllowed={() => void refetch()} />
  if (error !== null) return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
  if (!isWanted && data === undefined) {
    return (
      <EmptyState
        title="Texts that read alike and ask something else"
        action={
          <Button variant="primary" onClick={() => setWanted(true)}>
            Make and score them
          </Button>
        }
      >
        Queries of the collection with a negation, a number, a unit, a name or an order exchanged. The embedder that is chosen for the
        collection turns 500 of them at most, and their originals, into vectors.
      </EmptyState>
    )
  }
  if (data === undefined) {
    return (
      <>
        <WorkProgress method="thresholds.hardNegatives" subject={collectionSubject(collection)} onCancel={() => setWanted(false)} />
        <SkeletonLines count={8} />
      </>
    )
  }
  if (data.negatives.length === 0) {
    return (
      <EmptyState title="No hard negatives can be made">
        They are made by rules for English from negations, numbers, units, names and orders, and no query of the collection has any of them.
      </EmptyState>
    )
  }
  return <Negatives lab={lab} negatives={data.negatives} embedder={data.embedder.title} />
}

function Negatives({ lab, negatives, embedder }: { lab: LabState; negatives: readonly ScoredNegative[]; embedder: string }) {
  const [shown, setShown] = useState<HardNegativeKind | 'all'>('all')
  const { candidate, present } = lab
  const passing = (list: readonly ScoredNegative[], threshold: number): number =>
    list.filter(({ similarity }) => similarity !== null && similarity >= threshold).length
  const byKind = hardNegativeKinds
    .map((kind) => ({ kind, list: negatives.filter((each) => each.kind === kind) }))
    .filter(({ list }) => list.length > 0)
  const listed = negatives.filter(({ kind }) => shown === 'all' || kind === shown)
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-muted">
        <span className="text-ink">
          {formatCount(passing(negatives, candidate))} of {formatCount(negatives.length)} would be answered at {formatThreshold(candidate)}
        </span>
        , {formatCount(passing(negatives, present))} at {formatThreshold(present)}: queries of the collection, changed so that they ask
        something else, and scored by {embedder}. They are made by rules, so a few read oddly.
      </p>
      <Table
        label="Hard negatives by kind"
        className="max-w-200"
        columns={[
          { name: 'What was changed' },
          { name: 'Pairs', align: 'end' },
          { name: `Answered at ${formatThreshold(candidate)}`, align: 'end' },
          { name: 'Share', align: 'end' },
          { name: 'Most similar', align: 'end' },
        ]}
      >
        {byKind.map(({ kind, list }) => (
          <TableRow key={kind}>
            <TableCell>{kindWords[kind]}</TableCell>
            <TableCell align="end">{formatCount(list.length)}</TableCell>
            <TableCell align="end">{formatCount(passing(list, candidate))}</TableCell>
            <TableCell align="end">{formatShare(passing(list, candidate) / list.length)}</TableCell>
            <TableCell align="end">{list[0]?.similarity?.toFixed(3) ?? 'none'}</TableCell>
          </TableRow>
        ))}
      </Table>
      <div className="flex flex-wrap items-center gap-3">
        <Segmented<HardNegativeKind | 'all'>
          size="small"
          label="Which pairs are listed"
          value={shown}
          onValueChange={setShown}
          options={[{ value: 'all', label: 'all' }, ...byKind.map(({ kind }) => ({ value: kind, label: kindWords[kind] }))]}
        />
        <span className="text-small text-ink-muted">
          The most similar {formatQuantity(Math.min(mostShown, listed.length), 'pair')} of {formatCount(listed.length)}
        </span>
      </div>
      <Table
        label="Most similar pairs"
        columns={[
          { name: 'Similarity', align: 'end' },
          { name: 'At the candidate' },
          { name: 'Query of the collection' },
          { name: 'What is asked instead' },
        ]}
      >
        {listed.slice(0, mostShown).map(({ kind, original, changed, similarity }) => (
          <TableRow key={`${kind}:${changed}`}>
            <TableCell align="end">{similarity?.toFixed(3) ?? 'none'}</TableCell>
            <TableCell>
              {similarity !== null && similarity >= candidate ? (
                <Badge tone="wrong">answered wrongly</Badge>
              ) : (
                <Badge tone="miss">miss</Badge>
              )}
            </TableCell>
            <TableCell className="max-w-100 min-w-44 wrap-anywhere">
              <UntrustedText text={original} limit={300} />
            </TableCell>
            <TableCell className="max-w-100 min-w-44 wrap-anywhere">
              <DiffText query={original} text={changed} />
            </TableCell>
          </TableRow>
        ))}
      </Table>
    </div>
  )
}
