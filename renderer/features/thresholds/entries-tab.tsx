import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { EntryFit } from '../../../shared/contract/thresholds.ts'
import { leastObservations } from '../../../shared/domain/thresholds/entry-thresholds.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Table, TableCell, TableRow } from '../../ui/table.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import type { LabState } from './lab.tsx'
import { ThresholdValue } from './threshold-value.tsx'

const pageSize = 50

const orders = {
  strictest: (a: EntryFit, b: EntryFit) =>
    (b.upper ?? -2) - (a.upper ?? -2) || (b.threshold ?? -2) - (a.threshold ?? -2) || b.observations - a.observations,
  wrong: (a: EntryFit, b: EntryFit) => b.wrong - a.wrong || b.observations - a.observations,
  labels: (a: EntryFit, b: EntryFit) => b.observations - a.observations || b.wrong - a.wrong,
} as const
type Order = keyof typeof orders

/** The similarity from which each entry's own answer is right, as far as its labels tell. */
export function EntriesTab({ lab }: { lab: LabState }) {
  const client = useClient()
  const { collection, source, settings, onOpen, candidate } = lab
  const [order, setOrder] = useState<Order>('strictest')
  const [offset, setOffset] = useState(0)
  const { data, error, refetch, isFetching } = useQuery(
    client.query('thresholds.entries', { ...collection, source, embedderId: null, sources: settings.sources, confidence: 0.9 }),
  )
  const sorted = useMemo(() => data?.filter(({ observations }) => observations > 0).toSorted(orders[order]), [data, order])
  const start = sorted !== undefined && offset < sorted.length ? offset : 0
  const page = sorted?.slice(start, start + pageSize) ?? []
  const words = useQuery({
    ...client.query('thresholds.words', { ...collection, ids: page.map(({ entryId }) => entryId) }),
    enabled: page.length > 0,
    placeholderData: keepPreviousData,
  })
  const textOf = new Map(words.data?.map(({ entryId, text }) => [entryId, text]))
  if (error !== null) return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
  if (data === undefined || sorted === undefined) return <SkeletonLines count={8} />
  if (sorted.length === 0) {
    return (
      <EmptyState title="No entry has a labelled lookup yet">
        An entry gets a threshold of its own from {leastObservations} labels of lookups that it was nearest to.
      </EmptyState>
    )
  }
  const fitted = sorted.filter(({ threshold }) => threshold !== null).length
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          size="small"
          label="Order of entries"
          value={order}
          onValueChange={(next) => {
            setOrder(next)
            setOffset(0)
          }}
          options={[
            { value: 'strictest', label: 'Strictest' },
            { value: 'wrong', label: 'Most wrong answers' },
            { value: 'labels', label: 'Most labels' },
          ]}
        />
        <span className="text-small text-ink-muted">
          {formatQuantity(sorted.length, 'entry', 'entries')} with a label; {formatCount(fitted)} with {leastObservations} or more, which is
          what a threshold of their own takes.
        </span>
        <span className="flex-1" />
        {sorted.length > pageSize && (
          <>
            <Button size="small" disabled={start === 0} onClick={() => setOffset(Math.max(0, start - pageSize))}>
              Previous {pageSize}
            </Button>
            <Button size="small" disabled={start + pageSize >= sorted.length} onClick={() => setOffset(start + pageSize)}>
              Next {pageSize}
            </Button>
          </>
        )}
      </div>
      <Table
        label="Thresholds of entries"
        columns={[
          { name: 'Entry' },
          { name: 'Question' },
          { name: 'Labels', align: 'end' },
          { name: 'Wrong', align: 'end' },
          { name: 'Threshold', align: 'end' },
          { name: 'At least (90%)', align: 'end' },
          { name: 'At most (90%)', align: 'end' },
          { name: 'At the candidate' },
        ]}
      >
        {page.map(({ entryId, observations, wrong, threshold, lower, upper }) => (
          <TableRow key={entryId}>
            <TableCell className="max-w-44">
              <button
                type="button"
                className="numeric block max-w-full truncate text-accent hover:underline"
                onClick={() => onOpen(entryId)}
              >
                <UntrustedText text={entryId} limit={120} />
              </button>
            </TableCell>
            <TableCell className="max-w-100 min-w-44">
              <span className="line-clamp-2 wrap-anywhere">
                <UntrustedText text={textOf.get(entryId) ?? ''} limit={200} />
              </span>
            </TableCell>
            <TableCell align="end">{formatCount(observations)}</TableCell>
            <TableCell align="end">{formatCount(wrong)}</TableCell>
            <TableCell align="end">
              <ThresholdValue value={threshold} none="" isFitted />
            </TableCell>
            <TableCell align="end">
              <ThresholdValue value={lower} none="" isFitted />
            </TableCell>
            <TableCell align="end">
              <ThresholdValue value={upper} none="" isFitted />
            </TableCell>
            <TableCell className="text-ink-muted">
              {threshold === null ? (
                <Badge tone="outline">needs evidence</Badge>
              ) : upper !== null && candidate >= upper ? (
                'strict enough'
              ) : threshold <= candidate ? (
                'probably strict enough'
              ) : (
                'too loose for this entry'
              )}
            </TableCell>
          </TableRow>
        ))}
      </Table>
    </div>
  )
}
