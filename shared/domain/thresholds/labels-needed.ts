import { incompleteBeta } from './incomplete-beta.ts'

/** More labels than this are not asked for: the rate of errors is too near the bound. */
export const mostLabels = 10_000_000

/** Whether k errors among n labels show, with the confidence 1 - alpha, that the rate is at most the bound. */
function shows(errors: number, size: number, bound: number, alpha: number): boolean {
  return errors < size && incompleteBeta(1 - bound, bound, size - errors, errors + 1).lower <= alpha
}

function sizeFor(errors: number, bound: number, alpha: number): number {
  let high = Math.max(errors + 1, 16)
  while (!shows(errors, high, bound, alpha) && high < 4 * mostLabels) high *= 2
  let low = errors
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (shows(errors, middle, bound, alpha)) high = middle
    else low = middle
  }
  return high
}

/**
 * How many labels a guarantee takes: the least n for which the Clopper-Pearson bound is met although the share `rate` of them,
 * rounded up, are errors. Without errors that is n >= ln(alpha) / ln(1 - bound).
 * @param bound highest share of errors to be promised, above 0 and below 1
 * @param confidence such as 0.95
 * @param rate share of errors to be expected, 0 to 1
 * @returns null where the rate is not below the bound, or so near that more than {@link mostLabels} were needed
 */
export function labelsNeeded(bound: number, confidence: number, rate = 0): number | null {
  const alpha = 1 - confidence
  if (rate <= 0) {
    const needed = Math.log(alpha) / Math.log1p(-bound)
    // A quotient that is whole but for rounding must not ask for one label more.
    return needed - Math.floor(needed) < 1e-9 ? Math.floor(needed) : Math.ceil(needed)
  }
  if (rate >= bound) return null
  // The share of errors that n labels may hold grows with n, so the number of errors can be found by halving.
  const allows = (errors: number): boolean => errors >= rate * sizeFor(errors, bound, alpha)
  let high = 1
  while (!allows(high)) {
    high *= 2
    if (high > mostLabels * bound) return null
  }
  let low = 0
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (allows(middle)) high = middle
    else low = middle
  }
  const size = sizeFor(high, bound, alpha)
  return size > mostLabels ? null : size
}
