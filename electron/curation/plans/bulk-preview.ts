import type { BulkPreview, Scope } from '../../../shared/contract/curation.ts'
import { bulkChange, type BulkChange, type BulkContext, type LocalOperation } from './bulk-change.ts'
import { PreviewTally } from './preview-tally.ts'
import { storedRecords } from './record-states.ts'
import { scopeIds } from './scope-ids.ts'

function notesOf(operation: LocalOperation, { embedder, embedsAll }: BulkChange): string[] {
  if (embedder === null) {
    const isStale = operation.kind === 'replace' && operation.key === null
    return isStale
      ? ['The vectors stay as they are, although the documents change: queries go on finding the records by their old texts.']
      : []
  }
  const { title, sendsTo } = embedder.info
  return [
    embedsAll ? `New vectors are made by ${title}.` : `Where the text changes, new vectors are made by ${title}.`,
    ...(sendsTo === null ? [] : [`The texts are sent to ${sendsTo}.`]),
  ]
}

/** What an operation would do, found without embedding or writing anything. Errors as `bulkChange` and the store. */
export async function bulkPreview(context: BulkContext, scope: Scope, operation: LocalOperation): Promise<BulkPreview> {
  const { store, ref, signal } = context
  const state = await store.snapshot()
  const change = await bulkChange(context, operation)
  const [ids, { summary }] = await Promise.all([scopeIds(store, ref, scope, signal), store.detail(ref.collectionId, { signal })])
  const tally = new PreviewTally(ids.length, 4 * (summary.dimension ?? 0) * (change.embedder === null ? 1 : 2))
  for await (const records of storedRecords(store, ref.collectionId, ids, signal)) {
    for (const record of records) {
      const found = change.outcome(record)
      if (found.kind === 'same') tally.unchanged()
      else if (found.kind === 'refused') tally.refused(record.id, found.reason)
      else tally.changed(record.id, record, found.kind === 'deleted' ? null : found.record)
    }
  }
  return tally.preview(notesOf(operation, change), state)
}
