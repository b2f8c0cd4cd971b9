import { normaliseQuery } from './phrasing.ts'
import type { CacheEntry } from './support-cache.ts'
import type { LookupOutcome } from './truth.ts'
import { dot, row, type VectorRows } from './vectors.ts'

/** Similarity at and above which the sample's assistant serves a cached answer. */
export const sampleThreshold = 0.85

export interface LookupResult {
  readonly outcome: LookupOutcome
  /** Entry served; null for a miss. */
  readonly winner: CacheEntry | null
  /** The nearest living entry, also for a miss; null where the namespace was empty. */
  readonly nearest: { readonly entry: CacheEntry; readonly similarity: number } | null
  /** An entry that would have been served, had it not expired. */
  readonly expired: { readonly entry: CacheEntry; readonly similarity: number } | null
}

interface Candidate {
  readonly entry: CacheEntry
  readonly vector: Float32Array
  readonly normal: string
}

/**
 * The layered lookup whose answers the log records: first the newest living entry of the namespace with the same normalised
 * text, then the most similar living one, if it reaches the threshold. Between equals the one stored first wins.
 */
export class ReferenceLookup {
  readonly #byNamespace = new Map<string, Candidate[]>()

  /** @param entries in the order in which they were stored, oldest first; one row of `vectors` for each */
  constructor(entries: readonly CacheEntry[], vectors: VectorRows) {
    for (const [index, entry] of entries.entries()) {
      const list = this.#byNamespace.get(entry.namespace) ?? []
      list.push({ entry, vector: row(vectors, index), normal: normaliseQuery(entry.query) })
      this.#byNamespace.set(entry.namespace, list)
    }
  }

  /** @param at milliseconds since 1970; entries made later or expired by then are not served */
  find(namespace: string, query: string, vector: Float32Array, at: number): LookupResult {
    const made = (this.#byNamespace.get(namespace) ?? []).filter(({ entry }) => entry.createdAt <= at)
    const living = ({ entry }: Candidate): boolean => entry.expiresAt === null || entry.expiresAt > at
    const normal = normaliseQuery(query)
    const exact = made.findLast((candidate) => candidate.normal === normal && living(candidate))
    if (exact !== undefined)
      return { outcome: 'hit_exact', winner: exact.entry, nearest: { entry: exact.entry, similarity: 1 }, expired: null }
    let nearest: LookupResult['nearest'] = null
    let expired: LookupResult['expired'] = null
    for (const candidate of made) {
      const { entry } = candidate
      const similarity = dot(vector, candidate.vector)
      if (living(candidate)) {
        if (nearest === null || similarity > nearest.similarity) nearest = { entry, similarity }
      } else if (similarity >= sampleThreshold && similarity > (expired?.similarity ?? 0)) expired = { entry, similarity }
    }
    if (nearest !== null && nearest.similarity >= sampleThreshold)
      return { outcome: 'hit_semantic', winner: nearest.entry, nearest, expired: null }
    return { outcome: 'miss', winner: null, nearest, expired }
  }
}
