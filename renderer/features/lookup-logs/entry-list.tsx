import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { EntryRanking, LogFilter } from '../../../shared/contract/lookup-logs.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount, formatQuantity, formatRelativeTime, formatTime } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { useNow } from '../../lib/use-now.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Table, TableCell, TableRow } from '../../ui/table.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

const pageSize = 50

const empty: Readonly<Record<EntryRanking, string>> = {
  'most-hit': 'No lookup of these names an entry that answered.',
  'never-hit': 'Every entry of the collection answered one of these lookups.',
  'near-missed': 'No lookup of these came near an entry it names.',
}
const meaning: Readonly<Record<EntryRanking, string>> = {
  'most-hit': 'answered a lookup',
  'never-hit': 'of the collection answered none of these lookups',
  'near-missed': 'were just below the threshold',
}

export interface EntryListProps {
  collection: CollectionRef
  logId: string
  ranking: EntryRanking
  filter: LogFilter
  /** Entries before those that are shown. */
  offset: number
  onOffset: (offset: number) => void
  onOpen: (entryId: string) => void
  /** Shows the lookups of an entry. */
  onFilter: (part: Partial<LogFilter>) => void
}

/** Entries by what lookups made of them. */
export function EntryList({ collection, logId, ranking, filter, offset, onOffset, onOpen, onFilter }: EntryListProps) {
  const client = useClient()
  const now = useNow()
  const { data, error, refetch, isFetching } = useQuery({
    ...client.query('lookupLogs.entries', { ...collection, logId, ranking, filter, offset, limit: pageSize }),
    placeholderData: keepPreviousData,
  })
  if (error !== null) return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
  if (data === undefined) return <SkeletonLines count={8} />
  if (data.total === 0) return <EmptyState title="No entries here">{empty[ranking]}</EmptyState>
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-2 text-small text-ink-muted">
        <span className="flex-1">
          {formatQuantity(data.total, 'entry', 'entries')} {meaning[ranking]}; {formatCount(offset + 1)} to{' '}
          {formatCount(Math.min(data.total, offset + pageSize))} are shown.
        </span>
        <Button size="small" disabled={offset === 0} onClick={() => onOffset(Math.max(0, offset - pageSize))}>
          Previous {pageSize}
        </Button>
        <Button size="small" disabled={offset + pageSize >= data.total} onClick={() => onOffset(offset + pageSize)}>
          Next {pageSize}
        </Button>
      </div>
      <Table
        label="Entries"
        columns={[
          { name: 'Entry' },
          { name: 'Query' },
          { name: 'Hits', align: 'end' },
          { name: 'Near misses', align: 'end' },
          { name: 'Last hit' },
          { name: 'Lookups' },
        ]}
      >
        {data.entries.map(({ entryId, query, exists, hits, nearMisses, lastHitAt }) => (
          <TableRow key={entryId}>
            <TableCell className="max-w-48">
              {exists ? (
                <button
                  type="button"
                  className="numeric block max-w-full truncate text-accent hover:underline"
                  onClick={() => onOpen(entryId)}
                >
                  <UntrustedText text={entryId} limit={80} />
                </button>
              ) : (
                <span className="flex items-center gap-2">
                  <span className="numeric truncate">
                    <UntrustedText text={entryId} limit={80} />
                  </span>
                  <Badge tone="outline">not in the collection</Badge>
                </span>
              )}
            </TableCell>
            <TableCell className="max-w-100 truncate">{query !== null && <UntrustedText text={query} limit={200} />}</TableCell>
            <TableCell align="end">{formatCount(hits)}</TableCell>
            <TableCell align="end">{formatCount(nearMisses)}</TableCell>
            <TableCell className="whitespace-nowrap text-ink-muted">
              {lastHitAt === null ? 'never' : <span title={formatTime(lastHitAt)}>{formatRelativeTime(lastHitAt, now)}</span>}
            </TableCell>
            <TableCell>
              {hits + nearMisses > 0 && (
                <Button size="small" variant="ghost" onClick={() => onFilter({ entryId })}>
                  Show
                </Button>
              )}
            </TableCell>
          </TableRow>
        ))}
      </Table>
    </div>
  )
}
