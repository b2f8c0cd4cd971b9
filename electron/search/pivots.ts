import { type BlockLayout, groupNumbers } from './block-layout.ts'
import type { DotKernel } from './dot-kernel.ts'

const finished = 1

/** What the vectors of one pivot have in common: bounds of their parts along and across it and of their norms. */
export interface Group {
  readonly alongLow: number
  readonly alongHigh: number
  readonly across: number
  readonly normLow: number
  readonly normHigh: number
  /** The same parts as shares of the norms: cosines and sines of angles. NaN where a vector is zero. */
  readonly cosineLow: number
  readonly cosineHigh: number
}

/**
 * The rows of a block in groups around pivots, which are directions in int8, and how far each row reaches along its pivot and
 * across it. They are made in the background, and `isReady` tells once they can be used. What is said of a row or of a group that
 * holds a number that is not finite is NaN.
 */
export class Pivots {
  readonly count: number
  /** Pivots of int8, each as long as a small row. */
  readonly vectors: Int8Array
  /** By row: the parts along its pivot, and across it, rounded up. */
  readonly along: Float32Array
  readonly across: Float32Array
  /** All rows, those of the first pivot first, ascending. */
  readonly rows: Int32Array
  readonly #ends: Int32Array
  readonly #groups: Float64Array
  readonly #state: Int32Array
  readonly #vectorsAt: number
  readonly #smallStride: number

  constructor(memory: WebAssembly.Memory, layout: BlockLayout) {
    const { buffer } = memory
    const rows = layout.pivots === 0 ? 0 : layout.rows
    this.count = layout.pivots
    this.vectors = new Int8Array(buffer, layout.pivotsAt, layout.pivots * layout.smallStride)
    this.#groups = new Float64Array(buffer, layout.groupsAt, layout.pivots * groupNumbers)
    this.#state = new Int32Array(buffer, layout.groupRowsAt, 1)
    this.#ends = new Int32Array(buffer, layout.groupRowsAt + 4, layout.pivots)
    this.rows = new Int32Array(buffer, layout.groupRowsAt + 4 + 4 * layout.pivots, rows)
    this.along = new Float32Array(buffer, layout.alongAt, rows)
    this.across = new Float32Array(buffer, layout.acrossAt, rows)
    this.#vectorsAt = layout.pivotsAt
    this.#smallStride = layout.smallStride
  }

  get isReady(): boolean {
    return this.count > 0 && Atomics.load(this.#state, 0) === finished
  }

  /** Where the rows of a pivot begin and end in `rows`. */
  start(pivot: number): number {
    return pivot === 0 ? 0 : (this.#ends[pivot - 1] as number)
  }

  end(pivot: number): number {
    return this.#ends[pivot] as number
  }

  group(pivot: number): Group {
    const numbers = this.#groups.subarray(pivot * groupNumbers, (pivot + 1) * groupNumbers)
    const [alongLow = 0, alongHigh = 0, across = 0, normLow = 0, normHigh = 0, cosineLow = 0, cosineHigh = 0] = numbers
    return { alongLow, alongHigh, across, normLow, normHigh, cosineLow, cosineHigh }
  }

  norm(pivot: number): number {
    let squares = 0
    for (let at = pivot * this.#smallStride; at < (pivot + 1) * this.#smallStride; at += 1) squares += (this.vectors[at] as number) ** 2
    return Math.sqrt(squares)
  }

  /** Writes the inner products of a query of int16 with the pivots. @param products address for `count` int32 numbers */
  multiply(kernel: DotKernel, queryAt: number, products: number): void {
    kernel.smallDots(this.#vectorsAt, queryAt, this.#smallStride, this.count, products)
  }

  /**
   * Forms the groups, once `along` and `across` are known, and says that everything is there.
   * @param pivotOf by row
   */
  finish(pivotOf: Uint8Array, norms: Float64Array): void {
    const next = new Int32Array(this.count)
    for (const pivot of pivotOf) next[pivot] = (next[pivot] as number) + 1
    let end = 0
    for (let pivot = 0; pivot < this.count; pivot += 1) {
      end += next[pivot] as number
      this.#ends[pivot] = end
      next[pivot] = this.start(pivot)
    }
    for (const [row, pivot] of pivotOf.entries()) {
      this.rows[next[pivot] as number] = row
      next[pivot] = (next[pivot] as number) + 1
    }
    for (let pivot = 0; pivot < this.count; pivot += 1) this.#describe(pivot, norms)
    Atomics.store(this.#state, 0, finished)
  }

  #describe(pivot: number, norms: Float64Array): void {
    let [alongLow, alongHigh, mostAcross, normLow, normHigh, cosineLow, cosineHigh] = [
      Infinity,
      -Infinity,
      0,
      Infinity,
      0,
      Infinity,
      -Infinity,
    ]
    for (let at = this.start(pivot); at < this.end(pivot); at += 1) {
      const row = this.rows[at] as number
      const [along, across, norm] = [this.along[row] as number, this.across[row] as number, norms[row] as number]
      // Math.min and Math.max pass on what is not a number.
      alongLow = Math.min(alongLow, along)
      alongHigh = Math.max(alongHigh, along)
      mostAcross = Math.max(mostAcross, across)
      normLow = Math.min(normLow, norm)
      normHigh = Math.max(normHigh, norm)
      cosineLow = Math.min(cosineLow, along / norm)
      cosineHigh = Math.max(cosineHigh, along / norm)
    }
    this.#groups.set([alongLow, alongHigh, mostAcross, normLow, normHigh, cosineLow, cosineHigh], pivot * groupNumbers)
  }
}
