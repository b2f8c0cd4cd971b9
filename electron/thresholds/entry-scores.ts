import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { EmbedderInfo } from '../../shared/contract/embedders.ts'
import type { LookupSettings } from '../../shared/contract/lookups.ts'
import type { LookupEntry } from '../../shared/domain/lookup-entry.ts'
import { normaliseText } from '../../shared/domain/lookup-normalise.ts'
import { isExpired, isMadeLater } from '../../shared/domain/lookup.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { cosineSimilarity } from '../../shared/domain/similarity.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { Embedders } from '../embedder/embedders.ts'
import type { EntryTable, EntryTables } from '../search/entry-table.ts'
import { compareVectors } from '../search/compare-vectors.ts'
import type { ExactSearch } from '../search/exact-search.ts'
import type { VectorBlock } from '../search/vector-block.ts'
import { euclideanNorm } from '../search/vector-scan.ts'
import type { Store, StoreOptions } from '../store/store.ts'
import { nearestEntries } from './nearest-entries.ts'
import type { SendingConsent } from './sending-consent.ts'

/** A query whose similarity is to be found. */
export interface AskedScore {
  readonly query: string
  readonly namespace: string | null
  /** Milliseconds since 1970; with null, entries count whenever they were made and whether or not they have expired. */
  readonly time: number | null
  /** The entry to compare with, or a text; null for both finds the nearest entry. */
  readonly entryId: string | null
  readonly text: string | null
}

export interface EntryScore {
  readonly entryId: string | null
  /** Null where there is nothing to compare with, or one of the two has no vector. */
  readonly similarity: number | null
  /** The nearest entry has the very text that was asked, so that the exact layer answers. */
  readonly exact: boolean
}

export interface EntryScoresOptions {
  readonly embedders: Embedders
  readonly consent: SendingConsent
  readonly exact: ExactSearch
  readonly tables: EntryTables
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
  /** How the collection's cache looks up. */
  readonly rulesOf: (ref: CollectionRef) => Promise<LookupSettings>
}

/** Nearest entries that are looked at for one that could have answered, before all are. */
const candidates = 8
/** Queries after which others get their turn. */
const comparedAtOnce = 200

interface Ground {
  readonly ref: CollectionRef
  readonly rules: LookupSettings
  readonly table: EntryTable
  readonly block: VectorBlock
  /** The entry whose vector is at a row of the block. */
  readonly entryOf: (row: number) => LookupEntry | undefined
  readonly signal: AbortSignal | undefined
}

/** Finds the similarities of queries that a source does not tell: embeds the texts, and compares them with entries. */
export class EntryScores {
  readonly #options: EntryScoresOptions

  constructor(options: EntryScoresOptions) {
    this.#options = options
  }

  /**
   * One score for each query, in order.
   * @throws AppError 'consent' where texts would leave this computer unasked, as embedding does, 'unsupported' where entries or vectors do not fit into memory, 'cancelled' after the signal
   */
  async score(
    store: Store,
    ref: CollectionRef,
    asked: readonly AskedScore[],
    embedderId: string | null,
    { signal, onProgress }: StoreOptions,
  ): Promise<{ scores: EntryScore[]; embedder: EmbedderInfo }> {
    const { embedders, consent, exact, tables, mappingOf, rulesOf } = this.#options
    const rules = await rulesOf(ref)
    const following = { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) }
    const mapping = await mappingOf(ref, signal ?? new AbortController().signal)
    const [table, block] = await Promise.all([
      tables.get(store, ref.collectionId, mapping, following),
      exact.block(store, ref.collectionId, following),
    ])
    const embedder = await embedders.embedderFor(ref, embedderId ?? rules.embedderId, signal)
    const asEmbedded = (text: string): string => (rules.embed === 'normalised' ? normaliseText(text, rules.normalise) : text)
    const texts = [...new Set(asked.flatMap(({ query, text }) => (text === null ? [query] : [query, text])).map(asEmbedded))]
    consent.check(ref, embedder.info, texts.length)
    const { dimension, data } = await embedder.embed(texts, {
      purpose: 'query',
      ...(signal ? { signal } : {}),
      onProgress: (done, total) => onProgress?.('Embedding queries', done, total),
    })
    const placeOf = new Map(texts.map((text, place) => [text, place]))
    const vectorOf = (text: string): Float32Array => {
      const place = placeOf.get(asEmbedded(text)) ?? 0
      return data.subarray(place * dimension, (place + 1) * dimension)
    }
    const places = new Map(table.ids.map((id, place) => [id, place]))
    const ground: Ground = {
      ref,
      rules,
      table,
      block,
      entryOf: (position) => table.entries[places.get(block.ids[position] ?? '') ?? -1],
      signal,
    }
    const scores: EntryScore[] = asked.map(({ query, entryId, text }) => {
      const vector = vectorOf(query)
      if (text !== null) return { entryId: null, similarity: cosineOf(vector, vectorOf(text)), exact: false }
      const position = entryId === null ? null : block.positionOf(entryId)
      const similarity = position === null ? null : compared(block, position, vector)
      return { entryId, similarity, exact: position !== null && isSameText(ground, position, query) }
    })
    await this.#nearest(ground, asked, vectorOf, scores, onProgress)
    return { scores, embedder: embedder.info }
  }

  async #nearest(
    ground: Ground,
    asked: readonly AskedScore[],
    vectorOf: (text: string) => Float32Array,
    scores: EntryScore[],
    onProgress: StoreOptions['onProgress'],
  ): Promise<void> {
    const open = asked.flatMap(({ entryId, text }, at) => (entryId === null && text === null ? [at] : []))
    if (open.length === 0) return
    const { block } = ground
    const byNamespace = new Map<string | null, number[]>()
    const queries = new Float32Array(open.length * block.dimension)
    for (const [place, at] of open.entries()) {
      const one = asked[at] as AskedScore
      const members = byNamespace.get(one.namespace)
      if (members) members.push(place)
      else byNamespace.set(one.namespace, [place])
      if (block.dimension > 0) queries.set(vectorOf(one.query), place * block.dimension)
    }
    const found = await nearestEntries({
      exact: this.#options.exact,
      block,
      queries,
      groups: [...byNamespace].map(([namespace, members]) => ({ queries: members, rows: rowsIn(ground, namespace) })),
      limit: candidates,
      signal: ground.signal,
      onProgress: (done, total) => onProgress?.('Comparing with entries', done, total),
    })
    for (const [place, at] of open.entries()) {
      if (place % comparedAtOnce === 0) await new Promise((resolve) => setImmediate(resolve))
      const one = asked[at] as AskedScore
      const vector = queries.subarray(place * block.dimension, (place + 1) * block.dimension)
      const near = Array.from(found.subarray(place * candidates, (place + 1) * candidates)).filter((row) => row !== -1)
      scores[at] = (await this.#best(ground, one, vector, near)) ?? { entryId: null, similarity: null, exact: false }
    }
  }

  /** The most similar of the nearest rows that could have answered; where none could, of all rows. */
  async #best(
    ground: Ground,
    { query, namespace, time }: AskedScore,
    vector: Float32Array,
    near: readonly number[],
  ): Promise<EntryScore | null> {
    const { block } = ground
    const best = (rows: Iterable<number>, similarityOf: (row: number) => number | null): EntryScore | null => {
      let first: { row: number; similarity: number } | null = null
      for (const row of rows) {
        if (!couldAnswer(ground, row, time)) continue
        const similarity = similarityOf(row)
        if (similarity !== null && !Number.isNaN(similarity) && (first === null || similarity > first.similarity))
          first = { row, similarity }
      }
      return first && { entryId: block.ids[first.row] ?? null, similarity: first.similarity, exact: isSameText(ground, first.row, query) }
    }
    const found = best(near, (row) => compared(block, row, vector))
    if (found !== null || near.length < candidates || time === null) return found
    const all = await this.#options.exact.similarities(block, vector, ground.signal)
    return best(rowsIn(ground, namespace) ?? block.ids.keys(), (row) => all[row] ?? null)
  }
}

function cosineOf(left: Float32Array, right: Float32Array): number | null {
  const product = left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0)
  return cosineSimilarity(product, euclideanNorm(left), euclideanNorm(right))
}

function compared(block: VectorBlock, position: number, vector: Float32Array): number | null {
  if (vector.length !== block.dimension) throw new AppError('invalid-input', 'The query has other dimensions than the collection.')
  return compareVectors('cosine', vector, euclideanNorm(vector), block.vector(position), block.norm(position)).similarity
}

function isSameText({ rules, entryOf }: Ground, position: number, query: string): boolean {
  const text = entryOf(position)?.text ?? null
  return rules.exactLayer && text !== null && normaliseText(text, rules.normalise) === normaliseText(query, rules.normalise)
}

function couldAnswer({ rules, entryOf }: Ground, position: number, time: number | null): boolean {
  const entry = entryOf(position)
  if (entry === undefined) return false
  return time === null || (!isMadeLater(entry, time) && !(rules.honourExpiry && isExpired(entry, time)))
}

/** Rows of a namespace's entries, ascending; null for those of all. */
function rowsIn({ block, entryOf }: Ground, namespace: string | null): Int32Array | null {
  if (namespace === null) return null
  return Int32Array.from(block.ids.keys()).filter((row) => {
    const entry = entryOf(row)
    return entry !== undefined && (entry.namespace === null || entry.namespace === namespace)
  })
}
