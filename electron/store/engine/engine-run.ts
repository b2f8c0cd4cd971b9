import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { EngineCandidate, EngineStatus } from '../../../shared/contract/engine.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { ChromaApi } from '../server/api.ts'
import { launchCommand, type EngineChild, type LaunchHost } from './engine-child.ts'
import { engineConfigText } from './engine-config.ts'
import { engineEnvironment } from './engine-environment.ts'
import type { EngineProgram } from './engine-program.ts'
import { freePort, loopbackAddress } from './free-port.ts'
import type { LogRing } from './log-ring.ts'

export interface EngineRunOptions {
  readonly candidate: EngineCandidate
  readonly program: EngineProgram
  readonly directory: string
  readonly migrations: 'validate' | 'apply'
  readonly hashType: 'md5' | 'sha256'
  /** Private folder of this run, for the configuration file; removed at the end. */
  readonly runFolder: string
  readonly environment: NodeJS.ProcessEnv
  readonly launchHost: LaunchHost
  readonly logs: LogRing
  /** Looks at the store again before an engine that crashed is started anew; throws where it must not be. */
  readonly checkAgain: () => Promise<void>
  readonly onChange: () => void
}

const startPatience = 60_000
const stopPatience = 120_000
const mostRestarts = 5
const firstBackOff = 250
/** An engine that ran this long is healthy again, so its earlier crashes no longer count. */
const healthyAfter = 5 * 60_000

/** Turns the output of an engine that refused to start into an error. */
function startFailure(output: string, ending: string, candidate: EngineCandidate): AppError {
  const name = candidate.label
  if (/UnappliedMigrationsFound|Unapplied migrations/i.test(output)) {
    return new AppError(
      'conflict',
      `${name} would migrate this store to a newer format, which cannot be undone.`,
      'Allow the migration; a copy of the directory is made first.',
    )
  }
  if (/range start index \d+ out of range|InconsistentVersion|Inconsistent (migration )?version/i.test(output)) {
    return new AppError(
      'unsupported',
      `${name} is older than the Chroma that wrote this store and cannot open it.`,
      'Install a newer Chroma (pip install chromadb), then set it as the engine command.',
    )
  }
  if (/Inconsistent ?Hash/i.test(output)) {
    return new AppError(
      'unsupported',
      'The store was made by a development build of Chroma, so no released engine opens it.',
      'It can be read as it is.',
    )
  }
  if (/readonly database|read-only file system/i.test(output)) {
    return new AppError(
      'forbidden',
      'The directory is read-only, and an engine always writes.',
      'Copy the store to a folder that can be written.',
    )
  }
  if (/disk is full|No space left/i.test(output)) {
    return new AppError('no-space', 'The disk is full, so the engine did not start.', 'Free some space first.')
  }
  const said = output
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => /error|panicked|cannot|failed/i.test(line))
  return new AppError(
    'engine-failed',
    `${name} did not start: it ${ending}${said ? ` (${said.slice(0, 200)})` : ''}.`,
    'The engine log has what it wrote.',
  )
}

/** One engine on one directory: starts it, notices when it ends, starts it anew a few times, and stops it for good. */
export class EngineRun {
  readonly #options: EngineRunOptions
  readonly #address = loopbackAddress()
  #port = 0
  #child: EngineChild | null = null
  #api: ChromaApi | null = null
  #state: EngineStatus['state'] = 'starting'
  #message: string | null = null
  #restarts = 0
  #startedAt = 0
  #stopping: Promise<void> | null = null
  #migrations: 'validate' | 'apply'

  constructor(options: EngineRunOptions) {
    this.#options = options
    this.#migrations = options.migrations
  }

  get url(): string {
    return `http://${this.#address}:${this.#port}`
  }

  /** Name of the engine in the log: commands are shown without their folder. */
  get #source(): string {
    return path.basename(this.#options.candidate.label)
  }

  get candidate(): EngineCandidate {
    return this.#options.candidate
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** Client of this engine; `stop` waits for its answers. */
  get api(): ChromaApi {
    if (this.#api === null || this.#state !== 'running') {
      throw new AppError('engine-failed', this.#message ?? 'The engine is not running.', 'Wait a moment, then try again.')
    }
    return this.#api
  }

  status(): EngineStatus {
    return { state: this.#state, candidate: this.#options.candidate, pid: this.pid, restarts: this.#restarts, message: this.#message }
  }

  /** Starts the engine and waits until it answers. */
  async start(signal?: AbortSignal): Promise<void> {
    try {
      await this.#launch(signal)
    } catch (error) {
      this.#child?.kill()
      this.#become('failed', error instanceof Error ? error.message : String(error))
      this.#cleanUp()
      throw error
    }
  }

  /** Waits for the answers to requests sent through {@link api}, then ends the process. */
  stop(): Promise<void> {
    this.#stopping ??= this.#end()
    return this.#stopping
  }

  async #end(): Promise<void> {
    const wasRunning = this.#state === 'running'
    this.#become('stopping', null)
    if (wasRunning && this.#api) {
      const settled = this.#api.settled().then(() => true)
      if (!(await Promise.race([settled, wait(stopPatience, false, { ref: false })]))) {
        this.#options.logs.add(this.#source, 'It was ended although an operation had not been answered.')
      }
    }
    const child = this.#child
    if (child) {
      const gone = new Promise<void>((resolve) => child.onExit(() => resolve()))
      child.kill()
      await gone
    }
    this.#become('off', null)
    this.#cleanUp()
  }

  #cleanUp(): void {
    this.#api?.close()
    rmSync(this.#options.runFolder, { recursive: true, force: true })
  }

  #become(state: EngineStatus['state'], message: string | null): void {
    this.#state = state
    this.#message = message
    this.#options.onChange()
  }

  async #launch(signal?: AbortSignal): Promise<void> {
    const { candidate, directory, environment, hashType, launchHost, logs, program, runFolder } = this.#options
    this.#become('starting', null)
    mkdirSync(runFolder, { recursive: true, mode: 0o700 })
    this.#port = await freePort(this.#address)
    const config = path.join(runFolder, 'engine.yaml')
    writeFileSync(
      config,
      engineConfigText({ address: this.#address, port: this.#port, directory, migrations: this.#migrations, hashType }),
      {
        mode: 0o600,
      },
    )
    const child =
      program.kind === 'binding'
        ? launchHost(['run', program.file, config, String(process.pid)], {
            environment: engineEnvironment(environment, false),
            workingDirectory: runFolder,
          })
        : launchCommand(
            [...program.command, 'run', config],
            { environment: engineEnvironment(environment, true), workingDirectory: runFolder },
            launchHost,
          )
    this.#child = child
    let output = ''
    let ending: string | null = null
    child.onOutput((text) => {
      logs.write(this.#source, text)
      if (output.length < 200_000) output += text
    })
    child.onExit((reason) => {
      ending = reason
      if (this.#child === child) this.#child = null
      if (this.#state === 'running') void this.#crashed(reason)
    })
    this.#api?.close()
    const api = new ChromaApi({ url: this.url })
    const limit = Date.now() + startPatience
    for (let delay = 10; ; delay = Math.min(100, delay * 1.5)) {
      await wait(delay)
      if (ending !== null) throw startFailure(output, ending, candidate)
      if (signal?.aborted || this.#stopping) throw new AppError('cancelled', 'The operation was cancelled.')
      if (await answers(api)) break
      if (Date.now() > limit)
        throw new AppError('engine-failed', `${candidate.label} did not answer within a minute.`, 'The engine log has what it wrote.')
    }
    await wait(20)
    if (ending !== null) throw startFailure(output, ending, candidate)
    this.#api = api
    this.#startedAt = Date.now()
    // Whatever had to be migrated now is; a later start of this run must not change the format again.
    this.#migrations = 'validate'
    this.#become('running', null)
  }

  async #crashed(reason: string): Promise<void> {
    const { candidate, logs } = this.#options
    if (Date.now() - this.#startedAt > healthyAfter) this.#restarts = 0
    while (!this.#stopping) {
      const sentence = `${candidate.label} ${reason} while it was running.`
      logs.add(this.#source, sentence)
      if (this.#restarts >= mostRestarts) {
        this.#become('failed', `${sentence} It was started ${this.#restarts} more times without success.`)
        this.#cleanUp()
        return
      }
      this.#become('starting', sentence)
      await wait(firstBackOff * 2 ** this.#restarts, undefined, { ref: false })
      if (this.#stopping) return
      this.#restarts += 1
      try {
        await this.#options.checkAgain()
        await this.#launch()
        return
      } catch (error) {
        this.#child?.kill()
        if (this.#stopping) return
        if (error instanceof AppError && error.code !== 'engine-failed') {
          this.#become('failed', `${sentence} It was not started again: ${error.message}`)
          this.#cleanUp()
          return
        }
        reason = 'could not be started again'
      }
    }
  }
}

async function answers(api: ChromaApi): Promise<boolean> {
  try {
    await api.heartbeat({ signal: AbortSignal.timeout(5_000) })
    return true
  } catch {
    return false
  }
}
