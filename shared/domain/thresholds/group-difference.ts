import { labelCodes, type Evidence } from './evidence.ts'
import { firthLogistic } from './firth-logistic.ts'
import { seededRandom, shuffle } from './seeded-random.ts'

export interface GroupDifference {
  /** Sum over groups of (observed - expected right answers)^2 / variance; larger where groups differ. */
  readonly statistic: number
  /** Chance of so large a statistic if answers of the same similarity were as often right in every group, 0 to 1. */
  readonly pValue: number
  readonly permutations: number
}

/** Lookups of like similarity among which groups are exchanged. */
const stratumSize = 20

/**
 * Whether groups differ in how often answers of the same similarity are right, so that one threshold does not suit all: the score
 * statistic of one logistic fit over all groups, tested by exchanging groups among lookups of like similarity (a permutation test
 * within strata: P. Good 2005, "Permutation, parametric, and bootstrap tests of hypotheses"). The same seed gives the same answer.
 * Lookups without a group are left out. Unweighted: labels are sampled by similarity, and only those of like similarity are compared.
 * @returns null with fewer than two groups that have labels
 */
export function groupDifference(evidence: Evidence, permutations = 999, seed = 1): GroupDifference | null {
  const { similarity, label, group, exact } = evidence
  const rows = [...label.keys()].filter((at) => label[at] !== labelCodes.unknown && exact[at] !== 1 && (group[at] ?? -1) >= 0)
  if (new Set(rows.map((at) => group[at])).size < 2) return null
  rows.sort((a, b) => (similarity[a] ?? 0) - (similarity[b] ?? 0))
  const x = Float64Array.from(rows, (at) => similarity[at] ?? 0)
  const y = Uint8Array.from(rows, (at) => (label[at] === labelCodes.right ? 1 : 0))
  // A line needs two similarities.
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length
  const fit = x[0] === x.at(-1) ? null : firthLogistic(x, y)
  const expected = x.map((value) => (fit === null ? mean : 1 / (1 + Math.exp(-(fit.intercept + fit.slope * value)))))
  const groups = Int32Array.from(rows, (at) => group[at] ?? 0)
  const count = evidence.groups.length
  const [residuals, variances] = [new Float64Array(count), new Float64Array(count)]
  const statisticOf = (): number => {
    residuals.fill(0)
    variances.fill(0)
    for (let at = 0; at < groups.length; at += 1) {
      const p = expected[at] ?? 0
      const place = groups[at] ?? 0
      residuals[place] = (residuals[place] ?? 0) + (y[at] ?? 0) - p
      variances[place] = (variances[place] ?? 0) + p * (1 - p)
    }
    let sum = 0
    for (let place = 0; place < count; place += 1) {
      const variance = variances[place] ?? 0
      if (variance > 0) sum += (residuals[place] ?? 0) ** 2 / variance
    }
    return sum
  }
  const statistic = statisticOf()
  const random = seededRandom(seed)
  let asLarge = 1
  for (let run = 0; run < permutations; run += 1) {
    for (let from = 0; from < groups.length; from += stratumSize) {
      shuffle(groups, random, from, Math.min(groups.length, from + stratumSize))
    }
    if (statisticOf() >= statistic - 1e-9) asLarge += 1
  }
  return { statistic, pValue: asLarge / (permutations + 1), permutations }
}
