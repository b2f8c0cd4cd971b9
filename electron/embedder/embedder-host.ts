import { Worker } from 'node:worker_threads'
import { AppError, fromWireError } from '../../shared/rpc/errors.ts'
import { builtFile } from '../platform/paths.ts'
import type { EmbedOptions, Embedded } from './embedder.ts'
import { type Recipe, replySchema, type WorkerRequest } from './protocol.ts'

interface Pending {
  readonly resolve: (value: Embedded) => void
  readonly reject: (error: unknown) => void
  readonly onProgress: EmbedOptions['onProgress']
}

function cancelled(): AppError {
  return new AppError('cancelled', 'The operation was cancelled.')
}

/** Runs embedders in a worker that is started when first needed, and started again where it ended unexpectedly. */
export class EmbedderHost {
  readonly #file: string
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | null = null
  #lastId = 0
  #closed = false

  /** @param file the built worker; only tests name another one */
  constructor(file = builtFile('embedder.worker.js')) {
    this.#file = file
  }

  /** Vectors of texts. Errors as in `TextEmbedder`, and 'internal' where the worker ended. */
  embed(recipe: Recipe, texts: readonly string[], { signal, purpose, onProgress }: EmbedOptions): Promise<Embedded> {
    if (this.#closed || signal?.aborted) return Promise.reject(cancelled())
    const worker = this.#started()
    this.#lastId += 1
    const id = this.#lastId
    return new Promise<Embedded>((resolve, reject) => {
      const abort = (): void => {
        this.#send(worker, { type: 'cancel', id })
        this.#settle(id)?.reject(cancelled())
      }
      const settled = <Result>(next: (result: Result) => void) => {
        return (result: Result): void => {
          signal?.removeEventListener('abort', abort)
          next(result)
        }
      }
      this.#pending.set(id, { resolve: settled(resolve), reject: settled(reject), onProgress })
      signal?.addEventListener('abort', abort, { once: true })
      this.#send(worker, { type: 'embed', id, recipe, texts: [...texts], purpose })
    })
  }

  /** Ends the worker, so that files of models are closed. The next call starts it anew. */
  async unload(): Promise<void> {
    const worker = this.#worker
    if (!worker) return
    this.#worker = null
    this.#rejectAll(cancelled())
    await worker.terminate()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.unload()
  }

  #send(worker: Worker, request: WorkerRequest): void {
    worker.postMessage(request)
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #rejectAll(reason: AppError): void {
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(reason)
  }

  #started(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(this.#file)
    worker.on('message', (message: unknown) => this.#receive(message))
    worker.on('error', (error: Error) => this.#ended(worker, error))
    worker.on('exit', () => this.#ended(worker, null))
    this.#worker = worker
    return worker
  }

  #receive(message: unknown): void {
    const reply = replySchema.parse(message)
    switch (reply.type) {
      case 'done':
        this.#settle(reply.id)?.resolve({ dimension: reply.dimension, data: reply.data })
        break
      case 'failed':
        this.#settle(reply.id)?.reject(fromWireError(reply.error))
        break
      case 'progress':
        this.#pending.get(reply.id)?.onProgress?.(reply.done, reply.total)
    }
  }

  #ended(worker: Worker, cause: Error | null): void {
    if (this.#worker !== worker) return
    this.#worker = null
    this.#rejectAll(
      new AppError(
        'internal',
        'The embedder ended while it worked.',
        'The next call starts it anew. If it ends again, the model may need more memory than there is: try a smaller one, or dtype q8.',
        { cause },
      ),
    )
  }
}
