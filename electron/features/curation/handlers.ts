import type { curation } from '../../../shared/contract/curation.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { CollectionWork } from './collection-work.ts'
import type { RecordWork } from './record-work.ts'

export function curationHandlers(parts: { readonly records: RecordWork; readonly collections: CollectionWork }): Handlers<typeof curation> {
  const { records, collections } = parts
  return {
    check: ({ edits, ...ref }, { signal }) => records.check(ref, edits, signal),
    edit: ({ edits, ...ref }) => records.edit(ref, edits),
    add: ({ records: added, ...ref }) => records.add(ref, added),
    preview: ({ scope, operation, ...ref }, { signal }) => records.preview(ref, scope, operation, signal),
    sample: ({ scope, operation, ...ref }, { signal }) => records.sample(ref, scope, operation, signal),
    apply: ({ scope, operation, state, rule, ...ref }) => records.apply(ref, { scope, operation, state, rule }),
    createCollection: ({ connectionId, embedderId, ...request }) => collections.create(connectionId, request, embedderId),
    modifyCollection: ({ name, metadata, ...ref }) => collections.modify(ref, { name, metadata }),
    duplicateCollection: ({ name, embed, embedderId, ...ref }) => collections.duplicate(ref, { name, embed, embedderId }),
    mergeCollection: ({ from, existing, ...ref }) => collections.merge(ref, from, existing),
    deleteCollection: (ref) => collections.delete(ref),
  }
}
