import type { BlockLayout } from './block-layout.ts'

const most = 127
/** Turns a number from -127 to 127 into an integer by cutting, which is faster than rounding what may be negative. */
const offset = 128.5

/** A query in int16 and what its numbers stand for. */
export interface SmallQuery {
  readonly step: number
  /** Norm of what int16 leaves out. */
  readonly error: number
  readonly norm: number
}

function largest(numbers: ArrayLike<number>): number {
  let found = 0
  for (let at = 0; at < numbers.length; at += 1) found = Math.max(found, Math.abs(numbers[at] as number))
  return found
}

/**
 * Rows of a block in int8: a quarter of the bytes to read, which is what a search waits for. Each row has a step of its own, so
 * that its largest number is 127 steps. An inner product by these rows is off by no more than the norm of what was left out
 * times the query's norm (Cauchy and Schwarz), and the same for the query; that tells which rows can be left out for good.
 */
export class SmallRows {
  readonly #layout: BlockLayout
  /** All rows, each as long as the layout's `smallStride`. */
  readonly numbers: Int8Array
  /** What one step of each row is worth. */
  readonly steps: Float64Array
  /** Norms of what int8 leaves out of each row. */
  readonly errors: Float64Array
  readonly #query: Int16Array
  readonly queryAt: number

  /** @param queryAt address for a query: int16, as many as a small row has */
  constructor(memory: WebAssembly.Memory, layout: BlockLayout, queryAt: number) {
    const { rows, smallStride, smallAt, stepsAt, errorsAt } = layout
    this.#layout = layout
    this.numbers = new Int8Array(memory.buffer, smallAt, rows * smallStride)
    this.steps = new Float64Array(memory.buffer, stepsAt, rows)
    this.errors = new Float64Array(memory.buffer, errorsAt, rows)
    this.queryAt = queryAt
    this.#query = new Int16Array(memory.buffer, queryAt, smallStride)
  }

  /** Takes in the rows from `from` to `to`. A row with a number that is not finite stays zero; its norm tells it apart. */
  fill(rows: Float32Array, norms: Float64Array, from: number, to: number): void {
    const { stride, smallStride, dimension } = this.#layout
    const target = this.numbers
    for (let row = from; row < to; row += 1) {
      if (!Number.isFinite(norms[row])) continue
      const start = row * stride
      const step = largest(rows.subarray(start, start + dimension)) / most
      if (step === 0) continue
      const steps = 1 / step
      const targetStart = row * smallStride
      let error = 0
      for (let at = 0; at < dimension; at += 1) {
        const value = rows[start + at] as number
        const small = ((value * steps + offset) | 0) - 128
        target[targetStart + at] = small
        const left = value - small * step
        error += left * left
      }
      this.steps[row] = step
      this.errors[row] = Math.sqrt(error)
    }
  }

  /** Makes a query ready for `smallDots` and `sift`. */
  prepare(query: Float64Array): SmallQuery {
    const { dimension } = this.#layout
    // As fine as int16 allows without a sum that int32 cannot hold.
    const levels = Math.min(8191, Math.floor(2 ** 31 / (dimension * most)) - 1)
    const step = largest(query) / levels
    let [error, norm] = [0, 0]
    this.#query.fill(0)
    for (let at = 0; at < dimension; at += 1) {
      const value = query[at] as number
      const small = step === 0 ? 0 : Math.round(value / step)
      this.#query[at] = small
      error += (value - small * step) ** 2
      norm += value * value
    }
    return { step, error: Math.sqrt(error), norm: Math.sqrt(norm) }
  }
}
