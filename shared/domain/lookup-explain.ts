import { answerOf, type Layers, type LookupResult, type LookupRules, type Nearest } from './lookup.ts'
import type { LookupEntry } from './lookup-entry.ts'
import type { Flip, MissReason, Verdict } from './lookup-verdict.ts'

export interface ExplainInput {
  readonly result: LookupResult
  readonly rules: LookupRules
  readonly ids: readonly string[]
  readonly entries: readonly LookupEntry[]
  /** What the exact layer compares; '' looks nothing up. */
  readonly normalised: string
  /** Why the query has no vector of the collection's dimension; null where it has one. */
  readonly dimensionProblem: string | null
}

type Answer = NonNullable<ReturnType<typeof answerOf>>

/** Three decimals, cut towards the side on which a rule with that number still holds. */
function rounded(similarity: number, direction: 'down' | 'up'): string {
  const scaled = similarity * 1000
  return ((direction === 'down' ? Math.floor(scaled + 1e-9) : Math.ceil(scaled - 1e-9)) / 1000).toFixed(3)
}

function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function namespaceText(namespace: string | null): string {
  return namespace === null || namespace === '' ? 'no namespace' : `the namespace ${JSON.stringify(namespace)}`
}

function byLayer({ layer, entry }: Answer): string {
  return layer === 'exact' ? 'by the same text' : `with similarity ${rounded(entry.similarity, 'down')}`
}

function flip(change: Flip['change'], message: string, more: Partial<Flip> = {}): Flip {
  return { change, message, threshold: null, entryId: null, namespace: null, ...more }
}

class Explanation {
  readonly #input: ExplainInput

  constructor(input: ExplainInput) {
    this.#input = input
  }

  verdict(): Verdict {
    const { result, rules, normalised } = this.#input
    const answer = normalised === '' ? null : answerOf(result.eligible, rules)
    return answer ? this.#hit(answer) : this.#miss()
  }

  #id({ position }: Nearest): string {
    return this.#input.ids[position] ?? ''
  }

  #hit(answer: Answer): Verdict {
    const { rules, entries } = this.#input
    const { layer, entry } = answer
    const entryId = this.#id(entry)
    const flips: Flip[] = []
    if (layer === 'semantic') {
      const threshold = entry.similarity
      flips.push(flip('threshold', `A threshold above ${rounded(threshold, 'up')} would make it a miss.`, { threshold, entryId }))
    }
    const expiresAt = entries[entry.position]?.expiresAt ?? null
    if (expiresAt !== null && rules.honourExpiry) {
      flips.push(flip('expiry', `The entry answers until ${timeText(expiresAt)}; then it is expired.`, { entryId }))
    }
    const message =
      layer === 'exact'
        ? 'Exact hit: an entry has the same text.'
        : `Semantic hit: similarity ${rounded(entry.similarity, 'down')} reaches the threshold of ${rules.threshold}.`
    return { outcome: layer === 'exact' ? 'exact-hit' : 'semantic-hit', entryId, missReason: null, message, flips }
  }

  #miss(): Verdict {
    const [missReason, message] = this.#reason()
    const flips = this.#input.normalised === '' ? [] : this.#missFlips(missReason)
    return { outcome: 'miss', entryId: null, missReason, message: `Miss: ${message}`, flips }
  }

  #reason(): [MissReason, string] {
    const { result, rules, normalised, entries, dimensionProblem } = this.#input
    if (normalised === '') return ['bypass', 'nothing is left of the query once it is normalised, so the cache is not asked.']
    if (!rules.exactLayer && !rules.semanticLayer) return ['bypass', 'both layers are off.']
    const expired = answerOf(result.expired, rules)
    if (expired) return ['expired', `the entry that would answer ${byLayer(expired)} expired on ${this.#expiry(expired.entry)}.`]
    if (rules.semanticLayer && dimensionProblem !== null && result.alive > 0) return ['dimension', dimensionProblem]
    const elsewhere = answerOf(result.elsewhere, rules)
    if (elsewhere) {
      return ['other-namespace', `the entry that would answer ${byLayer(elsewhere)} is in ${this.#namespaceOf(elsewhere.entry)}.`]
    }
    if (entries.length === 0) return ['empty', 'the collection has no entries.']
    if (result.entries === 0) return ['empty', `no entry is in ${namespaceText(rules.namespace)}.`]
    if (result.alive === 0) return ['empty', 'every entry of the namespace is expired, or was made later.']
    if (!rules.semanticLayer) return ['bypass', 'no entry has this text, and the semantic layer is off.']
    const { nearest } = result.eligible
    if (!nearest) return ['empty', 'no entry has this text, and none has a vector to compare with.']
    const gap = rounded(rules.threshold - nearest.similarity, 'up')
    return [
      'below-threshold',
      `the nearest entry has similarity ${rounded(nearest.similarity, 'down')}, ${gap} below the threshold of ${rules.threshold}.`,
    ]
  }

  #missFlips(reason: MissReason): Flip[] {
    const { result, rules } = this.#input
    const flips: Flip[] = []
    const { nearest } = result.eligible
    if (rules.semanticLayer && nearest) {
      const threshold = nearest.similarity
      const message = `A threshold of ${rounded(threshold, 'down')} or less would make it a hit.`
      flips.push(flip('threshold', message, { threshold, entryId: this.#id(nearest) }))
    }
    const expired = answerOf(result.expired, rules)
    if (expired) {
      flips.push(flip('expiry', `Renewed, the expired entry would answer ${byLayer(expired)}.`, { entryId: this.#id(expired.entry) }))
    }
    const elsewhere = answerOf(result.elsewhere, rules)
    if (elsewhere) {
      const namespace = this.#input.entries[elsewhere.entry.position]?.namespace ?? null
      const message = `Asked in ${namespaceText(namespace)}, it would be a hit ${byLayer(elsewhere)}.`
      flips.push(flip('namespace', message, { entryId: this.#id(elsewhere.entry), namespace }))
    }
    flips.push(...this.#layerFlips(result.eligible))
    if (reason === 'dimension') flips.push(flip('embedder', 'With the embedder that made the collection, the semantic layer could answer.'))
    // What the reason names comes first, for it is the nearest change.
    const first: Partial<Record<MissReason, Flip['change']>> = {
      expired: 'expiry',
      'other-namespace': 'namespace',
      dimension: 'embedder',
      bypass: 'layer',
    }
    return flips.toSorted((a, b) => Number(b.change === first[reason]) - Number(a.change === first[reason]))
  }

  #layerFlips(eligible: Layers): Flip[] {
    const { rules } = this.#input
    const flips: Flip[] = []
    for (const [isOn, layer] of [
      [rules.exactLayer, 'exact'],
      [rules.semanticLayer, 'semantic'],
    ] as const) {
      if (isOn) continue
      const answer = answerOf(eligible, { ...rules, exactLayer: layer === 'exact', semanticLayer: layer === 'semantic' })
      if (answer)
        flips.push(flip('layer', `With the ${layer} layer on, it would be a hit ${byLayer(answer)}.`, { entryId: this.#id(answer.entry) }))
    }
    return flips
  }

  #expiry({ position }: Nearest): string {
    const at = this.#input.entries[position]?.expiresAt ?? null
    return at === null ? 'an unknown day' : timeText(at)
  }

  #namespaceOf({ position }: Nearest): string {
    return namespaceText(this.#input.entries[position]?.namespace ?? null)
  }
}

/** Says what came of a lookup, why, and what would change it. */
export function explainLookup(input: ExplainInput): Verdict {
  return new Explanation(input).verdict()
}
