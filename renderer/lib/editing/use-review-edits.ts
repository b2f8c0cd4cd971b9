import { useCallback } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { useChangeDialogs } from './change-dialogs.ts'

/** Shows the staged edits of a collection, from where they are applied. */
export function useReviewEdits({ connectionId, collectionId }: CollectionRef): () => void {
  const show = useChangeDialogs((store) => store.show)
  return useCallback(() => show({ kind: 'review', collection: { connectionId, collectionId } }), [show, connectionId, collectionId])
}
