import type { Interval } from './binomial-interval.ts'
import { clopperPearson } from './binomial-interval.ts'
import type { ThresholdCurve } from './curve.ts'

/** Figures of one threshold that lie between 0 and 1. */
export const measureNames = ['hitRate', 'precision', 'recall', 'fBeta', 'falseHitShare', 'errorRate', 'accuracy'] as const
export type MeasureName = (typeof measureNames)[number]

/** Null where there is nothing to divide by. */
export type Measures = Readonly<Record<MeasureName, number | null>>
export type MeasureBands = Readonly<Record<MeasureName, Interval | null>>

function share(part: number, whole: number): number | null {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : null
}

/**
 * The figures of one place of a curve, weighted by 1 / sampling probability (D. G. Horvitz and D. J. Thompson 1952, "A
 * generalization of sampling without replacement from a finite universe").
 *
 * With TP, FP, FN, TN of the labelled lookups and N their sum: hit rate of the population, precision TP / (TP + FP), recall
 * TP / (TP + FN), F-beta (1 + b^2) TP / ((1 + b^2) TP + b^2 FN + FP), false-hit share FP / (TP + FP), error rate FP / N, accuracy
 * (TP + TN) / N.
 * @param beta above 0; below 1 it weights precision
 */
export function measuresAt(curve: ThresholdCurve, place: number, beta: number): Measures {
  const truePositives = curve.right[place] ?? 0
  const falsePositives = curve.wrong[place] ?? 0
  const falseNegatives = Math.max(0, curve.rightTotal - truePositives)
  const trueNegatives = Math.max(0, curve.wrongTotal - falsePositives)
  const labelled = curve.rightTotal + curve.wrongTotal
  const squared = beta * beta
  return {
    hitRate: share(curve.hits[place] ?? 0, curve.population),
    precision: share(truePositives, truePositives + falsePositives),
    recall: share(truePositives, curve.rightTotal),
    fBeta: share((1 + squared) * truePositives, (1 + squared) * truePositives + squared * falseNegatives + falsePositives),
    falseHitShare: share(falsePositives, truePositives + falsePositives),
    errorRate: share(falsePositives, labelled),
    accuracy: share(truePositives + trueNegatives, labelled),
  }
}

/** L. Kish 1965, "Survey sampling", 11.2: as many equal weights give a mean as sure as these unequal ones. */
export function effectiveSize(sum: number, squares: number): number {
  return squares > 0 ? (sum * sum) / squares : 0
}

function band(value: number | null, size: number, confidence: number): Interval | null {
  return value === null ? null : clopperPearson(value * size, size, confidence)
}

/**
 * Pointwise confidence intervals of {@link measuresAt}: Clopper-Pearson with Kish's effective sample size, which is exact where
 * all weights are equal. F-beta rises with the share of TP among TP, FP and FN while the split of the errors is held, so its
 * limits are those of that share, carried over; for beta = 1 the split does not matter.
 * @param confidence of each interval, such as 0.95
 */
export function measureBands(curve: ThresholdCurve, place: number, beta: number, confidence: number): MeasureBands {
  const measures = measuresAt(curve, place, beta)
  const truePositives = curve.right[place] ?? 0
  const falsePositives = curve.wrong[place] ?? 0
  const falseNegatives = Math.max(0, curve.rightTotal - truePositives)
  const hitSize = effectiveSize(truePositives + falsePositives, curve.squares[place] ?? 0)
  const allSize = effectiveSize(curve.rightTotal + curve.wrongTotal, curve.squaresTotal)
  const precision = band(measures.precision, hitSize, confidence)
  const involved = truePositives + falsePositives + falseNegatives
  const involvedSquares = (curve.squares[place] ?? 0) + curve.rightSquaresTotal - (curve.rightSquares[place] ?? 0)
  const core = band(share(truePositives, involved), effectiveSize(involved, involvedSquares), confidence)
  const errors = falsePositives + falseNegatives
  const missedShare = errors > 0 ? falseNegatives / errors : 0.5
  const squared = beta * beta
  const carried = (limit: number): number => {
    const served = (1 + squared) * limit
    return limit <= 0 ? 0 : served / (served + (1 - limit) * (squared * missedShare + 1 - missedShare))
  }
  return {
    hitRate: band(measures.hitRate, effectiveSize(curve.population, curve.populationSquares), confidence),
    precision,
    recall: band(measures.recall, effectiveSize(curve.rightTotal, curve.rightSquaresTotal), confidence),
    fBeta: core === null ? null : { low: carried(core.low), high: carried(core.high) },
    falseHitShare: precision === null ? null : { low: 1 - precision.high, high: 1 - precision.low },
    errorRate: band(measures.errorRate, allSize, confidence),
    accuracy: band(measures.accuracy, allSize, confidence),
  }
}
