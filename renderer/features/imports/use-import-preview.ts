import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ImportRequest } from '../../../shared/contract/imports.ts'
import { useClient } from '../../lib/client-context.tsx'

/** What an import would make; not asked for while no file is open. */
export function useImportPreview(request: ImportRequest) {
  const client = useClient()
  const hasFiles = request.fileIds.length > 0
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({
    ...client.query('imports.preview', request),
    enabled: hasFiles,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  })
  return {
    preview: hasFiles ? data : undefined,
    isCurrent: hasFiles && data !== undefined && !isFetching && !isPlaceholderData,
    error: hasFiles ? error : null,
    retry: () => void refetch(),
  }
}
