import type { Space } from '../../shared/domain/space.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { JobContext } from '../jobs/jobs.ts'
import type { ApiCollectionRef, ChromaApi } from '../store/server/api.ts'
import type { Store } from '../store/store.ts'
import { mostRecords } from './batches.ts'
import type { CollectionState, RecordChange, RecordState } from './change.ts'
import { alterCollection, collectionById, dropCollection, makeCollection, nameKey } from './collection-steps.ts'
import { early, readAhead } from './early.ts'
import { type OutlinePart, outlineOf } from './journal-outline.ts'
import type { Journal } from './journal.ts'
import { changedByOthers, notKept } from './refusals.ts'
import { sameMetadata, sameState } from './same-state.ts'
import { isReplacement, type Move, sendMoves } from './send-moves.ts'
import { readStates } from './store-states.ts'

/** A connection that is being written. */
export interface WriteTarget {
  readonly store: Store
  /** Client of the engine or server now. @throws AppError 'engine-failed' while the engine is being started again */
  readonly api: () => ChromaApi
  /** Waits until the engine or server answers again. @throws AppError where it does not */
  readonly recover: (signal: AbortSignal) => Promise<void>
  /** The id that a collection has now: it gets another one when it is made again. */
  readonly idNow: (collectionId: string) => string
  /** Notes that a collection was made again under another id. */
  readonly remember: (before: string, now: string) => Promise<void>
}

type Side = 'before' | 'after'
type CollectionPart = Exclude<OutlinePart, { kind: 'records' }>

/** How many records are read at once to be compared, and about how many bytes of vectors. Up to three such groups are held at a time. */
const groupRecords = 10_000
const groupBytes = 24_000_000
const mostAttempts = 5

interface Place {
  readonly at: number
  readonly collection: CollectionState
}

interface ChangeGroup {
  readonly collection: CollectionState
  readonly changes: readonly RecordChange[]
}

interface Group extends ChangeGroup {
  readonly states: ReadonlyMap<string, RecordState>
  readonly space: Space
}

export interface Standing {
  /** How many records and collections are as before, as after, or on their way between. */
  readonly before: number
  readonly after: number
  readonly between: number
  /** Ids of records that are neither. */
  readonly neither: readonly string[]
}

function isUnknown(error: unknown): boolean {
  return error instanceof AppError && ['engine-failed', 'unreachable', 'not-a-store', 'busy'].includes(error.code)
}

/** A record that is replaced is absent for a moment. */
function isUnderway({ before, after }: RecordChange, current: RecordState | null): boolean {
  return current === null && (isReplacement({ from: before, to: after }) || isReplacement({ from: after, to: before }))
}

function placesOf(part: Extract<OutlinePart, { kind: 'records' }>): Place[] {
  return part.batches.map((at) => ({ at, collection: part.collection }))
}

/** Brings a store to the state after, or before, a change that is written down whole in its journal. */
export class ChangeRun {
  /** Ids of records that somebody else changed meanwhile, and which were left as they are. */
  readonly conflicts = new Set<string>()
  readonly #journal: Journal
  readonly #target: WriteTarget
  readonly #context: JobContext
  readonly #total: number
  /** Ids of collections that this change made, by their names. */
  readonly #made = new Map<string, string>()
  #pending: Place[] = []
  #spaces: Map<string, Space> | null = null
  #done = 0
  /** Whether something was sent since the store was read anew. */
  #isDirty = false

  constructor(journal: Journal, target: WriteTarget, context: JobContext, total: number) {
    this.#journal = journal
    this.#target = target
    this.#context = context
    this.#total = total
  }

  /**
   * Sends every part, batch by batch, and reads it back.
   * @param trusted whether the store is known to be as before; else every record is looked at first
   * @throws AppError 'cancelled', 'conflict' or what Chroma said; the store may then have any part of the change
   */
  async bring(side: Side, trusted: boolean): Promise<void> {
    const parts = await this.#outline()
    if (!trusted) await this.#refresh()
    let previous: string | null = null
    for (const part of side === 'after' ? parts : parts.toReversed()) {
      if (part.kind !== 'records') {
        await this.#verify(side)
        await this.#alter(part, side, trusted)
        previous = null
        continue
      }
      // What goes to one collection is known to be there before it is deleted from another.
      if (previous !== null && previous !== nameKey(part.collection)) await this.#verify(side)
      previous = nameKey(part.collection)
      const places = placesOf(part)
      if (trusted) await this.#sendTrusted(places)
      else await this.#sendNeeded(places, side)
      this.#pending.push(...places)
    }
    await this.#verify(side)
  }

  /** Where every record stands. Reads only. */
  async compare(): Promise<Standing> {
    const parts = await this.#outline()
    await this.#refresh()
    const found = { before: 0, after: 0, between: 0, neither: [] as string[] }
    const isGone = await this.#goneCollections(parts)
    for (const part of parts) {
      if (part.kind !== 'records') {
        found[await this.#sideOf(part)] += 1
        continue
      }
      if (isGone.has(nameKey(part.collection))) continue
      for await (const { changes, states, space } of readAhead(this.#groups(placesOf(part)))) {
        for (const change of changes) {
          const current = states.get(change.id) ?? null
          if (sameState(current, change.after, space)) found.after += 1
          else if (sameState(current, change.before, space)) found.before += 1
          else if (isUnderway(change, current)) found.between += 1
          else found.neither.push(change.id)
        }
      }
    }
    return found
  }

  /** Makes the store's reader see what was written. */
  async refreshIfDirty(): Promise<void> {
    if (this.#isDirty) await this.#refresh()
  }

  async #outline(): Promise<readonly OutlinePart[]> {
    const { parts, made } = await outlineOf(this.#journal)
    for (const [index, id] of made) {
      const part = parts[index]
      if (part?.kind === 'create-collection') this.#made.set(nameKey(part.collection), id)
    }
    return parts
  }

  async #refresh(): Promise<void> {
    await this.#target.store.refresh()
    this.#spaces = null
    this.#isDirty = false
  }

  /** While the engine works on a batch, the next one is read and what was answered before is noted. */
  async #sendTrusted(places: readonly Place[]): Promise<void> {
    let next = early(this.#movesAt(places[0]))
    let noted = early(Promise.resolve())
    try {
      for (const [index, { at, collection }] of places.entries()) {
        const moves = await next
        this.#context.signal.throwIfAborted()
        next = early(this.#movesAt(places[index + 1]))
        await this.#send(collection, moves)
        await noted
        noted = early(this.#journal.sent(at))
        this.#advance(moves.length)
      }
    } finally {
      // Nothing else may be written to the journal meanwhile.
      await Promise.allSettled([noted])
    }
    await noted
  }

  async #movesAt(place: Place | undefined): Promise<Move[]> {
    if (place === undefined) return []
    const changes = await this.#journal.batchAt(place.at)
    return changes.map(({ id, before, after }) => ({ id, from: before, to: after }))
  }

  /** What the store has of a group is read only once the one before was sent: the engine writes its index meanwhile. */
  async #sendNeeded(places: readonly Place[], side: Side): Promise<void> {
    for await (const { changes, collection, states, space } of this.#groups(places)) {
      const moves: Move[] = []
      for (const change of changes) {
        const current = states.get(change.id) ?? null
        const [to, from] = side === 'after' ? [change.after, change.before] : [change.before, change.after]
        if (sameState(current, to, space)) continue
        if (sameState(current, from, space) || isUnderway(change, current)) moves.push({ id: change.id, from: current, to })
        else this.conflicts.add(change.id)
      }
      for (let first = 0; first < moves.length; first += mostRecords) {
        this.#context.signal.throwIfAborted()
        await this.#send(collection, moves.slice(first, first + mostRecords))
      }
      this.#advance(changes.length)
    }
  }

  #advance(records: number): void {
    this.#done += records
    this.#context.progress('Writing', this.#done, this.#total)
  }

  /** Sends moves until all of them are done. A failure says nothing about what was done, so the records are read again then. */
  async #send(collection: CollectionState, moves: readonly Move[]): Promise<void> {
    let left = moves
    for (let attempt = 1; left.length > 0; attempt += 1) {
      this.#isDirty = true
      try {
        await sendMoves(this.#target.api(), this.#refOf(collection), left)
        return
      } catch (error) {
        if (!isUnknown(error) || attempt === mostAttempts) throw error
        await this.#target.recover(this.#context.signal)
        left = await this.#remaining(collection, left)
      }
    }
  }

  async #remaining(collection: CollectionState, moves: readonly Move[]): Promise<Move[]> {
    await this.#refresh()
    const ids = moves.map(({ id }) => id)
    const [states, space] = [await this.#statesOf(collection, ids), await this.#spaceOf(collection)]
    const left: Move[] = []
    const changed: string[] = []
    for (const { id, from, to } of moves) {
      const current = states.get(id) ?? null
      if (sameState(current, to, space)) continue
      if (sameState(current, from, space) || (current === null && isReplacement({ from, to }))) left.push({ id, from: current, to })
      else changed.push(id)
    }
    if (changed.length > 0) throw changedByOthers(changed)
    return left
  }

  /** Reads back what was sent, and sends once more what is not there. */
  async #verify(side: Side): Promise<void> {
    const places = this.#pending
    this.#pending = []
    if (places.length === 0) return
    await this.refreshIfDirty()
    const again: { collection: CollectionState; moves: Move[] }[] = []
    let checked = 0
    for await (const { changes, collection, states, space } of readAhead(this.#groups(places))) {
      const moves = changes
        .map((change) => ({ id: change.id, from: states.get(change.id) ?? null, to: change[side] }))
        .filter(({ id, from, to }) => !this.conflicts.has(id) && !sameState(from, to, space))
      if (moves.length > 0) again.push({ collection, moves })
      checked += changes.length
      this.#context.progress('Reading back', checked, this.#total)
    }
    for (const { collection, moves } of again) {
      await this.#send(collection, moves)
      const left = await this.#remaining(collection, moves)
      if (left.length > 0) throw notKept(left.map(({ id }) => id))
    }
  }

  async #alter(part: CollectionPart, side: Side, trusted: boolean): Promise<void> {
    this.#context.signal.throwIfAborted()
    for (let attempt = 1; ; attempt += 1) {
      this.#isDirty = true
      try {
        await this.#alterOnce(part, side, trusted && attempt === 1)
        return
      } catch (error) {
        if (!isUnknown(error) || attempt === mostAttempts) throw error
        await this.#target.recover(this.#context.signal)
      }
    }
  }

  async #alterOnce(part: CollectionPart, side: Side, trusted: boolean): Promise<void> {
    const api = this.#target.api()
    if (part.kind === 'modify-collection') {
      const [from, to] = side === 'after' ? [part.before, part.after] : [part.after, part.before]
      return alterCollection(api, from, to, this.#target.idNow(part.before.id))
    }
    const { collection, index } = part
    const isMade = (part.kind === 'create-collection') === (side === 'after')
    if (!isMade) {
      await dropCollection(api, collection, this.#idOf(collection))
      this.#made.delete(nameKey(collection))
      return
    }
    const id = await makeCollection(api, collection, !trusted)
    this.#made.set(nameKey(collection), id)
    if (part.kind === 'create-collection') await this.#journal.made(index, id)
    if (collection.id !== '' && collection.id !== id) await this.#target.remember(collection.id, id)
    // The space of the new collection is needed to compare its records.
    await this.#refresh()
  }

  async #sideOf(part: CollectionPart): Promise<Side> {
    const catalog = await this.#target.store.catalog()
    if (part.kind === 'modify-collection') {
      const id = this.#target.idNow(part.before.id)
      if (part.before.name !== part.after.name) return collectionById(catalog, id)?.name === part.after.name ? 'after' : 'before'
      // A rename and new metadata are one request, so where the name stays the metadata tells.
      const detail = await this.#target.store.detail(id)
      return sameMetadata(detail.metadata, part.after.metadata) ? 'after' : 'before'
    }
    const isThere = collectionById(catalog, this.#idOf(part.collection)) !== null
    return isThere === (part.kind === 'create-collection') ? 'after' : 'before'
  }

  /** Collections that the change has deleted already: their records went before them. */
  async #goneCollections(parts: readonly OutlinePart[]): Promise<Set<string>> {
    const gone = new Set<string>()
    for (const part of parts) {
      if (part.kind === 'delete-collection' && (await this.#sideOf(part)) === 'after') gone.add(nameKey(part.collection))
    }
    return gone
  }

  /** Groups with what the store has of them. The next one is taken from the journal while the store is read. */
  async *#groups(places: readonly Place[]): AsyncGenerator<Group> {
    for await (const { changes, collection } of readAhead(this.#changesOf(places))) {
      this.#context.signal.throwIfAborted()
      const ids = changes.map(({ id }) => id)
      yield { changes, collection, states: await this.#statesOf(collection, ids), space: await this.#spaceOf(collection) }
    }
  }

  /** Batches put together to as many records as are well read at once. */
  async *#changesOf(places: readonly Place[]): AsyncGenerator<ChangeGroup> {
    let changes: RecordChange[] = []
    let collection: CollectionState | null = null
    let bytes = 0
    for (const place of [...places, null]) {
      const isFull = changes.length >= groupRecords || bytes >= groupBytes
      const isOther = place === null || (collection !== null && nameKey(place.collection) !== nameKey(collection))
      if (collection !== null && changes.length > 0 && (isFull || isOther)) {
        yield { changes, collection }
        changes = []
        bytes = 0
      }
      if (place === null) return
      collection = place.collection
      const batch = await this.#journal.batchAt(place.at)
      for (const change of batch) bytes += 4 * (change.before?.vector?.length ?? change.after?.vector?.length ?? 0)
      changes.push(...batch)
    }
  }

  /** None where the collection is not there. Where the engine wrote its index since the store was read, it is read anew. */
  async #statesOf(collection: CollectionState, ids: readonly string[]): Promise<Map<string, RecordState>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await readStates(this.#target.store, this.#idOf(collection), ids)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        if (error.code === 'not-found') return new Map()
        if (error.code !== 'stale' || attempt === mostAttempts) throw error
        await this.#refresh()
      }
    }
  }

  async #spaceOf(collection: CollectionState): Promise<Space> {
    if (this.#spaces === null) {
      const { tenants } = await this.#target.store.catalog()
      const all = tenants.flatMap(({ databases }) => databases.flatMap(({ collections }) => collections))
      this.#spaces = new Map(all.map(({ id, space }) => [id, space]))
    }
    return this.#spaces.get(this.#idOf(collection)) ?? 'cosine'
  }

  #idOf(collection: CollectionState): string {
    const made = this.#made.get(nameKey(collection))
    if (made !== undefined) return made
    return collection.id === '' ? '' : this.#target.idNow(collection.id)
  }

  #refOf(collection: CollectionState): ApiCollectionRef {
    return { tenant: collection.tenant, database: collection.database, id: this.#idOf(collection) }
  }
}
