import { cosineSimilarity } from '../../shared/domain/similarity.ts'
import type { Space } from '../../shared/domain/space.ts'
import { BestRows } from './best-rows.ts'
import { type BlockLayout, normsOf, queriesAtOnce, rowsAtOnce, rowsOf } from './block-layout.ts'
import { createDotKernel, type DotKernel } from './dot-kernel.ts'

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
  readonly #queries: Float64Array
  readonly #products: Float64Array
  readonly #queriesAt: number
  readonly #productsAt: number

  /** @param place which part of the scratch room is this worker's */
  constructor(memory: WebAssembly.Memory, layout: BlockLayout, place: number) {
    this.#layout = layout
    this.#kernel = createDotKernel(memory)
    this.#rows = rowsOf(memory, layout)
    this.#norms = normsOf(memory, layout)
    this.#queriesAt = layout.scratchAt + place * layout.scratchBytes
    this.#productsAt = this.#queriesAt + queriesAtOnce * layout.stride * 8
    this.#queries = new Float64Array(memory.buffer, this.#queriesAt, queriesAtOnce * layout.stride)
    this.#products = new Float64Array(memory.buffer, this.#productsAt, rowsAtOnce)
  }

  /** Takes in the vectors, row-major without padding, and calculates their norms. */
  fill(data: Float32Array): void {
    const { rows, dimension, stride } = this.#layout
    if (stride === dimension) this.#rows.set(data)
    else for (let row = 0; row < rows; row += 1) this.#rows.set(data.subarray(row * dimension, (row + 1) * dimension), row * stride)
    for (let row = 0; row < rows; row += 1) this.#norms[row] = euclideanNorm(this.#rows, row * stride, dimension)
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
    const count = queries.length / stride
    const found: Int32Array<ArrayBuffer>[] = []
    for (let first = 0; first < count; first += queriesAtOnce) {
      const some = queries.subarray(first * stride, Math.min(count, first + queriesAtOnce) * stride)
      const queryNorms = Array.from({ length: some.length / stride }, (_, index) => euclideanNorm(some, index * stride, stride))
      const best = queryNorms.map(() => new BestRows(limit))
      this.#visit(some, positions, from, to, (query, row, product) =>
        best[query]?.offer(row, score(ranking, product, queryNorms[query] ?? 0, this.#norms[row] ?? 0)),
      )
      found.push(...best.map((rows) => rows.rows()))
    }
    return found
  }

  /** Writes the cosine similarity of each row from `from` to `to` at its place; NaN where there is none. */
  similarities(query: Float64Array, from: number, to: number, target: Float64Array): void {
    const queryNorm = euclideanNorm(query)
    this.#visit(query, null, from, to, (_, row, product) => {
      target[row] = cosineSimilarity(product, queryNorm, this.#norms[row] ?? 0) ?? Number.NaN
    })
  }

  #visit(
    queries: Float64Array,
    positions: Int32Array | null,
    from: number,
    to: number,
    take: (query: number, row: number, product: number) => void,
  ): void {
    const { stride } = this.#layout
    this.#queries.set(queries)
    const count = queries.length / stride
    let at = from
    while (at < to) {
      const first = positions ? (positions[at] as number) : at
      let run = 1
      const most = Math.min(rowsAtOnce, to - at)
      if (!positions) run = most
      else while (run < most && positions[at + run] === first + run) run += 1
      for (let query = 0; query < count; query += 1) {
        this.#kernel.dots(this.#layout.rowsAt + first * stride * 4, this.#queriesAt + query * stride * 8, stride * 4, run, this.#productsAt)
        for (let index = 0; index < run; index += 1) take(query, first + index, this.#products[index] as number)
      }
      at += run
    }
  }
}
