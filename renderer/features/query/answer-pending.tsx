import { CircleSlash } from 'lucide-react'
import { useQueryClient } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { collectionSubject } from '../../../shared/contract/jobs.ts'
import { WorkProgress } from '../../lib/work-progress.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'

/** How far the search in a collection is that results wait for, above those of before. */
export function SearchProgress({ collection }: { collection: CollectionRef }) {
  const queryClient = useQueryClient()
  return (
    <WorkProgress
      method="search.run"
      subject={collectionSubject(collection)}
      onCancel={() => void queryClient.cancelQueries({ queryKey: ['search'] })}
    />
  )
}

interface AnswerPendingProps {
  readonly collection: CollectionRef
  /** False where the person cancelled. */
  readonly isFetching: boolean
  readonly onRetry: () => void
}

/** Stands where an answer will be: on its way, or cancelled. */
export function AnswerPending({ collection, isFetching, onRetry }: AnswerPendingProps) {
  if (!isFetching) {
    return (
      <EmptyState icon={<CircleSlash />} title="The search was cancelled" action={<Button onClick={onRetry}>Search again</Button>}>
        Nothing was changed.
      </EmptyState>
    )
  }
  return (
    <div aria-busy="true" className="flex min-h-0 flex-1 flex-col">
      <SearchProgress collection={collection} />
      <div className="p-4">
        <SkeletonLines count={10} />
      </div>
    </div>
  )
}
