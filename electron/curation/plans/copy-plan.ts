import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { BulkPreview, Scope } from '../../../shared/contract/curation.ts'
import { metadataProblem } from '../../../shared/domain/curation/edit-record.ts'
import { sameRecord } from '../../../shared/domain/curation/same-record.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import type { Store } from '../../store/store.ts'
import type { ChangePart, ChangePlan, RecordChange, RecordState } from '../change.ts'
import { collectionState } from './collection-state.ts'
import { metadataRules } from './metadata-rules.ts'
import { PreviewTally } from './preview-tally.ts'
import { recordDigest } from './record-digest.ts'
import { partsOf, recordsAtOnce, recordStates, storedRecords } from './record-states.ts'
import { scopeIds } from './scope-ids.ts'

export interface CopyContext {
  readonly from: { readonly store: Store; readonly ref: CollectionRef }
  readonly to: { readonly store: Store; readonly ref: CollectionRef }
  readonly move: boolean
  /** What happens to records whose id exists there. */
  readonly existing: 'leave' | 'overwrite'
  readonly signal: AbortSignal
}

interface Compared {
  readonly dimension: number | null
  readonly isDamaged: boolean
  /** What differs, in sentences. */
  readonly notes: string[]
}

function differentEmbedders(here: string | undefined, there: string | undefined, name: string): string[] {
  if (here === undefined || there === undefined || here === there) return []
  return [
    `${name} names another embedding function (${there}) than this collection (${here}): similarities between their records mean little.`,
  ]
}

/** @throws AppError 'invalid-input' where records of the one collection cannot be in the other */
async function compare({ from, to, signal }: CopyContext): Promise<Compared> {
  if (from.ref.connectionId === to.ref.connectionId && from.ref.collectionId === to.ref.collectionId)
    throw new AppError('invalid-input', 'The records are in this collection already.', 'Choose another collection.')
  const [source, target] = await Promise.all([
    from.store.detail(from.ref.collectionId, { signal }),
    to.store.detail(to.ref.collectionId, { signal }),
  ])
  const [here, there] = [source.summary, target.summary]
  if (here.dimension !== null && there.dimension !== null && here.dimension !== there.dimension) {
    throw new AppError(
      'invalid-input',
      `The vectors of ${there.name} have ${there.dimension} dimensions; those of ${here.name} have ${here.dimension}.`,
      'Choose another collection, or copy this one with another embedder first.',
    )
  }
  const notes = [
    ...(here.space === there.space ? [] : [`${there.name} compares vectors by ${there.space}, ${here.name} by ${here.space}.`]),
    ...differentEmbedders(source.embeddingFunction?.name, target.embeddingFunction?.name, there.name),
  ]
  return { dimension: here.dimension, isDamaged: source.index.state === 'damaged', notes }
}

function refusal(record: StoredRecord, existing: StoredRecord | null, context: CopyContext, arrays: boolean): string | null {
  if (existing !== null && context.existing === 'leave') return 'The other collection has a record with this id.'
  return metadataProblem(record.metadata, existing?.metadata ?? null, { arrays })
}

/** What copying or moving the records of a scope would do. Errors as {@link copyPlans}. */
export async function copyPreview(context: CopyContext, scope: Scope): Promise<BulkPreview> {
  const { from, to, move, signal } = context
  const state = await copyState(context)
  const { dimension, isDamaged, notes } = await compare(context)
  const [ids, { arrays }] = await Promise.all([scopeIds(from.store, from.ref, scope, signal), metadataRules(to.store)])
  const tally = new PreviewTally(ids.length, 4 * (dimension ?? 0) * (move ? 2 : 1))
  for await (const records of storedRecords(from.store, from.ref.collectionId, ids, signal)) {
    const names = records.map(({ id }) => id)
    const there = await to.store.records(to.ref.collectionId, names, { signal })
    const missing = new Set(isDamaged ? (await from.store.vectors(from.ref.collectionId, names, { signal })).missing : [])
    const existing = new Map(there.map((record) => [record.id, record]))
    for (const record of records) {
      const before = existing.get(record.id) ?? null
      const reason = missing.has(record.id) ? 'Its vector cannot be read.' : refusal(record, before, context, arrays)
      if (reason === null) tally.changed(record.id, before, record)
      else tally.refused(record.id, reason)
    }
  }
  return tally.preview(notes, state)
}

/** Names the state of both stores. */
export async function copyState({ from, to }: CopyContext): Promise<string> {
  const [here, there] = await Promise.all([from.store.snapshot(), to.store.snapshot()])
  return `${here} ${there}`
}

function sameVector(a: Float32Array | null, b: Float32Array): boolean {
  return a !== null && a.every((value, at) => value === b[at])
}

interface Copied {
  readonly added: RecordChange[]
  /** All that is there afterwards, as it is here. */
  readonly arrived: RecordState[]
}

async function copyPart(context: CopyContext, ids: readonly string[], arrays: boolean): Promise<Copied> {
  const { from, to, signal } = context
  const [here, there] = await Promise.all([
    recordStates(from.store, from.ref.collectionId, ids, signal),
    recordStates(to.store, to.ref.collectionId, ids, signal),
  ])
  const existing = new Map(there.map((state) => [state.id, state]))
  const added: RecordChange[] = []
  const arrived: RecordState[] = []
  for (const state of here) {
    const before = existing.get(state.id) ?? null
    if (state.vector === null || refusal(state, before, context, arrays) !== null) continue
    arrived.push(state)
    const isThere = before !== null && sameRecord(before, state) && sameVector(before.vector, state.vector)
    if (!isThere) added.push({ id: state.id, before, after: state })
  }
  return { added, arrived }
}

/**
 * The changes that copying or moving means: one for the other collection, which also deletes here where both are of one connection, and
 * else a second one for this connection, to be applied after the first. Records that cannot be there are left out, as the preview says.
 * @throws AppError 'invalid-input' where the collections are the same or of different dimensions, and as the stores do
 */
export async function copyPlans(
  context: CopyContext & { readonly progress: JobContext['progress'] },
  scope: Scope,
  rule: string | null,
): Promise<{ add: ChangePlan; remove: ChangePlan | null }> {
  const { from, to, move, signal, progress } = context
  const { dimension } = await compare(context)
  const [ids, { arrays }, source, target] = await Promise.all([
    scopeIds(from.store, from.ref, scope, signal),
    metadataRules(to.store),
    collectionState(from.store, from.ref.collectionId, signal),
    collectionState(to.store, to.ref.collectionId, signal),
  ])
  const isNear = from.ref.connectionId === to.ref.connectionId
  const arrivedThere = new Map<string, string>()

  function deletion(states: readonly RecordState[]): ChangePart {
    return { kind: 'records', collection: source, changes: states.map((before) => ({ id: before.id, before, after: null })) }
  }

  async function* addParts(): AsyncGenerator<ChangePart> {
    let done = 0
    for (const part of partsOf(ids, recordsAtOnce(dimension))) {
      progress('Reading records', done, ids.length)
      const { added, arrived } = await copyPart(context, part, arrays)
      if (added.length > 0) yield { kind: 'records', collection: target, changes: added }
      if (move && isNear && arrived.length > 0) yield deletion(arrived)
      if (move && !isNear) for (const state of arrived) arrivedThere.set(state.id, recordDigest(state))
      done += part.length
    }
  }

  async function* removeParts(): AsyncGenerator<ChangePart> {
    for (const part of partsOf([...arrivedThere.keys()], recordsAtOnce(dimension))) {
      const found = await recordStates(from.store, from.ref.collectionId, part, signal)
      // What was changed here meanwhile is not what arrived there.
      const states = found.filter((state) => recordDigest(state) === arrivedThere.get(state.id))
      if (states.length > 0) yield deletion(states)
    }
  }

  const concernsBoth = isNear && move
  const add: ChangePlan = {
    kind: 'copy',
    title: `${move ? 'Move' : 'Copy'} records from ${source.name} to ${target.name}`,
    rule,
    collectionId: concernsBoth ? null : target.id,
    collectionName: concernsBoth ? null : target.name,
    parts: addParts(),
  }
  if (!move || isNear) return { add, remove: null }
  const remove: ChangePlan = {
    kind: 'delete',
    title: `Delete records that were moved to ${target.name}`,
    rule,
    collectionId: source.id,
    collectionName: source.name,
    parts: removeParts(),
  }
  return { add, remove }
}
