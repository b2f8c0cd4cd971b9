import type { Space } from '../../shared/domain/space.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { Store } from '../store/store.ts'
import type { ChangePart, CollectionState, RecordChange, RecordState } from './change.ts'
import { collectionById, nameKey } from './collection-steps.ts'
import { readAhead } from './early.ts'
import { type OutlinePart, outlineOf } from './journal-outline.ts'
import type { Journal } from './journal.ts'
import { sameState } from './same-state.ts'
import { readStates } from './store-states.ts'

/** How many records are compared at once, and about how many bytes of their vectors are held; the next ones are taken from the journal meanwhile. */
const groupRecords = 5000
const groupBytes = 16_000_000

/** A record as a change left it, as it is now, and as it would be after taking the change back. */
export interface Reversal {
  readonly id: string
  readonly expected: RecordState | null
  readonly current: RecordState | null
  readonly restored: RecordState | null
  readonly verdict: 'as-expected' | 'restored-already' | 'conflict'
}

export interface ReversalGroup {
  readonly kind: 'reversals'
  readonly collection: CollectionState
  readonly reversals: readonly Reversal[]
}

type RecordsRun = { readonly kind: 'records'; readonly collection: CollectionState; readonly batches: readonly number[] }
type CollectionPart = Exclude<OutlinePart, { kind: 'records' }>

/** Parts in the order of taking them back. Records of one collection that follow each other keep their order: none occurs twice. */
function reversedRuns(parts: readonly OutlinePart[]): (RecordsRun | CollectionPart)[] {
  const runs: (RecordsRun | CollectionPart)[] = []
  for (const part of parts) {
    const last = runs.at(-1)
    const isSame = part.kind === 'records' && last?.kind === 'records' && nameKey(last.collection) === nameKey(part.collection)
    if (isSame) runs[runs.length - 1] = { ...last, batches: [...last.batches, ...part.batches] }
    else runs.push(part)
  }
  return runs.toReversed()
}

function verdictOf(states: Omit<Reversal, 'id' | 'verdict'>, space: Space): Reversal['verdict'] {
  if (sameState(states.current, states.expected, space)) return 'as-expected'
  return sameState(states.current, states.restored, space) ? 'restored-already' : 'conflict'
}

/** What taking a change back would do, compared with the store as it is now. */
export class UndoPlan {
  readonly #journal: Journal
  readonly #store: Store
  readonly #idNow: (collectionId: string) => string

  constructor(journal: Journal, store: Store, idNow: (collectionId: string) => string) {
    this.#journal = journal
    this.#store = store
    this.#idNow = idNow
  }

  /** Every record, some thousands at a time, in the order in which they are taken back. */
  async *groups(signal: AbortSignal): AsyncGenerator<ReversalGroup> {
    for await (const item of this.#walk(signal, false)) if (item.kind === 'reversals') yield item
  }

  /**
   * The parts of a change that takes this one back. Records in conflict are left out, or overwritten where their ids are named;
   * records that had no vector that could be read are left out too, because Chroma keeps none without.
   * @throws AppError 'conflict' where a collection would go with records that others added
   */
  async *parts(overwrite: ReadonlySet<string>, signal: AbortSignal): AsyncGenerator<ChangePart> {
    for await (const item of this.#walk(signal, true)) {
      if (item.kind !== 'reversals') {
        yield item
        continue
      }
      const changes: RecordChange[] = item.reversals
        .filter(({ id, verdict }) => verdict === 'as-expected' || (verdict === 'conflict' && overwrite.has(id)))
        .filter(({ current, restored }) => restored === null || restored.vector !== null || current !== null)
        .map(({ id, current, restored }) => ({ id, before: current, after: restored }))
      if (changes.length > 0) yield { kind: 'records', collection: item.collection, changes }
    }
  }

  async *#walk(signal: AbortSignal, isReal: boolean): AsyncGenerator<ReversalGroup | Exclude<ChangePart, { kind: 'records' }>> {
    const { parts, made } = await outlineOf(this.#journal)
    const ids = new Map<string, string>()
    for (const part of parts) {
      if (part.kind === 'create-collection') ids.set(nameKey(part.collection), made.get(part.index) ?? part.collection.id)
    }
    const known = (collection: CollectionState): CollectionState => ({
      ...collection,
      id: this.#idNow(ids.get(nameKey(collection)) ?? collection.id),
    })
    for (const run of reversedRuns(parts)) {
      signal.throwIfAborted()
      switch (run.kind) {
        case 'records':
          yield* this.#reversals(known(run.collection), run.batches, signal)
          break
        case 'modify-collection': {
          const id = this.#idNow(run.before.id)
          yield { kind: run.kind, before: { ...run.after, id }, after: { ...run.before, id } }
          break
        }
        case 'create-collection': {
          const collection = known(run.collection)
          if (isReal) await this.#refuseStrangers(collection, parts)
          yield { kind: 'delete-collection', collection }
          break
        }
        case 'delete-collection':
          yield { kind: 'create-collection', collection: run.collection }
      }
    }
  }

  /** A collection is not deleted with records in it that others added since. */
  async #refuseStrangers(collection: CollectionState, parts: readonly OutlinePart[]): Promise<void> {
    const count = collectionById(await this.#store.catalog(), collection.id)?.count ?? 0
    let own = 0
    for (const part of parts) {
      if (part.kind !== 'records' || nameKey(part.collection) !== nameKey(collection)) continue
      for (const at of part.batches) own += (await this.#journal.batchAt(at)).length
    }
    if (count <= own) return
    throw new AppError(
      'conflict',
      `The collection ${collection.name} holds ${count - own} records that were added since.`,
      'Delete or move them first.',
    )
  }

  async *#reversals(collection: CollectionState, batches: readonly number[], signal: AbortSignal): AsyncGenerator<ReversalGroup> {
    const stored = collectionById(await this.#store.catalog(), collection.id)
    for await (const changes of readAhead(this.#groupsOf(batches))) {
      const ids = changes.map(({ id }) => id)
      const now = stored === null ? new Map<string, RecordState>() : await readStates(this.#store, stored.id, ids, { signal })
      const reversals = changes.map(({ id, before, after }) => {
        const states = { expected: after, current: now.get(id) ?? null, restored: before }
        return { id, ...states, verdict: verdictOf(states, stored?.space ?? 'cosine') }
      })
      yield { kind: 'reversals', collection, reversals }
    }
  }

  async *#groupsOf(batches: readonly number[]): AsyncGenerator<RecordChange[]> {
    let waiting: RecordChange[] = []
    let bytes = 0
    for (const at of batches) {
      const batch = await this.#journal.batchAt(at)
      for (const { before, after } of batch) bytes += 4 * (before?.vector?.length ?? after?.vector?.length ?? 0)
      waiting.push(...batch)
      if (waiting.length < groupRecords && bytes < groupBytes) continue
      yield waiting
      waiting = []
      bytes = 0
    }
    if (waiting.length > 0) yield waiting
  }
}
