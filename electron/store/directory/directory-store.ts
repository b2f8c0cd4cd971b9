import { Worker } from 'node:worker_threads'
import { AppError, fromWireError } from '../../../shared/rpc/errors.ts'
import { builtFile } from '../../platform/paths.ts'
import { keepSqliteCompiled } from '../sqlite-code.ts'
import { noSets, type SetReader, type Store, type StoreOptions, type StoreView } from '../store.ts'
import { packedRecordsSchema } from './packed-records.ts'
import { packedPageSchema, type ReaderView, type ReaderWorkerData, replySchema, type WorkerRequest } from './protocol.ts'
import { refusal } from './recognise.ts'
import { unpackRecords } from './unpack-records.ts'

export interface DirectoryStoreOptions extends StoreOptions {
  /** The persist directory. */
  readonly directory: string
  /** A folder of this user alone, where private copies may be made; what is made there is removed on close. */
  readonly scratch: string
  /** Reads the saved sets that filters name. */
  readonly setIds?: SetReader
  /** What the reader may keep in memory beside vectors; beyond it the reader ends, not the app. Enough for millions of records unless said otherwise. */
  readonly megabytes?: number
}

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  readonly onProgress: StoreOptions['onProgress']
}

const defaultMegabytes = 3072
const closingTime = 3000

/** Keeps one reader worker, starts another when it ended unexpectedly, and carries calls to it. */
class ReaderWorker {
  readonly #data: ReaderWorkerData
  readonly #onChanged: () => void
  readonly #megabytes: number
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | null = null
  #snapshot: Promise<string> | null = null
  #lastId = 0
  #closed = false

  constructor(data: ReaderWorkerData, megabytes: number, onChanged: () => void) {
    this.#data = data
    this.#onChanged = onChanged
    this.#megabytes = megabytes
  }

  call<Value>(method: string, values: readonly unknown[], options: StoreOptions = {}): Promise<Value> {
    const { signal, onProgress } = options
    if (this.#closed) return Promise.reject(new AppError('cancelled', 'The store was closed.'))
    if (signal?.aborted) return Promise.reject(new AppError('cancelled', 'The operation was cancelled.'))
    const worker = this.#started()
    this.#lastId += 1
    const id = this.#lastId
    return new Promise<Value>((resolve, reject) => {
      const abort = (): void => {
        this.#send(worker, { type: 'cancel', id })
        this.#settle(id)?.reject(new AppError('cancelled', 'The operation was cancelled.'))
      }
      const settled = <Result>(next: (result: Result) => void) => {
        return (result: Result): void => {
          signal?.removeEventListener('abort', abort)
          next(result)
        }
      }
      this.#pending.set(id, { resolve: settled((value: unknown) => resolve(value as Value)), reject: settled(reject), onProgress })
      signal?.addEventListener('abort', abort, { once: true })
      this.#send(worker, { type: 'call', id, method, arguments: [...values] })
    })
  }

  /** Every search asks for it, so it is kept until the worker tells of another one. */
  snapshot(): Promise<string> {
    if (this.#snapshot) return this.#snapshot
    const asked = this.call<string>('snapshot', [])
    this.#snapshot = asked
    asked.catch(() => {
      if (this.#snapshot === asked) this.#snapshot = null
    })
    return asked
  }

  async close(): Promise<void> {
    if (this.#closed) return
    const worker = this.#worker
    const ended = worker ? this.call('close', []) : Promise.resolve()
    this.#closed = true
    this.#snapshot = null
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closingTime)
    })
    await Promise.race([ended.catch(() => undefined), late])
    clearTimeout(timer)
    await worker?.terminate()
  }

  #send(worker: Worker, request: WorkerRequest): void {
    worker.postMessage(request)
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #started(): Worker {
    if (this.#worker) return this.#worker
    keepSqliteCompiled()
    const worker = new Worker(builtFile('reader.worker.js'), {
      workerData: this.#data,
      resourceLimits: { maxOldGenerationSizeMb: this.#megabytes },
    })
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
        this.#settle(reply.id)?.resolve(reply.value)
        break
      case 'failed':
        this.#settle(reply.id)?.reject(fromWireError(reply.error))
        break
      case 'progress':
        this.#pending.get(reply.id)?.onProgress?.(reply.stage, reply.done, reply.total)
        break
      case 'refreshed':
        this.#snapshot = null
        break
      case 'changed':
        this.#onChanged()
    }
  }

  #ended(worker: Worker, error: Error | null): void {
    if (this.#worker !== worker) return
    this.#worker = null
    this.#snapshot = null
    const outOfMemory = error !== null && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    const reason = this.#closed
      ? new AppError('cancelled', 'The store was closed.')
      : new AppError(
          outOfMemory ? 'unsupported' : 'damaged',
          outOfMemory ? 'The store needs more memory than the reader may use.' : 'The reader ended while it read this store.',
          'The store was not changed, and the next call starts the reader anew. If it ends again, a file of the store is damaged in an unknown way.',
          { cause: error },
        )
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(reason)
  }
}

/**
 * Opens a persist directory read-only with Mnemoscope's own reader. Nothing is written into it and no lock is taken;
 * the work happens in a worker on a private copy of the database, and the index files are read in place.
 * @throws AppError 'not-a-store' with the way out for anything that is no store, 'unsupported' for Chroma 0.3,
 * 'forbidden', 'busy', 'no-space', 'damaged', 'cancelled'.
 */
export async function openDirectoryStore(options: DirectoryStoreOptions): Promise<Store> {
  const { directory, scratch, setIds = noSets, megabytes = defaultMegabytes, signal, onProgress } = options
  const problem = await refusal(directory)
  if (problem) throw problem
  const listeners = new Set<() => void>()
  const reader = new ReaderWorker({ directory, scratch }, megabytes, () => {
    for (const listener of listeners) listener()
  })
  try {
    await reader.call('open', [], { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) })
  } catch (error) {
    await reader.close()
    throw error
  }
  const withMembers = async (view: StoreView): Promise<ReaderView> => {
    const { set } = view.filter
    return { view, members: set === null ? null : await setIds(view.collectionId, set) }
  }
  return {
    kind: 'directory',
    status: () => reader.call('status', []),
    changedSince: () => reader.call('changedSince', []),
    snapshot: () => reader.snapshot(),
    catalog: (callOptions) => reader.call('catalog', [], callOptions),
    detail: (collectionId, callOptions) => reader.call('detail', [collectionId], callOptions),
    keys: (collectionId, callOptions) => reader.call('keys', [collectionId], callOptions),
    page: async (view, offset, limit, callOptions) => {
      const page = packedPageSchema.parse(await reader.call('page', [await withMembers(view), offset, limit], callOptions))
      return { ...page, records: unpackRecords(page.records) }
    },
    records: async (collectionId, ids, callOptions) =>
      unpackRecords(packedRecordsSchema.parse(await reader.call('records', [collectionId, ids], callOptions))),
    locate: async (view, id, callOptions) => reader.call('locate', [await withMembers(view), id], callOptions),
    idsAt: async (view, ranges, callOptions) => reader.call('idsAt', [await withMembers(view), ranges], callOptions),
    facets: async (view, keys, values, callOptions) => reader.call('facets', [await withMembers(view), keys, values], callOptions),
    vector: (collectionId, id, callOptions) => reader.call('vector', [collectionId, id], callOptions),
    vectors: (collectionId, ids, callOptions) => reader.call('vectors', [collectionId, ids], callOptions),
    refresh: (callOptions) => reader.call('refresh', [], callOptions),
    onChanged: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => reader.close(),
  }
}
