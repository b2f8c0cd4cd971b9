/** The median of finite values; NaN where there is none. */
export function medianOf(values: Iterable<number>): number {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort()
  const half = sorted.length >> 1
  if (sorted.length === 0) return Number.NaN
  return sorted.length % 2 === 1 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2
}

/**
 * How far each value is above the median, in units of the scaled median absolute deviation (B. Iglewicz and D. Hoaglin 1993); what is
 * not finite has NaN. Where more than half of the values are equal the mean deviation takes the place of a median deviation of 0.
 */
export function robustScores(values: Float64Array): Float64Array {
  const middle = medianOf(values)
  const deviations = values.map((value) => Math.abs(value - middle))
  const spread = medianOf(deviations) * 1.4826
  if (spread > 0) return values.map((value) => (value - middle) / spread)
  const finite = deviations.filter(Number.isFinite)
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length
  return values.map((value) => (mean > 0 ? (value - middle) / (mean * 1.2533) : value - middle === 0 ? 0 : Number.NaN))
}
