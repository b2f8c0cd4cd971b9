import type { records } from '../../../shared/contract/records.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { OpenStores } from '../../store/open-stores.ts'
import { copySelection } from './copy-selection.ts'
import { selectedIds } from './selected-ids.ts'

export function recordsHandlers(stores: OpenStores): Handlers<typeof records> {
  return {
    page: async ({ view, offset, limit }, { signal }) =>
      (await stores.get(view.connectionId, signal)).page(view, offset, limit, { signal }),
    get: async ({ connectionId, collectionId, ids }, { signal }) =>
      (await stores.get(connectionId, signal)).records(collectionId, ids, { signal }),
    locate: async ({ view, id }, { signal }) => (await stores.get(view.connectionId, signal)).locate(view, id, { signal }),
    ids: async (request, { signal }) => selectedIds(await stores.get(request.view.connectionId, signal), request, signal),
    vector: async ({ connectionId, collectionId, id }, { signal }) =>
      (await stores.get(connectionId, signal)).vector(collectionId, id, { signal }),
    facets: async ({ view, keys, values }, { signal }) =>
      (await stores.get(view.connectionId, signal)).facets(view, keys, values, { signal }),
    copy: async (request, { signal }) => copySelection(await stores.get(request.selection.view.connectionId, signal), request, signal),
  }
}
