import { createRandom } from '../sample/random.ts'
import { type Comparison, preparedMatrix } from './exact-candidates.ts'
import type { Matrix } from './native-scores.ts'

/** Rows for each centre that the centres are found with. */
const rowsForCentre = 40
const rounds = 8
const rowsAtOnce = 2048

/** Centres of clusters, as rows to be searched. */
export type Centres = Matrix

/** Picks `count` different items of a list, in its order. */
export function sample(items: Int32Array, count: number, seed: number): Int32Array {
  const random = createRandom(seed)
  const picked = new Int32Array(Math.min(count, items.length))
  // Algorithm S: Knuth, The Art of Computer Programming 2, 3.4.2.
  for (let at = 0, taken = 0; taken < picked.length; at += 1) {
    if (random.next() * (items.length - at) >= picked.length - taken) continue
    picked[taken] = items[at] as number
    taken += 1
  }
  return picked
}

/**
 * Runs over rows in blocks with their scores for every centre, row-major.
 * @param rows in any order
 */
export async function scoreCentres(
  { scores, compared, check }: Comparison,
  rows: Int32Array,
  centres: Centres,
  each: (from: number, count: number, scores: Float32Array) => void,
): Promise<void> {
  const prepare = preparedMatrix(compared.width, Math.min(rowsAtOnce, rows.length))
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    check()
    const block = rows.subarray(from, from + rowsAtOnce)
    each(from, block.length, await scores.all(prepare(compared, block, true), centres))
  }
}

/** Places the centre at the mean of summed rows: on the unit sphere, or for l2 with the number that prepared rows end with. */
function placeCentre(centre: Float32Array, sum: Float64Array, count: number, dimension: number): void {
  let squares = 0
  for (const value of sum) squares += value * value
  const factor = centre.length > dimension ? 1 / count : 1 / (Math.sqrt(squares) || 1)
  for (let at = 0; at < dimension; at += 1) centre[at] = (sum[at] as number) * factor
  if (centre.length > dimension) centre[dimension] = squares * factor * factor
}

/**
 * Lloyd's k-means on a sample of the rows; by cosine and ip on the unit sphere (Dhillon and Modha, Concept Decompositions for
 * Large Sparse Text Data, 2001). A centre that lost all of its rows starts again at another one.
 */
export async function findCentres(comparison: Comparison, rows: Int32Array, count: number, seed: number): Promise<Centres> {
  const { compared } = comparison
  const { width, dimension } = compared
  const random = createRandom(seed)
  const trained = sample(rows, count * rowsForCentre, seed)
  const vectors = new Float32Array(trained.length * width)
  compared.prepare(trained, vectors)
  const data = new Float32Array(count * width)
  const centreAt = (index: number): Float32Array => data.subarray(index * width, (index + 1) * width)
  const vectorAt = (index: number): Float32Array => vectors.subarray(index * width, index * width + dimension)
  const start = (centre: number): void =>
    placeCentre(centreAt(centre), Float64Array.from(vectorAt(random.below(trained.length))), 1, dimension)
  for (let centre = 0; centre < count; centre += 1) start(centre)
  const centres = { data, rows: count, width }
  for (let round = 0; round < rounds; round += 1) {
    const sums = Array.from({ length: count }, () => new Float64Array(dimension))
    const counts = new Int32Array(count)
    await scoreCentres(comparison, trained, centres, (from, length, scores) => {
      for (let index = 0; index < length; index += 1) {
        let best = 0
        for (let centre = 1; centre < count; centre += 1) {
          if ((scores[index * count + centre] as number) > (scores[index * count + best] as number)) best = centre
        }
        const sum = sums[best] as Float64Array
        const first = (from + index) * width
        for (let at = 0; at < dimension; at += 1) sum[at] = (sum[at] as number) + (vectors[first + at] as number)
        counts[best] = (counts[best] as number) + 1
      }
    })
    for (const [centre, sum] of sums.entries()) {
      const members = counts[centre] as number
      if (members === 0) start(centre)
      else placeCentre(centreAt(centre), sum, members, dimension)
    }
  }
  return centres
}
