import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { recordFactsOf } from '../../../shared/domain/cleanup/record-facts.ts'
import type { CleanupRule } from '../../../shared/domain/cleanup/rule.ts'
import { useClient } from '../../lib/client-context.tsx'
import { QueryError } from '../../lib/query-error.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { Pager } from './pager.tsx'

interface RecordRowsProps {
  readonly collection: CollectionRef
  readonly rule: CleanupRule
  readonly onOpen: (id: string) => void
}

const shown = 50

/** Records that a rule found one by one, with what is the matter with each. */
export function RecordRows({ collection, rule, onOpen }: RecordRowsProps) {
  const client = useClient()
  const [offset, setOffset] = useState(0)
  const { data, error, refetch, isFetching } = useQuery({
    ...client.query('cleanup.records', { ...collection, rule, offset, limit: shown }),
    placeholderData: keepPreviousData,
  })
  const ids = data?.records.map(({ id }) => id) ?? []
  const { data: records } = useQuery({
    ...client.query('records.get', { ...collection, ids }),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  })
  const { data: profile } = useQuery(client.query('profiles.get', collection))
  if (error !== null && data === undefined) return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
  if (data === undefined) return <SkeletonLines count={8} className="p-5" />
  const mapping = profile?.mapping ?? { kind: 'unknown' as const, fields: {} }
  const textById = new Map(records?.map((record) => [record.id, recordFactsOf(mapping, record).text]))
  return (
    <div className="flex flex-col gap-2 px-5 py-4">
      <div className="flex min-h-6 justify-end">
        <Pager label="Records" offset={offset} limit={shown} total={data.total} onChange={setOffset} />
      </div>
      <ul aria-label="Records" className="rounded-md border border-line">
        {data.records.map(({ id, reason }, place) => {
          const text = textById.get(id) ?? null
          return (
            <li key={`${id} ${place}`} className="border-t border-line first:border-t-0">
              <button
                type="button"
                onClick={() => onOpen(id)}
                className="row-height flex w-full items-center gap-4 px-3 text-left text-body hover:bg-hover"
              >
                <span className="min-w-0 flex-1 truncate text-ink">
                  {text === null || text.trim() === '' ? (
                    <UntrustedText text={id} limit={100} className="numeric text-ink-muted" />
                  ) : (
                    <UntrustedText text={text} limit={300} />
                  )}
                </span>
                {reason !== null && (
                  <span className="max-w-80 shrink-0 truncate text-small text-ink-muted">
                    <UntrustedText text={reason} limit={120} />
                  </span>
                )}
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
