import { bestThreshold, type BestThreshold } from './best-threshold.ts'
import { certifiedThreshold, type Certified } from './certified-threshold.ts'
import { gainCurve } from './cost.ts'
import { thresholdCurve, type ThresholdCurve } from './curve.ts'
import { labelCodes, selectEvidence, type Evidence } from './evidence.ts'
import type { ExperimentResult, ThresholdSettings } from './experiment.ts'
import { similarityHistogram, type SimilarityBin } from './histogram.ts'
import { measureBands, measuresAt, type MeasureBands, type Measures } from './measures.ts'
import { precisionRecall, type PrecisionRecall } from './precision-recall.ts'
import { certifiedStatement, weakShareOf } from './statement.ts'

/** A place of the curve as charts draw it. */
export interface CurveReading {
  readonly threshold: number
  readonly measures: Measures
  readonly bands: MeasureBands
  readonly gain: number
}

export interface ThresholdAnalysis {
  /** The part of the evidence that the settings ask for, and the row of the whole that each of its rows was. */
  readonly part: Evidence
  readonly rows: Int32Array
  readonly curve: ThresholdCurve
  readonly readings: readonly CurveReading[]
  readonly histogram: readonly SimilarityBin[]
  readonly precisionRecall: PrecisionRecall
  readonly empirical: BestThreshold | null
  readonly gainful: BestThreshold | null
  readonly certified: Certified
  readonly result: ExperimentResult
}

/** Places of the curve spread over its range of similarity: enough for a chart, however many there are. */
function chartPlaces({ thresholds }: ThresholdCurve, most: number): number[] {
  const last = thresholds.length - 1
  if (last < 1) return []
  const [high, low] = [thresholds[1] ?? 1, thresholds[last] ?? 0]
  const step = (high - low) / most
  const places: number[] = []
  for (let place = 1; place <= last; place += 1) {
    const before = thresholds[places.at(-1) ?? 0] ?? Infinity
    if (place === last || before - (thresholds[place] ?? 0) >= step) places.push(place)
  }
  return places
}

/** The part of the evidence that settings ask for. */
export function partOf(
  evidence: Evidence,
  { sources, exact, group }: Pick<ThresholdSettings, 'sources' | 'exact' | 'group'>,
): ReturnType<typeof selectEvidence> {
  const place = group === null ? null : evidence.groups.indexOf(group)
  // A namespace of which there are no lookups has the place of those without one, -1; nothing has -2.
  return selectEvidence(evidence, { sources, exact, group: place === -1 ? -2 : place })
}

/**
 * Everything the charts need of one evidence under one set of settings. It depends on neither the present nor the candidate
 * threshold, so dragging those reads figures off: measuresAt with placeOf, thresholdFlips.
 * @param most readings of the curves, each with bands of the guarantee's confidence
 */
export function analyseThresholds(evidence: Evidence, settings: ThresholdSettings, most = 200): ThresholdAnalysis {
  const { evidence: part, rows } = partOf(evidence, settings)
  const curve = thresholdCurve(part)
  const gains = gainCurve(curve, settings.costs)
  const { beta, guarantee, costs } = settings
  const readings = chartPlaces(curve, most).map((place) => ({
    threshold: curve.thresholds[place] ?? 0,
    measures: measuresAt(curve, place, beta),
    bands: measureBands(curve, place, beta, guarantee.confidence),
    gain: gains[place] ?? 0,
  }))
  const empirical = bestThreshold(curve, { by: 'f-beta', beta })
  const gainful = bestThreshold(curve, { by: 'gain', costs })
  const certified = certifiedThreshold(curve, guarantee)
  const area = precisionRecall(curve)
  const count = (code: number): number => part.label.reduce((sum, label) => sum + (label === code ? 1 : 0), 0)
  const level = certified.outcome === 'certified' ? certified.level : null
  const result: ExperimentResult = {
    labels: { right: count(labelCodes.right), wrong: count(labelCodes.wrong), unknown: count(labelCodes.unknown) },
    averagePrecision: area.average,
    empirical: empirical && { threshold: empirical.threshold, measures: empirical.measures },
    gainful: gainful && { threshold: gainful.threshold, gain: gainful.value },
    certified: level && {
      threshold: level.threshold,
      upper: level.upper,
      hitRate: level.hitRate,
      labels: level.labels,
      isExact: certified.isExact,
    },
    more: certified.outcome === 'certified' ? null : certified.more,
    statement: certifiedStatement(certified, guarantee, weakShareOf(part)),
  }
  return { part, rows, curve, readings, histogram: similarityHistogram(part), precisionRecall: area, empirical, gainful, certified, result }
}
