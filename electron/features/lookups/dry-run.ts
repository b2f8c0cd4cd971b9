import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { EmbedderInfo } from '../../../shared/contract/embedders.ts'
import { collectionSubject } from '../../../shared/contract/jobs.ts'
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
import type { JobContext, Jobs } from '../../jobs/jobs.ts'
import type { EntryTable, EntryTables } from '../../search/entry-table.ts'
import { compareVectors } from '../../search/compare-vectors.ts'
import type { ExactSearch } from '../../search/exact-search.ts'
import { queryVectors, type QueryVector } from '../../search/query-vectors.ts'
import type { VectorBlock } from '../../search/vector-block.ts'
import { euclideanNorm } from '../../search/vector-scan.ts'
import type { OpenStores } from '../../store/open-stores.ts'
import type { Store, StoreOptions } from '../../store/store.ts'

export interface DryRunOptions {
  readonly stores: OpenStores
  readonly embedders: Embedders
  readonly exact: ExactSearch
  readonly tables: EntryTables
  readonly jobs: Jobs
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
}

/** As stores take them, but for the signal, which every lookup has. */
type LookOptions = StoreOptions & { readonly signal: AbortSignal }

/** What lookups in one collection have in common. */
interface Ground {
  readonly store: Store
  readonly table: EntryTable
  readonly block: VectorBlock
}

interface Compared {
  readonly vector: Float32Array
  readonly similarities: Float64Array
  readonly embedder: EmbedderInfo | null
  /** Milliseconds. */
  readonly search: number
}

/** A lookup and all that led to its verdict. */
interface Look extends Ground {
  readonly normalised: string
  readonly at: number
  readonly sameText: readonly number[]
  readonly vectors: Compared | null
  readonly dimensionProblem: string | null
  readonly result: LookupResult
  readonly verdict: Verdict
  readonly similarity: number | null
}

/** A query to look up, and where and when. */
export interface AskedLookup {
  readonly query: string
  /** Null asks in that of the settings. */
  readonly namespace: string | null
  /** Milliseconds since 1970; null asks now. */
  readonly at: number | null
}

export interface LookupOutcome {
  readonly verdict: Verdict
  readonly similarity: number | null
  /** The entry that answers, or else the nearest that could have. */
  readonly nearestId: string | null
}

const ladderLength = 30

/** Looks queries up as a layered cache would, without touching it. */
export class LookupDryRun {
  readonly #options: DryRunOptions

  constructor(options: DryRunOptions) {
    this.#options = options
  }

  /**
   * One lookup with everything there is to see, as a job where it takes longer. A query that cannot be compared because of its
   * dimension is a miss, not an error.
   * @throws AppError where entries or vectors do not fit into memory, and whatever embedding and the store throw
   */
  run(ref: CollectionRef, query: string, settings: LookupSettings, signal: AbortSignal): Promise<DryRun> {
    const purpose = { method: 'lookups.dryRun', subject: collectionSubject(ref) }
    return this.#options.jobs.follow({ title: 'Look up', purpose, signal }, (context) => this.#run(ref, query, settings, context))
  }

  async #run(ref: CollectionRef, query: string, settings: LookupSettings, { signal, progress }: JobContext): Promise<DryRun> {
    const started = performance.now()
    const options = { signal, onProgress: progress }
    const ground = await this.#ground(ref, options)
    const text = comparedText(query, settings)
    const embeddingStarted = performance.now()
    const embedded = text === null ? [null] : await this.#embedOrExact(ref, ground, { query, text }, settings, options)
    const embedding = text === null ? 0 : performance.now() - embeddingStarted
    progress('Comparing', 0, null)
    const look = await this.#look(ground, query, embedded[0] ?? null, settings, signal)
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
      timings: { embedding, search: vectors?.search ?? 0, total: performance.now() - started },
      warnings: [
        ...(vectors ? await this.#warnings(ref, ground, vectors) : []),
        ...(dimensionProblem !== null && verdict.missReason !== 'dimension' ? [dimensionProblem] : []),
      ],
    }
  }

  /** Many lookups without their ladders, in order. Their texts are embedded together, each once. Errors as in {@link run}. */
  async outcomes(
    ref: CollectionRef,
    asked: readonly AskedLookup[],
    settings: LookupSettings,
    signal: AbortSignal,
  ): Promise<LookupOutcome[]> {
    const ground = await this.#ground(ref, { signal })
    const texts = [...new Set(asked.flatMap(({ query }) => comparedText(query, settings) ?? []))]
    const embedded = await this.#embed(ref, ground, texts, settings, { signal })
    const vectorOf = new Map(texts.map((text, place) => [text, embedded[place] ?? null]))
    const outcomes: LookupOutcome[] = []
    for (const { query, namespace, at } of asked) {
      const text = comparedText(query, settings)
      const rules = { ...settings, namespace: namespace ?? settings.namespace, at }
      const look = await this.#look(ground, query, text === null ? null : (vectorOf.get(text) ?? null), rules, signal)
      const { nearest } = look.result.eligible
      const nearestId = look.verdict.entryId ?? (nearest && (ground.table.ids[nearest.position] ?? null))
      outcomes.push({ verdict: look.verdict, similarity: look.similarity, nearestId })
    }
    return outcomes
  }

  async #ground(ref: CollectionRef, options: LookOptions): Promise<Ground> {
    const { signal } = options
    const { stores, tables, exact, mappingOf } = this.#options
    const store = await stores.get(ref.connectionId, signal)
    const mapping = await mappingOf(ref, signal)
    const [table, block] = await Promise.all([
      tables.get(store, ref.collectionId, mapping, options),
      exact.block(store, ref.collectionId, options),
    ])
    return { store, table, block }
  }

  /** @param embedded the query's vector, or why it has none; null where nothing is compared */
  async #look(
    ground: Ground,
    query: string,
    embedded: QueryVector | string | null,
    settings: LookupSettings,
    signal: AbortSignal,
  ): Promise<Look> {
    const { table } = ground
    const normalised = normaliseText(query, settings.normalise)
    const at = settings.at ?? Date.now()
    const sameText = normalised === '' ? [] : table.withText(normalised, settings.normalise)
    const dimensionProblem = typeof embedded === 'string' ? embedded : null
    const vectors = embedded === null || typeof embedded === 'string' ? null : await this.#compare(ground, embedded, signal)
    const result = lookUp(table.entries, { sameText, similarities: vectors?.similarities ?? null, at }, settings)
    const verdict = explainLookup({ result, rules: settings, ids: table.ids, entries: table.entries, normalised, dimensionProblem })
    const decisive = (verdict.outcome === 'miss' ? null : answerOf(result.eligible, settings)?.entry) ?? result.eligible.nearest
    const similarity = decisive === null || Number.isNaN(decisive.similarity) ? null : decisive.similarity
    return { ...ground, normalised, at, sameText, vectors, dimensionProblem, result, verdict, similarity }
  }

  /** As {@link #embed}; where embedding fails and the exact layer answers alone, the reason is told instead of thrown. */
  async #embedOrExact(
    ref: CollectionRef,
    ground: Ground,
    { query, text }: { readonly query: string; readonly text: string },
    settings: LookupSettings,
    options: LookOptions,
  ): Promise<(QueryVector | string | null)[]> {
    try {
      return await this.#embed(ref, ground, [text], settings, options)
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'cancelled') throw error
      const reason = `${error.message} Only the exact layer was asked.`
      const { verdict } = await this.#look(ground, query, reason, settings, options.signal)
      if (verdict.outcome !== 'exact-hit') throw error
      return [reason]
    }
  }

  /** The vector of each text, or a sentence that says why there are none: another dimension. Null where there are no entries. */
  async #embed(
    ref: CollectionRef,
    { store, block }: Ground,
    texts: readonly string[],
    { embedderId }: LookupSettings,
    options: LookOptions,
  ): Promise<(QueryVector | string | null)[]> {
    if (block.ids.length === 0) return texts.map(() => null)
    const probes = texts.map((text) => ({ kind: 'text' as const, text, embedderId }))
    try {
      return await queryVectors(probes, { ref, store, embedders: this.#options.embedders, dimension: block.dimension, block, ...options })
    } catch (error) {
      if (error instanceof AppError && error.code === 'invalid-input' && (await this.#isDimension(ref, embedderId, options.signal)))
        return texts.map(() => error.message)
      throw error
    }
  }

  async #compare({ table, block }: Ground, { vector, embedder }: QueryVector, signal: AbortSignal): Promise<Compared> {
    const started = performance.now()
    const similarities = table.align(block, await this.#options.exact.similarities(block, vector, signal))
    return { vector, similarities, embedder, search: performance.now() - started }
  }

  /** Why similarities may not mean what they seem to. */
  async #warnings(ref: CollectionRef, { block }: Ground, { vector, embedder }: Compared): Promise<string[]> {
    const parity = embedder ? await this.#options.embedders.parity(ref, embedder.id) : null
    const conversion = conversionWarning(block.space, block.norms(), euclideanNorm(vector))
    return [...(parity && parity.verdict !== 'same' ? [parity.message] : []), ...(conversion === null ? [] : [conversion])]
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

/** What the semantic layer embeds of a query; null where nothing is left of it to look up. */
function comparedText(query: string, { normalise, embed }: LookupSettings): string | null {
  const normalised = normaliseText(query, normalise)
  if (normalised === '') return null
  return embed === 'normalised' ? normalised : query
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
