import { evictions } from '../../shared/domain/cleanup/evictions.ts'
import type { KeyShapes } from '../../shared/domain/cleanup/key-shapes.ts'
import type { RecordFacts } from '../../shared/domain/cleanup/record-facts.ts'
import { robustScores } from '../../shared/domain/cleanup/robust-scores.ts'
import type { CleanupRule, GroupedRule } from '../../shared/domain/cleanup/rule.ts'
import { isEmptyText, repeatsItself } from '../../shared/domain/cleanup/text-rules.ts'
import type { MetadataType } from '../../shared/domain/metadata.ts'
import type { CleanupContext } from './protocol.ts'
import type { VectorFacts } from './vector-facts.ts'

/** A row that a rule found; `key` names the metadata key that is the matter, `type` that of most of its values. */
export interface FoundRow {
  readonly row: number
  readonly reason: string | null
  readonly key?: string
  readonly type?: MetadataType
}

export interface FlatSources {
  readonly facts: readonly RecordFacts[]
  readonly shapes: KeyShapes
  readonly vectors: VectorFacts | null
  readonly context: CleanupContext
}

const day = 86_400_000

function where(facts: readonly RecordFacts[], reasonOf: (one: RecordFacts) => string | null): FoundRow[] {
  return facts.flatMap((one, row) => {
    const reason = reasonOf(one)
    return reason === null ? [] : [{ row, reason }]
  })
}

function dated(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
}

function ofRows(rows: readonly number[], reasonOf: (row: number) => string | null = () => null): FoundRow[] {
  return rows.map((row) => ({ row, reason: reasonOf(row) }))
}

/** The rows that a rule without groups finds, in stored order; a quota's in the order of eviction, outliers farthest first. */
export function flatRows(rule: Exclude<CleanupRule, GroupedRule>, { facts, shapes, vectors, context }: FlatSources): FoundRow[] {
  switch (rule.rule) {
    case 'expired': {
      const now = rule.at ?? context.now
      return where(facts, ({ expiresAt }) => (expiresAt !== null && expiresAt <= now ? `expired ${dated(expiresAt)}` : null))
    }
    case 'older-than': {
      const before = (rule.at ?? context.now) - rule.days * day
      return where(facts, ({ createdAt }) => (createdAt !== null && createdAt < before ? `made ${dated(createdAt)}` : null))
    }
    case 'never-hit': {
      const before = (rule.at ?? context.now) - rule.days * day
      return where(facts, ({ id, hits, lastHitAt, createdAt }) => {
        if ((hits ?? 0) > 0 || lastHitAt !== null) return null
        if (context.neverHit === null ? hits === null : !context.neverHit.has(id)) return null
        if (createdAt === null) return rule.days === 0 ? 'never hit' : null
        return createdAt < before ? `made ${dated(createdAt)}` : null
      })
    }
    case 'empty':
      return where(facts, ({ text }) => (isEmptyText(text) ? (text === null ? 'no text' : 'only space') : null))
    case 'short':
      return where(facts, ({ text }) => {
        const length = text === null || isEmptyText(text) ? null : [...text.trim().slice(0, rule.characters * 4)].length
        return length !== null && length < rule.characters ? `${length} ${length === 1 ? 'character' : 'characters'}` : null
      })
    case 'repeated':
      return where(facts, ({ text, answer }) => {
        if (text !== null && repeatsItself(text)) return 'the text repeats itself'
        return answer !== null && repeatsItself(answer) ? 'the answer repeats itself' : null
      })
    case 'missing-keys':
      return shapes
        .missing(rule.share)
        .flatMap(({ key, type, rows }) => rows.map((row) => ({ row, reason: `no ${JSON.stringify(key)}`, key, type })))
    case 'mistyped-keys':
      return shapes
        .mistyped(rule.share)
        .flatMap(({ key, type, rows }) => rows.map((row) => ({ row, reason: `${JSON.stringify(key)} is no ${type}`, key, type })))
    case 'zero-vectors':
      return ofRows(vectors?.zero() ?? [])
    case 'broken-vectors':
      return ofRows(vectors?.broken() ?? [])
    case 'missing-vectors':
      return ofRows(vectors?.missing() ?? [])
    case 'wrong-norm':
      return ofRows(vectors?.wrongNorm() ?? [], (row) => `norm ${vectors?.norm(row).toPrecision(3) ?? ''}`)
    case 'outliers': {
      if (vectors === null) return []
      const means = vectors.meanDistances()
      const scores = robustScores(means)
      return [...scores.keys()]
        .filter((row) => (scores[row] as number) >= rule.z)
        .toSorted((a, b) => (scores[b] as number) - (scores[a] as number))
        .map((row) => ({ row, reason: `mean distance ${(means[row] as number).toFixed(3)}, z ${(scores[row] as number).toFixed(1)}` }))
    }
    case 'quota':
      return ofRows(evictions(facts, rule), (row) => {
        const used = Math.max(facts[row]?.lastHitAt ?? -Infinity, facts[row]?.createdAt ?? -Infinity)
        return Number.isFinite(used) ? `last of use ${dated(used)}` : 'no sign of use'
      })
  }
}

/** Why a rule cannot be looked for in a collection; null where it can. */
export function whyNot(rule: CleanupRule, { facts, vectors, context }: FlatSources): string | null {
  const some = (has: (one: RecordFacts) => boolean): boolean => facts.some(has)
  switch (rule.rule) {
    case 'expired':
      return some(({ expiresAt }) => expiresAt !== null) ? null : 'No record says when it expires.'
    case 'older-than':
      return some(({ createdAt }) => createdAt !== null) ? null : 'No record says when it was made.'
    case 'never-hit':
      if (context.neverHit !== null || some(({ hits }) => hits !== null)) return null
      return 'No record counts its hits, and no log of lookups is open.'
    case 'conflicts':
      if (vectors === null) return 'The collection has no vectors that can be read.'
      return some(({ answer }) => answer !== null) ? null : 'No record holds a question and its answer.'
    case 'near-duplicates':
    case 'same-vectors':
    case 'zero-vectors':
    case 'broken-vectors':
    case 'missing-vectors':
    case 'wrong-norm':
    case 'outliers':
      return vectors === null ? 'The collection has no vectors that can be read.' : null
    default:
      return null
  }
}
