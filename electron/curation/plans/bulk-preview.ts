import { storedOrder } from '../../../shared/contract/records.ts'
import type { CollectionSummary } from '../../../shared/contract/collections.ts'
import type { BulkPreview, BulkSample, Scope } from '../../../shared/contract/curation.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import { bulkChange, type BulkChange, type BulkContext, type LocalOperation } from './bulk-change.ts'
import { mostSamples, PreviewTally, recordBytes } from './preview-tally.ts'
import { storedRecords, vectorsById } from './record-states.ts'
import { scopeIds } from './scope-ids.ts'

/** Records that are looked at for a sample: some of them may stay as they are. */
const lookedAt = 400
/** Up to so many ids that were given by name are looked up one by one. */
const fewIds = 5000

function notesOf(operation: LocalOperation, { embedder, embedsAll }: BulkChange, { space }: CollectionSummary): string[] {
  if (operation.kind === 'normalise') {
    return space === 'cosine' ? ['By cosine the distances stay as they are: they do not depend on norms.'] : []
  }
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

/** Some of many: the first, the last, and others in equal distances between. */
function spread<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items]
  return Array.from({ length: most }, (_, place) => items[Math.round((place * (items.length - 1)) / (most - 1))] as Item)
}

/** Counts what becomes of records. */
async function tallyRecords(
  { store, ref, signal }: BulkContext,
  { outcome, rescale }: BulkChange,
  records: readonly StoredRecord[],
  tally: PreviewTally,
): Promise<void> {
  const ids = records.map(({ id }) => id)
  const vectors = rescale && (await vectorsById(store, ref.collectionId, ids, signal))
  for (const record of records) {
    const found = rescale ? rescale(vectors?.get(record.id) ?? null) : outcome(record)
    if (found.kind === 'same') tally.unchanged()
    else if (found.kind === 'refused') tally.refused(record.id, found.reason)
    else if (found.kind === 'deleted') tally.changed(record.id, record, null)
    else tally.changed(record.id, record, 'record' in found ? found.record : record)
  }
}

/** Those of the ids of a scope that the collection has. What a view or a filter names is there. */
async function existingIds({ store, ref, signal }: BulkContext, scope: Scope, ids: readonly string[]): Promise<readonly string[]> {
  if (scope.kind === 'filter' || (scope.kind === 'selection' && scope.selection.ids.length === 0)) return ids
  const existing = new Set<string>()
  if (ids.length <= fewIds || store.kind === 'server') {
    for await (const records of storedRecords(store, ref.collectionId, ids, signal)) for (const { id } of records) existing.add(id)
  } else {
    const view = { collectionId: ref.collectionId, filter: noFilter, sort: storedOrder }
    const { total } = await store.page(view, 0, 1, { signal })
    for (const id of await store.idsAt(view, [{ from: 0, to: total }], { signal })) existing.add(id)
  }
  return ids.filter((id) => existing.has(id))
}

/** A deletion is counted by ids; only a sample of the records is read, which also tells about how many bytes all of them take. */
async function deletionPreview(context: BulkContext, scope: Scope, ids: readonly string[], dimension: number): Promise<BulkPreview> {
  const { store, ref, signal } = context
  const state = await store.snapshot()
  const going = await existingIds(context, scope, ids)
  const looked = await store.records(ref.collectionId, spread(going, lookedAt), { signal })
  const bytes = looked.reduce((sum, record) => sum + recordBytes(record), 0) / Math.max(1, looked.length)
  return {
    records: going.length,
    changed: going.length,
    unchanged: 0,
    refused: [],
    sample: spread(looked, mostSamples).map((before) => ({ id: before.id, before, after: null })),
    bytes: Math.round(going.length * (bytes + 4 * dimension)),
    notes: [],
    state,
  }
}

/** What an operation would do, found without embedding or writing anything. Errors as `bulkChange` and the store. */
export async function bulkPreview(context: BulkContext, scope: Scope, operation: LocalOperation): Promise<BulkPreview> {
  const { store, ref, signal } = context
  const state = await store.snapshot()
  const change = await bulkChange(context, operation)
  const [ids, { summary }] = await Promise.all([scopeIds(store, ref, scope, signal), store.detail(ref.collectionId, { signal })])
  const dimension = summary.dimension ?? 0
  if (operation.kind === 'delete') return deletionPreview(context, scope, ids, dimension)
  const makesVectors = change.embedder !== null || change.rescale !== null
  const tally = new PreviewTally(ids.length, 4 * dimension * (makesVectors ? 2 : 1))
  for await (const records of storedRecords(store, ref.collectionId, ids, signal)) await tallyRecords(context, change, records, tally)
  return tally.preview(notesOf(operation, change, summary), state)
}

/** What an operation would do to some of many records, before all of them are counted. Errors as {@link bulkPreview}. */
export async function bulkSample(context: BulkContext, scope: Scope, operation: LocalOperation): Promise<BulkSample> {
  const { store, ref, signal } = context
  const change = await bulkChange(context, operation)
  const ids = await scopeIds(store, ref, scope, signal)
  const records = await store.records(ref.collectionId, spread(ids, lookedAt), { signal })
  const tally = new PreviewTally(records.length, 0)
  await tallyRecords(context, change, records, tally)
  return { records: ids.length, sample: tally.preview([], '').sample }
}
