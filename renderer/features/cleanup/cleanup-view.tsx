import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { collectionSubject } from '../../../shared/contract/jobs.ts'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { CleanupRule } from '../../../shared/domain/cleanup/rule.ts'
import { ruleOfSearch, type CleanupSearch } from '../../lib/cleanup-search.ts'
import { useClient } from '../../lib/client-context.tsx'
import { QueryError } from '../../lib/query-error.tsx'
import { WorkProgress } from '../../lib/work-progress.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { FindingDetail } from './finding-detail.tsx'
import { FindingList } from './finding-list.tsx'
import { ForgetDialog } from './forget-dialog.tsx'
import { PreviewDialog } from './preview-dialog.tsx'
import { StorePanel } from './store-panel.tsx'

export interface CleanupViewProps {
  readonly collection: CollectionRef
  readonly search: CleanupSearch
  /** Goes to the same page with another search. `replace` keeps it out of the history. */
  readonly onSearchChange: (search: CleanupSearch, options?: { replace?: boolean }) => void
  readonly onOpen: (id: string) => void
}

/** The findings of a collection on the left, the one that is looked at beside them. */
export function CleanupView({ collection, search, onSearchChange, onOpen }: CleanupViewProps) {
  const client = useClient()
  const [previewed, setPreviewed] = useState<readonly CleanupRule[] | null>(null)
  const [isForgetting, setForgetting] = useState(false)
  const { data, error, refetch, isFetching } = useQuery({
    ...client.query('cleanup.findings', collection),
    placeholderData: keepPreviousData,
  })
  if (error !== null && data === undefined) return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
  if (data === undefined) {
    return (
      <>
        <WorkProgress method="cleanup.findings" subject={collectionSubject(collection)} onCancel={() => undefined} />
        <div aria-busy="true">
          <SkeletonLines count={12} className="p-4" />
        </div>
      </>
    )
  }
  const first = data.findings.find(({ records }) => records > 0) ?? data.findings[0]
  const chosen = search.finding ?? first?.rule.rule
  const finding = data.findings.find(({ rule }) => rule.rule === chosen)
  const name = chosen === 'quota' || chosen === 'store' ? chosen : finding?.rule.rule
  return (
    <div className="flex min-h-0 flex-1">
      <FindingList
        collection={collection}
        findings={data}
        chosen={name ?? null}
        onChoose={(next) => onSearchChange({ ...search, finding: next, record: undefined })}
        onPreview={setPreviewed}
        onForget={() => setForgetting(true)}
      />
      {name === 'store' && <StorePanel connectionId={collection.connectionId} />}
      {name !== undefined && name !== 'store' && (
        <FindingDetail
          key={name}
          collection={collection}
          findings={data}
          rule={ruleOfSearch(name, search)}
          search={search}
          onSearchChange={onSearchChange}
          onOpen={onOpen}
          onPreview={setPreviewed}
        />
      )}
      {previewed !== null && <PreviewDialog collection={collection} rules={previewed} onClose={() => setPreviewed(null)} />}
      {isForgetting && <ForgetDialog connectionId={collection.connectionId} onClose={() => setForgetting(false)} />}
    </div>
  )
}
