import type { VectorSummary } from '../../shared/contract/records.ts'

/** Sums up one vector; components that are not finite are counted and left out of minimum, maximum, mean and norm. */
export function vectorSummary(values: Float32Array<ArrayBuffer>, source: VectorSummary['source']): VectorSummary {
  let squares = 0
  let sum = 0
  let min = Infinity
  let max = -Infinity
  let zeros = 0
  let nonFinite = 0
  for (const value of values) {
    if (!Number.isFinite(value)) {
      nonFinite += 1
      continue
    }
    squares += value * value
    sum += value
    min = Math.min(min, value)
    max = Math.max(max, value)
    if (value === 0) zeros += 1
  }
  const finite = values.length - nonFinite
  return {
    dimension: values.length,
    norm: Math.sqrt(squares),
    min: finite === 0 ? 0 : min,
    max: finite === 0 ? 0 : max,
    mean: finite === 0 ? 0 : sum / finite,
    zeros,
    nonFinite,
    source,
    values,
  }
}
