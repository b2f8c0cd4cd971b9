const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI)

/** How far Stirling's formula is from ln n!, for real n > 0. */
function stirlingError(n: number): number {
  let error = 0
  let at = n
  // The series needs a large argument; below it one step up the factorial is exact.
  while (at < 15) {
    error += (at + 0.5) * Math.log1p(1 / at) - 1
    at += 1
  }
  const square = at * at
  return error + (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / at
}

/** x ln(x / mean) + mean - x, without cancellation where both are near. */
function deviance(x: number, mean: number): number {
  const difference = x - mean
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference
  const part = difference / (x + mean)
  let sum = difference * part
  let term = 2 * x * part
  for (let power = 3; power < 1000; power += 2) {
    term *= part * part
    const next = sum + term / power
    if (next === sum) break
    sum = next
  }
  return sum
}

/** x^a (1 - x)^b / B(a, b), by C. Loader's saddle-point expansion, which keeps its relative precision for huge a and b. */
function density(x: number, y: number, a: number, b: number): number {
  const n = a + b
  const exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y)
  return Math.exp(exponent - halfLogTwoPi + 0.5 * Math.log((a * b) / n))
}

/** The continued fraction of I_x(a, b), by the modified method of Lentz; converges fast where x < (a + 1) / (a + b + 2). */
function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let numerator = 1
  let denominator = 1 / away(1 - ((a + b) * x) / (a + 1))
  let fraction = denominator
  for (let step = 1; step <= 200_000; step += 1) {
    const even = (step * (b - step) * x) / ((a + 2 * step - 1) * (a + 2 * step))
    denominator = 1 / away(1 + even * denominator)
    numerator = away(1 + even / numerator)
    fraction *= denominator * numerator
    const odd = (-(a + step) * (a + b + step) * x) / ((a + 2 * step) * (a + 2 * step + 1))
    denominator = 1 / away(1 + odd * denominator)
    numerator = away(1 + odd / numerator)
    const factor = denominator * numerator
    fraction *= factor
    if (Math.abs(factor - 1) < 1e-15) break
  }
  return fraction
}

export interface BetaTails {
  /** I_x(a, b): the probability that a Beta(a, b) variable is at most x. The smaller tail has full relative precision. */
  readonly lower: number
  readonly upper: number
  /** x^a (1 - x)^b / B(a, b): the density times x (1 - x). */
  readonly density: number
}

/**
 * The regularised incomplete beta function and its complement: continued fraction (Abramowitz and Stegun 26.5.8; Numerical
 * Recipes 6.4) with the factor before it by C. Loader 2000, "Fast and accurate computation of binomial probabilities".
 * Checked for a and b up to 10^7.
 * @param x 0 to 1
 * @param y 1 - x, given apart so that it may be tiny
 * @param a above 0
 * @param b above 0
 */
export function incompleteBeta(x: number, y: number, a: number, b: number): BetaTails {
  if (x <= 0) return { lower: 0, upper: 1, density: 0 }
  if (y <= 0) return { lower: 1, upper: 0, density: 0 }
  const at = density(x, y, a, b)
  if (x < (a + 1) / (a + b + 2)) {
    const lower = (at * continuedFraction(x, a, b)) / a
    return { lower, upper: 1 - lower, density: at }
  }
  const upper = (at * continuedFraction(y, b, a)) / b
  return { lower: 1 - upper, upper, density: at }
}
