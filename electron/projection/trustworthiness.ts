import type { Trustworthiness } from '../../shared/contract/maps.ts'
import type { Space } from '../../shared/domain/space.ts'
import { createDotKernel } from '../search/dot-kernel.ts'
import { PlanarNeighbours } from './planar-neighbours.ts'
import { Random } from './random.ts'
import { normsOfRows, numbersOf, type VectorRows } from './vector-rows.ts'

/** Up to so many points all are looked at. */
const mostExact = 5000
/** Multiplications that a sample may take: some seconds. */
const workLimit = 6e9
const leastSample = 400
const rowsAtOnce = 1024
const pageBytes = 65_536

/** Inner products of a vector with rows that are copied beside it. */
class RowProducts {
  readonly products: Float64Array
  readonly #rows: Float32Array
  readonly #query: Float64Array
  readonly #dots: (count: number) => void
  readonly #stride: number

  /** @param stride a multiple of 8 */
  constructor(stride: number) {
    const queryAt = rowsAtOnce * stride * 4
    const productsAt = queryAt + stride * 8
    const pages = Math.ceil((productsAt + rowsAtOnce * 8) / pageBytes)
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
    const kernel = createDotKernel(memory)
    this.#stride = stride
    this.#rows = new Float32Array(memory.buffer, 0, rowsAtOnce * stride)
    this.#query = new Float64Array(memory.buffer, queryAt, stride)
    this.products = new Float64Array(memory.buffer, productsAt, rowsAtOnce)
    this.#dots = (count) => kernel.dots(0, queryAt, stride * 4, count, productsAt)
  }

  /** Takes rows of all numbers in, at most 1,024. */
  load(numbers: Float32Array, rows: Int32Array): void {
    for (const [place, row] of rows.entries()) {
      this.#rows.set(numbers.subarray(row * this.#stride, (row + 1) * this.#stride), place * this.#stride)
    }
  }

  /** Writes the products of a row with the rows taken in last. */
  multiply(numbers: Float32Array, row: number, count: number): void {
    this.#query.set(numbers.subarray(row * this.#stride, (row + 1) * this.#stride))
    this.#dots(count)
  }
}

/** Rows that have a place, those to look at first. */
function drawRows(positions: Float32Array, dimension: number, seed: number): { rows: Int32Array; sampled: number } {
  const rows = Int32Array.from(
    Array.from({ length: positions.length / 2 }, (_, row) => row).filter((row) => !Number.isNaN(positions[2 * row])),
  )
  const count = rows.length
  if (count <= mostExact) return { rows, sampled: count }
  const affordable = Math.floor(workLimit / (count * dimension))
  const sampled = Math.max(leastSample, Math.min(mostExact, affordable))
  const random = new Random(seed)
  for (let at = 0; at < sampled; at += 1) {
    const other = at + random.below(count - at)
    const held = rows[at] as number
    rows[at] = rows[other] as number
    rows[other] = held
  }
  return { rows, sampled }
}

/**
 * How true the neighbours on the map are: 1 less the ranks beyond k that neighbours on the map have in truth, scaled to 0 to 1
 * (Venna and Kaski 2001; the definition of scikit-learn's `trustworthiness`). Above 5,000 points those of a random sample are
 * compared with all others. Points without a place are left out. Of records equally near in truth, the first ones count as nearer.
 * @param vectors of a stride that is a multiple of 8, filled up with zeros
 * @returns null where there are not more than 2 k points
 */
export function trustworthiness(
  vectors: VectorRows,
  space: Space,
  positions: Float32Array,
  seed: number,
  neighbours = 15,
): Trustworthiness | null {
  const { dimension, stride } = vectors
  const numbers = numbersOf(vectors)
  const norms = normsOfRows(vectors)
  const { rows, sampled } = drawRows(positions, dimension, seed)
  const count = rows.length
  if (count <= 2 * neighbours) return null
  // Smaller is nearer; what all distances of a row share is left out.
  const distanceOf = (product: number, other: number): number => {
    const norm = norms[other] as number
    return space === 'l2' ? norm * norm - 2 * product : space === 'ip' ? -product : -product / norm
  }
  const work = new RowProducts(stride)
  const planar = new PlanarNeighbours(positions)
  const near = new Int32Array(sampled * neighbours).fill(-1)
  const limits = new Float64Array(sampled * neighbours).fill(-Infinity)
  const furthest = new Float64Array(sampled).fill(-Infinity)
  const [found, planarDistances] = [new Int32Array(neighbours), new Float64Array(neighbours)]
  for (let at = 0; at < sampled; at += 1) {
    const row = rows[at] as number
    const some = found.subarray(0, planar.nearest(row, neighbours, found, planarDistances))
    work.load(numbers, some)
    work.multiply(numbers, row, some.length)
    for (const [place, other] of some.entries()) {
      const distance = distanceOf(work.products[place] as number, other)
      near[at * neighbours + place] = other
      limits[at * neighbours + place] = distance
      furthest[at] = Math.max(furthest[at] as number, distance)
    }
  }
  const ranks = new Int32Array(sampled * neighbours).fill(1)
  for (let from = 0; from < count; from += rowsAtOnce) {
    const some = rows.subarray(from, from + rowsAtOnce)
    work.load(numbers, some)
    for (let at = 0; at < sampled; at += 1) {
      const row = rows[at] as number
      work.multiply(numbers, row, some.length)
      for (let place = 0; place < some.length; place += 1) {
        const other = some[place] as number
        const distance = distanceOf(work.products[place] as number, other)
        if (distance > (furthest[at] as number) || other === row) continue
        for (let each = at * neighbours; each < (at + 1) * neighbours; each += 1) {
          const limit = limits[each] as number
          if (distance < limit || (distance === limit && other < (near[each] as number))) ranks[each] = (ranks[each] as number) + 1
        }
      }
    }
  }
  let penalty = 0
  for (const rank of ranks) penalty += Math.max(0, rank - neighbours)
  const scale = 2 / (sampled * neighbours * (2 * count - 3 * neighbours - 1))
  return { value: 1 - scale * penalty, neighbours, points: sampled }
}
