import { Worker } from 'node:worker_threads'
import type { LogFacts } from '../../shared/contract/lookup-logs.ts'
import type { Space } from '../../shared/domain/space.ts'
import { AppError, fromWireError } from '../../shared/rpc/errors.ts'
import { builtFile } from '../platform/paths.ts'
import { logAnswerSchemas, logReplySchema, type LogAnswer, type LogMessage, type LogQuestion } from './protocol.ts'

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  readonly onProgress: (done: number, total: number) => void
}

export interface AskOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** One log in a worker of its own: closing it frees all of its memory. */
export class LogHost {
  readonly #worker: Worker
  readonly #onGrown: (facts: LogFacts) => void
  readonly #pending = new Map<number, Pending>()
  #lastId = 0
  #ended: AppError | null = null

  constructor(path: string, space: Space, onGrown: (facts: LogFacts) => void) {
    this.#onGrown = onGrown
    this.#worker = new Worker(builtFile('lookup-log.worker.js'), { workerData: { path, space } })
    this.#worker.unref()
    this.#worker.on('message', (message: unknown) => this.#receive(message))
    this.#worker.on('error', (cause: Error) => this.#end(cause))
    this.#worker.on('exit', () => this.#end(null))
  }

  /** Asks the worker. @throws AppError as reading does, 'cancelled' after the signal, 'internal' where the worker ended. */
  async ask<Type extends LogQuestion['type']>(
    question: Extract<LogQuestion, { type: Type }>,
    { signal, onProgress = () => undefined }: AskOptions = {},
  ): Promise<LogAnswer<Type>> {
    if (this.#ended) throw this.#ended
    if (signal?.aborted) throw cancelled()
    this.#lastId += 1
    const id = this.#lastId
    const abort = (): void => {
      this.#send({ kind: 'cancel', id })
      this.#settle(id)?.reject(cancelled())
    }
    try {
      const value = await new Promise<unknown>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject, onProgress })
        signal?.addEventListener('abort', abort, { once: true })
        this.#send({ kind: 'ask', id, question })
      })
      return logAnswerSchemas[question.type].parse(value) as LogAnswer<Type>
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  async close(): Promise<void> {
    this.#end(null)
    await this.#worker.terminate()
  }

  #send(message: LogMessage): void {
    this.#worker.postMessage(message)
  }

  #receive(message: unknown): void {
    const reply = logReplySchema.parse(message)
    if (reply.kind === 'grown') this.#onGrown(reply.facts)
    else if (reply.kind === 'progress') this.#pending.get(reply.id)?.onProgress(reply.done, reply.total)
    else if (reply.kind === 'answer') this.#settle(reply.id)?.resolve(reply.value)
    else this.#settle(reply.id)?.reject(fromWireError(reply.error))
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #end(cause: Error | null): void {
    this.#ended ??= cause
      ? new AppError('internal', 'The worker that held the log ended.', 'Close the log and open it again.', { cause })
      : new AppError('not-found', 'The log was closed.', 'Open it again.')
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(this.#ended)
  }
}

function cancelled(): AppError {
  return new AppError('cancelled', 'The operation was cancelled.')
}
