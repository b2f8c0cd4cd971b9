import { z } from 'zod'
import { costsSchema, gainCurve } from './cost.ts'
import { thresholdAt, type ThresholdCurve } from './curve.ts'
import { guaranteeOfSchema } from './guarantee.ts'
import { measuresAt, type Measures } from './measures.ts'

/** What the best threshold is the best in. */
export const objectiveSchema = z.discriminatedUnion('by', [
  z.object({ by: z.literal('f-beta'), beta: z.number().positive().max(10) }),
  z.object({ by: z.literal('gain'), costs: costsSchema }),
  /** Most hits with a share of wrong answers that, as observed and without any allowance for chance, is at most the bound. */
  z.object({ by: z.literal('bound'), bound: z.number().min(0).max(1), of: guaranteeOfSchema }),
])
export type Objective = z.infer<typeof objectiveSchema>

export interface BestThreshold {
  readonly place: number
  readonly threshold: number
  /** F-beta, the gain per lookup, or the hit rate. */
  readonly value: number
  readonly measures: Measures
}

function valueAt(curve: ThresholdCurve, objective: Objective): (place: number) => number | null {
  switch (objective.by) {
    case 'f-beta':
      return (place) => measuresAt(curve, place, objective.beta).fBeta
    case 'gain': {
      const gains = gainCurve(curve, objective.costs)
      return (place) => gains[place] ?? null
    }
    case 'bound':
      return (place) => {
        const { hitRate, falseHitShare, errorRate } = measuresAt(curve, place, 1)
        const observed = objective.of === 'hits' ? (falseHitShare ?? 0) : (errorRate ?? 0)
        return observed <= objective.bound ? hitRate : null
      }
  }
}

/**
 * The threshold that did best on the evidence; of equals the strictest. It is fitted to these very labels, so its true error is
 * above what it shows about half the time: {@link file://./certified-threshold.ts} is the one to promise with.
 * @returns null without labels
 */
export function bestThreshold(curve: ThresholdCurve, objective: Objective): BestThreshold | null {
  if (curve.labels === 0) return null
  const valueOf = valueAt(curve, objective)
  let best: { place: number; value: number } | null = null
  for (let place = 0; place < curve.thresholds.length; place += 1) {
    const value = valueOf(place)
    if (value !== null && (best === null || value > best.value)) best = { place, value }
  }
  if (best === null) return null
  const beta = objective.by === 'f-beta' ? objective.beta : 1
  return { ...best, threshold: thresholdAt(curve, best.place), measures: measuresAt(curve, best.place, beta) }
}
