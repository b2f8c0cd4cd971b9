import { useQuery } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { useClient } from '../../lib/client-context.tsx'

/** The word of an address for no facts at all. */
export const noFacts = 'none'

/** The collections that can hold facts about users, and the one that is shown: the one chosen, else the most likely one, else none. */
export function useFactsCollection(collection: CollectionRef, chosen: string | undefined) {
  const client = useClient()
  const { data, isPending } = useQuery(client.query('memories.factsCollections', collection))
  const choices = data ?? []
  const likely = choices.find(({ isLikely }) => isLikely)
  const facts = chosen === noFacts ? null : (choices.find(({ collectionId }) => collectionId === chosen) ?? likely ?? null)
  return { choices, facts, isPending }
}
