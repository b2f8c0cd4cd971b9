import { Worker } from 'node:worker_threads'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { AppError, fromWireError } from '../../shared/rpc/errors.ts'
import { builtFile } from '../platform/paths.ts'
import type { StoreOptions } from '../store/store.ts'
import { cleanupAnswerSchemas, cleanupReplySchema, type CleanupAnswer, type CleanupQuestion } from './protocol.ts'

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** What is known of one collection for cleaning it up, in a worker of its own: closing it frees all of its memory. */
export class CleanupHost {
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #onProgress: StoreOptions['onProgress']
  #lastId = 0
  #ended: AppError | null = null

  constructor(mapping: ProfileMapping) {
    this.#worker = new Worker(builtFile('cleanup.worker.js'), { workerData: { mapping } })
    this.#worker.unref()
    this.#worker.on('message', (message: unknown) => this.#receive(message))
    this.#worker.on('error', (cause: Error) => this.#end(cause))
    this.#worker.on('exit', () => this.#end(null))
  }

  /** @throws AppError 'cancelled' after the signal, which ends the wait but not the work; 'internal' where the worker ended */
  async ask<Type extends CleanupQuestion['type']>(
    question: Extract<CleanupQuestion, { type: Type }>,
    { signal, onProgress }: StoreOptions = {},
  ): Promise<CleanupAnswer<Type>> {
    if (this.#ended) throw this.#ended
    if (signal?.aborted) throw cancelled()
    this.#lastId += 1
    const id = this.#lastId
    this.#onProgress = onProgress
    const abort = (): void => this.#settle(id)?.reject(cancelled())
    try {
      const value = await new Promise<unknown>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject })
        signal?.addEventListener('abort', abort, { once: true })
        this.#worker.postMessage({ id, question })
      })
      return cleanupAnswerSchemas[question.type].parse(value) as CleanupAnswer<Type>
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  async close(): Promise<void> {
    this.#end(null)
    await this.#worker.terminate()
  }

  #receive(message: unknown): void {
    const reply = cleanupReplySchema.parse(message)
    if (reply.kind === 'progress') this.#onProgress?.(reply.stage, reply.done, reply.total)
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
      ? new AppError('internal', 'The worker that looked through the collection ended.', 'Try again with fewer collections open.', {
          cause,
        })
      : cancelled()
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(this.#ended)
  }
}

function cancelled(): AppError {
  return new AppError('cancelled', 'The operation was cancelled.')
}
