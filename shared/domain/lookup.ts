import type { Normalisation } from './lookup-normalise.ts'
import { normaliseText } from './lookup-normalise.ts'
import type { LookupEntry } from './lookup-entry.ts'

/** How a layered cache looks a query up. */
export interface LookupRules {
  /** Null looks in all namespaces; an entry without one has the namespace ''. */
  readonly namespace: string | null
  /** Cosine similarity at or above which the semantic layer answers. */
  readonly threshold: number
  readonly exactLayer: boolean
  readonly semanticLayer: boolean
  /** Expired entries are skipped, as if they had been deleted; where false they answer like others. */
  readonly honourExpiry: boolean
}

/** A query and what is known of it. */
export interface LookupQuery {
  /** Positions of the entries whose normalised text is that of the query, ascending. */
  readonly sameText: readonly number[]
  /** Similarity of the query and each entry by position, NaN where there is none; null where nothing could be embedded. */
  readonly similarities: Float64Array | null
  /** Milliseconds since 1970. */
  readonly at: number
}

/** An entry by its position, and how similar it is; NaN where that is not known. */
export interface Nearest {
  readonly position: number
  readonly similarity: number
}

/** Who could answer under some condition. */
export interface Layers {
  readonly exact: Nearest | null
  /** The most similar one, whether or not it reaches the threshold. */
  readonly nearest: Nearest | null
  readonly second: Nearest | null
}

export interface LookupResult {
  /** Entries of the namespace that are alive. */
  readonly eligible: Layers
  /** Entries of the namespace that would be eligible, had they not expired. */
  readonly expired: Layers
  /** Entries of other namespaces that would be eligible there. */
  readonly elsewhere: Layers
  /** Entries of the namespace, and how many of those could have answered. */
  readonly entries: number
  readonly alive: number
  /** Eligible entries at most {@link nearMissBand} below the threshold. */
  readonly nearMisses: number
}

/**
 * Similarities that differ by less are equal: copies of a vector come back from Chroma with the last digits of float32 changed,
 * depending on whether they were read from its index or from its queue.
 */
export const sameSimilarity = 1e-6

export const defaultThreshold = 0.85
/** How far below the threshold a miss is a near one. */
export const nearMissBand = 0.05

/** Whether an entry is in the namespace that is asked. */
export function isInNamespace(entry: LookupEntry, { namespace }: LookupRules): boolean {
  return namespace === null || entry.namespace === null || entry.namespace === namespace
}

export function isExpired(entry: LookupEntry, at: number): boolean {
  return entry.expiresAt !== null && entry.expiresAt <= at
}

export function isMadeLater(entry: LookupEntry, at: number): boolean {
  return entry.createdAt !== null && entry.createdAt > at
}

/** Positions of entries by their normalised text, ascending. */
export function indexTexts(entries: readonly LookupEntry[], normalise: Normalisation): Map<string, number[]> {
  const index = new Map<string, number[]>()
  for (const [position, { text }] of entries.entries()) {
    if (text === null) continue
    const key = normaliseText(text, normalise)
    const known = index.get(key)
    if (known) known.push(position)
    else index.set(key, [position])
  }
  return index
}

class LayersBuilder {
  #exact: Nearest | null = null
  #nearest: Nearest | null = null
  #second: Nearest | null = null
  readonly #threshold: number

  constructor(threshold: number) {
    this.#threshold = threshold
  }

  /** Of entries with the same text the one stored last counts, of equally similar ones the first. Offer them in order. */
  offer(position: number, similarity: number, isSameText: boolean): void {
    const entry = { position, similarity }
    if (isSameText) this.#exact = entry
    if (Number.isNaN(similarity)) return
    if (this.#nearest === null || this.#isNearer(similarity, this.#nearest.similarity)) {
      this.#second = this.#nearest
      this.#nearest = entry
    } else if (this.#second === null || this.#isNearer(similarity, this.#second.similarity)) this.#second = entry
  }

  #isNearer(similarity: number, than: number): boolean {
    return similarity > than + sameSimilarity || (similarity >= this.#threshold && than < this.#threshold)
  }

  done(): Layers {
    return { exact: this.#exact, nearest: this.#nearest, second: this.#second }
  }
}

/**
 * Looks a query up as a layered cache does: first an entry of the namespace with the same normalised text, then the most
 * similar one. Entries that expired by then, or were made later, are skipped, as a cache that deletes or filters them does:
 * the next living one answers in their place. They are reported beside, to say what was missed.
 */
export function lookUp(entries: readonly LookupEntry[], query: LookupQuery, rules: LookupRules): LookupResult {
  const sameText = new Set(query.sameText)
  const { threshold } = rules
  const [eligible, expired, elsewhere] = [new LayersBuilder(threshold), new LayersBuilder(threshold), new LayersBuilder(threshold)]
  let [inNamespace, alive, nearMisses] = [0, 0, 0]
  for (const [position, entry] of entries.entries()) {
    const isHere = isInNamespace(entry, rules)
    if (isHere) inNamespace += 1
    if (isMadeLater(entry, query.at)) continue
    const similarity = query.similarities?.[position] ?? Number.NaN
    const isSameText = sameText.has(position)
    const isGone = rules.honourExpiry && isExpired(entry, query.at)
    if (!isHere) {
      if (!isGone) elsewhere.offer(position, similarity, isSameText)
    } else if (isGone) expired.offer(position, similarity, isSameText)
    else {
      alive += 1
      eligible.offer(position, similarity, isSameText)
      if (similarity < rules.threshold && similarity >= rules.threshold - nearMissBand) nearMisses += 1
    }
  }
  return { eligible: eligible.done(), expired: expired.done(), elsewhere: elsewhere.done(), entries: inNamespace, alive, nearMisses }
}

/** Who of these answers, and by which layer; null where none does. */
export function answerOf(layers: Layers, rules: LookupRules): { layer: 'exact' | 'semantic'; entry: Nearest } | null {
  if (rules.exactLayer && layers.exact) return { layer: 'exact', entry: layers.exact }
  const { nearest } = layers
  return rules.semanticLayer && nearest && nearest.similarity >= rules.threshold ? { layer: 'semantic', entry: nearest } : null
}
