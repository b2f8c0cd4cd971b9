import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { RecordEdit } from '../../../shared/contract/curation.ts'
import { editRecord, recordProblem } from '../../../shared/domain/curation/edit-record.ts'
import { sameRecord } from '../../../shared/domain/curation/same-record.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import type { Store } from '../../store/store.ts'
import type { ChangePlan, RecordChange, RecordState } from '../change.ts'
import { collectionState } from './collection-state.ts'
import { metadataRules } from './metadata-rules.ts'
import type { RecordEmbedder } from './record-embedder.ts'
import { recordStates } from './record-states.ts'
import { vectorProblem } from './vector-problem.ts'

export interface RefusedEdit {
  readonly id: string
  readonly reason: string
  /** The record is not as it was when the edit began. */
  readonly isConflict: boolean
}

export interface EditContext {
  readonly store: Store
  readonly ref: CollectionRef
  /** Asked for only where an edit needs it. */
  readonly embedder: () => Promise<RecordEmbedder>
  readonly signal: AbortSignal
  readonly progress: JobContext['progress']
}

interface Prepared {
  readonly edit: RecordEdit
  readonly before: RecordState
  /** Its vector is the old one still. */
  readonly after: RecordState
}

/** Edits with the whole records they are for, and those that cannot be applied. */
async function prepare(
  { store, ref, embedder, signal }: EditContext,
  edits: readonly RecordEdit[],
): Promise<{ prepared: Prepared[]; refused: RefusedEdit[] }> {
  const { collectionId } = ref
  const ids = edits.map(({ id }) => id)
  const newIds = edits.flatMap(({ id, newId }) => (newId === undefined || newId === id ? [] : [newId]))
  const [rules, states, taken, { summary }] = await Promise.all([
    metadataRules(store),
    recordStates(store, collectionId, ids, signal),
    store.records(collectionId, newIds, { signal }),
    store.detail(collectionId, { signal }),
  ])
  const maker = edits.some(({ vector }) => vector.kind === 'embed') ? await embedder() : null
  const byId = new Map(states.map((state) => [state.id, state]))
  const takenIds = new Set(taken.map(({ id }) => id))
  const used = new Set<string>()
  const prepared: Prepared[] = []
  const refused: RefusedEdit[] = []

  const problemOf = (edit: RecordEdit, before: RecordState, after: RecordState): string | null => {
    if (used.has(edit.id)) return 'This record has another edit already.'
    if (after.id !== before.id && takenIds.has(after.id)) return `A record with the id ${JSON.stringify(after.id)} exists already.`
    if (after.id !== before.id && used.has(after.id)) return `Another edit uses the id ${JSON.stringify(after.id)}.`
    const problem = recordProblem(after, before, rules)
    if (problem !== null) return problem
    if (edit.vector.kind === 'given') return vectorProblem(edit.vector.vector, summary.dimension)
    if (edit.vector.kind === 'embed') return maker?.textOf(after) == null ? 'The record has no text that a vector could be made of.' : null
    const isAddedAgain = after.id !== before.id || (after.document === null && before.document !== null)
    return isAddedAgain && before.vector === null ? 'Its vector cannot be read, so that the record cannot be written anew.' : null
  }

  for (const edit of edits) {
    const { id } = edit
    const before = byId.get(id)
    if (before === undefined) {
      refused.push({ id, reason: 'The record does not exist any more.', isConflict: true })
      continue
    }
    if (!sameRecord(before, edit.seen)) {
      refused.push({ id, reason: 'The record was changed since the edit began.', isConflict: true })
      continue
    }
    const after = { ...editRecord(before, edit), vector: before.vector }
    const reason = problemOf(edit, before, after)
    if (reason === null) prepared.push({ edit, before, after })
    else refused.push({ id, reason, isConflict: false })
    used.add(id).add(after.id)
  }
  return { prepared, refused }
}

/** Why edits could not be applied; nothing is embedded or written. */
export async function checkEdits(context: EditContext, edits: readonly RecordEdit[]): Promise<RefusedEdit[]> {
  return (await prepare(context, edits)).refused
}

function changesOf(before: RecordState, after: RecordState): RecordChange[] {
  if (before.id === after.id) return [{ id: before.id, before, after }]
  return [
    { id: before.id, before, after: null },
    { id: after.id, before: null, after },
  ]
}

/**
 * The change that edits of records mean, all or none.
 * @throws AppError 'conflict' where a record is not as it was when its edit began, 'invalid-input' where one cannot be applied, and as
 * the store and the embedder do.
 */
export async function editPlan(context: EditContext, edits: readonly RecordEdit[]): Promise<ChangePlan> {
  const { store, ref, embedder, signal, progress } = context
  const { prepared, refused } = await prepare(context, edits)
  const [first] = refused
  if (first) {
    const others = refused.length === 1 ? '' : ` ${refused.length - 1} more cannot be applied either.`
    throw new AppError(
      refused.some(({ isConflict }) => isConflict) ? 'conflict' : 'invalid-input',
      `${JSON.stringify(first.id)}: ${first.reason}${others}`,
      'Look at these edits again. Nothing was changed.',
    )
  }
  const embedding = prepared.filter(({ edit }) => edit.vector.kind === 'embed')
  const maker = embedding.length === 0 ? null : await embedder()
  const texts = embedding.map(({ after }) => maker?.textOf(after) ?? '')
  const vectors = await maker?.vectorsOf(texts, false, signal, (done, total) => progress('Embedding', done, total))
  const changes = prepared.flatMap(({ edit, before, after }) => {
    const made = edit.vector.kind === 'embed' ? vectors?.get(maker?.textOf(after) ?? '') : undefined
    const vector = made ?? (edit.vector.kind === 'given' ? edit.vector.vector : after.vector)
    return changesOf(before, { ...after, vector })
  })
  const collection = await collectionState(store, ref.collectionId, signal)
  return {
    kind: 'edit',
    title: prepared.length === 1 ? `Edit ${edits[0]?.id ?? ''}` : `Edit ${prepared.length} records`,
    rule: null,
    collectionId: ref.collectionId,
    collectionName: collection.name,
    parts: [{ kind: 'records', collection, changes }],
  }
}
