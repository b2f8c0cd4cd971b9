import os from 'node:os'
import type { Space } from '../../shared/domain/space.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { Store, StoreOptions } from '../store/store.ts'
import { BlockCache } from './block-cache.ts'
import { type Found, nearestFirst } from './compare-vectors.ts'
import { PivotWork } from './pivot-work.ts'
import type { NearestRows } from './protocol.ts'
import { QuickSearch } from './quick-search.ts'
import type { VectorBlock } from './vector-block.ts'
import { WorkerPool } from './worker-pool.ts'

export interface NearestOptions {
  /** By which distance records are ordered, as `nearestFirst` does. */
  readonly ranking: Space
  readonly limit: number
  /** Places to compare with, ascending; null for all. */
  readonly positions: Int32Array<SharedArrayBuffer> | null
  readonly signal?: AbortSignal | undefined
}

/** Memory bandwidth is the limit: more workers than this do not help. */
const mostWorkers = 4
/**
 * Finds what a comparison of queries with every vector of a collection in double precision finds, without reading those vectors
 * that cannot be among the nearest. Vectors are loaded once for each state of a store and kept while there is memory.
 */
export class ExactSearch {
  readonly #pool: WorkerPool
  readonly #blocks: BlockCache
  readonly #pivots: PivotWork
  readonly #quick: QuickSearch

  constructor(workers = Math.max(1, Math.min(mostWorkers, os.availableParallelism()))) {
    this.#pool = new WorkerPool(workers)
    this.#blocks = new BlockCache(this.#pool)
    this.#pivots = new PivotWork(workers)
    this.#quick = new QuickSearch(workers + 1)
  }

  /**
   * The vectors of a collection, loaded where they are not yet.
   * @throws AppError 'unsupported' where they do not fit into memory, and whatever the store throws
   */
  block(store: Store, collectionId: string, options: StoreOptions): Promise<VectorBlock> {
    return this.#blocks.get(store, collectionId, options)
  }

  /**
   * The nearest records of each query, nearest first.
   * @param queries each of the block's dimension
   * @throws AppError 'invalid-input' for another dimension, 'cancelled' after the signal
   */
  async nearest(block: VectorBlock, queries: readonly ArrayLike<number>[], options: NearestOptions): Promise<Found[][]> {
    const { ranking, positions, signal } = options
    const total = positions?.length ?? block.ids.length
    const limit = Math.min(options.limit, total)
    if (limit === 0 || queries.length === 0) return queries.map(() => [])
    const padded = padQueries(block, queries)
    const quick = queries.length === 1 ? this.#quick.nearest(block, padded, ranking, limit, positions) : null
    if (quick) return [listed(quick)]
    const found = await this.#pool.split(
      total,
      (from, to) => ({
        type: 'nearest',
        block: { key: block.key, shared: { memory: block.memory, layout: block.layout } },
        ranking,
        queries: padded,
        limit: Math.min(limit, to - from),
        positions: positions && positions.buffer,
        from,
        to,
      }),
      signal,
    )
    // The next searches need not wait for it.
    void this.#pivots.make(block)
    const isBefore = nearestFirst(ranking)
    return queries.map((_, index) =>
      found
        .flatMap((part) => listed(part[index]))
        .sort(isBefore)
        .slice(0, limit),
    )
  }

  /**
   * Cosine similarity of a query with each vector of a block, by position; NaN where a vector is zero or not finite.
   * @throws AppError 'invalid-input' for another dimension, 'cancelled' after the signal
   */
  async similarities(block: VectorBlock, query: ArrayLike<number>, signal?: AbortSignal): Promise<Float64Array> {
    const total = block.ids.length
    const target = new SharedArrayBuffer(total * 8)
    if (total > 0) {
      const padded = padQueries(block, [query])
      const shared = { key: block.key, shared: { memory: block.memory, layout: block.layout } }
      await this.#pool.split(total, (from, to) => ({ type: 'similarities', block: shared, query: padded, target, from, to }), signal)
    }
    return new Float64Array(target)
  }

  /** Makes searches in a block as fast as they get, which the first one begins in the background otherwise. */
  sharpen(block: VectorBlock): Promise<void> {
    return this.#pivots.make(block)
  }

  async close(): Promise<void> {
    this.#blocks.close()
    await this.#pivots.close()
    await this.#pool.close()
  }
}

function listed(found: NearestRows | undefined): Found[] {
  const orNull = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value)
  return Array.from(found?.rows ?? [], (position, at) => ({
    position,
    distance: orNull(found?.distances[at]),
    similarity: orNull(found?.similarities[at]),
  }))
}

const numbers = new Intl.NumberFormat('en')

/** Says that a query cannot be compared with a collection. */
export function wrongDimension(given: number, expected: number): AppError {
  return new AppError(
    'invalid-input',
    `The query has ${numbers.format(given)} dimensions; the vectors of the collection have ${numbers.format(expected)}.`,
    'Use a vector of the same dimension, or the embedder that made the collection.',
  )
}

function padQueries({ dimension, layout }: VectorBlock, queries: readonly ArrayLike<number>[]): Float64Array<ArrayBuffer> {
  const padded = new Float64Array(queries.length * layout.stride)
  for (const [index, query] of queries.entries()) {
    if (query.length !== dimension) throw wrongDimension(query.length, dimension)
    padded.set(query, index * layout.stride)
  }
  return padded
}
