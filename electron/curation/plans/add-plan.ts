import type { NewRecord } from '../../../shared/contract/curation.ts'
import { keptMetadata, recordProblem } from '../../../shared/domain/curation/edit-record.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { ChangePlan, RecordState } from '../change.ts'
import { collectionState } from './collection-state.ts'
import type { EditContext } from './edit-plan.ts'
import { metadataRules } from './metadata-rules.ts'
import { vectorsById } from './record-states.ts'
import { vectorProblem } from './vector-problem.ts'

function refuse(id: string, reason: string): never {
  throw new AppError('invalid-input', `${JSON.stringify(id)}: ${reason}`, 'Correct it, then add the records again. Nothing was changed.')
}

/**
 * The change that adding these records means, all or none.
 * @throws AppError 'conflict' where an id exists, 'invalid-input' where a record cannot be written, and as the store and embedder do.
 */
export async function addPlan({ store, ref, embedder, signal, progress }: EditContext, records: readonly NewRecord[]): Promise<ChangePlan> {
  const { collectionId } = ref
  const [rules, collection] = await Promise.all([metadataRules(store), collectionState(store, collectionId, signal)])
  const ids = new Set<string>()
  for (const record of records) {
    const problem = recordProblem(record, null, rules)
    if (problem !== null) refuse(record.id, problem)
    if (ids.has(record.id)) refuse(record.id, 'Two of the records have this id.')
    ids.add(record.id)
  }
  const [existing] = await store.records(collectionId, [...ids], { signal })
  if (existing)
    throw new AppError('conflict', `A record with the id ${JSON.stringify(existing.id)} exists already.`, 'Give the new record another id.')

  const maker = records.some(({ vector }) => vector.kind === 'embed') ? await embedder() : null
  const textOf = (record: NewRecord): string =>
    maker?.textOf(record) ?? refuse(record.id, 'The record has no text that a vector could be made of.')
  const texts = records.filter(({ vector }) => vector.kind === 'embed').map(textOf)
  const made = await maker?.vectorsOf(texts, false, signal, (done, total) => progress('Embedding', done, total))
  const others = records.flatMap(({ vector }) => (vector.kind === 'of' ? [vector.id] : []))
  const stored = await vectorsById(store, collectionId, others, signal)

  const vectorOf = (record: NewRecord): Float32Array => {
    const { vector } = record
    switch (vector.kind) {
      case 'given':
        return vector.vector
      case 'embed':
        return made?.get(textOf(record)) ?? refuse(record.id, 'The embedder made no vector for it.')
      case 'of':
        return stored.get(vector.id) ?? refuse(record.id, `The vector of ${JSON.stringify(vector.id)} cannot be read.`)
    }
  }

  let { dimension } = collection
  const added = records.map((record): RecordState => {
    const { id, document, uri, metadata } = record
    const vector = vectorOf(record)
    const problem = vectorProblem(vector, dimension)
    if (problem !== null) refuse(id, problem)
    dimension = vector.length
    return { id, document, uri, metadata: keptMetadata(metadata), vector }
  })
  return {
    kind: 'add',
    title: added.length === 1 ? `Add ${added[0]?.id ?? ''}` : `Add ${added.length} records`,
    rule: null,
    collectionId,
    collectionName: collection.name,
    parts: [{ kind: 'records', collection, changes: added.map((after) => ({ id: after.id, before: null, after })) }],
  }
}
