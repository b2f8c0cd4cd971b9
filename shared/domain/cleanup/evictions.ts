import type { RecordFacts } from './record-facts.ts'
import type { RuleOf } from './rule.ts'

/** When a record was last of use: its last hit, else when it was made. */
function usedAt({ lastHitAt, createdAt }: RecordFacts): number {
  return Math.max(lastHitAt ?? -Infinity, createdAt ?? -Infinity)
}

/**
 * Rows that a quota would evict, those that go first in front. `lru` evicts what was used longest ago, `least-useful` what has the
 * fewest hits and among those what was used longest ago. What says nothing about its use goes first; ties go by id.
 */
export function evictions(facts: readonly RecordFacts[], { by, most, evict }: Omit<RuleOf<'quota'>, 'rule'>): number[] {
  const groups = new Map<string | null, number[]>()
  for (const [row, one] of facts.entries()) {
    const group = groups.get(one[by])
    if (group) group.push(row)
    else groups.set(one[by], [row])
  }
  const order = (left: number, right: number): number => {
    const [a, b] = [facts[left] as RecordFacts, facts[right] as RecordFacts]
    const byHits = evict === 'least-useful' ? (a.hits ?? 0) - (b.hits ?? 0) : 0
    const [first, second] = [usedAt(a), usedAt(b)]
    return byHits || (first === second ? 0 : first - second) || (a.id < b.id ? -1 : 1)
  }
  return [...groups.values()].flatMap((rows) => (rows.length <= most ? [] : rows.toSorted(order).slice(0, rows.length - most)))
}
