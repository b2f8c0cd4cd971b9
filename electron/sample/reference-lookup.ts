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

/**
 * The layered lookup whose answers the log records: first the newest living entry of the namespace with the same normalised
 * text, then the most similar living one, if it reaches the threshold. Between equals the one stored first wins.
 */
export class ReferenceLookup {
  readonly #byNamespace = new Map<string, { entry: CacheEntry; vector: Float32Array; normal: string }[]>()

  constructor(entries: readonly CacheEntry[], vectors: VectorRows) {
    for (const [index, entry] of entries.entries()) {
      const list = this.#byNamespace.get(entry.namespace) ?? []
      list.push({ entry, vector: row(vectors, index), normal: normaliseQuery(entry.query) })
      this.#byNamespace.set(entry.namespace, list)
    }
  }

  /** @param at milliseconds since 1970; entries made later or expired by then are not served */
  find(namespace: string, query: string, vector: Float32Array, at: number): LookupResult {
    const normal = normaliseQuery(query)
    let exact: CacheEntry | null = null
    let nearest: LookupResult['nearest'] = null
    let expired: LookupResult['expired'] = null
    for (const candidate of this.#byNamespace.get(namespace) ?? []) {
      const { entry } = candidate
      if (entry.createdAt > at) continue
      const living = entry.expiresAt === null || entry.expiresAt > at
      const similarity = dot(vector, candidate.vector)
      if (!living) {
        if (similarity >= sampleThreshold && similarity > (expired?.similarity ?? 0)) expired = { entry, similarity }
        continue
      }
      if (candidate.normal === normal && (exact === null || entry.createdAt > exact.createdAt)) exact = entry
      if (nearest === null || similarity > nearest.similarity) nearest = { entry, similarity }
    }
    if (exact !== null) return { outcome: 'hit_exact', winner: exact, nearest, expired: null }
    if (nearest !== null && nearest.similarity >= sampleThreshold)
      return { outcome: 'hit_semantic', winner: nearest.entry, nearest, expired: null }
    return { outcome: 'miss', winner: null, nearest, expired }
  }
}
