import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'

const eventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('ready') }),
  /** `told` says what was settled. */
  z.object({ event: z.literal('editing'), told: z.string().nullable(), pid: z.number().nullable() }),
  z.object({ event: z.literal('applying') }),
  z.object({
    event: z.literal('ended'),
    pid: z.number().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
])
type AppEvent = z.infer<typeof eventSchema>
export type Ended = Extract<AppEvent, { event: 'ended' }>

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The app under test, a process of its own: it edits the store until it is cut off. */
export class EditedApp {
  readonly #child: ChildProcess
  readonly #exited: Promise<void>
  #events: AppEvent[] = []
  #errors = ''
  #hasExited = false
  #enginePid = 0

  constructor(app: string, words: readonly string[]) {
    this.#child = spawn(process.execPath, [app, ...words], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child.stderr?.on('data', (text: Buffer) => (this.#errors += text.toString()))
    this.#child.stdin?.on('error', () => undefined)
    if (this.#child.stdout) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.#events.push(eventSchema.parse(JSON.parse(line))))
    }
    this.#exited = new Promise((resolve) =>
      this.#child.once('exit', () => {
        this.#hasExited = true
        resolve()
      }),
    )
  }

  /**
   * Settles what was cut off, and begins to edit.
   * @returns what was settled, in a sentence
   * @throws where the app cannot
   */
  async start(settle: 'opening' | 'editing'): Promise<string | null> {
    this.order({ kind: 'start', settle })
    const first = await this.#event(['editing', 'ended'], 180_000)
    if (first?.event !== 'editing') {
      throw new Error(`${first?.event === 'ended' ? first.error?.message : 'The app ended.'} ${this.#errors}`)
    }
    this.#enginePid = first.pid ?? 0
    return first.told
  }

  order(value: unknown): void {
    this.#events = []
    this.#child.stdin?.write(`${JSON.stringify(value)}\n`)
  }

  /** Waits until the app applies the change that was ordered, or has ended it. */
  async applying(): Promise<void> {
    await this.#event(['applying', 'ended'], 180_000)
  }

  /** Waits until the change that was ordered ended. */
  async ended(): Promise<Ended> {
    const ended = await this.#event(['ended'], 300_000)
    if (ended?.event !== 'ended') throw new Error(`The app ended. ${this.#errors}`)
    this.#enginePid = ended.pid ?? 0
    return ended
  }

  get hasEnded(): boolean {
    return this.#events.some(({ event }) => event === 'ended')
  }

  /** Kills the engine with its process group. */
  killEngine(): void {
    for (const target of [-this.#enginePid, this.#enginePid]) {
      try {
        if (target !== 0) process.kill(target, 'SIGKILL')
      } catch {
        // It ended by itself, or leads no group.
      }
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** Waits until the app and its engine are gone. */
  async gone(): Promise<void> {
    await this.#exited
    for (const limit = Date.now() + 15_000; this.#enginePid > 0 && isAlive(this.#enginePid); await wait(5)) {
      if (Date.now() > limit) throw new Error('The engine outlived the app.')
    }
  }

  /** Lets the app end by itself. */
  async end(): Promise<void> {
    this.#child.stdin?.end()
    await this.#exited
  }

  async #event(names: readonly AppEvent['event'][], patience: number): Promise<AppEvent | null> {
    for (const limit = Date.now() + patience; Date.now() < limit; await wait(2)) {
      const found = this.#events.find(({ event }) => names.includes(event))
      if (found) return found
      if (this.#hasExited) return null
    }
    throw new Error(`The app said nothing of ${names.join(' or ')}. ${this.#errors}`)
  }
}
