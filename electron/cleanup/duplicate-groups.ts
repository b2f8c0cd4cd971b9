import { cleanupRuleSchema, isGrouped, type GroupedRule } from '../../shared/domain/cleanup/rule.ts'
import type { CleanupContext } from './protocol.ts'
import type { RowGroups } from './row-groups.ts'

function usual(rule: 'exact-duplicates' | 'near-duplicates'): GroupedRule {
  const parsed = cleanupRuleSchema.parse({ rule })
  if (!isGrouped(parsed)) throw new Error(`${rule} has no groups.`)
  return parsed
}

/**
 * Rows that are duplicates of each other by the usual rules: those near each other, each with its exact copies, and exact copies of
 * what is near nothing else. No row is in two groups.
 * @param rows how many there are
 * @returns rows of each group, the one that stays first; most rows first
 */
export function duplicateGroups(groups: RowGroups, context: CleanupContext, rows: number): number[][] {
  const exact = groups.of(usual('exact-duplicates'), context, new Uint8Array(rows))
  const rule = usual('near-duplicates')
  const near = groups.of(rule, context, groups.exactlyRemoved(rule, context))
  const copiesOf = new Map(exact.map((group) => [group.rows[0], group.rows]))
  const joined = near.map((group) => group.rows.flatMap((row) => copiesOf.get(row) ?? [row]))
  const taken = new Set(near.flatMap((group) => group.rows))
  const alone = exact.filter((group) => !taken.has(group.rows[0] as number)).map((group) => [...group.rows])
  return [...joined, ...alone].toSorted((a, b) => b.length - a.length || (a[0] as number) - (b[0] as number))
}
