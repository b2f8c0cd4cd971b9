import type { ThresholdAnalysis } from '../../../shared/domain/thresholds/analyse.ts'

/** Similarities that all charts span. */
export interface SimilarityRange {
  readonly from: number
  readonly to: number
}

/** The space around the drawing of every chart, in pixels: what axes and margins leave. */
export const chartMargin = { top: 8, right: 10, bottom: 0, left: 0 }
export const valueAxisWidth = 44
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

/** Round similarities to write on an axis, seven at most. */
export function similarityTicks({ from, to }: SimilarityRange): number[] {
  const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((size) => (to - from) / size <= 7) ?? 0.5
  const first = Math.ceil(from / step - 1e-9)
  const count = Math.max(0, Math.floor(to / step + 1e-9) - first + 1)
  return Array.from({ length: count }, (_, at) => Number(((first + at) * step).toFixed(6)))
}
