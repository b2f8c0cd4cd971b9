import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { collectionSubject } from '../../../shared/contract/jobs.ts'
import type { Answer, Neighbour, Probe, SearchSettings } from '../../../shared/contract/search.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { conversionWarning } from '../../../shared/domain/similarity.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { Embedders } from '../../embedder/embedders.ts'
import type { JobContext, Jobs } from '../../jobs/jobs.ts'
import type { ExactSearch } from '../../search/exact-search.ts'
import { FilteredPositions } from '../../search/filtered-positions.ts'
import { queryVectors, type QueryVector } from '../../search/query-vectors.ts'
import type { VectorBlock } from '../../search/vector-block.ts'
import { euclideanNorm } from '../../search/vector-scan.ts'
import type { OpenStores } from '../../store/open-stores.ts'
import type { Store, StoreOptions } from '../../store/store.ts'
import { askEngine, engineReason } from './engine-answer.ts'

export interface SearchOptions {
  readonly stores: OpenStores
  readonly embedders: Embedders
  readonly exact: ExactSearch
  readonly jobs: Jobs
}

interface Found {
  readonly neighbours: readonly { readonly id: string; readonly distance: number | null; readonly similarity: number | null }[]
  readonly recall: number | null
  readonly warnings: readonly string[]
}

const recordsAtOnce = 1000
const numbers = new Intl.NumberFormat('en')

async function recordsById(
  store: Store,
  collectionId: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, StoredRecord>> {
  const unique = [...new Set(ids)]
  const found = new Map<string, StoredRecord>()
  for (let from = 0; from < unique.length; from += recordsAtOnce) {
    const some = await store.records(collectionId, unique.slice(from, from + recordsAtOnce), { signal })
    for (const record of some) found.set(record.id, record)
  }
  return found
}

function neighboursOf(found: Found, records: ReadonlyMap<string, StoredRecord>): Neighbour[] {
  return found.neighbours.map(({ id, distance, similarity }) => {
    const record = records.get(id)
    if (!record) throw new AppError('stale', 'A record was deleted since the vectors were read.', 'Refresh the store, then search again.')
    return { record, distance, similarity }
  })
}

function vectorWarnings(block: VectorBlock, queryNorm: number): string[] {
  const norms = block.norms()
  const conversion = conversionWarning(block.space, norms, queryNorm)
  return [
    ...(queryNorm === 0 ? ["The query's vector is zero: it has no direction, so it is similar to nothing."] : []),
    ...(conversion === null ? [] : [conversion]),
    ...(norms.nonFinite > 0 ? [`${numbers.format(norms.nonFinite)} vectors hold a number that is not finite; they come last.`] : []),
    ...(norms.zero > 0 ? [`${numbers.format(norms.zero)} vectors are zero, so they are similar to nothing.`] : []),
  ]
}

/** Nearest records of a query, by comparison with every vector or by a server's own index. */
export class Search {
  readonly #options: SearchOptions
  readonly #positions = new FilteredPositions()

  constructor(options: SearchOptions) {
    this.#options = options
  }

  async methods(ref: CollectionRef, signal: AbortSignal): Promise<{ engine: boolean; reason: string | null }> {
    const reason = engineReason(await this.#options.stores.get(ref.connectionId, signal))
    return { engine: reason === null, reason }
  }

  /**
   * Searches for each probe; answers stand at their probes' places.
   * @throws AppError 'unsupported' where the engine is asked and none runs, or vectors do not fit into memory; and as
   * `queryVectors` and the store do
   */
  run(ref: CollectionRef, probes: readonly Probe[], settings: SearchSettings, signal: AbortSignal): Promise<Answer[]> {
    const purpose = { method: 'search.run', subject: collectionSubject(ref) }
    return this.#options.jobs.follow({ title: 'Search', purpose, signal }, (context) => this.#run(ref, probes, settings, context))
  }

  async #run(ref: CollectionRef, probes: readonly Probe[], settings: SearchSettings, { signal, progress }: JobContext): Promise<Answer[]> {
    const started = performance.now()
    const { exact, embedders, stores } = this.#options
    progress('Opening the store', 0, null)
    const store = await stores.get(ref.connectionId, signal)
    const reason = settings.method === 'engine' ? engineReason(store, settings.filter) : null
    if (reason !== null) throw new AppError('unsupported', reason, 'Search exactly instead.')
    const block = await this.#block(store, ref.collectionId, settings, { signal, onProgress: progress })
    const { dimension, space } = block ?? (await store.detail(ref.collectionId, { signal })).summary
    const embeddingStarted = performance.now()
    const isEmpty = block?.ids.length === 0
    const queries = await queryVectors(probes, {
      ref,
      store,
      embedders,
      dimension: isEmpty ? null : dimension,
      block,
      signal,
      onProgress: progress,
    })
    const embedding = performance.now() - embeddingStarted
    const vectors = queries.map(({ vector }) => vector)
    progress('Searching', 0, null)
    const positions = block && (await this.#positions.get(store, ref.collectionId, block, settings.filter, { signal }))
    let searchStarted = performance.now()
    const nearest = { ranking: space, limit: settings.nResults, positions: positions?.places ?? null, signal }
    const exactly = block === null || isEmpty ? vectors.map(() => []) : await exact.nearest(block, vectors, nearest)
    let search = performance.now() - searchStarted
    let found: Found[] = exactly.map((places) => ({
      neighbours: places.map(({ position, ...rest }) => ({ id: block?.ids[position] ?? '', ...rest })),
      recall: null,
      warnings: [],
    }))
    if (settings.method === 'engine') {
      progress('Asking the engine', 0, null)
      searchStarted = performance.now()
      found = await askEngine({ store, collectionId: ref.collectionId, space, block, settings, vectors, exactly, signal })
      search = performance.now() - searchStarted
    }
    progress('Reading records', 0, null)
    const ids = found.flatMap(({ neighbours }) => neighbours.map(({ id }) => id))
    const records = await recordsById(store, ref.collectionId, ids, signal)
    const parityWarnings = await this.#parityWarnings(ref, queries)
    const total = performance.now() - started
    const share = (time: number): number => time / probes.length
    return found.map((each, index): Answer => {
      const query = queries[index]
      const queryNorm = query ? euclideanNorm(query.vector) : 0
      const doubt = query?.embedder ? parityWarnings.get(query.embedder.id) : undefined
      return {
        space,
        dimension: dimension ?? 0,
        method: settings.method,
        neighbours: neighboursOf(each, records),
        searched: positions?.count ?? 0,
        withoutVector: positions?.withoutVector ?? 0,
        timings: { embedding: share(embedding), search: share(search), total: share(total) },
        recall: each.recall,
        warnings: [...each.warnings, ...(doubt === undefined ? [] : [doubt]), ...(block ? vectorWarnings(block, queryNorm) : [])],
        embedder: query?.embedder?.title ?? null,
        queryNorm,
      }
    })
  }

  /** Null only where the engine is asked, which can do without. */
  async #block(store: Store, collectionId: string, { method }: SearchSettings, options: StoreOptions): Promise<VectorBlock | null> {
    try {
      return await this.#options.exact.block(store, collectionId, options)
    } catch (error) {
      if (method === 'engine' && error instanceof AppError && error.code === 'unsupported') return null
      throw error
    }
  }

  /** What an earlier parity check holds against an embedder, by its id. */
  async #parityWarnings(ref: CollectionRef, queries: readonly QueryVector[]): Promise<Map<string, string>> {
    const warnings = new Map<string, string>()
    for (const id of new Set(queries.flatMap(({ embedder }) => (embedder ? [embedder.id] : [])))) {
      const parity = await this.#options.embedders.parity(ref, id)
      if (parity && parity.verdict !== 'same') warnings.set(id, parity.message)
    }
    return warnings
  }
}
