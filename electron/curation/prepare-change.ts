import { AppError } from '../../shared/rpc/errors.ts'
import type { JobContext } from '../jobs/jobs.ts'
import { batchesOf, sentBytes } from './batches.ts'
import type { WriteTarget } from './change-run.ts'
import type { ChangePart, ChangePlan, CollectionState, RecordChange, RecordState } from './change.ts'
import { askForCollection, collectionById, completeState, nameKey } from './collection-steps.ts'
import { readAhead } from './early.ts'
import { type JournalRoom, refuseWithoutJournalRoom } from './journal-room.ts'
import type { JournalHeader } from './journal-payloads.ts'
import { JournalWriter } from './journal-writer.ts'
import { Journal } from './journal.ts'
import { refuseImpossible } from './refuse-impossible.ts'
import { changedByOthers } from './refusals.ts'
import { sameMetadata, sameState } from './same-state.ts'
import { readStates } from './store-states.ts'

export interface PrepareOptions {
  readonly file: string
  readonly header: JournalHeader
  readonly parts: ChangePlan['parts']
  readonly target: WriteTarget
  readonly context: JobContext
  /** What the journal may take. */
  readonly room: JournalRoom
  /** Records that there will be about; null where that is not known. */
  readonly expected: number | null
  /** Whether `before` of the plan was just read from the store, so that it need not be read again. */
  readonly isChecked: boolean
  /** Looks whether the store may be written now, `bytes` about; throws where it may not. */
  readonly mayWrite: (bytes: number) => Promise<void>
}

/** Records that wait to be compared with the store; reading many at once is much cheaper. */
const groupRecords = 20_000
const groupBytes = 48_000_000

class Preparation {
  readonly #options: PrepareOptions
  readonly #writer: JournalWriter
  /** Ids by collection: no record may occur twice, so that a record has one state before and one after. */
  readonly #seen = new Map<string, Set<string>>()
  #sentBytes = 0
  #waiting: { collection: CollectionState; changes: RecordChange[]; bytes: number } | null = null

  constructor(options: PrepareOptions, writer: JournalWriter) {
    this.#options = options
    this.#writer = writer
  }

  /** About how many bytes the store will be sent. */
  get sentBytes(): number {
    return this.#sentBytes
  }

  async take(part: ChangePart): Promise<void> {
    this.#options.context.signal.throwIfAborted()
    switch (part.kind) {
      case 'records':
        return this.#takeRecords(part.collection, part.changes)
      case 'create-collection':
        await this.#refuseTaken(part.collection)
        return this.#writer.part(part)
      case 'delete-collection':
        return this.#writer.part({ ...part, collection: await this.#asStored(part.collection) })
      case 'modify-collection': {
        const before = await this.#asStored(part.before)
        if (!sameMetadata(before.metadata, part.before.metadata)) {
          throw new AppError('conflict', `The metadata of ${before.name} was changed meanwhile.`, 'Refresh, then try again.')
        }
        if (part.after.name !== before.name) await this.#refuseTaken(part.after)
        return this.#writer.part({ ...part, before, after: { ...part.after, id: before.id } })
      }
    }
  }

  /** Compares the records that wait with what the store has. @throws AppError 'conflict' that names them */
  async check(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = null
    if (waiting === null) return
    const { store, idNow } = this.#options.target
    const { collection, changes } = waiting
    const stored = collection.id === '' ? null : collectionById(await store.catalog(), idNow(collection.id))
    const ids = changes.map(({ id }) => id)
    const current = stored === null ? new Map<string, RecordState>() : await readStates(store, stored.id, ids)
    const changed = changes.filter(({ id, before }) => !sameState(current.get(id) ?? null, before, stored?.space ?? 'cosine'))
    if (changed.length > 0) throw changedByOthers(changed.map(({ id }) => id))
  }

  /** The collection with all that is needed to make it again. @throws AppError 'conflict' where it is not there any more */
  async #asStored(state: CollectionState): Promise<CollectionState> {
    const { target } = this.#options
    const stored = await askForCollection(target.api(), state)
    if (stored?.id === target.idNow(state.id)) return completeState(state, stored)
    throw new AppError('conflict', `The collection ${state.name} is not there any more.`, 'Refresh to see what the store holds now.')
  }

  async #refuseTaken(state: CollectionState): Promise<void> {
    if ((await askForCollection(this.#options.target.api(), state)) === null) return
    throw new AppError('conflict', `There is a collection named ${state.name} already.`, 'Choose another name.')
  }

  async #takeRecords(collection: CollectionState, changes: readonly RecordChange[]): Promise<void> {
    if (changes.length === 0) return
    refuseImpossible(changes)
    this.#refuseTwice(collection, changes)
    await this.#writer.part({ kind: 'records', collection })
    for (const change of changes) this.#sentBytes += sentBytes(change)
    for (const batch of batchesOf(changes)) {
      await this.#writer.batch(batch)
      refuseWithoutJournalRoom(this.#options.room, this.#writer, this.#options.expected)
    }
    this.#options.context.progress('Keeping what is there now', this.#writer.records, null)
    if (!this.#options.isChecked) await this.#checkLater(collection, changes)
  }

  #refuseTwice(collection: CollectionState, changes: readonly RecordChange[]): void {
    const key = nameKey(collection)
    const seen = this.#seen.get(key) ?? new Set()
    this.#seen.set(key, seen)
    for (const { id } of changes) {
      if (seen.has(id)) {
        throw new AppError('invalid-input', `The record ${JSON.stringify(id)} occurs twice in this change.`, 'Nothing was changed.')
      }
      seen.add(id)
    }
  }

  async #checkLater(collection: CollectionState, changes: readonly RecordChange[]): Promise<void> {
    if (this.#waiting !== null && nameKey(this.#waiting.collection) !== nameKey(collection)) await this.check()
    this.#waiting ??= { collection, changes: [], bytes: 0 }
    for (const change of changes) {
      this.#waiting.changes.push(change)
      this.#waiting.bytes += 4 * (change.before?.vector?.length ?? 0)
    }
    if (this.#waiting.changes.length >= groupRecords || this.#waiting.bytes >= groupBytes) await this.check()
  }
}

/**
 * Writes a whole change down, compares it with the store, and makes sure that it is on the disk. Nothing is sent. Where that fails no
 * file is left.
 * @returns null where the plan holds nothing to change.
 * @throws AppError 'conflict' where a record is not as the plan says, 'invalid-input' for what Chroma cannot keep, 'no-space', 'cancelled'
 */
export async function prepareChange(options: PrepareOptions): Promise<{ journal: Journal; records: number } | null> {
  const writer = await JournalWriter.create(options.file, options.header)
  try {
    const preparation = new Preparation(options, writer)
    for await (const part of readAhead(options.parts)) await preparation.take(part)
    await preparation.check()
    options.context.signal.throwIfAborted()
    if (writer.isEmpty) {
      await writer.discard()
      return null
    }
    await options.mayWrite(preparation.sentBytes)
    await writer.prepared()
    return { journal: new Journal(options.file), records: writer.records }
  } catch (error) {
    await writer.discard()
    throw error
  }
}
