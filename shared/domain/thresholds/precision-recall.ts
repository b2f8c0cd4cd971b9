import type { ThresholdCurve } from './curve.ts'

export interface PrecisionRecall {
  /** One per threshold at which something labelled is a hit, strict to loose. */
  readonly thresholds: Float64Array
  readonly precision: Float64Array
  readonly recall: Float64Array
  /**
   * Average precision: the sum over thresholds of (R_k - R_(k-1)) P_k with R_0 = 0, without interpolation, as
   * sklearn.metrics.average_precision_score defines it. Null without a right label.
   */
  readonly average: number | null
  /** What a similarity that tells nothing would have: the share of right labels. */
  readonly baseline: number | null
}

/** The precision-recall curve of a threshold curve, and the area below it. */
export function precisionRecall(curve: ThresholdCurve): PrecisionRecall {
  const places: number[] = []
  for (let place = 0; place < curve.thresholds.length; place += 1) if ((curve.labelledHits[place] ?? 0) > 0) places.push(place)
  const right = (place: number): number => curve.right[place] ?? 0
  const precision = Float64Array.from(places, (place) => right(place) / (right(place) + (curve.wrong[place] ?? 0)))
  const recall = Float64Array.from(places, (place) => (curve.rightTotal > 0 ? right(place) / curve.rightTotal : 0))
  let average = 0
  for (let at = 0; at < places.length; at += 1) average += ((recall[at] ?? 0) - (recall[at - 1] ?? 0)) * (precision[at] ?? 0)
  const labelled = curve.rightTotal + curve.wrongTotal
  return {
    thresholds: Float64Array.from(places, (place) => curve.thresholds[place] ?? 0),
    precision,
    recall,
    average: curve.rightTotal > 0 ? average : null,
    baseline: labelled > 0 ? curve.rightTotal / labelled : null,
  }
}
