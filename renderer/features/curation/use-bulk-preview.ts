import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { BulkOperation, BulkPreview, BulkSample, Scope } from '../../../shared/contract/curation.ts'
import { encode } from '../../../shared/rpc/codec.ts'
import { useClient } from '../../lib/client-context.tsx'

/** Milliseconds after the last key before a preview is made. */
const rest = 250

export interface BulkPreviewState {
  readonly preview: BulkPreview | undefined
  /** A part of the preview, which is there sooner. */
  readonly sample: BulkSample | undefined
  /** Whether the preview is that of the operation as it stands now. */
  readonly isCurrent: boolean
  readonly error: Error | null
  readonly retry: () => void
}

/** What an operation would do, kept up to date while it is typed. */
export function useBulkPreview(collection: CollectionRef, scope: Scope, operation: BulkOperation | null): BulkPreviewState {
  const client = useClient()
  const key = encode(operation)
  const [resting, setResting] = useState({ key, operation })
  useEffect(() => {
    const timer = setTimeout(() => setResting({ key, operation }), rest)
    return () => clearTimeout(timer)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- an operation with the same text is the same
  }, [key])
  const asked = { ...collection, scope, operation: resting.operation ?? { kind: 'delete' as const } }
  // Asked for first, so that it is answered first.
  const { data: sample } = useQuery({
    ...client.query('curation.sample', asked),
    enabled: resting.operation !== null,
    staleTime: 0,
    gcTime: 0,
  })
  const { data, error, isPlaceholderData, isFetching, refetch } = useQuery({
    ...client.query('curation.preview', asked),
    enabled: resting.operation !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  })
  return {
    preview: operation === null ? undefined : data,
    sample: operation === null || resting.key !== key ? undefined : (sample ?? undefined),
    isCurrent: operation !== null && resting.key === key && !isPlaceholderData && !isFetching && data !== undefined,
    error: resting.operation === null ? null : error,
    retry: () => void refetch(),
  }
}
