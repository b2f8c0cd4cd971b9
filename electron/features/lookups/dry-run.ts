import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { DryRun, LookupSettings, Rung } from '../../../shared/contract/lookups.ts'
import { explainLookup } from '../../../shared/domain/lookup-explain.ts'
import { normaliseText } from '../../../shared/domain/lookup-normalise.ts'
import {
  answerOf,
  isExpired,
  isInNamespace,
  isMadeLater,
  lookUp,
  sameSimilarity,
  type LookupResult,
} from '../../../shared/domain/lookup.ts'
import type { Verdict } from '../../../shared/domain/lookup-verdict.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import { conversionWarning } from '../../../shared/domain/similarity.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { Embedders } from '../../embedder/embedders.ts'
import type { EntryTable, EntryTables } from '../../search/entry-table.ts'
import { compareVectors, type ExactSearch } from '../../search/exact-search.ts'
import { queryVectors } from '../../search/query-vectors.ts'
import type { VectorBlock } from '../../search/vector-block.ts'
import { euclideanNorm } from '../../search/vector-scan.ts'
import type { OpenStores } from '../../store/open-stores.ts'
import type { Store } from '../../store/store.ts'

export interface DryRunOptions {
  readonly stores: OpenStores
  readonly embedders: Embedders
  readonly exact: ExactSearch
  readonly tables: EntryTables
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
}

interface Compared {
  readonly vector: Float32Array
  readonly similarities: Float64Array
  readonly warnings: readonly string[]
  readonly embedding: number
  readonly search: number
}

/** A lookup and all that led to its verdict. */
interface Look {
  readonly store: Store
  readonly table: EntryTable
  readonly block: VectorBlock
  readonly normalised: string
  readonly at: number
  readonly sameText: readonly number[]
  readonly vectors: Compared | null
  readonly dimensionProblem: string | null
  readonly result: LookupResult
  readonly verdict: Verdict
  readonly similarity: number | null
}

const ladderLength = 30

/** Looks queries up as a layered cache would, without touching it. */
export class LookupDryRun {
  readonly #options: DryRunOptions

  constructor(options: DryRunOptions) {
    this.#options = options
  }

  /**
   * One lookup with everything there is to see. A query that cannot be compared because of its dimension is a miss, not an error.
   * @throws AppError where entries or vectors do not fit into memory, and whatever embedding and the store throw
   */
  async run(ref: CollectionRef, query: string, settings: LookupSettings, signal: AbortSignal): Promise<DryRun> {
    const started = performance.now()
    const look = await this.#look(ref, query, settings, signal)
    const { table, vectors, result, verdict, normalised, dimensionProblem } = look
    const ladder = await this.#ladder(look, ref, settings, signal)
    const { nearest, second } = result.eligible
    return {
      normalised,
      verdict,
      similarity: look.similarity,
      margin: nearest && second ? Math.max(0, nearest.similarity - second.similarity) : null,
      ladder,
      nearMisses: result.nearMisses,
      entries: result.entries,
      namespaces: table.namespaces(),
      timings: { embedding: vectors?.embedding ?? 0, search: vectors?.search ?? 0, total: performance.now() - started },
      warnings: [
        ...(vectors?.warnings ?? []),
        ...(dimensionProblem !== null && verdict.missReason !== 'dimension' ? [dimensionProblem] : []),
      ],
    }
  }

  /**
   * The same without the ladder, for many lookups one after another. `nearestId` is the entry that answers, or else the nearest
   * that could have. Errors as in {@link run}.
   */
  async outcome(
    ref: CollectionRef,
    query: string,
    settings: LookupSettings,
    signal: AbortSignal,
  ): Promise<{ verdict: Verdict; similarity: number | null; nearestId: string | null }> {
    const { verdict, similarity, result, table } = await this.#look(ref, query, settings, signal)
    const { nearest } = result.eligible
    return { verdict, similarity, nearestId: verdict.entryId ?? (nearest && (table.ids[nearest.position] ?? null)) }
  }

  async #look(ref: CollectionRef, query: string, settings: LookupSettings, signal: AbortSignal): Promise<Look> {
    const { stores, tables, exact, mappingOf } = this.#options
    const store = await stores.get(ref.connectionId, signal)
    const mapping = await mappingOf(ref, signal)
    const [table, block] = await Promise.all([
      tables.get(store, ref.collectionId, mapping, { signal }),
      exact.block(store, ref.collectionId, { signal }),
    ])
    const normalised = normaliseText(query, settings.normalise)
    const at = settings.at ?? Date.now()
    const text = settings.embed === 'normalised' ? normalised : query
    const sameText = normalised === '' ? [] : table.withText(normalised, settings.normalise)
    const isCompared = normalised !== '' && block.ids.length > 0
    const compared = isCompared ? await this.#compare(ref, store, table, block, text, settings, signal) : null
    const [vectors, dimensionProblem] = typeof compared === 'string' ? [null, compared] : [compared, null]
    const result = lookUp(table.entries, { sameText, similarities: vectors?.similarities ?? null, at }, settings)
    const verdict = explainLookup({ result, rules: settings, ids: table.ids, entries: table.entries, normalised, dimensionProblem })
    const decisive = (verdict.outcome === 'miss' ? null : answerOf(result.eligible, settings)?.entry) ?? result.eligible.nearest
    const similarity = decisive === null || Number.isNaN(decisive.similarity) ? null : decisive.similarity
    return { store, table, block, normalised, at, sameText, vectors, dimensionProblem, result, verdict, similarity }
  }

  /** Similarities of all entries, or a sentence that says why there are none: another dimension. */
  async #compare(
    ref: CollectionRef,
    store: Store,
    table: EntryTable,
    block: VectorBlock,
    text: string,
    { embedderId }: LookupSettings,
    signal: AbortSignal,
  ): Promise<Compared | string> {
    const { embedders, exact } = this.#options
    const embeddingStarted = performance.now()
    const probe = { kind: 'text' as const, text, embedderId }
    try {
      const [query] = await queryVectors([probe], { ref, store, embedders, dimension: block.dimension, block, signal })
      const vector = query?.vector ?? new Float32Array(0)
      const embedding = performance.now() - embeddingStarted
      const searchStarted = performance.now()
      const similarities = table.align(block, await exact.similarities(block, vector, signal))
      const parity = query?.embedder ? await embedders.parity(ref, query.embedder.id) : null
      const conversion = conversionWarning(block.space, block.norms(), euclideanNorm(vector))
      const warnings = [...(parity && parity.verdict !== 'same' ? [parity.message] : []), ...(conversion === null ? [] : [conversion])]
      return { vector, similarities, warnings, embedding, search: performance.now() - searchStarted }
    } catch (error) {
      if (error instanceof AppError && error.code === 'invalid-input' && (await this.#isDimension(ref, embedderId, signal)))
        return error.message
      throw error
    }
  }

  /** An embedder that made vectors of another dimension is refused from then on; one that refused the text is not. */
  async #isDimension(ref: CollectionRef, embedderId: string | null, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#options.embedders.embedderFor(ref, embedderId, signal)
      return false
    } catch (error) {
      return error instanceof AppError && error.code === 'invalid-input'
    }
  }

  async #ladder(look: Look, ref: CollectionRef, settings: LookupSettings, signal: AbortSignal): Promise<Rung[]> {
    const { store, table, block, vectors, sameText, at } = look
    const places = nearestPlaces(vectors?.similarities ?? new Float64Array(0), ladderLength)
    const shown = [...places, ...sameText.slice(-ladderLength).filter((position) => !places.includes(position))]
    const records = new Map(
      (
        await store.records(
          ref.collectionId,
          shown.map((position) => table.ids[position] ?? ''),
          { signal },
        )
      ).map((record) => [record.id, record]),
    )
    const queryNorm = euclideanNorm(vectors?.vector ?? [])
    return shown.flatMap((position): Rung[] => {
      const entry = table.entries[position]
      const id = table.ids[position] ?? ''
      const record = records.get(id)
      if (!entry || !record)
        throw new AppError('stale', 'An entry was deleted since the entries were read.', 'Refresh the store, then try again.')
      const place = block.positionOf(id)
      const near =
        vectors && place !== null ? compareVectors(block.space, vectors.vector, queryNorm, block.vector(place), block.norm(place)) : null
      const similarity = near?.similarity ?? null
      const isGone = settings.honourExpiry && isExpired(entry, at)
      const inNamespace = isInNamespace(entry, settings)
      const madeLater = isMadeLater(entry, at)
      return [
        {
          record,
          distance: near?.distance ?? null,
          similarity,
          text: entry.text,
          namespace: entry.namespace,
          inNamespace,
          expiredSince: isExpired(entry, at) ? entry.expiresAt : null,
          madeLater,
          aboveThreshold: similarity !== null && similarity >= settings.threshold,
          exactText: sameText.includes(position),
          eligible: inNamespace && !isGone && !madeLater,
        },
      ]
    })
  }
}

/** Positions of the highest similarities, highest first; between equals the first stored. NaN is left out. */
function nearestPlaces(values: Float64Array, count: number): number[] {
  const best: number[] = []
  for (const [position, value] of values.entries()) {
    if (Number.isNaN(value)) continue
    const last = best.at(-1)
    if (best.length === count && last !== undefined && value <= (values[last] ?? 0)) continue
    let at = best.length
    while (at > 0 && (values[best[at - 1] ?? 0] ?? 0) + sameSimilarity < value) at -= 1
    best.splice(at, 0, position)
    if (best.length > count) best.pop()
  }
  return best
}
