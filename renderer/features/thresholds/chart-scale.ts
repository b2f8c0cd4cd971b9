import type { ThresholdAnalysis } from '../../../shared/domain/thresholds/analyse.ts'

/** Similarities that all charts span. */
export interface SimilarityRange {
  readonly from: number
  readonly to: number
}

/** The space around the drawing of every chart, in pixels: what axes and margins leave. */
export const chartMargin = { top: 8, right: 10, bottom: 0, left: 0 }
export const valueAxisWidth = 54
export const plotBox = { top: 0, right: chartMargin.right, bottom: 30, left: valueAxisWidth }

/** The twentieths around all similarities of the evidence and the thresholds that are marked. */
export function similarityRange({ histogram, empirical, certified }: ThresholdAnalysis): SimilarityRange {
  const marked = [empirical?.threshold, certified.outcome === 'certified' ? certified.level.threshold : undefined].flatMap(
    (threshold) => threshold ?? [],
  )
  const low = Math.min(histogram[0]?.from ?? 0.5, ...marked)
  const high = Math.max(histogram.at(-1)?.to ?? 1, ...marked, 1)
  return { from: Math.max(-1, Math.floor(low * 20) / 20), to: high > 1 ? Math.ceil(high * 100) / 100 : 1 }
}
