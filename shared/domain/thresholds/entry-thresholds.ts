import { labelCodes, type Evidence } from './evidence.ts'
import { firthLogistic } from './firth-logistic.ts'
import { normalQuantile } from './normal-quantile.ts'

/** With fewer labels of its own an entry needs more evidence. */
export const leastObservations = 4

/** What the labels of one entry's lookups say of the similarity from which its answer is right. */
export interface EntryThreshold {
  /** Place in the evidence's `entries`. */
  readonly entry: number
  /** Labelled lookups to which it was the nearest, exact ones aside. */
  readonly observations: number
  readonly wrong: number
  /** The similarity, 0 to 1, at which its answer is as likely right as wrong; null where it needs evidence. */
  readonly threshold: number | null
  /** The threshold lies above this, and below `upper`, each with the confidence asked for. */
  readonly lower: number | null
  readonly upper: number | null
}

function clip(similarity: number): number {
  return Math.min(1, Math.max(0, similarity))
}

/**
 * The threshold of one entry: a logistic fit of right or wrong on similarity over its observations; t = -b0 / g, with its variance
 * by the delta method. Formulas: vCache (arXiv 2502.03771), penalised as in {@link firthLogistic} in place of its table for separated
 * observations. vCache starts every entry with two more, wrong at 0 and right at 1. Under the penalty these would pull the threshold
 * away from labels that lie close together, so only the one whose kind is missing is added. Where more similar lookups are wrong more
 * often there is nothing to fit: the threshold is 0 or 1, by what most labels say, and its limits are the whole range.
 * @param similarity one per observation
 * @param isRight as many
 * @param confidence of each limit, such as 0.9
 */
export function fitEntryThreshold(
  similarity: readonly number[],
  isRight: readonly boolean[],
  confidence: number,
): { threshold: number; lower: number; upper: number } {
  const starts = [0, 1].filter((start) => !isRight.includes(start === 1))
  const x = Float64Array.from([...similarity, ...starts])
  const fit = new Set(x).size < 2 ? null : firthLogistic(x, Uint8Array.from([...isRight.map(Number), ...starts]))
  if (fit === null || fit.slope < 1e-6) {
    const rights = isRight.filter(Boolean).length
    const threshold = rights * 2 > isRight.length ? 0 : 1
    return { threshold, lower: 0, upper: 1 }
  }
  const threshold = -fit.intercept / fit.slope
  const [a, b] = [-1 / fit.slope, fit.intercept / fit.slope ** 2]
  const [varIntercept, covariance, varSlope] = fit.covariance
  const deviation = Math.sqrt(Math.max(0, a * a * varIntercept + 2 * a * b * covariance + b * b * varSlope))
  const reach = normalQuantile(confidence) * deviation
  return { threshold: clip(threshold), lower: clip(threshold - reach), upper: clip(threshold + reach) }
}

/** The thresholds of all entries that a lookup came near, in the order of `entries`. */
export function entryThresholds({ similarity, label, entry, entries, exact }: Evidence, confidence = 0.9): EntryThreshold[] {
  const similarities = entries.map((): number[] => [])
  const rights = entries.map((): boolean[] => [])
  for (let at = 0; at < similarity.length; at += 1) {
    if (label[at] === labelCodes.unknown || exact[at] === 1) continue
    similarities[entry[at] ?? -1]?.push(similarity[at] ?? 0)
    rights[entry[at] ?? -1]?.push(label[at] === labelCodes.right)
  }
  return entries.map((_, place) => {
    const [own, right] = [similarities[place] ?? [], rights[place] ?? []]
    const counts = { entry: place, observations: own.length, wrong: right.filter((one) => !one).length }
    return own.length < leastObservations
      ? { ...counts, threshold: null, lower: null, upper: null }
      : { ...counts, ...fitEntryThreshold(own, right, confidence) }
  })
}
