import { randomUUID } from 'node:crypto'
import type { Job } from '../../shared/contract/jobs.ts'
import { toWireError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'

export interface JobContext {
  readonly signal: AbortSignal
  progress(stage: string, done: number, total: number | null): void
}

export interface FollowOptions {
  readonly title: string
  readonly purpose: Job['purpose']
  readonly signal: AbortSignal
}

/** Runs long work in the background, tells about it, and can cancel it. Finished jobs are kept for a while. */
export class Jobs {
  readonly #jobs = new Map<string, { job: Job; controller: AbortController; lastTold: number; finished: Promise<void> }>()
  readonly #tell: (job: Job) => void
  static readonly #kept = 50
  /** Milliseconds that nobody minds to wait without a word. */
  static readonly #quick = 500

  constructor(tell: (job: Job) => void) {
    this.#tell = tell
  }

  list(): Job[] {
    return [...this.#jobs.values()].map((entry) => ({ ...entry.job }))
  }

  cancel(jobId: string): void {
    this.#jobs.get(jobId)?.controller.abort()
  }

  /** Starts `work`; its result, if any, becomes the job's result. Returns the job's id at once. */
  start(title: string, work: (context: JobContext) => Promise<string | null>, purpose: Job['purpose'] = null): string {
    const id = randomUUID()
    const controller = new AbortController()
    const job: Job = {
      id,
      title,
      state: 'running',
      stage: 'Starting',
      done: 0,
      total: null,
      startedAt: Date.now(),
      error: null,
      result: null,
      purpose,
    }
    const entry = { job, controller, lastTold: 0, finished: Promise.resolve() }
    this.#jobs.set(id, entry)
    const tell = (): void => {
      entry.lastTold = Date.now()
      this.#tell({ ...job })
    }
    const progress = (stage: string, done: number, total: number | null): void => {
      const changedStage = stage !== job.stage
      Object.assign(job, { stage, done, total })
      if (changedStage || Date.now() - entry.lastTold >= 100) tell()
    }
    tell()
    entry.finished = work({ signal: controller.signal, progress })
      .then(
        (result) => {
          Object.assign(job, { state: 'done', result, done: job.total ?? job.done })
          tell()
        },
        (error: unknown) => {
          const failure = toWireError(error)
          if (failure.code === 'internal') log.error(`The job ${JSON.stringify(title)} failed`, error)
          Object.assign(job, controller.signal.aborted ? { state: 'cancelled' } : { state: 'failed', error: failure })
          tell()
        },
      )
      .finally(() => this.#forgetOld())
    return id
  }

  /**
   * Does what a caller waits for. Work that is not done after half a second shows as a job, so that one sees how far it is and can
   * cancel it. Its result and its errors are those of `work`; its signal is the caller's, or the job's.
   */
  async follow<Value>({ title, purpose, signal }: FollowOptions, work: (context: JobContext) => Promise<Value>): Promise<Value> {
    const cancelled = new AbortController()
    const outer = AbortSignal.any([signal, cancelled.signal])
    let last: Parameters<JobContext['progress']> = [title, 0, null]
    let tell: JobContext['progress'] | null = null
    const working = work({
      signal: outer,
      progress: (...step) => {
        last = step
        tell?.(...step)
      },
    })
    const timer = setTimeout(() => {
      this.start(
        title,
        async (context) => {
          tell = context.progress
          context.progress(...last)
          context.signal.addEventListener('abort', () => cancelled.abort(), { once: true })
          // The caller hears of a failure; as a job it has only ended.
          await working.catch(() => undefined)
          context.signal.throwIfAborted()
          return null
        },
        purpose,
      )
    }, Jobs.#quick)
    try {
      return await working
    } finally {
      clearTimeout(timer)
    }
  }

  /** When nothing runs any more. */
  async settled(): Promise<void> {
    await Promise.all([...this.#jobs.values()].map((entry) => entry.finished))
  }

  /** Cancels everything that runs; used when the app ends. */
  cancelAll(): void {
    for (const { controller } of this.#jobs.values()) controller.abort()
  }

  #forgetOld(): void {
    const finished = [...this.#jobs.values()].filter((entry) => entry.job.state !== 'running')
    for (const { job } of finished.slice(0, Math.max(0, finished.length - Jobs.#kept))) this.#jobs.delete(job.id)
  }
}
