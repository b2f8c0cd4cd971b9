import { incompleteBeta } from './incomplete-beta.ts'
import { normalQuantile } from './normal-quantile.ts'

/** Bounds of a share, 0 to 1. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * Where the lower or upper tail of a Beta(a, b) variable has a given probability: Newton's method on the logarithm of the tail,
 * kept inside a bracket.
 */
function tailQuantile(side: 'lower' | 'upper', probability: number, a: number, b: number): number {
  const mean = a / (a + b)
  const spread = Math.sqrt((mean * (1 - mean)) / (a + b + 1))
  const direction = side === 'upper' ? 1 : -1
  const wanted = Math.log(probability)
  const guess = mean - direction * normalQuantile(probability) * spread
  let [low, high] = [0, 1]
  let p = Math.min(mean + 0.99 * (1 - mean), Math.max(mean / 3, guess))
  for (let step = 0; step < 200; step += 1) {
    const tails = incompleteBeta(p, 1 - p, a, b)
    const tail = tails[side]
    if (tail > probability === (side === 'upper')) low = p
    else high = p
    const slope = tails.density / (p * (1 - p))
    const next = tail > 0 && slope > 0 ? p + (direction * (Math.log(tail) - wanted) * tail) / slope : Number.NaN
    const inside = next > low && next < high ? next : (low + high) / 2
    if (Math.abs(inside - p) <= 1e-14 * p || inside === low || inside === high) return inside
    p = inside
  }
  return p
}

/**
 * The share of errors that is not exceeded with the confidence 1 - alpha, from k of n: BetaInv(1 - alpha; k + 1, n - k), after
 * C. J. Clopper and E. S. Pearson 1934, "The use of confidence or fiducial limits illustrated in the case of the binomial",
 * Biometrika 26. 1 where k = n.
 * @param errors k, 0 to n; need not be whole, for effective sizes of weighted samples
 * @param size n; 0 gives 1
 * @param alpha chance that the true share is above, 0 to 1
 */
export function clopperPearsonUpper(errors: number, size: number, alpha: number): number {
  if (size <= 0 || errors >= size) return 1
  if (errors <= 0) return -Math.expm1(Math.log(alpha) / size)
  return tailQuantile('upper', alpha, errors + 1, size - errors)
}

/** The share that is exceeded with the confidence 1 - alpha: the mirror image of {@link clopperPearsonUpper}. */
export function clopperPearsonLower(successes: number, size: number, alpha: number): number {
  if (size <= 0 || successes <= 0) return 0
  if (successes >= size) return Math.exp(Math.log(alpha) / size)
  // Near 1 it is solved for what is left, so that y = 1 - x keeps its precision.
  return successes > size / 2
    ? 1 - tailQuantile('upper', alpha, size - successes + 1, successes)
    : tailQuantile('lower', alpha, successes, size - successes + 1)
}

/**
 * The exact two-sided interval of Clopper and Pearson, with alpha / 2 on each side.
 * @param successes 0 to `size`; need not be whole
 * @param confidence of the interval, such as 0.95
 */
export function clopperPearson(successes: number, size: number, confidence: number): Interval {
  const side = (1 - confidence) / 2
  return { low: clopperPearsonLower(successes, size, side), high: clopperPearsonUpper(successes, size, side) }
}

/**
 * The score interval, narrower than the exact one and right on average: E. B. Wilson 1927, "Probable inference, the law of
 * succession, and statistical inference", Journal of the American Statistical Association 22.
 * @param successes 0 to `size`; need not be whole
 * @param size 0 gives 0 to 1
 */
export function wilson(successes: number, size: number, confidence: number): Interval {
  if (size <= 0) return { low: 0, high: 1 }
  const z = normalQuantile((1 + confidence) / 2)
  const share = successes / size
  const scale = 1 + (z * z) / size
  const centre = (share + (z * z) / (2 * size)) / scale
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / size + (z * z) / (4 * size * size))
  return { low: successes <= 0 ? 0 : Math.max(0, centre - half), high: successes >= size ? 1 : Math.min(1, centre + half) }
}
