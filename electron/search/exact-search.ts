import os from 'node:os'
import { cosineSimilarity } from '../../shared/domain/similarity.ts'
import type { Space } from '../../shared/domain/space.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { Store, StoreOptions } from '../store/store.ts'
import { BlockCache } from './block-cache.ts'
import type { VectorBlock } from './vector-block.ts'
import { euclideanNorm } from './vector-scan.ts'
import { WorkerPool } from './worker-pool.ts'

/** One record near a query. */
export interface Found {
  /** Place in the block. */
  readonly position: number
  /** Chroma's distance in the ranking's space; null where a number is not finite. */
  readonly distance: number | null
  /** Cosine similarity, -1 to 1; null where a vector is zero or not finite. */
  readonly similarity: number | null
}

export interface NearestOptions {
  /**
   * By which distance records are ordered. Vectors that are not finite come last, in `cosine` zero ones too; between equals the
   * one stored first comes first.
   */
  readonly ranking: Space
  readonly limit: number
  /** Places to compare with, ascending; null for all. */
  readonly positions: Int32Array<SharedArrayBuffer> | null
  readonly signal?: AbortSignal | undefined
}

/** Memory bandwidth is the limit: more workers than this do not help. */
const mostWorkers = 4
/** The workers find a few more than asked for, which are then compared once more, number by number. */
const spare = 16

function innerProduct(query: ArrayLike<number>, vector: Float32Array): number {
  let sum = 0
  for (let at = 0; at < vector.length; at += 1) sum += (query[at] as number) * (vector[at] as number)
  return sum
}

function squaredDistance(query: ArrayLike<number>, vector: Float32Array): number {
  let sum = 0
  for (let at = 0; at < vector.length; at += 1) sum += ((query[at] as number) - (vector[at] as number)) ** 2
  return sum
}

/** Chroma's distance and the similarity of a query and one vector, in double precision. */
export function compareVectors(
  space: Space,
  query: ArrayLike<number>,
  queryNorm: number,
  vector: Float32Array,
  norm: number,
): Omit<Found, 'position'> {
  const product = innerProduct(query, vector)
  const similarity = cosineSimilarity(product, queryNorm, norm)
  const raw = space === 'l2' ? squaredDistance(query, vector) : 1 - (space === 'ip' ? product : (similarity ?? 0))
  const isFinite = Number.isFinite(norm) && Number.isFinite(queryNorm) && Number.isFinite(raw)
  return { distance: isFinite ? raw : null, similarity }
}

function order(ranking: Space): (a: Found, b: Found) => number {
  const last = (found: Found): boolean => found.distance === null || (ranking === 'cosine' && found.similarity === null)
  return (a, b) => {
    if (last(a) !== last(b)) return last(a) ? 1 : -1
    return (last(a) ? 0 : (a.distance ?? 0) - (b.distance ?? 0)) || a.position - b.position
  }
}

/**
 * Compares queries with every vector of a collection. Results are those of a plain comparison in double precision. Vectors
 * are read once for each state of a store and kept while there is memory.
 */
export class ExactSearch {
  readonly #pool: WorkerPool
  readonly #blocks: BlockCache

  constructor(workers = Math.max(1, Math.min(mostWorkers, os.availableParallelism()))) {
    this.#pool = new WorkerPool(workers)
    this.#blocks = new BlockCache(this.#pool)
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
    const found = await this.#pool.split(
      total,
      (from, to) => ({
        type: 'nearest',
        block: { key: block.key, memory: block.memory, layout: block.layout },
        ranking,
        queries: padded,
        limit: Math.min(limit + spare, to - from),
        positions: positions && positions.buffer,
        from,
        to,
      }),
      signal,
    )
    return queries.map((query, index) => {
      const norm = euclideanNorm(query)
      const candidates = found.flatMap((part) => Array.from(part[index] ?? []))
      return candidates
        .map((position): Found => ({ position, ...compareVectors(ranking, query, norm, block.vector(position), block.norm(position)) }))
        .sort(order(ranking))
        .slice(0, limit)
    })
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
      const shared = { key: block.key, memory: block.memory, layout: block.layout }
      await this.#pool.split(total, (from, to) => ({ type: 'similarities', block: shared, query: padded, target, from, to }), signal)
    }
    return new Float64Array(target)
  }

  async close(): Promise<void> {
    this.#blocks.close()
    await this.#pool.close()
  }
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
