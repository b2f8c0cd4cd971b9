import type { collections } from '../../../shared/contract/collections.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { OpenStores } from '../../store/open-stores.ts'

export function collectionsHandlers(stores: OpenStores): Handlers<typeof collections> {
  return {
    catalog: async ({ connectionId }, { signal }) => (await stores.get(connectionId, signal)).catalog({ signal }),
    detail: async ({ connectionId, collectionId }, { signal }) => (await stores.get(connectionId, signal)).detail(collectionId, { signal }),
    keys: async ({ connectionId, collectionId }, { signal }) => (await stores.get(connectionId, signal)).keys(collectionId, { signal }),
  }
}
