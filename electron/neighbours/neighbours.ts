import type { GraphOptions } from '../../shared/contract/neighbours.ts'
import type { ExactSearch } from '../search/exact-search.ts'
import { Kept } from '../store/kept.ts'
import type { Store, StoreOptions } from '../store/store.ts'
import type { NeighbourGraph } from './neighbour-graph.ts'

const rowsAtOnce = 64

/** Makes and keeps the neighbour graphs of collections. */
export class Neighbours {
  readonly #exact: ExactSearch
  readonly #kept = new WeakMap<Store, Kept<NeighbourGraph>>()
  /** Those of the kept ones that are made. */
  readonly #ready = new WeakMap<Store, Map<string, NeighbourGraph>>()

  constructor(exact: ExactSearch) {
    this.#exact = exact
  }

  /**
   * The graph of a collection as the store has it now.
   * @throws AppError 'unsupported' where the vectors do not fit into memory, 'cancelled' after the signal, and whatever the store throws
   */
  async graph(store: Store, collectionId: string, options: GraphOptions, { signal, onProgress }: StoreOptions): Promise<NeighbourGraph> {
    const key = `${await store.snapshot()}/${collectionId}/${options.k}/${options.metric}`
    const kept = this.#kept.get(store) ?? new Kept<NeighbourGraph>({ most: 4 })
    this.#kept.set(store, kept)
    const made = await kept.get(key, signal, () => this.#make(store, collectionId, options, { signal, onProgress }))
    this.#ready.set(store, new Map([...(this.#ready.get(store) ?? []), [key, made]]))
    return made
  }

  /** The graph of a collection as the store has it now, where it was made already; else null. */
  async ready(store: Store, collectionId: string, { k, metric }: GraphOptions): Promise<NeighbourGraph | null> {
    return this.#ready.get(store)?.get(`${await store.snapshot()}/${collectionId}/${k}/${metric}`) ?? null
  }

  async #make(store: Store, collectionId: string, options: GraphOptions, { signal, onProgress }: StoreOptions): Promise<NeighbourGraph> {
    const { k, metric } = options
    const started = performance.now()
    const block = await this.#exact.block(store, collectionId, { signal, onProgress })
    const { ids, dimension } = block
    const indices = new Int32Array(new SharedArrayBuffer(ids.length * k * 4)).fill(-1)
    const distances = new Float32Array(new SharedArrayBuffer(ids.length * k * 4)).fill(Number.NaN)
    for (let from = 0; from < ids.length; from += rowsAtOnce) {
      onProgress?.('Comparing vectors', from, ids.length)
      const rows = Array.from({ length: Math.min(rowsAtOnce, ids.length - from) }, (_, index) => from + index)
      const queries = rows.map((row) => block.vector(row))
      const found = await this.#exact.nearest(block, queries, { ranking: metric, limit: k + 1, positions: null, signal })
      for (const [index, row] of rows.entries()) {
        const isComparable = (position: number): boolean =>
          Number.isFinite(block.norm(position)) && (metric !== 'cosine' || block.norm(position) > 0)
        const others = (found[index] ?? []).filter(({ position }) => position !== row && isComparable(position)).slice(0, k)
        if (!isComparable(row)) continue
        for (const [place, { position, distance }] of others.entries()) {
          indices[row * k + place] = position
          distances[row * k + place] = distance ?? Number.NaN
        }
      }
    }
    const { zero, nonFinite, nonUnit } = block.norms()
    return {
      fingerprint: `${collectionId}/${await store.snapshot()}/${k}/${metric}`,
      ids,
      dimension,
      k,
      metric,
      indices,
      distances,
      report: {
        zero,
        nonFinite,
        nonUnit,
        duplicates: 0,
        missing: block.missing.length,
        method: 'exact',
        engine: 'webassembly',
        recall: null,
        recomputed: ids.length,
        milliseconds: performance.now() - started,
      },
    }
  }
}
