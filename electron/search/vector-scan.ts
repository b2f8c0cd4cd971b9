import { cosineSimilarity } from '../../shared/domain/similarity.ts'
import type { Space } from '../../shared/domain/space.ts'
import { BestRows } from './best-rows.ts'
import { type BlockLayout, normsOf, rowsAtOnce, rowsOf } from './block-layout.ts'
import { createDotKernel, type DotKernel } from './dot-kernel.ts'
import { SmallRows } from './small-rows.ts'

/** Sums of many doubles are off by their last digits. */
const roundedUp = 1 + 1e-9
const roundingError = 1e-12

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
  readonly #queryAt: number
  readonly #productsAt: number

  /** @param place which part of the scratch room is this worker's */
  constructor(memory: WebAssembly.Memory, layout: BlockLayout, place: number) {
    this.#layout = layout
    this.#kernel = createDotKernel(memory)
    this.#rows = rowsOf(memory, layout)
    this.#norms = normsOf(memory, layout)
    this.#queryAt = layout.scratchAt + place * layout.scratchBytes
    this.#productsAt = this.#queryAt + layout.stride * 8
    this.#query = new Float64Array(memory.buffer, this.#queryAt, layout.stride)
    this.#products = new Float64Array(memory.buffer, this.#productsAt, rowsAtOnce)
    this.#small = new SmallRows(memory, layout, this.#productsAt + rowsAtOnce * 8)
  }

  /** Takes in the vectors, row-major without padding, and calculates their norms. */
  fill(data: Float32Array): void {
    const { rows, dimension, stride } = this.#layout
    if (stride === dimension) this.#rows.set(data)
    else for (let row = 0; row < rows; row += 1) this.#rows.set(data.subarray(row * dimension, (row + 1) * dimension), row * stride)
    for (let row = 0; row < rows; row += 1) this.#norms[row] = euclideanNorm(this.#rows, row * stride, dimension)
    this.#small.fill(this.#rows, this.#norms)
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
    const rows = new Int32Array(to - from)
    const upper = new Float64Array(to - from)
    const least = this.#range(query, ranking, limit, positions, from, to, rows, upper)
    const queryNorm = euclideanNorm(query)
    const best = new BestRows(limit)
    this.#query.set(query)
    for (let at = 0; at < rows.length; at += 1) {
      if ((upper[at] as number) < least) continue
      const row = rows[at] as number
      best.offer(row, score(ranking, this.#product(row), queryNorm, this.#norms[row] as number))
    }
    return best.rows()
  }

  /**
   * Writes each row and the highest score it can have, and returns a score that the nearest rows have at least. This loop runs
   * once for every vector, so it does without calls.
   */
  #range(
    query: Float64Array,
    ranking: Space,
    limit: number,
    positions: Int32Array | null,
    from: number,
    to: number,
    rows: Int32Array,
    upper: Float64Array,
  ): number {
    const { smallStride, smallAt } = this.#layout
    const { queryAt, productsAt, products, steps, errors } = this.#small
    const { step, error, norm: queryNorm } = this.#small.prepare(query)
    const norms = this.#norms
    const [isCosine, isL2] = [ranking === 'cosine', ranking === 'l2']
    const slope = isL2 ? 2 : 1
    const lower = new BestRows(limit)
    let worst = -Infinity
    for (let at = from; at < to;) {
      const first = positions ? (positions[at] as number) : at
      const most = Math.min(rowsAtOnce, to - at)
      let run = positions ? 1 : most
      if (positions) while (run < most && positions[at + run] === first + run) run += 1
      this.#kernel.smallDots(smallAt + first * smallStride, queryAt, smallStride, run, productsAt)
      for (let index = 0; index < run; index += 1) {
        const row = first + index
        const norm = norms[row] as number
        const rowError = errors[row] as number
        const both = queryNorm * norm
        const isLast = !(norm < Infinity) || (isCosine && both === 0)
        // By Cauchy and Schwarz, what int8 and int16 left out changes an inner product by no more than this.
        const bound = (queryNorm * rowError + error * (norm + rowError)) * roundedUp + both * roundingError
        const scale = isCosine ? 1 / both : slope
        const middle = (products[index] as number) * step * (steps[row] as number) * scale - (isL2 ? norm * norm : 0)
        const place = at - from + index
        rows[place] = row
        upper[place] = isLast ? -Infinity : middle + bound * scale
        const low = isLast ? -Infinity : middle - bound * scale
        if (low <= worst && place >= limit) continue
        lower.offer(row, low)
        worst = lower.worst()
      }
      at += run
    }
    return worst
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
