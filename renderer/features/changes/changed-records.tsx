import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { changesPageSize, type ChangedRecord, type ChangeSummary } from '../../../shared/contract/changes.ts'
import { useClient } from '../../lib/client-context.tsx'
import { RecordDiff } from '../../lib/editing/record-diff.tsx'
import { formatQuantity, formatTime } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

const shownAtFirst = 10

function Changed({ record, withCollection }: { record: ChangedRecord; withCollection: boolean }) {
  const { id, collectionName, before, after, vectorChanged } = record
  const isWhole = before === null || after === null
  return (
    <li className="border-t border-line py-2 first:border-t-0">
      <h3 className="mb-0.5 flex min-w-0 items-center gap-2">
        <span className="numeric min-w-0 truncate text-ink">
          <UntrustedText text={id} limit={200} />
        </span>
        {before === null && <Badge tone="outline">added</Badge>}
        {after === null && <Badge tone="wrong">deleted</Badge>}
        {withCollection && (
          <span className="text-small text-ink-muted">
            <UntrustedText text={collectionName} limit={80} />
          </span>
        )}
      </h3>
      <RecordDiff before={before} after={after} vector={vectorChanged && !isWhole ? 'another one' : null} />
    </li>
  )
}

/** The records of a change as they were before and after it. */
export function ChangedRecords({ change }: { change: ChangeSummary }) {
  const client = useClient()
  const [pages, setPages] = useState(0)
  const lists = useQueries({
    queries: Array.from({ length: Math.max(1, pages) }, (_, page) =>
      client.query('changes.records', {
        changeId: change.id,
        offset: page * changesPageSize,
        limit: pages === 0 ? shownAtFirst : changesPageSize,
      }),
    ),
  })
  const [first] = lists
  const records = lists.flatMap(({ data }) => data?.records ?? [])
  const total = first?.data?.total ?? 0
  if (first?.error) return <QueryError error={first.error} onRetry={() => void first.refetch()} className="border-t border-line" />
  return (
    <div className="border-t border-line bg-sunken py-2 pr-3 pl-14" aria-busy={first?.isPending}>
      <p className="text-small text-ink-faint">{formatTime(change.at)}</p>
      {first?.isPending && <SkeletonLines count={3} />}
      {first?.data && records.length === 0 && <p className="py-1 text-ink-muted">This change touched no record.</p>}
      {records.length > 0 && (
        <ul aria-label="Records of this change" className="flex flex-col">
          {records.map((record) => (
            <Changed key={`${record.collectionName} ${record.id}`} record={record} withCollection={change.collectionName === null} />
          ))}
        </ul>
      )}
      {records.length < total && (
        <Button size="small" busy={lists.some(({ isPending }) => isPending)} onClick={() => setPages(pages + 1)} className="mt-1">
          Show more of {formatQuantity(total, 'record')}
        </Button>
      )}
    </div>
  )
}
