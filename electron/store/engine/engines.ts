import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { EngineCandidate, EngineStatus } from '../../../shared/contract/engine.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { ChromaApi } from '../server/api.ts'
import { findProspects, type Prospect } from './candidates.ts'
import { launchHostUnderNode, type LaunchHost } from './engine-child.ts'
import type { EngineProgram, FoundEngine } from './engine-program.ts'
import { EngineRun } from './engine-run.ts'
import { LogRing, type LogLine } from './log-ring.ts'
import { removeOldRuns } from './old-runs.ts'
import { refuseWhileHeld } from './refuse-while-held.ts'
import { createScratch } from '../../platform/scratch.ts'
import { takePrivateCopy } from '../directory/private-copy.ts'
import { takeOwnLock } from './own-lock.ts'
import { preflight } from './preflight.ts'
import { prepareDirectory } from './prepare-directory.ts'
import { migrationNeeded, noEngine, refuseIfDamaged } from './refusals.ts'
import { takeSnapshot } from './snapshot.ts'
import { runVacuum } from './vacuum.ts'

export interface EnginesOptions {
  /** The app's data folder: own locks and run folders live there. */
  readonly dataFolder: string
  /** The person's own command that starts Chroma, from the settings. */
  readonly command?: string | null
  /** Keeps a changed command. */
  readonly saveCommand?: (command: string | null) => Promise<void>
  /** Environment that candidates are looked for in, and that a few harmless variables are passed on from. */
  readonly environment?: NodeJS.ProcessEnv
  /** Directories of the stores that are open: Python environments near them are shown as candidates. */
  readonly near?: () => readonly string[]
  /** How the host script is started; a child process of Node where left out. */
  readonly launchHost?: LaunchHost
  /** Called whenever statuses or candidates may have changed. */
  readonly onChange?: () => void
}

export interface EngineStartOptions {
  /** Allows a directory without chroma.sqlite3, which must be empty or absent: the engine makes a new store there. */
  readonly create?: boolean
  /** Only an engine of this kind. */
  readonly kind?: EngineCandidate['kind']
  /** Allows a one-way migration of the store. A copy of the whole directory is made in `snapshotFolder` first. */
  readonly migrate?: { readonly consent: true; readonly snapshotFolder: string }
  readonly signal?: AbortSignal
}

export interface VacuumRequest {
  readonly snapshotFolder: string
  readonly signal?: AbortSignal
  /** Told once the copy is made. */
  readonly onSnapshot?: () => void
}

export interface RunningEngine {
  /** Address of the HTTP API on loopback; it may change when the engine is started again after a crash. */
  readonly url: string
  readonly candidate: EngineCandidate
  /** Leader of the engine's process group; null while it is being started again. */
  readonly pid: number | null
  /** Client of the engine. `stop` waits for requests sent through it. */
  readonly api: ChromaApi
  /** Where the copy made before a migration lies; null where nothing was migrated. */
  readonly snapshot: string | null
  status(): EngineStatus
  /** Waits for the answers to requests under way, then ends the process for good. */
  stop(): Promise<void>
}

export interface Engines {
  /** Programs that could be started, best first. `near` are further store directories whose surroundings are searched. */
  candidates(near?: readonly string[]): Promise<EngineCandidate[]>
  setCommand(command: string | null): Promise<EngineCandidate[]>
  /**
   * Starts an engine on a store directory after every check that protects the store.
   * @throws AppError 'damaged' (preflight), 'busy' (open elsewhere), 'conflict' (would migrate), 'unsupported' (no engine
   * can open it), 'not-a-store', 'no-space', 'forbidden', 'engine-failed', 'cancelled'.
   */
  start(directory: string, options?: EngineStartOptions): Promise<RunningEngine>
  /**
   * Lets Chroma's own vacuum run on a store that nobody has open, after a copy of the whole directory and the checks of `start`.
   * @throws AppError as `start`; 'conflict' where only an engine that would migrate the store is here
   */
  vacuum(directory: string, options: VacuumRequest): Promise<{ snapshot: string }>
  /** @throws AppError 'busy' where a process that no engine of this app belongs to has files of the store open */
  refuseIfOpenElsewhere(directory: string): Promise<void>
  statuses(): { directory: string; status: EngineStatus }[]
  logs(): LogLine[]
  /** Stops every engine. */
  close(): Promise<void>
}

type Usable = FoundEngine & { readonly program: EngineProgram }

function isUsable(found: FoundEngine): found is Usable {
  return found.candidate.usable && found.program !== null
}

class EngineManager implements Engines {
  readonly #options: EnginesOptions
  readonly #environment: NodeJS.ProcessEnv
  readonly #launchHost: LaunchHost
  readonly #logs = new LogRing()
  readonly #runs = new Map<string, EngineRun>()
  readonly #starting = new Set<string>()
  readonly #unlocks = new Map<EngineRun, () => void>()
  #command: string | null
  readonly #prospects = new Map<string, Prospect[]>()
  #closed = false

  constructor(options: EnginesOptions) {
    this.#options = options
    this.#environment = options.environment ?? process.env
    this.#launchHost = options.launchHost ?? launchHostUnderNode
    this.#command = options.command ?? null
    this.#logs.hide(options.dataFolder)
  }

  async candidates(near: readonly string[] = []): Promise<EngineCandidate[]> {
    const prospects = this.#find([...near, ...(this.#options.near?.() ?? [])])
    return (await Promise.all(prospects.map((prospect) => prospect.examine()))).map((found) => found.candidate)
  }

  async setCommand(command: string | null): Promise<EngineCandidate[]> {
    const trimmed = command?.trim() ?? ''
    this.#command = trimmed === '' ? null : trimmed
    this.#prospects.clear()
    await this.#options.saveCommand?.(this.#command)
    this.#options.onChange?.()
    return this.candidates()
  }

  async start(directory: string, options: EngineStartOptions = {}): Promise<RunningEngine> {
    if (this.#closed) throw new AppError('cancelled', 'The application is closing.')
    const real = prepareDirectory(directory, options.create ?? false)
    if (this.#runs.has(real) || this.#starting.has(real)) {
      throw new AppError('busy', 'An engine already runs on this directory.', 'Use the one that runs, or stop it first.')
    }
    this.#starting.add(real)
    let unlock: (() => void) | null = null
    try {
      unlock = takeOwnLock(this.#options.dataFolder, real)
      const { run, snapshot } = await this.#startLocked(real, options)
      this.#unlocks.set(run, unlock)
      return this.#handle(run, real, snapshot)
    } catch (error) {
      unlock?.()
      throw error
    } finally {
      this.#starting.delete(real)
      this.#options.onChange?.()
    }
  }

  async vacuum(directory: string, { snapshotFolder, signal, onSnapshot }: VacuumRequest): Promise<{ snapshot: string }> {
    if (this.#closed) throw new AppError('cancelled', 'The application is closing.')
    const real = prepareDirectory(directory, false)
    if (this.#runs.has(real) || this.#starting.has(real))
      throw new AppError('busy', 'An engine runs on this directory.', 'Stop editing first.')
    this.#starting.add(real)
    let unlock: (() => void) | null = null
    try {
      unlock = takeOwnLock(this.#options.dataFolder, real)
      await this.refuseIfOpenElsewhere(real)
      const check = await preflight(real, this.#preflightOptions(signal))
      refuseIfDamaged(check)
      const reasons: string[] = []
      for (const prospect of this.#find([real])) {
        const item = await prospect.examine()
        const verdict = isUsable(item) ? check.verdictFor(item.candidate.version) : null
        if (!isUsable(item) || verdict !== 'opens') {
          reasons.push(`${item.candidate.label}: ${item.candidate.note ?? 'it is of another version than the store.'}`)
          continue
        }
        const snapshot = await takeSnapshot(real, snapshotFolder, signal)
        onSnapshot?.()
        const workingDirectory = path.join(this.#options.dataFolder, 'engine-probe')
        const { program } = item
        await runVacuum({
          program,
          directory: real,
          launchHost: this.#launchHost,
          workingDirectory,
          environment: this.#environment,
          signal,
        })
        return { snapshot }
      }
      throw noEngine(reasons)
    } finally {
      this.#starting.delete(real)
      unlock?.()
    }
  }

  async refuseIfOpenElsewhere(directory: string): Promise<void> {
    const own = new Set([...this.#runs.values()].map((run) => run.pid).filter((pid) => pid !== null))
    const unknown = await refuseWhileHeld(directory, own)
    if (unknown !== null) this.#logs.add('Mnemoscope', unknown)
  }

  statuses(): { directory: string; status: EngineStatus }[] {
    return [...this.#runs].map(([directory, run]) => ({ directory, status: run.status() }))
  }

  logs(): LogLine[] {
    return this.#logs.lines()
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#runs].map(([directory, run]) => this.#stop(directory, run)))
  }

  #find(near: readonly string[]): Prospect[] {
    const key = near.join('\0')
    const known = this.#prospects.get(key)
    if (known) return known
    const workingDirectory = path.join(this.#options.dataFolder, 'engine-probe')
    mkdirSync(workingDirectory, { recursive: true, mode: 0o700 })
    const found = findProspects({
      command: this.#command,
      near,
      environment: this.#environment,
      launchHost: this.#launchHost,
      workingDirectory,
    })
    this.#prospects.set(key, found)
    return found
  }

  async #startLocked(directory: string, options: EngineStartOptions): Promise<{ run: EngineRun; snapshot: string | null }> {
    await this.refuseIfOpenElsewhere(directory)
    const check = options.create ? null : await preflight(directory, this.#preflightOptions(options.signal))
    if (check) refuseIfDamaged(check)
    const hashType = check?.hashType ?? 'md5'
    const reasons: string[] = []
    let wouldMigrate: AppError | null = null
    let snapshot: string | null = null
    for (const prospect of this.#find([directory])) {
      if (options.kind !== undefined && prospect.kind !== options.kind) continue
      const item = await prospect.examine()
      if (!isUsable(item)) {
        reasons.push(`${item.candidate.label}: ${item.candidate.note ?? 'not usable'}`)
        continue
      }
      const verdict = check ? check.verdictFor(item.candidate.version) : 'opens'
      if (verdict === 'too-new') {
        reasons.push(`${item.candidate.label} is older than the Chroma that wrote it.`)
        continue
      }
      if (verdict === 'migrates' && !options.migrate) {
        wouldMigrate ??= migrationNeeded(item.candidate)
        continue
      }
      try {
        const migrates = verdict === 'migrates' || (verdict === 'unknown' && (await this.#wouldMigrate(item, directory, hashType, options)))
        if (migrates && options.migrate) snapshot ??= await takeSnapshot(directory, options.migrate.snapshotFolder, options.signal)
        if (migrates) await this.#migrate(item, directory, hashType, options.signal)
        const run = this.#newRun(item, directory, options.create ? 'apply' : 'validate', hashType)
        this.#runs.set(directory, run)
        await run.start(options.signal)
        return { run, snapshot }
      } catch (error) {
        this.#runs.delete(directory)
        if (!(error instanceof AppError) || (error.code !== 'conflict' && error.code !== 'unsupported')) throw error
        if (error.code === 'conflict') wouldMigrate ??= error
        else reasons.push(error.message)
      }
    }
    throw wouldMigrate ?? noEngine(reasons)
  }

  /**
   * Lets an engine migrate the store and ends it again. Statements that an engine prepared before it migrated an old
   * store fail afterwards, so the session that is used must be a second one.
   */
  async #migrate(item: Usable, directory: string, hashType: 'md5' | 'sha256', signal: AbortSignal | undefined): Promise<void> {
    const run = this.#newRun(item, directory, 'apply', hashType)
    this.#runs.set(directory, run)
    await run.start(signal)
    await run.stop()
  }

  /** @throws AppError 'conflict' where it would and there is no consent, 'unsupported' where it is too old */
  async #wouldMigrate(item: Usable, directory: string, hashType: 'md5' | 'sha256', options: EngineStartOptions): Promise<boolean> {
    try {
      await this.#rehearse(item, directory, hashType, options.signal)
      return false
    } catch (error) {
      if (options.migrate && error instanceof AppError && error.code === 'conflict') return true
      throw error
    }
  }

  /**
   * Starts an engine whose migrations are not known on a copy of the database alone, because even an engine that refuses
   * a store in validate mode has written into it before.
   */
  async #rehearse(item: Usable, directory: string, hashType: 'md5' | 'sha256', signal: AbortSignal | undefined): Promise<void> {
    const scratch = await createScratch(path.join(this.#options.dataFolder, 'preflight'))
    try {
      const copy = await takePrivateCopy(directory, scratch.directory, signal)
      if (!copy.isCopy)
        throw new AppError('no-space', 'There is not enough space to try the engine on a copy of the database.', 'Free some space first.')
      const run = this.#newRun(item, copy.folder, 'validate', hashType)
      await run.start(signal)
      await run.stop()
    } finally {
      await scratch.remove()
    }
  }

  #preflightOptions(signal: AbortSignal | undefined): { scratch: string; signal?: AbortSignal } {
    return { scratch: path.join(this.#options.dataFolder, 'preflight'), ...(signal ? { signal } : {}) }
  }

  #newRun(item: Usable, directory: string, migrations: 'validate' | 'apply', hashType: 'md5' | 'sha256'): EngineRun {
    this.#logs.hide(directory)
    return new EngineRun({
      candidate: item.candidate,
      program: item.program,
      directory,
      migrations,
      hashType,
      runFolder: path.join(this.#options.dataFolder, 'engine-runs', randomUUID()),
      environment: this.#environment,
      launchHost: this.#launchHost,
      logs: this.#logs,
      checkAgain: async () => {
        await this.refuseIfOpenElsewhere(directory)
        refuseIfDamaged(await preflight(directory, this.#preflightOptions(undefined)))
      },
      onChange: () => this.#options.onChange?.(),
    })
  }

  async #stop(directory: string, run: EngineRun): Promise<void> {
    await run.stop()
    if (this.#runs.get(directory) === run) this.#runs.delete(directory)
    this.#unlocks.get(run)?.()
    this.#unlocks.delete(run)
    this.#options.onChange?.()
  }

  #handle(run: EngineRun, directory: string, snapshot: string | null): RunningEngine {
    return {
      get url() {
        return run.url
      },
      get pid() {
        return run.pid
      },
      get api() {
        return run.api
      },
      candidate: run.candidate,
      snapshot,
      status: () => run.status(),
      stop: () => this.#stop(directory, run),
    }
  }
}

/** Finds, starts, watches and stops Chroma engines. Leftover run folders of an earlier app are removed. */
export function createEngines(options: EnginesOptions): Engines {
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 })
  removeOldRuns(path.join(options.dataFolder, 'engine-runs'))
  return new EngineManager(options)
}
