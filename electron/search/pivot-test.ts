import type { Space } from '../../shared/domain/space.ts'
import type { Group, Pivots } from './pivots.ts'
import type { SmallQuery } from './small-rows.ts'

/** Float32 and the roots of small differences are off by less than this share of the two norms. */
const roundingShare = 2e-6
const squaresRounding = 1e-12
/** The square of a sine is off by less, where it is told from a cosine of float32. */
const sineRounding = 4e-7

/**
 * Leaves out rows that cannot be near a query by their pivots, without reading them: by Cauchy and Schwarz an inner product of two
 * vectors is no more than the product of their parts along a pivot plus that of their parts across it.
 */
export class PivotTest {
  readonly #pivots: Pivots
  readonly #norms: Float64Array
  readonly #pivotNorms: Float64Array
  readonly #groups: readonly Group[]
  /** By pivot: the query's parts along and across it. */
  readonly #along: Float64Array
  readonly #across: Float64Array
  #ranking: Space = 'l2'
  /** What the inner product with a row of norm 1 may be off by. */
  #slack = 0
  #norm = 0

  /** @param norms of the block's rows */
  constructor(pivots: Pivots, norms: Float64Array) {
    const { count } = pivots
    this.#pivots = pivots
    this.#norms = norms
    this.#pivotNorms = Float64Array.from({ length: count }, (_, pivot) => pivots.norm(pivot))
    this.#groups = Array.from({ length: count }, (_, pivot) => pivots.group(pivot))
    this.#along = new Float64Array(count)
    this.#across = new Float64Array(count)
  }

  /** Takes a query in. @param products of its int16 numbers with the pivots */
  prepare(ranking: Space, { step, error, norm }: SmallQuery, products: Int32Array): void {
    const squares = (norm + error) ** 2
    for (let pivot = 0; pivot < this.#along.length; pivot += 1) {
      const along = ((products[pivot] as number) * step) / (this.#pivotNorms[pivot] as number)
      this.#along[pivot] = along
      this.#across[pivot] = Math.sqrt(Math.max(0, squares - along * along))
    }
    this.#ranking = ranking
    this.#slack = error + roundingShare * norm
    this.#norm = norm
  }

  /** How far the query reaches along a pivot. */
  nearness(pivot: number): number {
    return this.#along[pivot] as number
  }

  /** Whether some row of a pivot may have a score of at least `least`. */
  canReach(pivot: number, least: number): boolean {
    const [along, across] = [this.#along[pivot] as number, this.#across[pivot] as number]
    const group = this.#groups[pivot] as Group
    if (this.#ranking === 'cosine') {
      const { cosineLow, cosineHigh } = group
      // The best of all angles between the bounds of the group is the query's own.
      const cosine = Math.min(cosineHigh, Math.max(cosineLow, along / this.#norm))
      const most = along * cosine + across * Math.sqrt(Math.max(0, 1 - cosine * cosine) + sineRounding)
      return !(most + this.#slack < least * this.#norm)
    }
    const product = Math.max(along * group.alongLow, along * group.alongHigh) + across * group.across + this.#slack * group.normHigh
    if (this.#ranking === 'ip') return !(product < least)
    return !(2 * product - group.normLow * group.normLow * (1 - squaresRounding) < least)
  }

  /**
   * Writes those rows of a pivot whose score may be at least `least`.
   * @param from where to begin in `Pivots.rows`, and `to` where to end
   * @param only by row: 1 for those that are looked at; null for all
   * @returns how many
   */
  rows(pivot: number, from: number, to: number, least: number, only: Uint8Array | null, target: Int32Array): number {
    const { rows, along, across } = this.#pivots
    const norms = this.#norms
    const isCosine = this.#ranking === 'cosine'
    const isSquared = this.#ranking === 'l2'
    const slope = isSquared ? 2 : 1
    const [queryAlong, queryAcross] = [(this.#along[pivot] as number) * slope, (this.#across[pivot] as number) * slope]
    // In cosine both sides are multiplied by the two norms.
    const ofNorm = this.#slack * slope - (isCosine ? least * this.#norm : 0)
    const ofSquare = isSquared ? 1 - squaresRounding : 0
    const bar = isCosine ? 0 : least
    let found = 0
    for (let at = from; at < to; at += 1) {
      const row = rows[at] as number
      const norm = norms[row] as number
      const most = queryAlong * (along[row] as number) + queryAcross * (across[row] as number) + norm * (ofNorm - ofSquare * norm)
      // What is not a number is not left out.
      if (most < bar || (only !== null && only[row] === 0)) continue
      target[found] = row
      found += 1
    }
    return found
  }
}
