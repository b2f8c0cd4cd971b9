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
import { compareVectors, type ExactSearch } from '../search/exact-search.ts'
import type { VectorBlock } from '../search/vector-block.ts'
import { euclideanNorm } from '../search/vector-scan.ts'
import type { Store, StoreOptions } from '../store/store.ts'

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
  readonly exact: ExactSearch
  readonly tables: EntryTables
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
  /** How the collection's cache looks up. */
  readonly rulesOf: (ref: CollectionRef) => Promise<LookupSettings>
}

/** Queries that are compared with all entries together. */
const queriesAtOnce = 32
/** Nearest entries that are looked at for one that could have answered, before all are. */
const candidates = 8

interface Ground {
  readonly ref: CollectionRef
  readonly rules: LookupSettings
  readonly table: EntryTable
  readonly block: VectorBlock
  /** Place in the table of each vector. */
  readonly entryOf: (position: number) => LookupEntry | undefined
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
   * @throws AppError as embedding does, 'unsupported' where entries or vectors do not fit into memory, 'cancelled' after the signal
   */
  async score(
    store: Store,
    ref: CollectionRef,
    asked: readonly AskedScore[],
    embedderId: string | null,
    { signal, onProgress }: StoreOptions,
  ): Promise<{ scores: EntryScore[]; embedder: EmbedderInfo }> {
    const { embedders, exact, tables, mappingOf, rulesOf } = this.#options
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
    let done = 0
    const byNamespace = new Map<string | null, number[]>()
    for (const at of open) {
      const namespace = asked[at]?.namespace ?? null
      const members = byNamespace.get(namespace)
      if (members) members.push(at)
      else byNamespace.set(namespace, [at])
    }
    for (const [namespace, members] of byNamespace) {
      const positions = positionsIn(ground, namespace)
      for (let from = 0; from < members.length; from += queriesAtOnce) {
        onProgress?.('Comparing with entries', done, open.length)
        const some = members.slice(from, from + queriesAtOnce)
        const found = await this.#options.exact.nearest(
          ground.block,
          some.map((at) => vectorOf(asked[at]?.query ?? '')),
          { ranking: 'cosine', limit: candidates, positions, signal: ground.signal },
        )
        for (const [index, at] of some.entries()) {
          const one = asked[at] as AskedScore
          const near = (found[index] ?? []).find(({ position }) => couldAnswer(ground, position, one.time))
          scores[at] = near
            ? {
                entryId: ground.block.ids[near.position] ?? null,
                similarity: near.similarity,
                exact: isSameText(ground, near.position, one.query),
              }
            : { entryId: null, similarity: null, exact: false }
        }
        done += some.length
      }
    }
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

/** Vectors of a namespace's entries; null for those of all. */
function positionsIn({ block, entryOf }: Ground, namespace: string | null): Int32Array<SharedArrayBuffer> | null {
  if (namespace === null) return null
  const own = [...block.ids.keys()].filter((position) => {
    const entry = entryOf(position)
    return entry !== undefined && (entry.namespace === null || entry.namespace === namespace)
  })
  const positions = new Int32Array(new SharedArrayBuffer(own.length * 4))
  positions.set(own)
  return positions
}
