import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { EmbedderInfo } from '../../shared/contract/embedders.ts'
import { collectionSubject } from '../../shared/contract/jobs.ts'
import type { ScoredNegative } from '../../shared/contract/thresholds.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { cosineSimilarity } from '../../shared/domain/similarity.ts'
import { hardNegatives } from '../../shared/domain/thresholds/hard-negatives.ts'
import type { Embedders } from '../embedder/embedders.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { EntryTables } from '../search/entry-table.ts'
import { euclideanNorm } from '../search/vector-scan.ts'
import type { OpenStores } from '../store/open-stores.ts'
import type { SendingConsent } from './sending-consent.ts'

/** Queries of the collection that negatives are made of, taken evenly over all. */
const mostQueries = 5000

export interface NegativeScoresOptions {
  readonly stores: OpenStores
  readonly jobs: Jobs
  readonly embedders: Embedders
  readonly consent: SendingConsent
  readonly tables: EntryTables
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
}

/** How similar an embedder finds texts that read like the collection's queries and ask something else. */
export class NegativeScores {
  readonly #options: NegativeScoresOptions

  constructor(options: NegativeScoresOptions) {
    this.#options = options
  }

  /**
   * The most similar first. What takes longer than half a second shows as a job.
   * @throws AppError 'consent' where texts would leave this computer unasked, as embedding does, 'unsupported' where the entries do not fit into memory
   */
  score(
    ref: CollectionRef,
    embedderId: string | null,
    most: number,
    signal: AbortSignal,
  ): Promise<{ embedder: EmbedderInfo; negatives: ScoredNegative[] }> {
    const { stores, jobs, embedders, consent, tables, mappingOf } = this.#options
    const purpose = { method: 'thresholds.hardNegatives', subject: collectionSubject(ref) }
    return jobs.follow({ title: 'Try hard negatives', purpose, signal }, async (job) => {
      const store = await stores.get(ref.connectionId, job.signal)
      const mapping = await mappingOf(ref, job.signal)
      const table = await tables.get(store, ref.collectionId, mapping, { signal: job.signal, onProgress: job.progress })
      const embedder = await embedders.embedderFor(ref, embedderId, job.signal)
      const queries = table.entries.flatMap(({ text }) => text ?? [])
      const step = Math.max(1, queries.length / mostQueries)
      const some = Array.from({ length: Math.min(queries.length, mostQueries) }, (_, at) => queries[Math.floor(at * step)] ?? '')
      const negatives = hardNegatives(some, most)
      const texts = [...new Set(negatives.flatMap(({ original, changed }) => [original, changed]))]
      consent.check(ref, embedder.info, texts.length)
      const { dimension, data } = await embedder.embed(texts, {
        purpose: 'query',
        signal: job.signal,
        onProgress: (done, total) => job.progress('Embedding texts', done, total),
      })
      const places = new Map(texts.map((text, place) => [text, place]))
      const vectorOf = (text: string): Float32Array => {
        const place = places.get(text) ?? 0
        return data.subarray(place * dimension, (place + 1) * dimension)
      }
      const scored = negatives.map((negative) => {
        const [left, right] = [vectorOf(negative.original), vectorOf(negative.changed)]
        const product = left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0)
        return { ...negative, similarity: cosineSimilarity(product, euclideanNorm(left), euclideanNorm(right)) }
      })
      return { embedder: embedder.info, negatives: scored.toSorted((a, b) => (b.similarity ?? -2) - (a.similarity ?? -2)) }
    })
  }
}
