import { cosineSimilarity } from '../../shared/domain/similarity.ts'
import type { Space } from '../../shared/domain/space.ts'
import { type BlockLayout, normsOf, rowsOf } from '../search/block-layout.ts'
import { createDotKernel } from '../search/dot-kernel.ts'

/** Half of the distance of 1 to the next float32. */
const rounding = 2 ** -24
const pageBytes = 65_536

/** @param stride numbers of a row, a multiple of eight */
function workFor(stride: number) {
  const [queryAt, productAt] = [stride * 4, stride * 12]
  const pages = Math.ceil((productAt + 8) / pageBytes)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const { buffer } = memory
  const row = new Float32Array(buffer, 0, stride)
  const query = new Float64Array(buffer, queryAt, stride)
  return { kernel: createDotKernel(memory), row, query, product: new Float64Array(buffer, productAt, 1), queryAt, productAt }
}

/**
 * Vectors of a collection prepared so that the higher inner product of two float32 rows is the smaller distance, and compared
 * in double precision. By cosine, rows are normalised; by l2, |q - x|² = |q|² - (2 q·x - |x|²), so that a query is (2q, -1) and
 * a row (x, |x|²), both after moving the mean to zero, which keeps rounding small. Lengths are scaled to 1 at most, lest float32
 * overflow.
 */
export class ComparableRows {
  readonly metric: Space
  readonly dimension: number
  /** Numbers of a prepared row. */
  readonly width: number
  readonly #stride: number
  readonly #rows: Float32Array
  readonly #norms: Float64Array
  readonly #mean: Float64Array
  readonly #scale: number
  /** Of all rows after moving and scaling. */
  readonly #longest: number

  /** Room of its own for the product of two rows, and the row that is in it as the query. */
  readonly #work: ReturnType<typeof workFor>
  #query = -1

  /** @param rows the comparable rows that will be prepared */
  constructor(memory: WebAssembly.Memory, layout: BlockLayout, metric: Space, rows: Int32Array) {
    this.metric = metric
    this.dimension = layout.dimension
    this.width = metric === 'l2' ? layout.dimension + 1 : layout.dimension
    this.#stride = layout.stride
    this.#rows = rowsOf(memory, layout)
    this.#norms = normsOf(memory, layout)
    this.#work = workFor(layout.stride)
    this.#mean = metric === 'l2' ? this.#meanOf(rows) : new Float64Array(layout.dimension)
    let longest = 0
    for (const row of rows) longest = Math.max(longest, this.#movedNorm(row))
    this.#scale = longest > 0 && metric !== 'cosine' ? 2 ** -Math.ceil(Math.log2(longest)) : 1
    this.#longest = longest * this.#scale
  }

  /** Writes rows as those to be searched. */
  prepare(rows: Int32Array, target: Float32Array): void {
    const { dimension, width, metric } = this
    const [source, mean] = [this.#rows, this.#mean]
    for (let index = 0; index < rows.length; index += 1) {
      const row = rows[index] as number
      const from = row * this.#stride
      const to = index * width
      if (metric === 'l2') {
        let squares = 0
        for (let at = 0; at < dimension; at += 1) {
          const value = Math.fround(((source[from + at] as number) - (mean[at] as number)) * this.#scale)
          target[to + at] = value
          squares += value * value
        }
        target[to + dimension] = squares
      } else {
        const factor = metric === 'cosine' ? 1 / (this.#norms[row] as number) : this.#scale
        for (let at = 0; at < dimension; at += 1) target[to + at] = (source[from + at] as number) * factor
      }
    }
  }

  /** Turns prepared rows into queries, in place. */
  asQueries(prepared: Float32Array, count: number): void {
    if (this.metric !== 'l2') return
    const { dimension, width } = this
    for (let to = 0; to < count * width; to += width) {
      for (let at = 0; at < dimension; at += 1) prepared[to + at] = (prepared[to + at] as number) * 2
      prepared[to + dimension] = -1
    }
  }

  /** Chroma's distance of two comparable rows, in double precision. */
  distance(a: number, b: number): number {
    if (this.metric === 'l2') return this.#squaredDistance(a, b)
    const product = this.#product(a, b)
    if (this.metric === 'ip') return 1 - product
    return 1 - (cosineSimilarity(product, this.#norms[a] as number, this.#norms[b] as number) ?? 0)
  }

  /**
   * No row whose score with the query, as float32 arithmetic gives it, is `score` or less is nearer than this. The error of an
   * inner product is at most n·u·|a|·|b| (Higham, Accuracy and Stability of Numerical Algorithms, 3.1), whatever the order of sums.
   */
  nearestPossible(query: number, score: number): number {
    const unit = rounding * (this.width + 8)
    if (this.metric === 'cosine') return 1 - score - unit
    const square = this.#scale ** 2
    const norm = this.#movedNorm(query) * this.#scale
    if (this.metric === 'ip') return 1 - (score + unit * norm * this.#longest) / square
    // A row no farther than d has a norm of |q| + sqrt(d) at most; what is off by more cannot be near.
    const apparent = Math.sqrt(Math.max(0, norm * norm - score))
    const reach = norm + apparent
    return (norm * norm - score - unit * 4 * (norm + reach) ** 2) / square
  }

  #meanOf(rows: Int32Array): Float64Array {
    const mean = new Float64Array(this.dimension)
    for (const row of rows) {
      const from = row * this.#stride
      for (let at = 0; at < this.dimension; at += 1) mean[at] = (mean[at] as number) + (this.#rows[from + at] as number) / rows.length
    }
    return mean
  }

  #movedNorm(row: number): number {
    if (this.metric !== 'l2') return this.#norms[row] as number
    const from = row * this.#stride
    let squares = 0
    for (let at = 0; at < this.dimension; at += 1) squares += ((this.#rows[from + at] as number) - (this.#mean[at] as number)) ** 2
    return Math.sqrt(squares)
  }

  #product(a: number, b: number): number {
    const { query, row, kernel, queryAt, productAt, product } = this.#work
    const stride = this.#stride
    if (this.#query !== a) query.set(this.#rows.subarray(a * stride, (a + 1) * stride))
    this.#query = a
    row.set(this.#rows.subarray(b * stride, (b + 1) * stride))
    kernel.dots(0, queryAt, stride * 4, 1, productAt)
    return product[0] as number
  }

  #squaredDistance(a: number, b: number): number {
    const rows = this.#rows
    const [left, right] = [a * this.#stride, b * this.#stride]
    let [even, odd] = [0, 0]
    for (let at = 0; at < this.#stride; at += 2) {
      const difference = (rows[left + at] as number) - (rows[right + at] as number)
      const next = (rows[left + at + 1] as number) - (rows[right + at + 1] as number)
      even += difference * difference
      odd += next * next
    }
    return even + odd
  }
}
