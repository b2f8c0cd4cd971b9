import { create } from 'zustand'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { RecordView } from '../../../shared/contract/records.ts'
import type { Client } from '../../rpc/client.ts'
import { nothingSelected, withIdsOnly, type Selection } from './selection.ts'

/** What is selected in a collection, and the view whose places its ranges are; null where it has none. */
export interface CollectionSelection extends Selection {
  readonly over: { readonly view: RecordView; /** Number of records in the view. */ readonly total: number } | null
}

export const nothingSelectedAnywhere: CollectionSelection = { ...nothingSelected, over: null }

interface SelectionStore {
  readonly collections: ReadonlyMap<string, { readonly collection: CollectionRef; readonly selection: CollectionSelection }>
  readonly set: (collection: CollectionRef, selection: CollectionSelection) => void
}

export function selectionKey({ connectionId, collectionId }: CollectionRef): string {
  return `${connectionId} ${collectionId}`
}

/** The selection of every collection that has one. It lasts as long as the window. */
export const useSelections = create<SelectionStore>()((set) => ({
  collections: new Map(),
  set: (collection, selection) =>
    set(({ collections }) => ({ collections: new Map(collections).set(selectionKey(collection), { collection, selection }) })),
}))

/** The ids of all that is selected, with the places looked up in their view. */
export async function idsOf(client: Client, selection: CollectionSelection, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  const { over, ranges, ids } = selection
  if (over === null || ranges.length === 0) return ids
  return new Set([...ids, ...(await client.call('records.ids', { view: over.view, ranges: [...ranges] }, signal))])
}

/**
 * Ties the selections of a connection to ids before its store is read anew or changed: places may mean other records afterwards.
 * A selection whose ids cannot be read is dropped.
 */
export async function settleSelections(client: Client, connectionId: string): Promise<void> {
  const { collections, set } = useSelections.getState()
  const here = [...collections.values()].filter((entry) => entry.collection.connectionId === connectionId && entry.selection.over !== null)
  await Promise.all(
    here.map(async ({ collection, selection }) => {
      const ids = await idsOf(client, selection).catch(() => [])
      set(collection, { ...withIdsOnly(ids), over: null })
    }),
  )
}
