import os from 'node:os'
import { AppError } from '../../shared/rpc/errors.ts'
import { Kept } from '../store/kept.ts'
import type { Store, StoreOptions } from '../store/store.ts'
import { blockBytes, layOutBlock } from './block-layout.ts'
import { VectorBlock } from './vector-block.ts'
import type { WorkerPool } from './worker-pool.ts'

const gibibyte = 2 ** 30
/** Less than the 4 GiB that WebAssembly can address, and no more than half of this computer's memory. */
const budget = Math.min(3 * gibibyte, os.totalmem() / 2)
/** Blocks that nobody used for this long are dropped, as those of a closed store. */
const idleTime = 10 * 60_000

const numbers = new Intl.NumberFormat('en')

function tooLarge(rows: number, dimension: number, bytes: number): AppError {
  const gigabytes = (size: number): string => `${(size / gibibyte).toFixed(1)} GiB`
  return new AppError(
    'unsupported',
    `The exact search keeps all vectors in memory: ${numbers.format(rows)} of ${numbers.format(dimension)} dimensions take ${gigabytes(bytes)}, and ${gigabytes(budget)} are allowed here.`,
    'Open the store through a Chroma server and search with its engine.',
  )
}

/** Vectors of the collections that were searched lately, as long as they fit into memory together. */
export class BlockCache {
  readonly #pool: WorkerPool
  readonly #stores = new WeakMap<Store, number>()
  readonly #blocks: Kept<VectorBlock>
  /** Several may wait for the same vectors. */
  readonly #listeners = new Map<string, Set<NonNullable<StoreOptions['onProgress']>>>()
  #lastStore = 0
  #lastKey = 0
  #idle: NodeJS.Timeout | null = null

  constructor(pool: WorkerPool) {
    this.#pool = pool
    this.#blocks = new Kept<VectorBlock>({
      most: Infinity,
      mostSize: budget,
      sizeOf: (block) => block.bytes,
      onDropped: (block) => pool.forget(block.key),
    })
  }

  /**
   * All vectors of a collection as the store has them now; read once for each state of the store.
   * @throws AppError 'unsupported' where they do not fit into memory, and whatever the store throws
   */
  async get(store: Store, collectionId: string, options: StoreOptions): Promise<VectorBlock> {
    const snapshot = await store.snapshot()
    const collection = `${this.#numberOf(store)}/${collectionId}/`
    const key = `${collection}${snapshot}`
    this.#blocks.drop((other) => other.startsWith(collection) && other !== key)
    this.#restartClock()
    const { onProgress } = options
    if (!onProgress) return this.#blocks.get(key, options.signal, () => this.#load(key, store, collectionId, options))
    const listeners = this.#listeners.get(key) ?? new Set()
    this.#listeners.set(key, listeners.add(onProgress))
    try {
      return await this.#blocks.get(key, options.signal, () => this.#load(key, store, collectionId, options))
    } finally {
      listeners.delete(onProgress)
      if (listeners.size === 0) this.#listeners.delete(key)
    }
  }

  /** Each search worker has a place to calculate in, then whoever makes pivots, this thread, and last whoever makes the neighbour graph. */
  get #places(): number {
    return this.#pool.size + 3
  }

  close(): void {
    if (this.#idle) clearTimeout(this.#idle)
    this.#blocks.clear()
  }

  #numberOf(store: Store): number {
    const known = this.#stores.get(store)
    if (known !== undefined) return known
    this.#lastStore += 1
    this.#stores.set(store, this.#lastStore)
    return this.#lastStore
  }

  #restartClock(): void {
    if (this.#idle) clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.#blocks.clear(), idleTime).unref()
  }

  async #load(cacheKey: string, store: Store, collectionId: string, { signal }: StoreOptions): Promise<VectorBlock> {
    const options: StoreOptions = {
      ...(signal ? { signal } : {}),
      onProgress: (...step) => {
        for (const tell of this.#listeners.get(cacheKey) ?? []) tell(...step)
      },
    }
    const { summary } = await store.detail(collectionId, options)
    const expected = blockBytes(summary.count ?? 0, summary.dimension ?? 1, this.#places)
    if (expected > budget) throw tooLarge(summary.count ?? 0, summary.dimension ?? 1, expected)
    const { ids, dimension, data, missing } = await store.vectors(collectionId, null, options)
    const layout = layOutBlock(ids.length, Math.max(1, dimension), this.#places)
    this.#lastKey += 1
    const key = this.#lastKey
    const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages, shared: true })
    if (ids.length > 0) {
      const count = ids.length * dimension
      // The store gives its numbers away; a part of a larger buffer, or a shared one, is copied first.
      const rows =
        data.buffer instanceof ArrayBuffer && data.length === count
          ? new Float32Array(data.buffer, data.byteOffset, count)
          : data.slice(0, count)
      const block = { key, shared: { memory, layout } }
      await this.#pool.run(0, { type: 'load', block, data: rows }, signal, [rows.buffer])
      await this.#pool.split(ids.length, (from, to) => ({ type: 'prepare', block, from, to }), signal)
    }
    return new VectorBlock({ key, space: summary.space, ids, missing, memory, layout })
  }
}
