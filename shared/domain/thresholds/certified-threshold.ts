import { clopperPearsonUpper } from './binomial-interval.ts'
import { placeOf, type ThresholdCurve } from './curve.ts'
import type { Guarantee } from './guarantee.ts'
import { labelsNeeded } from './labels-needed.ts'

/** What one level of the walk showed. */
export interface CertifiedLevel {
  readonly threshold: number
  /** Share of lookups that are hits; null without lookups. */
  readonly hitRate: number | null
  /** Share of wrong answers among the labels, of what the guarantee counts; null without labels. */
  readonly observed: number | null
  /** What the true share does not exceed, with the confidence of the guarantee. */
  readonly upper: number
  /** Labels that speak for or against it, each once. */
  readonly labels: number
  /** `skipped` has too few labels to show the bound even if all were right. */
  readonly verdict: 'skipped' | 'passed' | 'failed'
}

export type Certified = {
  /** The levels that were looked at, strict to loose; the walk ends at the first that failed. */
  readonly levels: readonly CertifiedLevel[]
  /** False where labels weigh unlike each other, so that the interval is a careful approximation. */
  readonly isExact: boolean
} & (
  | { readonly outcome: 'certified'; readonly level: CertifiedLevel }
  /** `more` labels, about, would be enough if answers go on to be right as often; null where that cannot be told. */
  | { readonly outcome: 'not-enough-labels'; readonly more: number | null }
  /** There are labels enough, and they speak against every level. */
  | { readonly outcome: 'bound-exceeded'; readonly more: number | null }
)

/** Evenly spaced levels, strict to loose, fixed before a label is looked at. */
export function evenLevels(strictest: number, loosest: number, count: number): number[] {
  const step = count > 1 ? (strictest - loosest) / (count - 1) : 0
  return Array.from({ length: count }, (_, at) => Number((strictest - at * step).toFixed(12)))
}

/** One hundred levels, 0.005 apart. */
export const usualLevels: readonly number[] = evenLevels(0.995, 0.5, 100)

interface Counted extends Omit<CertifiedLevel, 'verdict'> {
  /** Effective number of labels. */
  readonly size: number
}

/**
 * The bound at one level. Labels of unequal weight are counted in units of the heaviest one that could be wrong: without an
 * error that bound holds whatever the weights, and for equal weights it is the exact one.
 */
function countAt(curve: ThresholdCurve, threshold: number, { of, confidence }: Guarantee): Counted {
  const place = placeOf(curve, threshold)
  const wrong = curve.wrong[place] ?? 0
  const hits = wrong + (curve.right[place] ?? 0)
  const whole = of === 'hits' ? hits : curve.rightTotal + curve.wrongTotal
  const labels = of === 'hits' ? (curve.labelledHits[place] ?? 0) : curve.labels
  const unit = curve.heaviest[place] ?? 0
  const size = curve.evenWeights ? labels : unit > 0 ? whole / unit : labels
  const share = whole > 0 ? wrong / whole : null
  return {
    threshold,
    hitRate: curve.population > 0 ? (curve.hits[place] ?? 0) / curve.population : null,
    observed: share,
    upper: clopperPearsonUpper((share ?? 0) * size, size, 1 - confidence),
    labels,
    size,
  }
}

/** About how many more labels would certify some level, if the share of wrong answers at each is what was seen. */
function moreLabels(curve: ThresholdCurve, counted: readonly Counted[], guarantee: Guarantee): number | null {
  let least: number | null = null
  for (const { observed, size, labels, hitRate } of counted) {
    const needed = labelsNeeded(guarantee.bound, guarantee.confidence, observed ?? 0)
    // Only labels of hits speak for a promise about hits, and so many labels bring one.
    const perLabel = guarantee.of === 'hits' ? (hitRate ?? 0) : 1
    if (needed === null || perLabel <= 0) continue
    const dilution = size > 0 ? labels / size : 1
    const more = Math.max(1, Math.ceil((Math.max(0, needed - size) * dilution) / perLabel))
    if (least === null || more < least) least = more
  }
  // Without a lookup that is a hit anywhere, the least that a promise takes is still known.
  return least ?? (curve.labels === 0 ? labelsNeeded(guarantee.bound, guarantee.confidence) : null)
}

/**
 * The loosest threshold whose share of wrong answers is shown to be at most the bound. Levels are tried from strict to loose; one
 * with too few labels to show the bound even without an error is skipped; the walk ends at the first other level that does not
 * show it, and the last that did is the answer. Each level's bound is that of Clopper and Pearson at the full alpha: testing in an
 * order that is fixed beforehand needs no correction for the number of levels (fixed-sequence testing: A. N. Angelopoulos and
 * others 2021, "Learn then test", arXiv 2110.01052; for selective answers Y. Geifman and R. El-Yaniv 2017, arXiv 1705.08500).
 *
 * It holds while labelled lookups are a random sample of those to come: not after a change of the model, nor where traffic drifts.
 * @param levels thresholds from strict to loose, chosen without a look at labels
 */
export function certifiedThreshold(curve: ThresholdCurve, guarantee: Guarantee, levels: readonly number[] = usualLevels): Certified {
  const seen: CertifiedLevel[] = []
  const counted: Counted[] = []
  const leastSize = Math.log(1 - guarantee.confidence) / Math.log1p(-guarantee.bound) - 1e-9
  let certified: CertifiedLevel | null = null
  let failed = false
  for (const threshold of levels) {
    const count = countAt(curve, threshold, guarantee)
    const { size, ...shown } = count
    counted.push(count)
    const verdict = size < leastSize ? 'skipped' : shown.upper <= guarantee.bound + 1e-12 ? 'passed' : 'failed'
    const level: CertifiedLevel = { ...shown, verdict }
    seen.push(level)
    if (verdict === 'passed') certified = level
    if (verdict === 'failed') {
      failed = true
      break
    }
  }
  const common = { levels: seen, isExact: curve.evenWeights }
  if (certified !== null) return { ...common, outcome: 'certified', level: certified }
  const more = moreLabels(curve, counted, guarantee)
  const isAbove = failed && (seen.at(-1)?.observed ?? 0) >= guarantee.bound
  return { ...common, outcome: isAbove ? 'bound-exceeded' : 'not-enough-labels', more }
}
