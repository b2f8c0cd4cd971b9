import type { Label, LabelSource } from '../../../shared/domain/thresholds/evidence.ts'
import type { Guarantee } from '../../../shared/domain/thresholds/guarantee.ts'
import type { Interval } from '../../../shared/domain/thresholds/binomial-interval.ts'
import { thresholdUnits, type UnitId } from '../../../shared/domain/thresholds/units.ts'
import type { MeasureName } from '../../../shared/domain/thresholds/measures.ts'

export const sourceWords: Readonly<Record<LabelSource, string>> = {
  human: 'people’s',
  log: 'the source’s',
  weak: 'weak',
}

export const labelWords: Readonly<Record<Label, string>> = { right: 'right', wrong: 'wrong', unknown: 'no label' }

export const measureWords: Readonly<Record<MeasureName, string>> = {
  hitRate: 'Hit rate',
  precision: 'Precision',
  recall: 'Recall',
  fBeta: 'F-beta',
  falseHitShare: 'False-hit share',
  errorRate: 'Error rate',
  accuracy: 'Accuracy',
}

/** What each figure divides, for a tooltip. */
export const measureMeanings: Readonly<Record<MeasureName, string>> = {
  hitRate: 'Hits of all lookups',
  precision: 'Right answers of labelled hits',
  recall: 'Right answers given of all that could be given',
  fBeta: 'Precision and recall in one figure; a beta below 1 weights precision',
  falseHitShare: 'Wrong answers of labelled hits',
  errorRate: 'Wrong answers of all labelled lookups',
  accuracy: 'Lookups that came out as their label says',
}

/** A share in per cent with one decimal; unknown where there is nothing to divide by. */
export function formatShare(share: number | null | undefined): string {
  return share === null || share === undefined || Number.isNaN(share) ? 'unknown' : `${(share * 100).toFixed(1)}%`
}

export function formatInterval(interval: Interval | null): string {
  return interval === null ? '' : `${(interval.low * 100).toFixed(1)} to ${(interval.high * 100).toFixed(1)}%`
}

/** A bound in per cent without needless decimals: 2%, 0.5%. */
export function formatBound(share: number): string {
  return `${Number((share * 100).toFixed(3))}%`
}

/** Three decimals, or as many as a threshold has; above 1 nothing is a hit. */
export function formatThreshold(threshold: number): string {
  if (threshold > 1) return 'above 1'
  const text = String(Number(threshold.toFixed(6)))
  return text.length - text.indexOf('.') - 1 > 3 && text.includes('.') ? text : threshold.toFixed(3)
}

/** The scales of distances that a threshold is most often asked for in, for a tooltip. */
const commonUnits: readonly UnitId[] = ['cosine-distance', 'squared-l2', 'inner-product']

/** A threshold in other scales, for a tooltip; nothing for one above 1. */
export function thresholdTitle(threshold: number): string | undefined {
  if (threshold > 1) return undefined
  const inUnits = thresholdUnits(threshold).filter(({ unit }) => commonUnits.includes(unit))
  return inUnits.map(({ label, hit, value }) => `${label} ${hit} ${value}`).join('\n')
}

/** What the line of the best expected gain is called. */
export function gainfulName(threshold: number): string {
  return threshold > 1 ? 'best without any hit' : `best at ${formatThreshold(threshold)}`
}

export function promiseInWords({ of, bound, confidence }: Guarantee): string {
  return `wrong answers at most ${formatBound(bound)} of ${of} with ${formatBound(confidence)} confidence`
}
