import type { ThresholdAnalysis } from '../../../shared/domain/thresholds/analyse.ts'
import { gainCurve, type Costs } from '../../../shared/domain/thresholds/cost.ts'
import { placeOf } from '../../../shared/domain/thresholds/curve.ts'
import { measureBands, measuresAt, type MeasureBands, type Measures } from '../../../shared/domain/thresholds/measures.ts'
import type { LabSettings } from '../../lib/thresholds-search.ts'

/** What one threshold makes of the evidence. */
export interface Figures {
  readonly threshold: number
  readonly measures: Measures
  readonly bands: MeasureBands
  /** Expected gain per lookup in the unit of the costs; null without labels. */
  readonly gain: number | null
}

/** Reads figures off one analysis at any threshold, in well under a millisecond. */
export function figuresOf({ curve }: ThresholdAnalysis, { beta, guarantee, costs }: LabSettings): (threshold: number) => Figures {
  const gains = gainCurve(curve, costs)
  return (threshold) => {
    const place = placeOf(curve, threshold)
    const gain = gains[place] ?? Number.NaN
    return {
      threshold,
      measures: measuresAt(curve, place, beta),
      bands: measureBands(curve, place, beta, guarantee.confidence),
      gain: Number.isNaN(gain) ? null : gain,
    }
  }
}

/** A gain per lookup in the unit of the costs, with decimals enough to be compared with what a hit is worth. */
export function formatGain(gain: number | null, { hit }: Costs): string {
  if (gain === null) return 'none'
  const digits = (Math.abs(gain) >= hit ? 2 : 3) - Math.floor(Math.log10(hit))
  return `${gain < 0 ? '−' : ''}${Math.abs(gain).toFixed(Math.min(12, Math.max(0, digits)))}`
}
