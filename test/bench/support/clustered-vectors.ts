import { seededRandom } from '../../support/random.ts'

const usualClusters = 200
/** How far vectors lie from the middle of their cluster, as a share of the distance of two middles. */
const spread = 0.4

/**
 * Vectors as sentence models give for texts on some hundred subjects: `rows` x `dimension`, row-major, each of norm 1, around
 * random middles of which some are far more frequent than others. Every cluster varies in few directions and a little in all, as
 * real subjects do.
 * @returns the vectors, and the cluster of each row
 */
export function clusteredVectors(
  rows: number,
  dimension: number,
  seed: number,
  clusters = usualClusters,
): { data: Float32Array; cluster: Int32Array } {
  const random = seededRandom(seed)
  const directions = Math.min(8, dimension)
  // Drawing a number is slow, so rows are pieces of one long row; no two start at the same place but by chance.
  const normals = Float64Array.from({ length: 2 ** 18 + dimension }, () => random.normal() / Math.sqrt(dimension))
  const row = (): Float64Array => {
    const from = random.below(2 ** 18)
    return normals.subarray(from, from + dimension)
  }
  const shapes = Array.from({ length: clusters }, () => ({
    middle: row(),
    axes: Array.from({ length: directions }, () => row()),
  }))
  const data = new Float32Array(rows * dimension)
  const cluster = new Int32Array(rows)
  const vector = new Float64Array(dimension)
  for (let at = 0; at < rows; at += 1) {
    // The square makes the first clusters the largest.
    const own = Math.floor(random.next() ** 2 * clusters)
    const { middle, axes } = shapes[own] as (typeof shapes)[number]
    cluster[at] = own
    const noise = row()
    for (let place = 0; place < dimension; place += 1) vector[place] = (middle[place] as number) + (noise[place] as number) * spread
    for (const axis of axes) {
      const step = random.normal() * spread
      for (let place = 0; place < dimension; place += 1) vector[place] = (vector[place] as number) + (axis[place] as number) * step
    }
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1
    for (let place = 0; place < dimension; place += 1) data[at * dimension + place] = (vector[place] as number) / norm
  }
  return { data, cluster }
}
