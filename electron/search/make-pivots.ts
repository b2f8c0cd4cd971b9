import { seededRandom } from '../../shared/domain/thresholds/seeded-random.ts'
import { type BlockLayout, normsOf, rowsAtOnce, rowsOf } from './block-layout.ts'
import { createDotKernel } from './dot-kernel.ts'
import { Pivots } from './pivots.ts'
import { scratchOf } from './scratch.ts'
import { SmallRows } from './small-rows.ts'

/** Rows that the pivots are made of, for each pivot. */
const sampleOfEach = 16
const rounds = 2
const largestSmall = 127
/** Roots of differences of doubles are off by less than this share of the norm. */
const rounding = 1e-6

/**
 * Makes the pivots of a block whose rows are prepared: means of groups of rows by direction, found as k-means++ does (Arthur and
 * Vassilvitskii 2007) in a sample, and the pivot of each row. All by products of int8, for any pivots do; only the parts of rows
 * along and across them are calculated from the vectors themselves.
 */
class PivotMaker {
  readonly #layout: BlockLayout
  readonly #kernel
  readonly #small: SmallRows
  readonly #norms: Float64Array
  readonly #pivots: Pivots
  readonly #query: Int16Array
  readonly #queryAt: number
  readonly #products: Int32Array
  /** 1 by each pivot's norm, 0 for one that has none. */
  readonly #scales: Float64Array
  /** By row of the sample: the best cosine with a pivot so far, and with which. */
  #sample = new Int32Array(0)
  #best = new Float64Array(0)
  #pivotOf = new Int32Array(0)

  constructor(memory: WebAssembly.Memory, layout: BlockLayout, place: number) {
    const scratch = scratchOf(layout, place)
    this.#layout = layout
    this.#kernel = createDotKernel(memory)
    this.#queryAt = scratch.smallQueryAt
    this.#small = new SmallRows(memory, layout, this.#queryAt)
    this.#norms = normsOf(memory, layout)
    this.#pivots = new Pivots(memory, layout)
    this.#query = new Int16Array(memory.buffer, this.#queryAt, layout.smallStride)
    this.#products = new Int32Array(memory.buffer, scratch.smallProductsAt, rowsAtOnce)
    this.#scales = new Float64Array(layout.pivots)
  }

  make(rows: Float32Array): void {
    const random = seededRandom(1)
    this.#takeSample(random)
    this.#seed(random)
    for (let round = 0; round < rounds; round += 1) {
      this.#moveToMeans()
      this.#best.fill(-Infinity)
      for (let pivot = 0; pivot < this.#layout.pivots; pivot += 1) this.#compareSample(pivot)
    }
    const pivotOf = this.#assign()
    this.#measure(rows, pivotOf)
    this.#pivots.finish(pivotOf, this.#norms)
  }

  #takeSample(random: () => number): void {
    const { rows, pivots } = this.#layout
    const size = Math.min(rows, pivots * sampleOfEach)
    const step = rows / size
    this.#sample = Int32Array.from({ length: size }, (_, at) => Math.floor((at + random()) * step))
    this.#sample = this.#sample.filter((row) => (this.#small.steps[row] as number) > 0)
    this.#best = new Float64Array(this.#sample.length).fill(-1)
    this.#pivotOf = new Int32Array(this.#sample.length)
  }

  /** Each next pivot is a row that is far from those before, by chance. */
  #seed(random: () => number): void {
    const { pivots, smallStride } = this.#layout
    const sample = this.#sample
    for (let pivot = 0; pivot < pivots && sample.length > 0; pivot += 1) {
      let left = random() * this.#best.reduce((sum, cosine) => sum + Math.max(0, 1 - cosine), 0)
      let chosen = 0
      while (chosen < sample.length - 1 && left > 0) {
        left -= Math.max(0, 1 - (this.#best[chosen] as number))
        if (left > 0) chosen += 1
      }
      const from = (sample[chosen] as number) * smallStride
      this.#pivots.vectors.set(this.#small.numbers.subarray(from, from + smallStride), pivot * smallStride)
      this.#scales[pivot] = 1 / this.#pivots.norm(pivot)
      this.#compareSample(pivot)
    }
  }

  #ask(pivot: number): void {
    const { smallStride } = this.#layout
    this.#query.set(this.#pivots.vectors.subarray(pivot * smallStride, (pivot + 1) * smallStride))
  }

  #multiply(row: number, count: number): void {
    const { smallAt, smallStride } = this.#layout
    this.#kernel.smallDots(smallAt + row * smallStride, this.#queryAt, smallStride, count, this.#products.byteOffset)
  }

  #compareSample(pivot: number): void {
    this.#ask(pivot)
    for (let at = 0; at < this.#sample.length; at += 1) {
      const row = this.#sample[at] as number
      this.#multiply(row, 1)
      const scale = ((this.#small.steps[row] as number) / (this.#norms[row] as number)) * (this.#scales[pivot] as number)
      const cosine = (this.#products[0] as number) * scale
      if (!(cosine > (this.#best[at] as number))) continue
      this.#best[at] = cosine
      this.#pivotOf[at] = pivot
    }
  }

  #moveToMeans(): void {
    const { pivots, dimension, smallStride } = this.#layout
    const sums = new Float64Array(pivots * dimension)
    for (let at = 0; at < this.#sample.length; at += 1) {
      const row = this.#sample[at] as number
      const [to, from] = [(this.#pivotOf[at] as number) * dimension, row * smallStride]
      const scale = (this.#small.steps[row] as number) / (this.#norms[row] as number)
      for (let place = 0; place < dimension; place += 1)
        sums[to + place] = (sums[to + place] as number) + (this.#small.numbers[from + place] as number) * scale
    }
    for (let pivot = 0; pivot < pivots; pivot += 1) {
      const mean = sums.subarray(pivot * dimension, (pivot + 1) * dimension)
      const largest = mean.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      // One that no row of the sample is near to stays where it is.
      if (largest === 0) continue
      for (let place = 0; place < dimension; place += 1)
        this.#pivots.vectors[pivot * smallStride + place] = Math.round(((mean[place] as number) / largest) * largestSmall)
      this.#scales[pivot] = 1 / this.#pivots.norm(pivot)
    }
  }

  /** The nearest pivot of every row. Among the products of one row with all pivots, the row's own scale does not matter. */
  #assign(): Uint8Array {
    const { rows, pivots } = this.#layout
    const pivotOf = new Uint8Array(rows)
    const best = new Float64Array(rowsAtOnce)
    for (let first = 0; first < rows; first += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, rows - first)
      best.fill(-Infinity)
      for (let pivot = 0; pivot < pivots; pivot += 1) {
        this.#ask(pivot)
        this.#multiply(first, count)
        const scale = this.#scales[pivot] as number
        for (let at = 0; at < count; at += 1) {
          const cosine = (this.#products[at] as number) * scale
          if (!(cosine > (best[at] as number))) continue
          best[at] = cosine
          pivotOf[first + at] = pivot
        }
      }
    }
    return pivotOf
  }

  #measure(rows: Float32Array, pivotOf: Uint8Array): void {
    const { dimension, stride, smallStride } = this.#layout
    const { vectors, along, across } = this.#pivots
    for (let row = 0; row < this.#layout.rows; row += 1) {
      const norm = this.#norms[row] as number
      const pivot = pivotOf[row] as number
      const [from, pivotFrom] = [row * stride, pivot * smallStride]
      let product = 0
      for (let at = 0; at < dimension; at += 1) product += (rows[from + at] as number) * (vectors[pivotFrom + at] as number)
      const reach = product * (this.#scales[pivot] as number)
      along[row] = reach
      // The root of a difference that is nearly nothing is far from nothing.
      across[row] = Math.sqrt(Math.max(0, norm * norm - reach * reach)) + rounding * norm
    }
  }
}

/** Makes the pivots of a block. It takes seconds, in which searches go on without them. @param place as that of a search worker */
export function makePivots(memory: WebAssembly.Memory, layout: BlockLayout, place: number): void {
  new PivotMaker(memory, layout, place).make(rowsOf(memory, layout))
}
