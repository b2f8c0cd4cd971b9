import { z } from 'zod'
import type { ThresholdCurve } from './curve.ts'

/** What lookups cost, in any one unit: money, milliseconds, or answers of the model. */
export const costsSchema = z.object({
  /** What a right hit is worth: the call it saves, or the mean of such calls. */
  hit: z.number().positive(),
  /** What a wrong answer costs. */
  wrong: z.number().min(0),
  /** What a lookup itself costs, hit or miss. */
  lookup: z.number().min(0),
  /** Whether a right hit is worth more or less than `hit` as its own call costs more or less than the mean, where that is known. */
  perCall: z.boolean().default(false),
})
export type Costs = z.infer<typeof costsSchema>

/** Serving pays where the answer is right with at least this probability: p hit > (1 - p) wrong, so p > wrong / (wrong + hit). */
export function breakEvenPrecision({ hit, wrong }: Costs): number {
  return wrong / (wrong + hit)
}

/**
 * The hit rate above which the cache saves more than its lookups cost, while a share of its hits is right; null where hits lose
 * at that share, so that no hit rate is enough. (With every hit right it is the lookup's cost over the saved call's:
 * arXiv 2510.26835.)
 * @param precision 0 to 1
 */
export function breakEvenHitRate({ hit, wrong, lookup }: Costs, precision = 1): number | null {
  const perHit = precision * hit - (1 - precision) * wrong
  if (perHit <= 0) return null
  const rate = lookup / perHit
  return rate <= 1 ? rate : null
}

/**
 * Expected gain per lookup at every place of a curve, in the unit of the costs: (hit TP - wrong FP) / N - lookup, over the
 * labelled lookups, where TP counts each by the cost of its call where `perCall` says so. NaN without labels.
 */
export function gainCurve(curve: ThresholdCurve, costs: Costs): Float64Array {
  const labelled = curve.rightTotal + curve.wrongTotal
  return Float64Array.from(
    costs.perCall ? curve.rightCalls : curve.right,
    (right, place) => (costs.hit * right - costs.wrong * (curve.wrong[place] ?? 0)) / labelled - costs.lookup,
  )
}
