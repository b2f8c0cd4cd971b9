import type { CollectionRef } from '../../shared/contract/collections.ts'
import { maxPageSize, storedOrder } from '../../shared/contract/records.ts'
import { usualNeighbours } from '../../shared/contract/neighbours.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { encode } from '../../shared/rpc/codec.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { NeighbourGraph } from '../neighbours/neighbour-graph.ts'
import type { Neighbours } from '../neighbours/neighbours.ts'
import type { ExactSearch } from '../search/exact-search.ts'
import { Kept } from '../store/kept.ts'
import type { OpenStores } from '../store/open-stores.ts'
import type { Store, StoreOptions } from '../store/store.ts'
import { CleanupHost } from './cleanup-host.ts'

/** Collections that are kept in memory. */
const mostKept = 2
const mostRecords = 1_000_000
/** Neighbours that are looked at where many records have more similar ones than a usual graph holds. */
const manyNeighbours = 48
/** Share of records with too many similar ones from which that is worth a larger graph. */
const crowdedShare = 0.005
/** A similarity at which records are likely duplicates, and a distance at which they are the same. */
const [alike, identical] = [0.95, 1e-6]
const numbers = new Intl.NumberFormat('en')

export interface CleanupAnalysesOptions {
  readonly stores: OpenStores
  readonly exact: ExactSearch
  readonly neighbours: Neighbours
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
}

/** Collections that were looked through, each in a worker, until the store or the profile changes. */
export class CleanupAnalyses {
  readonly #options: CleanupAnalysesOptions
  readonly #kept = new Kept<CleanupHost>({ most: mostKept, onDropped: (host) => void host.close() })

  constructor(options: CleanupAnalysesOptions) {
    this.#options = options
  }

  /**
   * The worker that knows a collection as the store has it now, to ask it.
   * @throws AppError 'unsupported' for more than a million records, 'cancelled' after the signal, and whatever the store throws
   */
  async get(ref: CollectionRef, options: StoreOptions & { signal: AbortSignal }): Promise<CleanupHost> {
    const store = await this.#options.stores.get(ref.connectionId, options.signal)
    const mapping = await this.#options.mappingOf(ref, options.signal)
    const collection = `${ref.connectionId}/${ref.collectionId}/`
    const key = `${collection}${await store.snapshot()}/${encode(mapping)}`
    this.#kept.drop((other) => other.startsWith(collection) && other !== key)
    const make = (): Promise<CleanupHost> => this.#make(store, ref.collectionId, mapping, options)
    const kept = await this.#kept.get(key, options.signal, make)
    if (!kept.isEnded) return kept
    // One whose worker ended by itself answers nothing any more.
    this.#kept.drop((other) => other === key)
    return this.#kept.get(key, options.signal, make)
  }

  closeAll(): void {
    this.#kept.clear()
  }

  async #make(store: Store, collectionId: string, mapping: ProfileMapping, options: StoreOptions): Promise<CleanupHost> {
    const host = new CleanupHost(mapping)
    try {
      await readRecords(store, collectionId, host, options)
      const block = await this.#options.exact.block(store, collectionId, options)
      if (block.ids.length > 0) {
        const { k, indices, distances } = await this.#graph(store, collectionId, options)
        const { memory, layout, ids } = block
        const vectors = { block: { memory, layout }, ids: [...ids], k, indices: indices.buffer, distances: distances.buffer }
        await host.ask({ type: 'vectors', ...vectors }, options)
      }
      return host
    } catch (error) {
      await host.close()
      throw error
    }
  }

  /** The graph that every other view uses, or a larger one where it does not hold all similar records of many. */
  async #graph(store: Store, collectionId: string, options: StoreOptions): Promise<NeighbourGraph> {
    const usual = await this.#options.neighbours.graph(store, collectionId, { k: usualNeighbours, metric: 'cosine' }, options)
    if (crowded(usual) <= crowdedShare * usual.ids.length) return usual
    return this.#options.neighbours.graph(store, collectionId, { k: manyNeighbours, metric: 'cosine' }, options)
  }
}

/** Rows whose last neighbour is still alike without being the same. */
function crowded({ ids, k, distances }: NeighbourGraph): number {
  let rows = 0
  for (let row = 0; row < ids.length; row += 1) {
    const last = distances[(row + 1) * k - 1] as number
    if (last > identical && 1 - last >= alike) rows += 1
  }
  return rows
}

async function readRecords(store: Store, collectionId: string, host: CleanupHost, options: StoreOptions): Promise<void> {
  const view = { collectionId, filter: noFilter, sort: storedOrder }
  for (let read = 0, total = Infinity; read < total;) {
    const page = await store.page(view, read, maxPageSize, options)
    total = page.total
    if (total > mostRecords) {
      throw new AppError(
        'unsupported',
        `Cleaning up compares all records, and ${numbers.format(total)} are more than the ${numbers.format(mostRecords)} it keeps in memory.`,
        'Filter the records and edit them together instead.',
      )
    }
    if (page.records.length === 0) return
    await host.ask({ type: 'records', records: page.records }, options)
    read += page.records.length
    options.onProgress?.('Reading records', read, total)
  }
}
