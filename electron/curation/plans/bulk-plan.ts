import type { Scope } from '../../../shared/contract/curation.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import type { ChangePart, ChangePlan, RecordChange, RecordState } from '../change.ts'
import { bulkChange, titleOf, type BulkChange, type BulkContext, type LocalOperation } from './bulk-change.ts'
import { collectionState } from './collection-state.ts'
import { partsOf, recordsAtOnce, recordStates } from './record-states.ts'
import { scopeIds } from './scope-ids.ts'

function sameNumbers(a: Float32Array | null, b: Float32Array): boolean {
  return a !== null && a.length === b.length && a.every((value, at) => Object.is(value, b[at]))
}

/** What becomes of some records, with vectors made anew where the operation wants it. */
async function changesOf(
  { outcome, embedder, embedsAll, rescale }: BulkChange,
  states: readonly RecordState[],
  signal: AbortSignal,
  onEmbedded: (done: number, total: number) => void,
): Promise<RecordChange[]> {
  if (rescale !== null) {
    return states.flatMap((before) => {
      const found = rescale(before.vector)
      return found.kind === 'changed' ? [{ id: before.id, before, after: { ...before, vector: found.vector } }] : []
    })
  }
  const outcomes = states.map((before) => ({ before, found: outcome(before) }))
  const texts = new Map<string, string>()
  for (const { before, found } of outcomes) {
    const text = found.kind === 'changed' ? (embedder?.textOf(found.record) ?? null) : null
    if (text !== null && (embedsAll || text !== embedder?.textOf(before))) texts.set(before.id, text)
  }
  const vectors = await embedder?.vectorsOf([...texts.values()], embedsAll, signal, onEmbedded)
  const changes: RecordChange[] = []
  for (const { before, found } of outcomes) {
    const { id } = before
    if (found.kind === 'deleted') changes.push({ id, before, after: null })
    if (found.kind !== 'changed') continue
    const vector = vectors?.get(texts.get(id) ?? '')
    const isSame = embedsAll && vector !== undefined && sameNumbers(before.vector, vector)
    if (!isSame) changes.push({ id, before, after: { ...found.record, vector: vector ?? before.vector } })
  }
  return changes
}

/**
 * The change that an operation on the records of a scope means, read a part at a time when it is asked for. Records that refuse it are
 * left out, as the preview says.
 * @throws AppError as `bulkChange` and the store
 */
export async function bulkPlan(
  context: BulkContext & { readonly progress: JobContext['progress'] },
  scope: Scope,
  operation: LocalOperation,
  rule: string | null,
): Promise<ChangePlan> {
  const { store, ref, signal, progress } = context
  const { collectionId } = ref
  const change = await bulkChange(context, operation)
  const readAt = await store.snapshot()
  const [ids, collection] = await Promise.all([scopeIds(store, ref, scope, signal), collectionState(store, collectionId, signal)])

  async function* parts(): AsyncGenerator<ChangePart> {
    let done = 0
    for (const part of partsOf(ids, recordsAtOnce(collection.dimension))) {
      progress('Reading records', done, ids.length)
      const before = done
      const states = await recordStates(store, collectionId, part, signal)
      const changes = await changesOf(change, states, signal, (embedded, texts) =>
        progress('Embedding', before + Math.floor((part.length * embedded) / Math.max(1, texts)), ids.length),
      )
      if (changes.length > 0) yield { kind: 'records', collection, changes }
      done += part.length
    }
  }

  return {
    kind: operation.kind === 'delete' ? 'delete' : 'bulk-edit',
    title: titleOf(operation),
    rule,
    collectionId,
    collectionName: collection.name,
    // Those that stay as they are, are counted too where it is not known which.
    ...(operation.kind === 'delete' || operation.kind === 'embed' ? { records: ids.length } : {}),
    parts: parts(),
    readAt,
  }
}
