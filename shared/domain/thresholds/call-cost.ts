import type { Evidence } from './evidence.ts'

/** Mean cost of a call to the model, in the unit of its log, over the lookups that tell one; null where none does. */
export function meanCallCost({ callCost }: Pick<Evidence, 'callCost'>): number | null {
  let [sum, told] = [0, 0]
  for (const cost of callCost) {
    if (Number.isNaN(cost)) continue
    sum += cost
    told += 1
  }
  return told === 0 ? null : sum / told
}
