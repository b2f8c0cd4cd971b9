import type { RecordFacts } from '../../shared/domain/cleanup/record-facts.ts'
import { effectOf, isGrouped, scopeRoles, type CleanupRule } from '../../shared/domain/cleanup/rule.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { flatRows, whyNot, type FlatSources } from './flat-rules.ts'
import type { Resolution } from './protocol.ts'
import type { RowGroups } from './row-groups.ts'

const mostScopes = 100

/** In which turn a rule is applied: a group must not keep what another rule removes, and a quota counts what is left. */
function turnOf(rule: CleanupRule): number {
  if (rule.rule === 'quota') return 3
  if (!isGrouped(rule)) return 0
  return rule.rule === 'exact-duplicates' ? 1 : 2
}

/**
 * What rules come to together. Rules without groups are applied first and quotas last, whatever their order, so that a group never
 * keeps a record that another rule removes. Rules that cannot be looked for come to nothing.
 */
export function resolveRules(rules: readonly CleanupRule[], sources: FlatSources, groups: RowGroups, mapping: ProfileMapping): Resolution {
  const { facts, context } = sources
  const idOf = (row: number): string => facts[row]?.id ?? ''
  const isKept = (row: number): boolean => context.decisions.get(idOf(row)) === 'keep'
  const excluded = new Uint8Array(facts.length)
  const ruleOf = new Map<number, number>()
  const merged = new Map<number, { from: number[]; rule: number }>()
  const converted: { row: number; key: string; type: Resolution['converted'][number]['type']; rule: number }[] = []
  const remove = (row: number, rule: number): void => {
    if (excluded[row] === 1) return
    excluded[row] = 1
    ruleOf.set(row, rule)
  }
  for (const [index, rule] of [...rules.entries()].toSorted(([, a], [, b]) => turnOf(a) - turnOf(b))) {
    const effect = effectOf(rule.rule)
    if (effect === 'look' || whyNot(rule, sources) !== null) continue
    if (isGrouped(rule)) {
      // Exact duplicates are a finding of their own: what is previewed is what the finding counts.
      const exact = groups.exactlyRemoved(rule, context)
      const left = excluded.map((isGone, row) => isGone | (exact[row] ?? 0))
      for (const group of groups.of(rule, context, left)) {
        const gone = new Set(group.rows.filter((row) => groups.isRemoved(rule, group, row, context)))
        const keeper = group.rows.find((row) => !gone.has(row))
        for (const row of gone) remove(row, index)
        if (!('merge' in rule) || !rule.merge || keeper === undefined || gone.size === 0) continue
        // What was merged into a record that goes now is passed on.
        const from = [...(merged.get(keeper)?.from ?? []), ...[...gone].flatMap((row) => [row, ...(merged.get(row)?.from ?? [])])]
        merged.set(keeper, { from: [...new Set(from)], rule: index })
      }
    } else if (rule.rule === 'quota') {
      const left = [...facts.keys()].filter((row) => excluded[row] === 0 && !isKept(row))
      const rows = flatRows(rule, { ...sources, facts: left.map((row) => facts[row] as RecordFacts) })
      for (const { row } of rows) remove(left[row] as number, index)
    } else {
      for (const { row, key, type } of flatRows(rule, sources)) {
        if (effect === 'convert' && key !== undefined && type !== undefined) converted.push({ row, key, type, rule: index })
        else if (effect === 'delete' && !isKept(row)) remove(row, index)
      }
    }
  }
  const stays = [...merged].filter(([row]) => excluded[row] === 0)
  const changed = converted.filter(({ row }) => excluded[row] === 0)
  const touched = new Set([...ruleOf.keys(), ...stays.map(([row]) => row), ...changed.map(({ row }) => row)])
  return {
    removed: [...ruleOf].map(([row, rule]) => ({ id: idOf(row), rule })),
    merged: stays.map(([row, { from, rule }]) => ({ id: idOf(row), from: from.map(idOf), rule })),
    converted: changed.map(({ row, ...one }) => ({ id: idOf(row), ...one })),
    scopes: scopeCounts(ruleOf.keys(), facts, mapping),
    characters: [...touched].reduce((sum, row) => sum + (facts[row]?.length ?? 0), 0),
  }
}

function scopeCounts(rows: Iterable<number>, facts: readonly RecordFacts[], mapping: ProfileMapping): Resolution['scopes'] {
  const known = scopeRoles.filter((role) => mapping.fields[role] !== undefined)
  // Sessions are too many to be told apart where there is anything else.
  const told = known.filter((role) => role !== 'session' || known.length === 1)
  if (told.length === 0) return []
  const counts = new Map<string, number>()
  for (const row of rows) {
    const name = told.map((role) => facts[row]?.[role] ?? 'none').join(' · ')
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts]
    .map(([scope, records]) => ({ scope, records }))
    .toSorted((a, b) => b.records - a.records || (a.scope < b.scope ? -1 : 1))
    .slice(0, mostScopes)
}
