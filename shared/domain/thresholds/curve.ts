import { meanCallCost } from './call-cost.ts'
import { labelCodes, type Evidence } from './evidence.ts'

/**
 * What each threshold makes of the evidence: one place per distinct similarity, strict to loose, and a first one where only the
 * exact layer answers. A lookup is a hit where its similarity is at least the threshold. Numbers are sums of weights unless
 * they say otherwise.
 */
export interface ThresholdCurve {
  /** Infinity, then the distinct similarities, largest first. */
  readonly thresholds: Float64Array
  /** Lookups that are hits, labelled or not. */
  readonly hits: Float64Array
  /** Hits that are labelled right. */
  readonly right: Float64Array
  /** Hits that are labelled wrong. */
  readonly wrong: Float64Array
  /** Hits that are labelled right, each times what its call costs over the mean of those that are known; 1 where that is not known. */
  readonly rightCalls: Float64Array
  /** Squares of the weights of labelled hits. */
  readonly squares: Float64Array
  /** Squares of the weights of hits that are labelled right. */
  readonly rightSquares: Float64Array
  /** Number of labelled hits, each once. */
  readonly labelledHits: Int32Array
  /** Largest weight among labelled hits. */
  readonly heaviest: Float64Array
  /** All lookups, as `hits` counts them. */
  readonly population: number
  readonly populationSquares: number
  readonly rightTotal: number
  readonly wrongTotal: number
  readonly squaresTotal: number
  readonly rightSquaresTotal: number
  /** Number of labels, each once. */
  readonly labels: number
  /** Whether all labels weigh the same, so that exact intervals are exact. */
  readonly evenWeights: boolean
}

/** Infinity, and the values below it, each once, largest first. */
function distinctDescending(values: Float64Array): Float64Array {
  const sorted = values.toSorted()
  const list = new Float64Array(sorted.length + 1)
  list[0] = Infinity
  let last = 0
  for (let at = sorted.length - 1; at >= 0; at -= 1) {
    const value = sorted[at] ?? 0
    if (value !== list[last]) {
      last += 1
      list[last] = value
    }
  }
  return list.slice(0, last + 1)
}

/** Place of the last value that is at least the threshold, in values from large to small of which the first always is. */
function lastAtLeast(values: Float64Array, threshold: number): number {
  let [low, high] = [0, values.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((values[middle] ?? 0) >= threshold) low = middle
    else high = middle
  }
  return low
}

function add(column: Float64Array, place: number, amount: number): void {
  column[place] = (column[place] ?? 0) + amount
}

/** Turns what each place adds into sums up to it, and gives the whole. */
function accumulate(column: Float64Array): number {
  for (let place = 1; place < column.length; place += 1) add(column, place, column[place - 1] ?? 0)
  return column.at(-1) ?? 0
}

/**
 * Sums the evidence up once, in O(n log n), so that every figure at every threshold can be read off. Where some lookups have no
 * label, the hit rate is that of all lookups, each counted once; where all have one, it is weighted like the rest.
 */
export function thresholdCurve(evidence: Evidence): ThresholdCurve {
  const { similarity, label, weight, exact, callCost } = evidence
  // An exact hit is one at every threshold.
  const keys = Float64Array.from(similarity, (value, at) => (exact[at] === 1 ? Infinity : value))
  const thresholds = distinctDescending(keys)
  const column = (): Float64Array => new Float64Array(thresholds.length)
  const [rightCalls, meanCost] = [column(), meanCallCost(evidence)]
  const [hits, right, wrong, squares, rightSquares, heaviest] = [column(), column(), column(), column(), column(), column()]
  const labelledHits = new Int32Array(thresholds.length)
  const allLabelled = !label.includes(labelCodes.unknown)
  let [populationSquares, least, largest] = [0, Infinity, 0]
  for (let at = 0; at < keys.length; at += 1) {
    const place = lastAtLeast(thresholds, keys[at] ?? 0)
    const w = weight[at] ?? 1
    const inPopulation = allLabelled ? w : 1
    add(hits, place, inPopulation)
    populationSquares += inPopulation * inPopulation
    if (label[at] === labelCodes.unknown) continue
    labelledHits[place] = (labelledHits[place] ?? 0) + 1
    heaviest[place] = Math.max(heaviest[place] ?? 0, w)
    least = Math.min(least, w)
    largest = Math.max(largest, w)
    add(squares, place, w * w)
    add(label[at] === labelCodes.right ? right : wrong, place, w)
    if (label[at] !== labelCodes.right) continue
    add(rightSquares, place, w * w)
    const cost = callCost[at] ?? NaN
    add(rightCalls, place, meanCost === null || Number.isNaN(cost) ? w : (w * cost) / meanCost)
  }
  for (let place = 1; place < thresholds.length; place += 1) {
    heaviest[place] = Math.max(heaviest[place] ?? 0, heaviest[place - 1] ?? 0)
    labelledHits[place] = (labelledHits[place] ?? 0) + (labelledHits[place - 1] ?? 0)
  }
  accumulate(rightCalls)
  return {
    thresholds,
    hits,
    right,
    wrong,
    rightCalls,
    squares,
    rightSquares,
    labelledHits,
    heaviest,
    population: accumulate(hits),
    populationSquares,
    rightTotal: accumulate(right),
    wrongTotal: accumulate(wrong),
    squaresTotal: accumulate(squares),
    rightSquaresTotal: accumulate(rightSquares),
    labels: labelledHits.at(-1) ?? 0,
    evenWeights: largest === 0 || largest - least <= 1e-9 * largest,
  }
}

/** The place of the curve that holds what a threshold makes of the evidence: the last similarity that is at least the threshold. */
export function placeOf({ thresholds }: ThresholdCurve, threshold: number): number {
  return lastAtLeast(thresholds, threshold)
}

/**
 * A threshold that gives what a place of the curve holds: the number with fewest decimals between its similarity and the next
 * lower one, near the middle of them, so that it is neither that of one lookup nor harder to write than need be. For the first
 * place, the next number of two decimals above all similarities; for the last, the one at or below its similarity.
 */
export function thresholdAt({ thresholds }: ThresholdCurve, place: number): number {
  const high = thresholds[place] ?? Infinity
  const low = thresholds[place + 1]
  if (high === Infinity) return (Math.floor((low ?? 1) * 100) + 1) / 100
  if (low === undefined) return Math.floor(high * 100) / 100
  const middle = (low + high) / 2
  for (let digits = 2; digits <= 15; digits += 1) {
    const written = Number(middle.toFixed(digits))
    if (written > low && written <= high) return written
  }
  return high
}
