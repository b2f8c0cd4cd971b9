import type { MetadataRules } from '../../../shared/domain/curation/metadata-problems.ts'
import type { Store } from '../../store/store.ts'

/** What metadata a store can keep. A server does not tell its version: it is left to refuse lists by itself. */
export async function metadataRules(store: Store): Promise<MetadataRules> {
  if (store.kind === 'server') return { arrays: true }
  return { arrays: (await store.status()).formatVersion === '1.3 or later' }
}
