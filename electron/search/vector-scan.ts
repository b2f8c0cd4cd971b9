import { cosineSimilarity } from '../../shared/domain/similarity.ts'
import type { Space } from '../../shared/domain/space.ts'
import { BestRows } from './best-rows.ts'
import { type BlockLayout, normsOf, rowsAtOnce, rowsOf } from './block-layout.ts'
import { CandidateRows } from './candidate-rows.ts'
import { compareVectors, type Found, nearestFirst } from './compare-vectors.ts'
import { createDotKernel, type DotKernel } from './dot-kernel.ts'
import { PivotTest } from './pivot-test.ts'
import { Pivots } from './pivots.ts'
import type { NearestRows } from './protocol.ts'
import { ScoreRange } from './score-range.ts'
import { type Scratch, scratchOf } from './scratch.ts'
import { type SmallQuery, SmallRows } from './small-rows.ts'

/** Rows between two looks at the results, where pivots leave most of them out. */
const rowsAtATime = 512
/** Fewer rows than this are compared sooner than pivots. */
const fewRows = 1024
/** Pivots whose rows are looked at first, whatever the others promise. */
const nearPivots = 2
/** One row after the other takes so many times longer than all of them in a stretch. */
const worthwhile = 4
/** Bytes of small rows that are read in less than a millisecond. */
const quickBytes = 1_500_000
/** Marking more positions than this takes as long as waking a worker. */
const quickPositions = 100_000
/** So many more than asked for are compared once more. */
const spare = 16

/** Rows from here to there: of the positions where there are some, else of the block itself. */
interface Part {
  readonly positions: Int32Array | null
  readonly from: number
  readonly to: number
}

/** Where the first number of at least `least` is among ascending numbers between two places. */
function placeFrom(numbers: Int32Array, from: number, to: number, least: number): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((numbers[middle] as number) < least) low = middle + 1
    else high = middle
  }
  return low
}

/** The pivots with the highest numbers, highest first. */
function highest(count: number, nearness: (pivot: number) => number): number[] {
  const found: number[] = []
  for (let pivot = 0; pivot < count; pivot += 1) {
    let place = found.length
    while (place > 0 && nearness(found[place - 1] as number) < nearness(pivot)) place -= 1
    if (place < nearPivots) found.splice(place, 0, pivot)
    if (found.length > nearPivots) found.pop()
  }
  return found
}

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
  readonly #scratch: Scratch
  readonly #pivots: Pivots
  #pivotTest: PivotTest | null = null
  readonly #passed = new Int32Array(rowsAtATime)
  #marks: Uint8Array | null = null

  /** @param place which part of the scratch room is this worker's */
  constructor(memory: WebAssembly.Memory, layout: BlockLayout, place: number) {
    const { buffer } = memory
    this.#layout = layout
    this.#kernel = createDotKernel(memory)
    this.#rows = rowsOf(memory, layout)
    this.#norms = normsOf(memory, layout)
    const scratch = scratchOf(layout, place)
    this.#scratch = scratch
    this.#query = new Float64Array(buffer, scratch.queryAt, layout.stride)
    this.#products = new Float64Array(buffer, scratch.productsAt, rowsAtOnce)
    this.#terms = new Float64Array(buffer, scratch.termsAt, 5)
    this.#foundEnd = new Int32Array(buffer, scratch.termsAt + this.#terms.byteLength, 1)
    this.#small = new SmallRows(memory, layout, scratch.smallQueryAt)
    this.#smallProducts = new Int32Array(buffer, scratch.smallProductsAt, rowsAtOnce)
    this.#found = new Int32Array(buffer, scratch.foundAt, rowsAtOnce / 4)
    this.#pivots = new Pivots(memory, layout)
  }

  /** Whether the pivots of the rows are there by now. */
  get hasPivots(): boolean {
    return this.#pivots.isReady
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

  /** The `limit` nearest rows of each query among the given positions from `from` to `to`, or among all rows between them. */
  nearest(queries: Float64Array, ranking: Space, limit: number, positions: Int32Array | null, from: number, to: number): NearestRows[] {
    const { stride } = this.#layout
    const found: NearestRows[] = []
    for (let at = 0; at < queries.length; at += stride) {
      found.push(this.#nearest(queries.subarray(at, at + stride), ranking, limit, { positions, from, to }))
    }
    return found
  }

  /**
   * First rows in int8, which gives a range for their scores; then, in double precision, the rows whose range reaches the `limit`-th
   * best of the lower ends. The others cannot be among the nearest. The best are compared once more, number by number.
   */
  #nearest(query: Float64Array, ranking: Space, limit: number, part: Part): NearestRows {
    const most = Math.min(limit + spare, part.to - part.from)
    const small = this.#small.prepare(query)
    const range = new ScoreRange(ranking, small)
    const looks = (part.to - part.from) / worthwhile
    const least = this.#byPivots(range, small, ranking, most, looks, part) ?? this.#byAll(range, most, part)
    return this.#best(query, ranking, limit, most, least)
  }

  /**
   * The same for one query among all positions or rows, where pivots leave so few rows that it takes less than a millisecond; else
   * null.
   */
  nearestQuickly(query: Float64Array, ranking: Space, limit: number, positions: Int32Array | null): NearestRows | null {
    const part = { positions, from: 0, to: positions?.length ?? this.#layout.rows }
    if (positions && positions.length > quickPositions) return null
    const most = Math.min(limit + spare, part.to)
    const small = this.#small.prepare(query)
    const least = this.#byPivots(new ScoreRange(ranking, small), small, ranking, most, quickBytes / this.#layout.smallStride, part)
    return least === null ? null : this.#best(query, ranking, limit, most, least)
  }

  /** The best of the candidates. @param least the score that they have at least */
  #best(query: Float64Array, ranking: Space, limit: number, most: number, least: number): NearestRows {
    const queryNorm = euclideanNorm(query)
    const best = new BestRows(most)
    this.#query.set(query)
    this.#candidates.forEachFrom(least, (row) => {
      best.offer(row, score(ranking, this.#product(row), queryNorm, this.#norms[row] as number))
    })
    const { stride, dimension } = this.#layout
    const compared = Array.from(best.rows(), (row): Found => {
      const vector = this.#rows.subarray(row * stride, row * stride + dimension)
      return { position: row, ...compareVectors(ranking, query, queryNorm, vector, this.#norms[row] as number) }
    })
    const kept = compared.sort(nearestFirst(ranking)).slice(0, limit)
    return {
      rows: Int32Array.from(kept, ({ position }) => position),
      distances: Float64Array.from(kept, ({ distance }) => distance ?? Number.NaN),
      similarities: Float64Array.from(kept, ({ similarity }) => similarity ?? Number.NaN),
    }
  }

  /** Collects the rows that may be among the nearest of all, and returns a score that the nearest have at least. */
  #byAll(range: ScoreRange, limit: number, { positions, from, to }: Part): number {
    const lower = new BestRows(limit)
    const consider = this.#begin(range, lower)
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

  /** The same from the pivots that are nearest, and from what the test leaves of the others; null for more rows than `most`. */
  #byPivots(
    range: ScoreRange,
    small: SmallQuery,
    ranking: Space,
    limit: number,
    most: number,
    { positions, from, to }: Part,
  ): number | null {
    const pivots = this.#pivots
    if (!pivots.isReady || to - from < fewRows) return null
    pivots.multiply(this.#kernel, this.#small.queryAt, this.#scratch.smallProductsAt)
    this.#pivotTest ??= new PivotTest(pivots, this.#norms)
    const test = this.#pivotTest
    test.prepare(ranking, small, this.#smallProducts)
    const only = positions && this.#marked(positions, from, to)
    const [first, end] = positions ? [positions[from] as number, (positions[to - 1] as number) + 1] : [from, to]
    const lower = new BestRows(limit)
    const consider = this.#begin(range, lower)
    let looks = 0
    const look = (pivot: number): void => {
      const last = placeFrom(pivots.rows, pivots.start(pivot), pivots.end(pivot), end)
      for (let at = placeFrom(pivots.rows, pivots.start(pivot), last, first); at < last && looks < most; at += rowsAtATime) {
        const passed = this.#passed
        const count = test.rows(pivot, at, Math.min(last, at + rowsAtATime), lower.worst(), only, passed)
        for (let index = 0; index < count; index += 1) this.#considerOne(passed[index] as number, consider)
        looks += count
      }
    }
    const near = highest(pivots.count, (pivot) => test.nearness(pivot))
    for (const pivot of near) look(pivot)
    for (let pivot = 0; pivot < pivots.count; pivot += 1) if (!near.includes(pivot) && test.canReach(pivot, lower.worst())) look(pivot)
    if (only) for (let at = from; at < to; at += 1) only[positions[at] as number] = 0
    return looks < most ? lower.worst() : null
  }

  /** By row: 1 for the positions from `from` to `to`. Whoever asks for it clears it again. */
  #marked(positions: Int32Array, from: number, to: number): Uint8Array {
    this.#marks ??= new Uint8Array(this.#layout.rows)
    for (let at = from; at < to; at += 1) this.#marks[positions[at] as number] = 1
    return this.#marks
  }

  #begin(range: ScoreRange, lower: BestRows): (row: number, product: number) => void {
    const { steps, errors } = this.#small
    this.#candidates.clear()
    return (row, product) => {
      range.look(product, this.#norms[row] as number, steps[row] as number, errors[row] as number)
      if (range.high < lower.worst()) return
      this.#candidates.add(row, range.high)
      lower.offer(row, range.low)
    }
  }

  #considerOne(row: number, consider: (row: number, product: number) => void): void {
    const { smallStride, smallAt } = this.#layout
    this.#kernel.smallDots(smallAt + row * smallStride, this.#small.queryAt, smallStride, 1, this.#scratch.smallProductsAt)
    consider(row, this.#smallProducts[0] as number)
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
        this.#scratch.smallProductsAt,
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
    this.#kernel.smallDots(rowsAt + done * smallStride, this.#small.queryAt, smallStride, rest, this.#scratch.smallProductsAt)
    for (let index = 0; index < rest; index += 1) consider(first + done + index, products[index] as number)
  }

  /** Of a row and the query. */
  #product(row: number): number {
    const bytes = this.#layout.stride * 4
    this.#kernel.dots(this.#layout.rowsAt + row * bytes, this.#scratch.queryAt, bytes, 1, this.#scratch.productsAt)
    return this.#products[0] as number
  }

  /** Writes the cosine similarity of each row from `from` to `to` at its place; NaN where there is none. */
  similarities(query: Float64Array, from: number, to: number, target: Float64Array): void {
    const queryNorm = euclideanNorm(query)
    const bytes = this.#layout.stride * 4
    this.#query.set(query)
    for (let at = from; at < to; at += rowsAtOnce) {
      const run = Math.min(rowsAtOnce, to - at)
      this.#kernel.dots(this.#layout.rowsAt + at * bytes, this.#scratch.queryAt, bytes, run, this.#scratch.productsAt)
      for (let index = 0; index < run; index += 1) {
        const row = at + index
        target[row] = cosineSimilarity(this.#products[index] as number, queryNorm, this.#norms[row] ?? 0) ?? Number.NaN
      }
    }
  }
}
