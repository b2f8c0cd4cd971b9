import { randomBytes } from 'node:crypto'
import { afterChange } from '../../shared/contract/changes.ts'
import type { AppEvent } from '../../shared/contract/events.ts'
import { AppError, toWireError } from '../../shared/rpc/errors.ts'
import type { JobContext } from '../jobs/jobs.ts'
import { log } from '../platform/log.ts'
import type { OpenStores } from '../store/open-stores.ts'
import type { Store } from '../store/store.ts'
import { ChangeRun, type WriteTarget } from './change-run.ts'
import type { ChangePlan, ChangeRunner } from './change.ts'
import type { EditingSessions } from './editing-sessions.ts'
import type { HistorySettings } from './history-settings.ts'
import { History } from './history.ts'
import { journalRoom } from './journal-room.ts'
import { idNow, type JournalFolder, type KeptChange } from './journal-folder.ts'
import { type JournalHeader, journalVersion } from './journal-payloads.ts'
import type { Journal } from './journal.ts'
import { prepareChange } from './prepare-change.ts'
import { appIsClosing, keptAsIs, mendedIndex, notSettled, readAnew } from './refusals.ts'
import { settleChange } from './settle-change.ts'
import { UndoPlan } from './undo-plan.ts'

export interface ChangesOptions {
  readonly stores: OpenStores
  readonly sessions: EditingSessions
  readonly journals: JournalFolder
  readonly settings: HistorySettings
  /** The directory of a connection; null for servers. */
  readonly directoryOf: (connectionId: string) => Promise<string | null>
  readonly tell: (event: AppEvent) => void
}

interface RunOptions {
  readonly undoes: string | null
  /** Whether `before` of the plan was just read from the store. */
  readonly isChecked: boolean
}

function undoTitle({ kind, title }: JournalHeader): string {
  if (kind !== 'undo') return `Undo: ${title}`
  return title.startsWith('Undo: ') ? `Redo: ${title.slice('Undo: '.length)}` : title.replace(/^Redo: /, 'Undo: ')
}

/** Carries out changes, keeps what is needed to take them back, and settles those that were cut off. */
export class Changes implements ChangeRunner {
  readonly history: History
  readonly #options: ChangesOptions
  /** Connections of which a change is being applied or settled now, with the id of the change once there is one. */
  readonly #running = new Map<string, string | null>()
  #closing = false

  constructor(options: ChangesOptions) {
    this.#options = options
    const { journals, settings, directoryOf } = options
    this.history = new History({
      journals,
      settings,
      directoryOf,
      freshStore: (connectionId, signal) => this.#freshStore(connectionId, signal),
      running: (connectionId) => this.#running.get(connectionId) ?? null,
    })
  }

  /** Whether the app itself is writing to the store of a connection now. */
  isWriting(connectionId: string): boolean {
    return this.#running.has(connectionId)
  }

  /** @throws AppError 'busy' while a change of the connection is being applied */
  refuseWhileWriting(connectionId: string): void {
    if (!this.#running.has(connectionId)) return
    throw new AppError('busy', 'Another change of this store is being applied.', 'Wait until it is done.')
  }

  refuseUnchangeable(connectionId: string): void {
    this.#options.sessions.writerName(connectionId)
    this.refuseWhileWriting(connectionId)
  }

  apply(connectionId: string, plan: ChangePlan, context: JobContext): Promise<string> {
    return this.#alone(connectionId, () => this.#run(connectionId, plan, context, { undoes: null, isChecked: false }))
  }

  async undo(changeId: string, overwrite: readonly string[], context: JobContext): Promise<string> {
    const { journal, summary } = await this.#options.journals.find(changeId)
    const { header, ending } = summary
    const { connectionId, collectionId, collectionName } = header
    if (ending?.state !== 'done') {
      throw new AppError('conflict', 'This change was not applied, so there is nothing to undo.', 'Refresh History.')
    }
    return this.#alone(connectionId, async () => {
      const store = await this.#freshStore(connectionId, context.signal)
      const newIds = await this.#options.journals.newIds(connectionId)
      const parts = new UndoPlan(journal, store, (id) => idNow(newIds, id)).parts(new Set(overwrite), context.signal)
      const { records } = summary.prepared
      const plan: ChangePlan = { kind: 'undo', title: undoTitle(header), rule: null, collectionId, collectionName, records, parts }
      return this.#run(connectionId, plan, context, { undoes: changeId, isChecked: true })
    })
  }

  /** How many changes of a connection were cut off and are not settled yet. */
  async unsettled(connectionId: string): Promise<number> {
    return (await this.#cutOff(connectionId)).length
  }

  /**
   * Finishes changes that were cut off, or finds that they were finished or never begun. Where something has to be written and the
   * connection is read-only, it is edited for as long as that takes.
   * @returns what was done, in sentences; null where nothing was to do
   * @throws AppError what keeps a change from being settled; it then stays as it is
   */
  settle(connectionId: string, context: JobContext): Promise<string | null> {
    return this.#alone(connectionId, async () => {
      const { sessions, stores, tell } = this.#options
      const waiting = (await this.#cutOff(connectionId)).toReversed()
      if (waiting.length === 0) return null
      const wasEditing = sessions.isEditing(connectionId)
      const sentences: string[] = []
      try {
        const store = await stores.get(connectionId, context.signal)
        const target = await this.#target(connectionId, store)
        for (const name of await sessions.mend(connectionId)) {
          sentences.push(mendedIndex(name))
        }
        const startEditing = async (): Promise<void> => {
          if (!sessions.isEditing(connectionId)) await sessions.start(connectionId, { snapshot: false, migrate: false }, context)
        }
        for (const kept of waiting) {
          sentences.push(await settleChange(kept, { target, context, startEditing, isClosing: () => this.#closing }))
        }
      } finally {
        if (!wasEditing) await sessions.stop(connectionId)
        tell({ type: 'invalidate', names: [...afterChange, 'editing'] })
      }
      return sentences.join(' ')
    })
  }

  /** The app ends: a change under way is left where it is, and finished at the next start. */
  close(): void {
    this.#closing = true
  }

  async #alone<Value>(connectionId: string, work: () => Promise<Value>): Promise<Value> {
    this.refuseWhileWriting(connectionId)
    this.#running.set(connectionId, null)
    try {
      return await work()
    } finally {
      this.#running.delete(connectionId)
    }
  }

  async #cutOff(connectionId: string): Promise<KeptChange[]> {
    const running = this.#running.get(connectionId)
    const all = await this.#options.journals.all(connectionId)
    return all.filter(({ summary }) => summary.ending === null && summary.header.id !== running)
  }

  async #freshStore(connectionId: string, signal: AbortSignal): Promise<Store> {
    const store = await this.#options.stores.get(connectionId, signal)
    if (await store.changedSince()) await store.refresh({ signal })
    return store
  }

  async #target(connectionId: string, store: Store): Promise<WriteTarget> {
    const { journals, sessions } = this.#options
    const newIds = new Map(await journals.newIds(connectionId))
    return {
      store,
      api: () => sessions.api(connectionId),
      recover: (signal) => (this.#closing ? Promise.reject(appIsClosing()) : sessions.recover(connectionId, signal)),
      idNow: (id) => idNow(newIds, id),
      remember: async (before, now) => {
        newIds.set(before, now)
        await journals.rememberId(connectionId, before, now)
      },
    }
  }

  async #run(connectionId: string, plan: ChangePlan, context: JobContext, { undoes, isChecked }: RunOptions): Promise<string> {
    const { journals, sessions, settings, directoryOf, tell } = this.#options
    const writer = sessions.writerName(connectionId)
    if ((await this.#cutOff(connectionId)).length > 0) throw notSettled()
    const store = await this.#freshStore(connectionId, context.signal)
    const target = await this.#target(connectionId, store)
    const at = Date.now()
    const id = `${at.toString(36)}-${randomBytes(6).toString('hex')}`
    this.#running.set(connectionId, id)
    const { kind, title, rule, collectionId, collectionName, parts } = plan
    const header = {
      version: journalVersion,
      id,
      connectionId,
      at,
      kind,
      title,
      rule,
      collectionId,
      collectionName,
      undoes,
      writer,
    } as const
    const left = (await settings.read()).limit - (await journals.bytes())
    const room = await journalRoom(left, journals.folderOf(connectionId), await directoryOf(connectionId))
    const file = journals.fileOf(connectionId, id)
    const isReadHere = store.kind === 'directory' && plan.readAt !== undefined && plan.readAt === (await store.snapshot())
    const mayWrite = async (bytes: number): Promise<void> => {
      if (isReadHere && plan.readAt !== (await store.snapshot())) throw readAnew()
      await sessions.refuseUnsafe(connectionId, bytes)
    }
    const prepared = await prepareChange({
      file,
      header,
      parts,
      target,
      context,
      room,
      expected: plan.records ?? null,
      isChecked: isChecked || isReadHere,
      mayWrite,
    })
    if (prepared === null) throw nothingToDo(undoes !== null)
    const run = new ChangeRun(prepared.journal, target, context, prepared.records)
    try {
      await refuseChangedMeanwhile(store, prepared.journal)
      await run.bring('after', true)
      await prepared.journal.done(null)
      return id
    } catch (error) {
      if (this.#closing) throw appIsClosing()
      await this.#takeBack(prepared.journal, target, context, error, prepared.records)
      throw error
    } finally {
      await run.refreshIfDirty().catch((error: unknown) => log.warn('A store could not be read anew after a change', error))
      tell({ type: 'invalidate', names: [...afterChange, 'editing'] })
    }
  }

  async #takeBack(journal: Journal, target: WriteTarget, context: JobContext, reason: unknown, records: number): Promise<void> {
    if ((await journal.summary()).ending !== null) return
    const problem = toWireError(reason)
    const run = new ChangeRun(journal, target, { signal: new AbortController().signal, progress: context.progress }, records)
    try {
      await run.bring('before', false)
      const cause = problem.code === 'cancelled' ? 'It was cancelled' : 'It failed'
      await journal.failed({ note: `${cause}, and what had been applied was taken back.${keptAsIs(run.conflicts)}`, problem })
    } catch (error) {
      log.warn('A change could not be taken back', error)
      const why = toWireError(error)
      await journal.cutOff({ note: null, problem: why }).catch((again: unknown) => log.warn('A journal could not be written', again))
      this.#options.tell({
        type: 'notice',
        severity: 'error',
        message: `A change could be neither finished nor taken back. ${why.message}`,
        remedy: 'Everything that it needs is kept. It is listed in History, where it can be settled.',
      })
    } finally {
      await run.refreshIfDirty().catch((error: unknown) => log.warn('A store could not be read anew after a change', error))
    }
  }
}

/** The store was compared with the plan while the plan was written down; it must still be as it was then. */
async function refuseChangedMeanwhile(store: Store, journal: Journal): Promise<void> {
  if (store.kind !== 'directory' || !(await store.changedSince())) return
  const error = new AppError('conflict', 'Another program changed the store just now.', 'Nothing was sent. Refresh, then try again.')
  await journal.failed({ note: 'Another program changed the store just before. Nothing was sent.', problem: toWireError(error) })
  throw error
}

function nothingToDo(isUndo: boolean): AppError {
  return isUndo
    ? new AppError('conflict', 'No record is as this change left it, so nothing was taken back.', 'Choose records to overwrite.')
    : new AppError('conflict', 'There is nothing to change.', 'All records are as wanted already.')
}
