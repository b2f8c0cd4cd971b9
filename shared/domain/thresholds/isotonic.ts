import { labelCodes, type Evidence } from './evidence.ts'

export interface Isotonic {
  /** Least similarity of each step, smallest first. */
  readonly from: Float64Array
  /** Probability that an answer at such a similarity is right, 0 to 1; never falls from one step to the next. */
  readonly right: Float64Array
}

/**
 * How likely an answer is right at each similarity, if more similarity never makes it less likely: weighted isotonic regression
 * by pooling adjacent violators (M. Ayer, H. D. Brunk, G. M. Ewing, W. T. Reid and E. Silverman 1955, "An empirical distribution
 * function for sampling with incomplete information"). Without labels there are no steps. Exact hits are left out.
 */
export function isotonicRight(evidence: Evidence): Isotonic {
  const { similarity, label, weight, exact } = evidence
  const labelled = [...label.keys()].filter((at) => label[at] !== labelCodes.unknown && exact[at] !== 1)
  labelled.sort((a, b) => (similarity[a] ?? 0) - (similarity[b] ?? 0))
  const steps: { from: number; right: number; weight: number }[] = []
  for (const at of labelled) {
    const from = similarity[at] ?? 0
    const w = weight[at] ?? 1
    const right = label[at] === labelCodes.right ? w : 0
    const last = steps.at(-1)
    if (last !== undefined && last.from === from) {
      last.right += right
      last.weight += w
    } else steps.push({ from, right, weight: w })
  }
  const pooled: typeof steps = []
  for (const step of steps) {
    let joined = step
    for (let last = pooled.at(-1); last !== undefined && last.right * joined.weight >= joined.right * last.weight; last = pooled.at(-1)) {
      joined = { from: last.from, right: last.right + joined.right, weight: last.weight + joined.weight }
      pooled.pop()
    }
    pooled.push(joined)
  }
  return {
    from: Float64Array.from(pooled, (step) => step.from),
    right: Float64Array.from(pooled, (step) => step.right / step.weight),
  }
}
