import { expect, test } from 'vitest'
import { clopperPearson, clopperPearsonLower, clopperPearsonUpper, wilson } from '../../../../shared/domain/thresholds/binomial-interval.ts'
import { incompleteBeta } from '../../../../shared/domain/thresholds/incomplete-beta.ts'
import { labelsNeeded } from '../../../../shared/domain/thresholds/labels-needed.ts'
import { normalQuantile } from '../../../../shared/domain/thresholds/normal-quantile.ts'

/** Within a relative error, which for tiny shares toBeCloseTo is not. */
function near(actual: number, expected: number, relative = 1e-10): void {
  expect(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual} is not ${expected}`).toBe(true)
}

test('Clopper-Pearson gives the limits that are in print and those of another implementation, up to ten million labels', () => {
  // R. G. Newcombe 1998, Statistics in Medicine 17, table I, method 5.
  const printed = [
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ] as const
  for (const [k, n, low, high] of printed) {
    const interval = clopperPearson(k, n, 0.95)
    expect(interval.low.toFixed(4)).toBe(low.toFixed(4))
    expect(interval.high.toFixed(4)).toBe(high.toFixed(4))
  }
  // scipy.stats.beta 1.17: ppf(alpha / 2, k, n - k + 1) and isf(alpha / 2, k + 1, n - k).
  const computed = [
    [1, 10, 0.05, 0.0025285785444617848, 0.4450161170281953],
    [5, 10, 0.05, 0.18708602844739855, 0.8129139715526015],
    [20, 1000, 0.05, 0.012258267972406329, 0.030720032682609113],
    [3, 10_000_000, 0.05, 6.186721656250593e-8, 8.767270541303176e-7],
    [5_000_000, 10_000_000, 0.05, 0.4996900525213711, 0.5003099474786289],
    [9_999_999, 10_000_000, 0.01, 0.9999992569872889, 0.9999999994987459],
    [17, 412, 1e-9, 0.0057131859384084395, 0.131742429457309],
    [2.5, 37.25, 0.1, 0.01557193805925092, 0.17762460445109238],
  ] as const
  for (const [k, n, alpha, low, high] of computed) {
    near(clopperPearsonLower(k, n, alpha / 2), low)
    near(clopperPearsonUpper(k, n, alpha / 2), high)
  }
})

test('Without errors and with nothing but errors the limits are those of the closed form', () => {
  for (const n of [1, 10, 299, 10_000_000]) {
    near(clopperPearsonUpper(0, n, 0.05), -Math.expm1(Math.log(0.05) / n))
    near(clopperPearsonLower(n, n, 0.05), 0.05 ** (1 / n))
    expect([clopperPearsonUpper(n, n, 0.05), clopperPearsonLower(0, n, 0.05)]).toEqual([1, 0])
  }
  expect(clopperPearson(0, 0, 0.95)).toEqual({ low: 0, high: 1 })
})

test('The upper limit is where k or fewer errors have the probability alpha, by a plain sum of binomial probabilities', () => {
  for (const [k, n] of [
    [0, 7],
    [3, 40],
    [11, 60],
    [39, 40],
  ] as const) {
    const p = clopperPearsonUpper(k, n, 0.07)
    let term = (1 - p) ** n
    let sum = term
    for (let errors = 1; errors <= k; errors += 1) {
      term *= ((n - errors + 1) / errors) * (p / (1 - p))
      sum += term
    }
    near(sum, 0.07, 1e-9)
  }
})

test('Wilson gives the limits that are in print', () => {
  // R. G. Newcombe 1998, Statistics in Medicine 17, table I, method 3.
  const printed = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const
  for (const [k, n, low, high] of printed) {
    const interval = wilson(k, n, 0.95)
    expect(interval.low.toFixed(4)).toBe(low.toFixed(4))
    expect(interval.high.toFixed(4)).toBe(high.toFixed(4))
  }
  expect(wilson(20, 20, 0.95).high).toBe(1)
  expect(wilson(0, 0, 0.95)).toEqual({ low: 0, high: 1 })
})

test('The incomplete beta function keeps its relative precision deep in the tails', () => {
  // mpmath 1.3 with 40 digits, and scipy.special 1.17 for the huge ones.
  const computed = [
    [0.001, 3, 1000, 0.08057759036020441, 0.9194224096397956],
    [1e-9, 4, 9999997, 4.133469359389618e-10, 0.9999999995866531],
    [0.5, 200, 100, 2.6465546025796367e-9, 0.9999999973534454],
    [0.02, 0.5, 20, 0.6283343133368392, 0.37166568666316074],
    [0.3332, 1000000, 2000000, 0.31213966287673267, 0.6878603371232174],
    [0.95, 2.5, 3.5, 0.9997956051088055, 0.0002043948911944675],
  ] as const
  for (const [x, a, b, lower, upper] of computed) {
    const tails = incompleteBeta(x, 1 - x, a, b)
    near(tails.lower, lower, 1e-9)
    near(tails.upper, upper, 1e-9)
  }
})

test('Normal quantiles are those of printed tables, and symmetric', () => {
  near(normalQuantile(0.975), 1.959963984540054, 1e-14)
  near(normalQuantile(0.995), 2.5758293035489004, 1e-14)
  near(normalQuantile(0.9), 1.2815515655446004, 1e-14)
  near(normalQuantile(1e-12), -7.034483825301131, 1e-13)
  for (const p of [0.001, 0.1, 0.3]) near(normalQuantile(p), -normalQuantile(1 - p), 1e-12)
  expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([-Infinity, 0, Infinity])
})

test('The number of labels for a guarantee without errors is that of the published table', () => {
  const table = [
    [0.01, 230, 299],
    [0.02, 114, 149],
    [0.05, 45, 59],
    [0.1, 22, 29],
  ] as const
  for (const [bound, at90, at95] of table) expect([labelsNeeded(bound, 0.9), labelsNeeded(bound, 0.95)]).toEqual([at90, at95])
})

test('So many labels suffice with the errors to be expected, and one label fewer does not', () => {
  for (const [bound, confidence, rate] of [
    [0.05, 0.9, 0.02],
    [0.02, 0.95, 0.01],
    [0.1, 0.99, 0.09],
  ] as const) {
    const size = labelsNeeded(bound, confidence, rate)!
    expect(clopperPearsonUpper(Math.ceil(rate * size - 1e-9), size, 1 - confidence)).toBeLessThanOrEqual(bound)
    expect(clopperPearsonUpper(Math.ceil(rate * (size - 1) - 1e-9), size - 1, 1 - confidence)).toBeGreaterThan(bound)
  }
  expect(labelsNeeded(0.05, 0.9, 0.05)).toBeNull()
  expect(labelsNeeded(0.05, 0.9, 0.0499999)).toBeNull()
})
