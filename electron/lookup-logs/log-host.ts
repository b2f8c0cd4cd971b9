import { Worker } from 'node:worker_threads'
import type { LogFacts } from '../../shared/contract/lookup-logs.ts'
import type { Space } from '../../shared/domain/space.ts'
import { AppError, fromWireError } from '../../shared/rpc/errors.ts'
import { builtFile } from '../platform/paths.ts'
import { PendingCalls } from '../platform/pending-calls.ts'
import { logAnswerSchemas, logReplySchema, type LogAnswer, type LogMessage, type LogQuestion } from './protocol.ts'

export interface AskOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** One log in a worker of its own: closing it frees all of its memory. */
export class LogHost {
  readonly #worker: Worker
  readonly #onGrown: (facts: LogFacts) => void
  readonly #calls = new PendingCalls<unknown, { readonly done: number; readonly total: number }>()
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
    const value = await this.#calls.ask((id) => this.#send({ kind: 'ask', id, question }), {
      signal,
      onHeard: ({ done, total }) => onProgress(done, total),
      onAbort: (id) => this.#send({ kind: 'cancel', id }),
    })
    return logAnswerSchemas[question.type].parse(value) as LogAnswer<Type>
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
    else if (reply.kind === 'progress') this.#calls.tell(reply.id, reply)
    else if (reply.kind === 'answer') this.#calls.resolve(reply.id, reply.value)
    else this.#calls.reject(reply.id, fromWireError(reply.error))
  }

  #end(cause: Error | null): void {
    this.#ended ??= cause
      ? new AppError('internal', 'The worker that held the log ended.', 'Close the log and open it again.', { cause })
      : new AppError('not-found', 'The log was closed.', 'Open it again.')
    this.#calls.rejectAll(this.#ended)
  }
}
