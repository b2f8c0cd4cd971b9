import { createHash } from 'node:crypto'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { GraphOptions } from '../../shared/contract/neighbours.ts'
import { AppError, fromWireError } from '../../shared/rpc/errors.ts'
import { builtFile } from '../platform/paths.ts'
import type { ExactSearch } from '../search/exact-search.ts'
import { Kept } from '../store/kept.ts'
import type { Store, StoreOptions } from '../store/store.ts'
import type { BuiltGraph } from './build-graph.ts'
import type { NeighbourGraph } from './neighbour-graph.ts'
import { type BuildRequest, buildReplySchema } from './protocol.ts'

/** Graphs of one store that stay in memory. */
const mostKept = 4
const usualCacheBytes = 512 * 2 ** 20
/** A map of 100,000 records is to be laid out within a minute, of which its neighbours may take half. */
const usualExactSeconds = 30

export interface NeighboursOptions {
  readonly exact: ExactSearch
  /** Where graphs are kept from one run of the app to the next; null to keep none. */
  readonly folder: string | null
  /** What the kept files may take together. */
  readonly cacheBytes?: number
  /** 'open' compares all vectors unless that would take longer than `exactSeconds` on this computer. */
  readonly method?: BuildRequest['method']
  readonly exactSeconds?: number
  /** False to do without the native runtime, as on a system that it does not exist for. */
  readonly native?: boolean
}

/** Makes and keeps the neighbour graphs of collections: one at a time, each in a worker of its own on all cores. */
export class Neighbours {
  readonly #options: NeighboursOptions
  readonly #kept = new WeakMap<Store, Kept<NeighbourGraph>>()
  /** The kept ones that are made, by the same keys. */
  readonly #made = new WeakMap<Store, Map<string, NeighbourGraph>>()
  readonly #controls = new Set<Int32Array>()
  #last: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(options: NeighboursOptions) {
    this.#options = options
  }

  /**
   * The graph of a collection as the store has it now, from memory or disk where it is there.
   * @throws AppError 'unsupported' where the vectors do not fit into memory, 'cancelled' after the signal, and whatever the store throws
   */
  async graph(store: Store, collectionId: string, options: GraphOptions, { signal, onProgress }: StoreOptions): Promise<NeighbourGraph> {
    const state = `${await store.snapshot()}/`
    const key = keyOf(state, collectionId, options)
    const kept = this.#kept.get(store) ?? new Kept<NeighbourGraph>({ most: mostKept, onDropped: (graph) => this.#forget(store, graph) })
    this.#kept.set(store, kept)
    kept.drop((other) => !other.startsWith(state))
    const made = await kept.get(key, signal, () => this.#inTurn(() => this.#make(store, collectionId, options, { signal, onProgress })))
    if (kept.has(key)) this.#made.set(store, (this.#made.get(store) ?? new Map<string, NeighbourGraph>()).set(key, made))
    return made
  }

  /** The graph of a collection as the store has it now, where it is in memory; else null. */
  async ready(store: Store, collectionId: string, options: GraphOptions): Promise<NeighbourGraph | null> {
    return this.#made.get(store)?.get(keyOf(`${await store.snapshot()}/`, collectionId, options)) ?? null
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    this.#closed = true
    for (const control of this.#controls) Atomics.store(control, 0, 1)
    await this.#last
  }

  #forget(store: Store, dropped: NeighbourGraph): void {
    const made = this.#made.get(store)
    for (const [key, graph] of made ?? []) if (graph === dropped) made?.delete(key)
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }

  async #make(store: Store, collectionId: string, { k, metric }: GraphOptions, options: StoreOptions): Promise<NeighbourGraph> {
    const { exact, folder, cacheBytes = usualCacheBytes, method = 'open', exactSeconds = usualExactSeconds, native = true } = this.#options
    options.onProgress?.('Reading vectors', 0, null)
    const block = await exact.block(store, collectionId, options)
    const { ids, dimension, memory, layout } = block
    const indices = new SharedArrayBuffer(ids.length * k * 4)
    const distances = new SharedArrayBuffer(ids.length * k * 4)
    // The name of a collection's id comes from the store, so it must not become part of a path.
    const name = createHash('sha256')
      .update(JSON.stringify([collectionId, k, metric]))
      .digest('hex')
      .slice(0, 32)
    const built = await this.#run(
      {
        block: { memory, layout },
        ids: [...ids],
        missing: block.missing.length,
        nonUnit: block.norms().nonUnit,
        k,
        metric,
        cache: folder === null ? null : { folder, file: path.join(folder, `${name}.neighbours`), bytes: cacheBytes },
        method,
        exactSeconds,
        native,
        control: new SharedArrayBuffer(4),
        indices,
        distances,
      },
      options,
    )
    return { ...built, ids, dimension, k, metric, indices: new Int32Array(indices), distances: new Float32Array(distances) }
  }

  /** A cancelled worker ends by itself: one that is stopped while the runtime calculates would take the app with it. */
  #run(request: BuildRequest, { signal, onProgress }: StoreOptions): Promise<BuiltGraph> {
    if (this.#closed || signal?.aborted) return Promise.reject(new AppError('cancelled', 'The operation was cancelled.'))
    const control = new Int32Array(request.control)
    const cancel = (): void => void Atomics.store(control, 0, 1)
    const worker = new Worker(builtFile('neighbours.worker.js'), { workerData: request })
    this.#controls.add(control)
    signal?.addEventListener('abort', cancel, { once: true })
    return new Promise<BuiltGraph>((resolve, reject) => {
      worker.on('message', (message: unknown) => {
        const reply = buildReplySchema.parse(message)
        if (reply.type === 'progress') onProgress?.(reply.stage, reply.done, reply.total)
        else if (reply.type === 'done') resolve({ fingerprint: reply.fingerprint, report: reply.report })
        else reject(fromWireError(reply.error))
      })
      worker.on('error', (cause) => reject(ended(cause)))
      worker.on('exit', () => reject(ended(null)))
    }).finally(() => {
      this.#controls.delete(control)
      signal?.removeEventListener('abort', cancel)
    })
  }
}

function keyOf(state: string, collectionId: string, { k, metric }: GraphOptions): string {
  return `${state}${collectionId}/${k}/${metric}`
}

function ended(cause: Error | null): AppError {
  return new AppError(
    'internal',
    'The worker that compares vectors ended while it worked.',
    'Try again. If it ends again, there may be too little memory: close other collections first.',
    { cause },
  )
}
