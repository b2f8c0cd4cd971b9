import { Worker } from 'node:worker_threads'
import { AppError, fromWireError } from '../../shared/rpc/errors.ts'
import { builtFile } from '../platform/paths.ts'
import { cancelled, PendingCalls } from '../platform/pending-calls.ts'
import type { EmbedOptions, Embedded } from './embedder.ts'
import { type Recipe, replySchema, type WorkerRequest } from './protocol.ts'

/** Runs embedders in a worker that is started when first needed, and started again where it ended unexpectedly. */
export class EmbedderHost {
  readonly #file: string
  readonly #calls = new PendingCalls<Embedded, { readonly done: number; readonly total: number }>()
  #worker: Worker | null = null
  #closed = false

  /** @param file the built worker; only tests name another one */
  constructor(file = builtFile('embedder.worker.js')) {
    this.#file = file
  }

  /** Vectors of texts. Errors as in `TextEmbedder`, and 'internal' where the worker ended. */
  async embed(recipe: Recipe, texts: readonly string[], { signal, purpose, onProgress }: EmbedOptions): Promise<Embedded> {
    if (this.#closed || signal?.aborted) throw cancelled()
    const worker = this.#started()
    return this.#calls.ask((id) => this.#send(worker, { type: 'embed', id, recipe, texts: [...texts], purpose }), {
      signal,
      onHeard: ({ done, total }) => onProgress?.(done, total),
      onAbort: (id) => this.#send(worker, { type: 'cancel', id }),
    })
  }

  /** Ends the worker, so that files of models are closed. The next call starts it anew. */
  async unload(): Promise<void> {
    const worker = this.#worker
    if (!worker) return
    this.#worker = null
    this.#calls.rejectAll(cancelled())
    await worker.terminate()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.unload()
  }

  #send(worker: Worker, request: WorkerRequest): void {
    worker.postMessage(request)
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
    if (reply.type === 'done') this.#calls.resolve(reply.id, { dimension: reply.dimension, data: reply.data })
    else if (reply.type === 'failed') this.#calls.reject(reply.id, fromWireError(reply.error))
    else this.#calls.tell(reply.id, reply)
  }

  #ended(worker: Worker, cause: Error | null): void {
    if (this.#worker !== worker) return
    this.#worker = null
    this.#calls.rejectAll(
      new AppError(
        'internal',
        'The embedder ended while it worked.',
        'The next call starts it anew. If it ends again, the model may need more memory than there is: try a smaller one, or dtype q8.',
        { cause },
      ),
    )
  }
}
