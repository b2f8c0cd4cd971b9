export interface LogisticFit {
  readonly intercept: number
  readonly slope: number
  /** Covariance of intercept and slope: [var(intercept), cov, var(slope)]. */
  readonly covariance: readonly [number, number, number]
}

interface State {
  readonly information: readonly [number, number, number]
  readonly determinant: number
  readonly likelihood: number
}

function chance(at: number): number {
  return 1 / (1 + Math.exp(-at))
}

function stateAt(x: Float64Array, y: Uint8Array, intercept: number, slope: number): State {
  let [first, mixed, second, likelihood] = [0, 0, 0, 0]
  for (let at = 0; at < x.length; at += 1) {
    const value = x[at] ?? 0
    const linear = intercept + slope * value
    const p = chance(linear)
    const w = p * (1 - p)
    first += w
    mixed += w * value
    second += w * value * value
    // ln p or ln (1 - p), without overflow.
    const signed = y[at] === 1 ? linear : -linear
    likelihood -= signed > 0 ? Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed)) - signed
  }
  const determinant = Math.max(first * second - mixed * mixed, 1e-300)
  return { information: [first, mixed, second], determinant, likelihood: likelihood + 0.5 * Math.log(determinant) }
}

/**
 * Logistic regression of a yes or no on one number, with the penalty of D. Firth 1993, "Bias reduction of maximum likelihood
 * estimates" (half the logarithm of the information's determinant), so that the fit is finite even where the number separates yes
 * from no perfectly (G. Heinze and M. Schemper 2002). Newton's method with halved steps.
 * @param x at least two different values
 * @param y 1 for yes, 0 for no; as many as `x`
 */
export function firthLogistic(x: Float64Array, y: Uint8Array): LogisticFit {
  let [intercept, slope] = [0, 0]
  let state = stateAt(x, y, intercept, slope)
  for (let step = 0; step < 100; step += 1) {
    const [first, mixed, second] = state.information
    let [scoreIntercept, scoreSlope] = [0, 0]
    for (let at = 0; at < x.length; at += 1) {
      const value = x[at] ?? 0
      const p = chance(intercept + slope * value)
      const leverage = (p * (1 - p) * (second - 2 * mixed * value + first * value * value)) / state.determinant
      const residual = (y[at] ?? 0) - p + leverage * (0.5 - p)
      scoreIntercept += residual
      scoreSlope += residual * value
    }
    const moveIntercept = (second * scoreIntercept - mixed * scoreSlope) / state.determinant
    const moveSlope = (first * scoreSlope - mixed * scoreIntercept) / state.determinant
    let share = 1
    let next = stateAt(x, y, intercept + moveIntercept, slope + moveSlope)
    while (!(next.likelihood >= state.likelihood - 1e-12) && share > 1e-6) {
      share /= 2
      next = stateAt(x, y, intercept + share * moveIntercept, slope + share * moveSlope)
    }
    intercept += share * moveIntercept
    slope += share * moveSlope
    state = next
    if (Math.abs(share * moveIntercept) + Math.abs(share * moveSlope) < 1e-10 * (1 + Math.abs(intercept) + Math.abs(slope))) break
  }
  const [first, mixed, second] = state.information
  return {
    intercept,
    slope,
    covariance: [second / state.determinant, -mixed / state.determinant, first / state.determinant],
  }
}
