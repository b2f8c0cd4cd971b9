import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { storedOrder } from '../../../shared/contract/records.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import { useClient } from '../client-context.tsx'
import { countSelected, withIdsOnly } from './selection.ts'
import { nothingSelectedAnywhere, selectionKey, useSelections, type CollectionSelection } from './selections.ts'

export interface SharedSelection {
  readonly selection: CollectionSelection
  /** Number of selected records. */
  readonly count: number
  readonly setSelection: (selection: CollectionSelection) => void
  /** Selects exactly these records, wherever they stand. */
  readonly selectIds: (ids: Iterable<string>) => void
  readonly clear: () => void
}

/**
 * What is selected in a collection. All its views show and change the same selection: places of a sorted and filtered view as
 * ranges (`over` says of which view), or records by id. A view that knows no places sets ids with `selectIds` and reads
 * them with {@link useSelectedIds}.
 */
export function useSelection({ connectionId, collectionId }: CollectionRef): SharedSelection {
  const key = selectionKey({ connectionId, collectionId })
  const selection = useSelections((store) => store.collections.get(key)?.selection) ?? nothingSelectedAnywhere
  const set = useSelections((store) => store.set)
  const actions = useMemo(() => {
    const collection = { connectionId, collectionId }
    return {
      setSelection: (next: CollectionSelection) => set(collection, next),
      selectIds: (ids: Iterable<string>) => set(collection, { ...withIdsOnly(ids), over: null }),
      clear: () => set(collection, nothingSelectedAnywhere),
    }
  }, [connectionId, collectionId, set])
  return { selection, count: countSelected(selection), ...actions }
}

const noRanges: readonly string[] = []

/**
 * The ids of all selected records of a collection. `ids` is null while the places of a selected range are looked up, and where that
 * failed: `error` then says why, for instance because more than `maxSelectedIds` records are selected.
 * @public for views whose records stand at no place of a list
 */
export function useSelectedIds(collection: CollectionRef): { readonly ids: ReadonlySet<string> | null; readonly error: Error | null } {
  const client = useClient()
  const { selection } = useSelection(collection)
  const { over, ranges } = selection
  const view = over?.view ?? { ...collection, filter: noFilter, sort: storedOrder }
  const enabled = over !== null && ranges.length > 0
  const { data, error } = useQuery({ ...client.query('records.ids', { view, ranges: [...ranges] }), enabled })
  const atPlaces = enabled ? data : noRanges
  const ids = useMemo(
    () => (atPlaces === undefined ? null : atPlaces.length === 0 ? selection.ids : new Set([...selection.ids, ...atPlaces])),
    [atPlaces, selection.ids],
  )
  return { ids, error: enabled ? error : null }
}
