import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { Scope } from '../../../shared/contract/curation.ts'
import { storedOrder } from '../../../shared/contract/records.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { Store } from '../../store/store.ts'

/**
 * The ids that a scope means, each once. Filters and places of a view are turned into ids by the store that was opened for reading,
 * never by an engine. Ids given by name are not looked up.
 * @throws AppError 'invalid-input' for a selection of another collection, and as the store does.
 */
export async function scopeIds(store: Store, ref: CollectionRef, scope: Scope, signal: AbortSignal): Promise<string[]> {
  const { collectionId } = ref
  switch (scope.kind) {
    case 'ids':
      return [...new Set(scope.ids)]
    case 'selection': {
      const { view, ranges, ids } = scope.selection
      if (view.collectionId !== collectionId || view.connectionId !== ref.connectionId)
        throw new AppError('invalid-input', 'The selection belongs to another collection.', 'Select the records again.')
      const places = ranges.length === 0 ? [] : await store.idsAt(view, ranges, { signal })
      return [...new Set([...places, ...ids])]
    }
    case 'filter': {
      const view = { collectionId, filter: scope.filter, sort: storedOrder }
      const { total } = await store.page(view, 0, 1, { signal })
      return total === 0 ? [] : store.idsAt(view, [{ from: 0, to: total }], { signal })
    }
  }
}
