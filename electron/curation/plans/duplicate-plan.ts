import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { sameConfiguration } from '../../../shared/domain/curation/index-configuration.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { ChangePart, ChangePlan, CollectionState, RecordChange, RecordState } from '../change.ts'
import { assertNewName, type CollectionContext } from './collection-plans.ts'
import { collectionState } from './collection-state.ts'
import type { RecordEmbedder } from './record-embedder.ts'
import { partsOf, recordsAtOnce, recordStates, storedRecords } from './record-states.ts'
import { scopeIds } from './scope-ids.ts'

function unreadable(id: string): AppError {
  return new AppError(
    'damaged',
    `The vector of ${JSON.stringify(id)} cannot be read, so that the copy would not be whole.`,
    'Copy the collection with an embedder, or copy only the records that are whole.',
  )
}

/** Records as they are in the copy; where vectors are made anew, those without a text are left out. */
async function copiesOf(
  states: readonly RecordState[],
  embedder: RecordEmbedder | null,
  signal: AbortSignal,
  onEmbedded: (done: number, total: number) => void,
): Promise<RecordState[]> {
  if (embedder === null) return [...states]
  const texts = states.flatMap((state) => embedder.textOf(state) ?? [])
  const vectors = await embedder.vectorsOf(texts, true, signal, onEmbedded)
  return states.flatMap((state) => {
    const text = embedder.textOf(state)
    return text === null ? [] : [{ ...state, vector: vectors.get(text) ?? null }]
  })
}

/**
 * A copy with all records, their vectors made anew where an embedder is given; records without a text are then left out, which the
 * change says as its rule.
 * @throws AppError 'invalid-input' and 'conflict' for the name, 'not-found', 'damaged' while it is read where a vector cannot be read,
 * and as the embedder does
 */
export async function duplicatePlan(
  context: CollectionContext,
  ref: CollectionRef,
  name: string,
  embedder: RecordEmbedder | null,
): Promise<ChangePlan> {
  const { store, signal, progress } = context
  const { collectionId } = ref
  const [before, { summary }, ids] = await Promise.all([
    collectionState(store, collectionId, signal),
    store.detail(collectionId, { signal }),
    scopeIds(store, ref, { kind: 'filter', filter: noFilter }, signal),
  ])
  await assertNewName(context, before, name)
  const collection: CollectionState = {
    ...before,
    id: '',
    name,
    configuration: sameConfiguration(before, summary.space, embedder === null),
    schema: null,
    dimension: embedder === null ? before.dimension : await embedder.dimension(signal),
  }
  let textless = 0
  if (embedder !== null) {
    for await (const records of storedRecords(store, collectionId, ids, signal))
      textless += records.filter((record) => embedder.textOf(record) === null).length
  }

  async function* parts(): AsyncGenerator<ChangePart> {
    yield { kind: 'create-collection', collection }
    let done = 0
    for (const part of partsOf(ids, recordsAtOnce(collection.dimension))) {
      progress('Reading records', done, ids.length)
      const base = done
      const states = await recordStates(store, collectionId, part, signal)
      const copies = await copiesOf(states, embedder, signal, (embedded, texts) =>
        progress('Embedding', base + Math.floor((part.length * embedded) / Math.max(1, texts)), ids.length),
      )
      const changes = copies.map((after): RecordChange => {
        if (after.vector === null) throw unreadable(after.id)
        return { id: after.id, before: null, after }
      })
      if (changes.length > 0) yield { kind: 'records', collection, changes }
      done += part.length
    }
  }

  return {
    kind: 'collection',
    title: embedder === null ? `Duplicate ${before.name} as ${name}` : `Copy ${before.name} as ${name} with ${embedder.info.title}`,
    rule: textless === 0 ? null : `${textless} ${textless === 1 ? 'record' : 'records'} without text left out`,
    collectionId: null,
    collectionName: name,
    parts: parts(),
  }
}
