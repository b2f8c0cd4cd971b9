import type { Space } from '../../shared/domain/space.ts'
import type { SmallQuery } from './small-rows.ts'

/** Sums of many doubles are off by their last digits. */
const roundedUp = 1 + 1e-9
const roundingError = 1e-12

/**
 * Between what and what the score of a row lies, by its product with a query in small numbers. By Cauchy and Schwarz, what int8
 * and int16 left out changes an inner product by no more than `queryNorm * error + queryError * (norm + error)`.
 */
export class ScoreRange {
  readonly #ranking: Space
  readonly #query: SmallQuery
  readonly #slope: number
  low = 0
  high = 0

  constructor(ranking: Space, query: SmallQuery) {
    this.#ranking = ranking
    this.#query = query
    this.#slope = ranking === 'l2' ? 2 : 1
  }

  /** Sets `low` and `high` to the range of a row; both to -Infinity where it comes last. */
  look(product: number, norm: number, step: number, error: number): void {
    const { step: queryStep, error: queryError, norm: queryNorm } = this.#query
    const both = queryNorm * norm
    const isCosine = this.#ranking === 'cosine'
    if (!(norm < Infinity) || (isCosine && both === 0)) {
      this.low = -Infinity
      this.high = -Infinity
      return
    }
    const bound = (queryNorm * error + queryError * (norm + error)) * roundedUp + both * roundingError
    const scale = isCosine ? 1 / both : this.#slope
    const squares = this.#ranking === 'l2' ? norm * norm : 0
    const middle = product * queryStep * step * scale - squares
    const width = bound * scale + squares * roundingError
    this.low = middle - width
    this.high = middle + width
  }

  /**
   * The terms by which the kernel's `sift` leaves out rows whose `high` is below `least`, and none other. In cosine both sides are
   * multiplied by the two norms.
   */
  writeTerms(least: number, terms: Float64Array): void {
    const { step, error, norm } = this.#query
    const isCosine = this.#ranking === 'cosine'
    terms[0] = this.#slope * step
    terms[1] = this.#slope * (norm + error) * roundedUp
    terms[2] = this.#slope * (error * roundedUp + norm * roundingError) - (isCosine ? least * norm : 0)
    terms[3] = this.#ranking === 'l2' ? 1 - roundingError : 0
    terms[4] = isCosine ? 0 : least
  }
}
