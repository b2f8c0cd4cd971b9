import { useParams } from '@tanstack/react-router'

/** The connection and the collection that the window's address names; null where it names none. */
export function useAddress(): { connectionId: string | null; collectionId: string | null } {
  const parameters = useParams({ strict: false })
  return { connectionId: parameters.connectionId ?? null, collectionId: parameters.collectionId ?? null }
}
