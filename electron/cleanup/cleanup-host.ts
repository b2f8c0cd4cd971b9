import { Worker } from 'node:worker_threads'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { AppError, fromWireError } from '../../shared/rpc/errors.ts'
import { builtFile } from '../platform/paths.ts'
import { cancelled, PendingCalls } from '../platform/pending-calls.ts'
import type { StoreOptions } from '../store/store.ts'
import { cleanupAnswerSchemas, cleanupReplySchema, type CleanupAnswer, type CleanupQuestion } from './protocol.ts'

/** What is known of one collection for cleaning it up, in a worker of its own: closing it frees all of its memory. */
export class CleanupHost {
  readonly #worker: Worker
  readonly #calls = new PendingCalls<unknown>()
  #onProgress: StoreOptions['onProgress']
  #ended: AppError | null = null

  constructor(mapping: ProfileMapping) {
    this.#worker = new Worker(builtFile('cleanup.worker.js'), { workerData: { mapping } })
    this.#worker.unref()
    this.#worker.on('message', (message: unknown) => this.#receive(message))
    this.#worker.on('error', (cause: Error) => this.#end(cause))
    this.#worker.on('exit', () => this.#end(null))
  }

  /** Whether it was let go, or its worker ended; it then answers nothing any more. */
  get isEnded(): boolean {
    return this.#ended !== null
  }

  /** @throws AppError 'cancelled' after the signal, which ends the wait but not the work; 'internal' where the worker ended */
  async ask<Type extends CleanupQuestion['type']>(
    question: Extract<CleanupQuestion, { type: Type }>,
    { signal, onProgress }: StoreOptions = {},
  ): Promise<CleanupAnswer<Type>> {
    if (this.#ended) throw this.#ended
    this.#onProgress = onProgress
    const value = await this.#calls.ask((id) => this.#worker.postMessage({ id, question }), { signal })
    return cleanupAnswerSchemas[question.type].parse(value) as CleanupAnswer<Type>
  }

  async close(): Promise<void> {
    this.#end(null)
    await this.#worker.terminate()
  }

  #receive(message: unknown): void {
    const reply = cleanupReplySchema.parse(message)
    if (reply.kind === 'progress') this.#onProgress?.(reply.stage, reply.done, reply.total)
    else if (reply.kind === 'answer') this.#calls.resolve(reply.id, reply.value)
    else this.#calls.reject(reply.id, fromWireError(reply.error))
  }

  #end(cause: Error | null): void {
    this.#ended ??= cause
      ? new AppError('internal', 'The worker that looked through the collection ended.', 'Try again with fewer collections open.', {
          cause,
        })
      : cancelled()
    this.#calls.rejectAll(this.#ended)
  }
}
