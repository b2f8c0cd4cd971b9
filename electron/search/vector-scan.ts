import { cosineSimilarity } from '../../shared/domain/similarity.ts'
import type { Space } from '../../shared/domain/space.ts'
import { BestRows } from './best-rows.ts'
import { type BlockLayout, normsOf, rowsAtOnce, rowsOf } from './block-layout.ts'
import { CandidateRows } from './candidate-rows.ts'
import { createDotKernel, type DotKernel, termsBytes } from './dot-kernel.ts'
import { ScoreRange } from './score-range.ts'
import { SmallRows } from './small-rows.ts'

/** Euclidean norm; NaN or infinite where a number is not finite. */
export function euclideanNorm(numbers: ArrayLike<number>, from = 0, length = numbers.length): number {
  let squares = 0
  for (let at = from; at < from + length; at += 1) squares += (numbers[at] as number) ** 2
  return Math.sqrt(squares)
}

/** Higher is nearer: in l2 the negative distance but for the query's own part, elsewhere inner product or cosine. */
function score(ranking: Space, product: number, queryNorm: number, norm: number): number {
  if (!Number.isFinite(product) || !Number.isFinite(norm)) return -Infinity
  switch (ranking) {
    case 'ip':
      return product
    case 'l2':
      return 2 * product - norm * norm
    case 'cosine':
      return cosineSimilarity(product, queryNorm, norm) ?? -Infinity
  }
}

/** Compares queries with the vectors of one collection, in one worker. Several scans of one memory may run at the same time. */
export class VectorScan {
  readonly #layout: BlockLayout
  readonly #kernel: DotKernel
  readonly #rows: Float32Array
  readonly #norms: Float64Array
  readonly #query: Float64Array
  readonly #products: Float64Array
  readonly #small: SmallRows
  readonly #smallProducts: Int32Array
  readonly #terms: Float64Array
  readonly #found: Int32Array
  readonly #foundEnd: Int32Array
  readonly #candidates = new CandidateRows()
  readonly #queryAt: number
  readonly #productsAt: number
  readonly #smallProductsAt: number

  /** @param place which part of the scratch room is this worker's */
  constructor(memory: WebAssembly.Memory, layout: BlockLayout, place: number) {
    const { buffer } = memory
    this.#layout = layout
    this.#kernel = createDotKernel(memory)
    this.#rows = rowsOf(memory, layout)
    this.#norms = normsOf(memory, layout)
    this.#queryAt = layout.scratchAt + place * layout.scratchBytes
    this.#query = new Float64Array(buffer, this.#queryAt, layout.stride)
    this.#productsAt = this.#queryAt + this.#query.byteLength
    this.#products = new Float64Array(buffer, this.#productsAt, rowsAtOnce)
    const termsAt = this.#productsAt + this.#products.byteLength
    this.#terms = new Float64Array(buffer, termsAt, 5)
    this.#foundEnd = new Int32Array(buffer, termsAt + this.#terms.byteLength, 1)
    this.#small = new SmallRows(memory, layout, termsAt + termsBytes)
    this.#smallProductsAt = this.#small.queryAt + layout.smallStride * 2
    this.#smallProducts = new Int32Array(buffer, this.#smallProductsAt, rowsAtOnce)
    this.#found = new Int32Array(buffer, this.#smallProductsAt + this.#smallProducts.byteLength, rowsAtOnce / 4)
  }

  /** Takes in the vectors, row-major without padding. Each row has to be prepared then. */
  fill(data: Float32Array): void {
    const { rows, dimension, stride } = this.#layout
    if (stride === dimension) this.#rows.set(data)
    else for (let row = 0; row < rows; row += 1) this.#rows.set(data.subarray(row * dimension, (row + 1) * dimension), row * stride)
  }

  /** Calculates norms and small numbers of the rows from `from` to `to`. */
  prepare(from: number, to: number): void {
    const { dimension, stride } = this.#layout
    for (let row = from; row < to; row += 1) this.#norms[row] = euclideanNorm(this.#rows, row * stride, dimension)
    this.#small.fill(this.#rows, this.#norms, from, to)
  }

  /** The `limit` nearest rows of each query among the given positions, or all rows between `from` and `to`. */
  nearest(
    queries: Float64Array,
    ranking: Space,
    limit: number,
    positions: Int32Array | null,
    from: number,
    to: number,
  ): Int32Array<ArrayBuffer>[] {
    const { stride } = this.#layout
    const found: Int32Array<ArrayBuffer>[] = []
    for (let at = 0; at < queries.length; at += stride) {
      found.push(this.#nearest(queries.subarray(at, at + stride), ranking, limit, positions, from, to))
    }
    return found
  }

  /**
   * First every row in int8, which gives a range for its score; then, in double precision, the rows whose range reaches the
   * `limit`-th best of the lower ends. The others cannot be among the nearest.
   */
  #nearest(
    query: Float64Array,
    ranking: Space,
    limit: number,
    positions: Int32Array | null,
    from: number,
    to: number,
  ): Int32Array<ArrayBuffer> {
    const least = this.#findCandidates(query, ranking, limit, positions, from, to)
    const queryNorm = euclideanNorm(query)
    const best = new BestRows(limit)
    this.#query.set(query)
    this.#candidates.forEachFrom(least, (row) => {
      best.offer(row, score(ranking, this.#product(row), queryNorm, this.#norms[row] as number))
    })
    return best.rows()
  }

  /** Collects the rows that may be among the nearest, and returns a score that the nearest have at least. */
  #findCandidates(query: Float64Array, ranking: Space, limit: number, positions: Int32Array | null, from: number, to: number): number {
    const { steps, errors } = this.#small
    const range = new ScoreRange(ranking, this.#small.prepare(query))
    const lower = new BestRows(limit)
    const consider = (row: number, product: number): void => {
      range.look(product, this.#norms[row] as number, steps[row] as number, errors[row] as number)
      if (range.high < lower.worst()) return
      this.#candidates.add(row, range.high)
      lower.offer(row, range.low)
    }
    this.#candidates.clear()
    for (let at = from; at < to;) {
      const first = positions ? (positions[at] as number) : at
      const most = Math.min(rowsAtOnce, to - at)
      let run = positions ? 1 : most
      if (positions) while (run < most && positions[at + run] === first + run) run += 1
      range.writeTerms(lower.worst(), this.#terms)
      this.#sift(first, run, consider)
      at += run
    }
    return lower.worst()
  }

  /** Calls `consider` with the small products of the rows that the terms do not leave out, in ascending order. */
  #sift(first: number, count: number, consider: (row: number, product: number) => void): void {
    const { smallStride, smallAt, normsAt, stepsAt, errorsAt } = this.#layout
    const rowsAt = smallAt + first * smallStride
    const products = this.#smallProducts
    const fours = count >> 2
    if (fours > 0) {
      const at = 8 * first
      const foundAt = this.#found.byteOffset
      this.#kernel.sift(
        rowsAt,
        this.#small.queryAt,
        smallStride,
        fours,
        normsAt + at,
        stepsAt + at,
        errorsAt + at,
        this.#terms.byteOffset,
        this.#smallProductsAt,
        foundAt,
      )
      const found = ((this.#foundEnd[0] as number) - foundAt) >> 2
      for (let index = 0; index < found; index += 1) {
        const row = this.#found[index] as number
        for (let next = row; next < row + 4; next += 1) consider(first + next, products[next] as number)
      }
    }
    const rest = count & 3
    if (rest === 0) return
    const done = 4 * fours
    this.#kernel.smallDots(rowsAt + done * smallStride, this.#small.queryAt, smallStride, rest, this.#smallProductsAt)
    for (let index = 0; index < rest; index += 1) consider(first + done + index, products[index] as number)
  }

  /** Of a row and the query. */
  #product(row: number): number {
    const bytes = this.#layout.stride * 4
    this.#kernel.dots(this.#layout.rowsAt + row * bytes, this.#queryAt, bytes, 1, this.#productsAt)
    return this.#products[0] as number
  }

  /** Writes the cosine similarity of each row from `from` to `to` at its place; NaN where there is none. */
  similarities(query: Float64Array, from: number, to: number, target: Float64Array): void {
    const queryNorm = euclideanNorm(query)
    const bytes = this.#layout.stride * 4
    this.#query.set(query)
    for (let at = from; at < to; at += rowsAtOnce) {
      const run = Math.min(rowsAtOnce, to - at)
      this.#kernel.dots(this.#layout.rowsAt + at * bytes, this.#queryAt, bytes, run, this.#productsAt)
      for (let index = 0; index < run; index += 1) {
        const row = at + index
        target[row] = cosineSimilarity(this.#products[index] as number, queryNorm, this.#norms[row] ?? 0) ?? Number.NaN
      }
    }
  }
}
