import { Worker } from 'node:worker_threads'
import { AppError, fromWireError } from '../../shared/rpc/errors.ts'
import { builtFile } from '../platform/paths.ts'
import { type NearestRows, replySchema, type SearchRequest, type SearchTask } from './protocol.ts'

interface Pending {
  readonly worker: Worker
  readonly resolve: (found: NearestRows[]) => void
  readonly reject: (error: unknown) => void
}

/** The search workers: started when first needed, started again where one ended unexpectedly. */
export class WorkerPool {
  readonly size: number
  readonly #firstPlace: number
  readonly #workers: (Worker | null)[]
  readonly #pending = new Map<number, Pending>()
  /** The blocks that each worker was told of. */
  readonly #known = new WeakMap<Worker, Set<number>>()
  #lastId = 0
  #closed = false

  /** @param firstPlace the part of the blocks' scratch room that the first worker has; the others have those after it */
  constructor(size: number, firstPlace = 0) {
    this.size = size
    this.#firstPlace = firstPlace
    this.#workers = Array.from({ length: size }, () => null)
  }

  /**
   * Has one worker do a task. `signal` ends the wait; the worker finishes what it does, which is short.
   * @throws AppError 'cancelled' after the signal or when the pool is closed, 'internal' where the worker ended
   */
  run(place: number, task: SearchTask, signal?: AbortSignal, transfer: readonly ArrayBuffer[] = []): Promise<NearestRows[]> {
    if (this.#closed || signal?.aborted) return Promise.reject(cancelled())
    const worker = this.#started(place)
    this.#lastId += 1
    const id = this.#lastId
    return new Promise((resolve, reject) => {
      const abort = (): void => this.#settle(id)?.reject(cancelled())
      const end = (): void => signal?.removeEventListener('abort', abort)
      this.#pending.set(id, {
        worker,
        resolve: (found) => {
          end()
          resolve(found)
        },
        reject: (error) => {
          end()
          reject(error)
        },
      })
      signal?.addEventListener('abort', abort, { once: true })
      worker.postMessage({ ...task, block: this.#blockFor(worker, task), id } satisfies SearchRequest, [...transfer])
    })
  }

  /** Has all workers do a part each of so many rows; none where there are no rows. Answers as {@link run} does, in order. */
  split(total: number, task: (from: number, to: number) => SearchTask, signal?: AbortSignal): Promise<NearestRows[][]> {
    const parts = Math.min(this.size, total)
    const bound = (part: number): number => Math.floor((total * part) / parts)
    return Promise.all(Array.from({ length: parts }, (_, part) => this.run(part, task(bound(part), bound(part + 1)), signal)))
  }

  /** Lets every worker drop what it keeps of a block, so that its memory can go. */
  forget(key: number): void {
    for (const worker of this.#workers) {
      if (!worker) continue
      this.#known.get(worker)?.delete(key)
      worker.postMessage({ type: 'forget', key } satisfies SearchRequest)
    }
  }

  #blockFor(worker: Worker, { block }: SearchTask): SearchTask['block'] {
    const known = this.#known.get(worker) ?? new Set()
    if (known.has(block.key)) return { key: block.key, shared: null }
    this.#known.set(worker, known.add(block.key))
    return block
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(cancelled())
    await Promise.all(this.#workers.map((worker) => worker?.terminate()))
  }

  #started(place: number): Worker {
    const running = this.#workers[place]
    if (running) return running
    const worker = new Worker(builtFile('search.worker.js'), { workerData: { place: this.#firstPlace + place } })
    // Waiting for questions is no reason to keep the app alive.
    worker.unref()
    worker.on('message', (message: unknown) => this.#receive(message))
    worker.on('error', (error: Error) => this.#ended(place, worker, error))
    worker.on('exit', () => this.#ended(place, worker, null))
    this.#workers[place] = worker
    return worker
  }

  #receive(message: unknown): void {
    const reply = replySchema.parse(message)
    if (reply.type === 'done') this.#settle(reply.id)?.resolve(reply.found)
    else this.#settle(reply.id)?.reject(fromWireError(reply.error))
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #ended(place: number, worker: Worker, cause: Error | null): void {
    if (this.#workers[place] !== worker) return
    this.#workers[place] = null
    const reason = new AppError('internal', 'A search worker ended while it worked.', 'The next search starts it anew.', { cause })
    for (const [id, pending] of this.#pending) if (pending.worker === worker) this.#settle(id)?.reject(reason)
  }
}

function cancelled(): AppError {
  return new AppError('cancelled', 'The operation was cancelled.')
}
