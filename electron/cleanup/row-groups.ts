import { countGroups, keeperGroups, rankRows, type GroupingOptions, type KeeperGroup } from '../../shared/domain/cleanup/keeper-groups.ts'
import { scopeKey, type RecordFacts } from '../../shared/domain/cleanup/record-facts.ts'
import { effectOf, type GroupedRule, type RuleOf, type ScopeRole } from '../../shared/domain/cleanup/rule.ts'
import { thresholdStep, type CandidatePairs } from './candidate-pairs.ts'
import { exactGroups, sameVectorGroups } from './exact-groups.ts'
import type { CleanupAnswer, CleanupContext } from './protocol.ts'
import type { VectorFacts } from './vector-facts.ts'

/** A group of rows of which the first one stays, unless somebody decided otherwise. */
export interface RowGroup {
  readonly rows: readonly number[]
  /** To the first row, by place; null where vectors were not compared. */
  readonly similarities: readonly (number | null)[]
}

interface GroupSources {
  readonly facts: readonly RecordFacts[]
  readonly vectors: VectorFacts | null
  readonly candidates: CandidatePairs | null
}

function fromKeeper({ keeper, members }: KeeperGroup): RowGroup {
  return { rows: [keeper, ...members.map(({ row }) => row)], similarities: [null, ...members.map(({ similarity }) => similarity)] }
}

function bySimilarity(a: RowGroup, b: RowGroup): number {
  return (b.similarities[1] ?? 0) - (a.similarities[1] ?? 0) || (a.rows[0] as number) - (b.rows[0] as number)
}

function bySize(a: RowGroup, b: RowGroup): number {
  return b.rows.length - a.rows.length || bySimilarity(a, b)
}

function pairName(a: string, b: string): string {
  return JSON.stringify(a < b ? [a, b] : [b, a])
}

/** The groups that rules find under what people said. */
export class RowGroups {
  readonly #sources: GroupSources
  readonly #scopes = new Map<string, readonly string[]>()

  constructor(sources: GroupSources) {
    this.#sources = sources
  }

  /**
   * Largest first, conflicts most similar first.
   * @param excluded 1 for rows that are gone already
   */
  of(rule: GroupedRule, context: CleanupContext, excluded: Uint8Array): RowGroup[] {
    const { facts, vectors, candidates } = this.#sources
    const scopes = this.#scopesBy(rule.scope)
    const ranked = rankRows(facts, 'keep' in rule ? rule.keep : 'newest', context.decisions)
    const isRejected = this.#rejections(context)
    if (rule.rule === 'exact-duplicates' || rule.rule === 'same-vectors') {
      const find = rule.rule === 'exact-duplicates' ? exactGroups : sameVectorGroups
      const rankOf = new Int32Array(facts.length)
      for (const [rank, row] of ranked.entries()) rankOf[row] = rank
      const groups = find(facts, vectors, (row) => scopes[row] ?? '').flatMap((all) => {
        const rows = all.filter((row) => excluded[row] === 0).toSorted((a, b) => (rankOf[a] as number) - (rankOf[b] as number))
        const kept = rows.filter((row, index) => index === 0 || !isRejected(rows[0] as number, row))
        return kept.length < 2 ? [] : [{ rows: kept, similarities: kept.map(() => null) }]
      })
      return groups.toSorted(bySize)
    }
    if (candidates === null) return []
    const threshold = rule.threshold ?? (rule.rule === 'conflicts' ? -1 : candidates.suggested)
    const options = this.#options(rule, context, excluded, candidates)
    const groups = keeperGroups(ranked, candidates.adjacency, { ...options, threshold }).map(fromKeeper)
    return groups.toSorted(rule.rule === 'conflicts' ? bySimilarity : bySize)
  }

  /** Rows that exact duplicates remove anyway, so that rules that follow do not find them once more: 1 for each. */
  exactlyRemoved(rule: GroupedRule, context: CleanupContext): Uint8Array {
    const excluded = new Uint8Array(this.#sources.facts.length)
    if (rule.rule !== 'near-duplicates' && rule.rule !== 'conflicts') return excluded
    const keep = rule.rule === 'near-duplicates' ? rule.keep : 'newest'
    const exact: RuleOf<'exact-duplicates'> = { rule: 'exact-duplicates', scope: rule.scope, keep, merge: false }
    for (const { rows } of this.of(exact, context, excluded.slice())) for (const row of rows.slice(1)) excluded[row] = 1
    return excluded
  }

  /** Whether applying a rule removes a row of a group: what a person decided comes first. */
  isRemoved(rule: GroupedRule, { rows }: RowGroup, row: number, { decisions }: CleanupContext): boolean {
    const decision = decisions.get(this.#sources.facts[row]?.id ?? '')
    switch (effectOf(rule.rule)) {
      case 'delete':
        return decision === 'delete' || (row !== rows[0] && decision !== 'keep')
      case 'decided':
        return decision === 'delete'
      default:
        return false
    }
  }

  /** What a rule would remove at each threshold; one rank and one look at each pair serve all of them. */
  curve(rule: RuleOf<'near-duplicates'>, context: CleanupContext, candidates: CandidatePairs): CleanupAnswer<'curve'> {
    const { floor, adjacency } = candidates
    const ranked = rankRows(this.#sources.facts, rule.keep, context.decisions)
    const options = this.#options(rule, context, this.exactlyRemoved(rule, context), candidates)
    const steps = Math.round((1 - floor) / thresholdStep)
    const counted = Array.from({ length: steps + 1 }, (_, step) =>
      // Steps are written with three decimals; what is computed must not fall beside them.
      countGroups(ranked, adjacency, { ...options, threshold: Number((floor + step * thresholdStep).toFixed(6)) }),
    )
    return { floor, step: thresholdStep, records: counted.map(({ members }) => members), groups: counted.map(({ groups }) => groups) }
  }

  #options(
    rule: RuleOf<'near-duplicates' | 'conflicts'>,
    context: CleanupContext,
    excluded: Uint8Array,
    candidates: CandidatePairs,
  ): Omit<GroupingOptions, 'threshold'> {
    const scopes = this.#scopesBy(rule.scope)
    const isRejected = this.#rejections(context)
    const wanted = rule.rule === 'conflicts' ? 'conflict' : 'duplicate'
    return {
      excluded,
      canStandFor: (keeper, row, pair) =>
        scopes[keeper] === scopes[row] && candidates.relation(pair) === wanted && !isRejected(keeper, row),
    }
  }

  #rejections({ judged }: CleanupContext): (a: number, b: number) => boolean {
    const { facts } = this.#sources
    const different = new Set(judged.filter(({ verdict }) => verdict === 'different').map(({ ids: [a, b] }) => pairName(a, b)))
    if (different.size === 0) return () => false
    return (a, b) => different.has(pairName(facts[a]?.id ?? '', facts[b]?.id ?? ''))
  }

  #scopesBy(roles: readonly ScopeRole[]): readonly string[] {
    const key = roles.join()
    const known = this.#scopes.get(key) ?? this.#sources.facts.map((one) => scopeKey(one, roles))
    this.#scopes.set(key, known)
    return known
  }
}
