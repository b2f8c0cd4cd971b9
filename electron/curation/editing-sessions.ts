import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { EditingStatus } from '../../shared/contract/editing.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { JobContext } from '../jobs/jobs.ts'
import { SettingsFile } from '../platform/settings-file.ts'
import type { Engines, RunningEngine } from '../store/engine/engines.ts'
import { openFiles } from '../store/open-files/open-files.ts'
import { takeOwnLock } from '../store/engine/own-lock.ts'
import { takeSnapshot } from '../store/engine/snapshot.ts'
import type { OpenStores } from '../store/open-stores.ts'
import type { ChromaApi } from '../store/server/api.ts'
import { refuseWithoutRoom } from './disk-room.ts'
import { makeFolder } from './journal.ts'
import type { JournalFolder } from './journal-folder.ts'
import { keepIndexFiles } from './keep-index-files.ts'
import { mendInWorker } from './mend-in-worker.ts'
import { lockedConnection } from './refusals.ts'
import { withSnapshot } from './snapshot-advice.ts'

const lockFileSchema = z.looseObject({ locked: z.array(z.string()).default([]) })

export interface EditingSessionsOptions {
  /** The app's data folder. */
  readonly data: string
  readonly stores: OpenStores
  readonly engines: Engines
  /** The directory of a connection; null for servers. */
  readonly directoryOf: (connectionId: string) => Promise<string | null>
  readonly journals: JournalFolder
  readonly onDamaged: (file: string, setAside: string) => void
  readonly onChange: () => void
}

export interface StartOptions {
  /** Whether the whole store is copied first. */
  readonly snapshot: boolean
  /** Whether the engine may change the format of the store for good; then it is copied in any case. */
  readonly migrate: boolean
}

interface Session {
  readonly directory: string | null
  engine: RunningEngine | null
  server: ChromaApi | null
  /** Gives the lock on the journals back. */
  unlock: () => void
  state: 'starting' | 'editing' | 'stopping'
  /** How often the engine had been started again when the store was last read anew. */
  restartsSeen: number
}

const patience = 120_000

/** Which connections may be changed now, and what carries the changes out. */
export class EditingSessions {
  readonly #options: EditingSessionsOptions
  readonly #sessions = new Map<string, Session>()
  readonly #locks: SettingsFile<typeof lockFileSchema>

  constructor(options: EditingSessionsOptions) {
    this.#options = options
    this.#locks = new SettingsFile({
      file: path.join(options.data, 'editing.json'),
      schema: lockFileSchema,
      onDamaged: options.onDamaged,
    })
  }

  async status(connectionId: string): Promise<Omit<EditingStatus, 'unsettled'>> {
    const session = this.#sessions.get(connectionId)
    return {
      state: session?.state ?? 'read-only',
      locked: await this.isLocked(connectionId),
      engine: session?.engine?.candidate ?? null,
    }
  }

  isEditing(connectionId: string): boolean {
    return this.#sessions.get(connectionId)?.state === 'editing'
  }

  async isLocked(connectionId: string): Promise<boolean> {
    return (await this.#locks.read()).locked.includes(connectionId)
  }

  /** Process of the connection's own engine, null where none runs. */
  enginePid(connectionId: string): number | null {
    return this.#sessions.get(connectionId)?.engine?.pid ?? null
  }

  /** @throws AppError 'busy' where the connection is being edited */
  async lock(connectionId: string, locked: boolean): Promise<void> {
    if (locked && this.#sessions.has(connectionId)) {
      throw new AppError('busy', 'The connection is being edited.', 'Stop editing, then lock it.')
    }
    await this.#locks.update((current) => {
      const others = current.locked.filter((id) => id !== connectionId)
      return { ...current, locked: locked ? [...others, connectionId] : others }
    })
    this.#options.onChange()
  }

  /**
   * Begins to edit: a copy of the store where asked for, copies of the small index files always, then the engine.
   * @returns the path of the copy, or null
   * @throws AppError 'forbidden' where the connection is locked, 'busy' where it is edited already or elsewhere, and as Engines.start does
   */
  async start(connectionId: string, options: StartOptions, context: JobContext): Promise<string | null> {
    if (await this.isLocked(connectionId)) throw lockedConnection()
    if (this.#sessions.has(connectionId)) throw new AppError('busy', 'This connection is being edited already.', 'Stop editing first.')
    const session: Session = {
      directory: await this.#options.directoryOf(connectionId),
      engine: null,
      server: null,
      unlock: () => undefined,
      state: 'starting',
      restartsSeen: 0,
    }
    this.#sessions.set(connectionId, session)
    this.#options.onChange()
    try {
      const store = await this.#options.stores.get(connectionId, context.signal)
      session.unlock = await this.#lockJournals(connectionId)
      let copy: string | null = null
      if (session.directory === null) session.server = store.writer ?? null
      else copy = await this.#startEngine(connectionId, session, session.directory, options, context)
      // Starting an engine writes a row; what is shown comes from after it.
      if (session.directory !== null) await store.refresh({ signal: context.signal })
      session.state = 'editing'
      return copy
    } catch (error) {
      await this.#end(connectionId, session)
      throw session.directory === null ? error : await withSnapshot(error, session.directory, this.#snapshots)
    } finally {
      this.#options.onChange()
    }
  }

  /** Ends the engine once what was sent is answered. Nothing happens where the connection is not edited. */
  async stop(connectionId: string): Promise<void> {
    const session = this.#sessions.get(connectionId)
    if (session?.state !== 'editing') return
    session.state = 'stopping'
    this.#options.onChange()
    await this.#end(connectionId, session)
    this.#options.onChange()
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#sessions].map(([connectionId, session]) => this.#end(connectionId, session)))
  }

  /** What carries out the changes of a connection. @throws AppError 'forbidden' where it is not being edited, 'engine-failed' */
  api(connectionId: string): ChromaApi {
    const session = this.#editing(connectionId)
    const api = session.server ?? session.engine?.api
    if (!api) throw new AppError('engine-failed', 'The engine is not running.', 'Stop editing, then start again.')
    return api
  }

  /** Name of what carries out the changes, for the journal. */
  writerName(connectionId: string): string {
    const { engine } = this.#editing(connectionId)
    return engine ? [engine.candidate.label, engine.candidate.version].filter((part) => part !== null).join(' ') : 'server'
  }

  /** Waits until the engine or server answers again. @throws AppError what keeps it from being started, 'unreachable' */
  async recover(connectionId: string, signal: AbortSignal): Promise<void> {
    const session = this.#editing(connectionId)
    const limit = Date.now() + patience
    for (let delay = 50; ; delay = Math.min(1000, delay * 2)) {
      await wait(delay, undefined, { signal })
      try {
        if (session.engine?.status().state === 'failed') await this.#startAgain(connectionId, session, signal)
        await this.api(connectionId).heartbeat({ signal: AbortSignal.timeout(5000) })
        return
      } catch (error) {
        signal.throwIfAborted()
        const mayPass = error instanceof AppError && ['engine-failed', 'unreachable', 'cancelled'].includes(error.code)
        if (!mayPass || Date.now() > limit) throw error
      }
    }
  }

  /**
   * Mends what an own engine left torn when it was ended while it wrote. Nothing is done for servers, and while the connection is
   * edited or somebody else has the store open.
   * @returns names of the collections whose index was mended
   */
  async mend(connectionId: string): Promise<string[]> {
    const directory = await this.#options.directoryOf(connectionId)
    if (directory === null || this.#sessions.has(connectionId)) return []
    const unlock = takeOwnLock(this.#options.data, directory)
    try {
      if ((await openFiles(directory)).holders.length > 0) return []
      return await this.#mendIndexes(connectionId, directory)
    } finally {
      unlock()
    }
  }

  /**
   * Looks again, before each change, at what may be different since editing began.
   * @param bytes about how much is to be sent
   * @throws AppError 'busy' where somebody else has the store open by now, 'no-space'
   */
  async refuseUnsafe(connectionId: string, bytes: number): Promise<void> {
    const { directory } = this.#editing(connectionId)
    if (directory === null) return
    await refuseWithoutRoom(directory, bytes)
    await this.#options.engines.refuseIfOpenElsewhere(await realpath(directory))
  }

  /** Whether the own engine wrote to the store since it was read: it does so when it is started. */
  explainsChange(connectionId: string): boolean {
    const session = this.#sessions.get(connectionId)
    if (!session) return false
    return session.state !== 'editing' || (session.engine?.status().restarts ?? 0) !== session.restartsSeen
  }

  /** The store was read anew. */
  noteRead(connectionId: string): void {
    const session = this.#sessions.get(connectionId)
    if (session) session.restartsSeen = session.engine?.status().restarts ?? 0
  }

  async #lockJournals(connectionId: string): Promise<() => void> {
    const { data, journals } = this.#options
    const folder = journals.folderOf(connectionId)
    await makeFolder(folder)
    try {
      const unlock = takeOwnLock(data, folder)
      await journals.removeIncomplete(connectionId)
      return unlock
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'busy') throw error
      throw new AppError('busy', 'Another Mnemoscope is editing this store.', 'Stop editing there first.')
    }
  }

  async #startEngine(
    connectionId: string,
    session: Session,
    directory: string,
    { snapshot, migrate }: StartOptions,
    { signal, progress }: JobContext,
  ): Promise<string | null> {
    const { data, engines } = this.#options
    const snapshotFolder = this.#snapshots
    let copy: string | null = null
    if (snapshot) {
      progress('Copying the store', 0, null)
      copy = await takeSnapshot(directory, snapshotFolder, signal)
    }
    progress('Copying the small files of the indexes', 0, null)
    await keepIndexFiles(directory, path.join(data, 'index-files', connectionId), signal)
    progress('Starting the engine', 0, null)
    session.engine = await engines.start(directory, {
      ...(migrate ? { migrate: { consent: true, snapshotFolder } } : {}),
      signal,
    })
    return session.engine.snapshot ?? copy
  }

  async #startAgain(connectionId: string, session: Session, signal: AbortSignal): Promise<void> {
    const { directory, engine } = session
    if (directory === null || engine === null) return
    await engine.stop()
    await this.#mendIndexes(connectionId, directory)
    session.engine = await this.#options.engines.start(directory, { signal }).catch(async (error: unknown) => {
      throw await withSnapshot(error, directory, this.#snapshots)
    })
    session.restartsSeen = -1
  }

  get #snapshots(): string {
    return path.join(this.#options.data, 'snapshots')
  }

  #mendIndexes(connectionId: string, directory: string): Promise<string[]> {
    const { data } = this.#options
    return mendInWorker(directory, path.join(data, 'preflight'), path.join(data, 'index-files', connectionId))
  }

  #editing(connectionId: string): Session {
    const session = this.#sessions.get(connectionId)
    if (session?.state === 'editing') return session
    throw new AppError('forbidden', 'This connection is read-only.', 'Start editing first.')
  }

  async #end(connectionId: string, session: Session): Promise<void> {
    try {
      await session.engine?.stop()
    } finally {
      session.unlock()
      if (this.#sessions.get(connectionId) === session) this.#sessions.delete(connectionId)
    }
  }
}
