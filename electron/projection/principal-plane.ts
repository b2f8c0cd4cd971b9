import { Random } from './random.ts'
import { symmetricEigen } from './small-eigen.ts'
import { normsOfRows, numbersOf, type VectorRows } from './vector-rows.ts'

/** Numbers of the sample that the axes are found on. */
const sampleNumbers = 800_000
/** Axes that are iterated, to find two of them soon. */
const mostAxes = 4
const workLimit = 1e8
const leastRounds = 10
const mostRounds = 400
/** The axes stand still when they turn by less than this in a round. */
const turned = 1e-7

/** The directions in which vectors differ most. */
export interface PrincipalPlane {
  readonly mean: Float64Array
  /** One or two unit vectors, the greatest variance first; of each the greatest number is positive. */
  readonly axes: readonly Float64Array[]
}

/** Rows of which there is a position: finite ones, and for directions alone those that have one. */
function usableRows(norms: Float64Array, byDirection: boolean): Int32Array {
  const usable: number[] = []
  for (const [row, norm] of norms.entries()) if (Number.isFinite(norm) && (norm > 0 || !byDirection)) usable.push(row)
  return Int32Array.from(usable)
}

/** `count` of the rows in random order (Fisher and Yates). */
function draw(rows: Int32Array, count: number, random: Random): Int32Array {
  if (count >= rows.length) return rows
  const mixed = rows.slice()
  for (let at = 0; at < count; at += 1) {
    const other = at + random.below(mixed.length - at)
    const held = mixed[at] as number
    mixed[at] = mixed[other] as number
    mixed[other] = held
  }
  return mixed.subarray(0, count)
}

function orthonormalise(axes: readonly Float64Array[], random: Random): void {
  for (const [place, axis] of axes.entries()) {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      // Twice is enough to be orthogonal to the last digit (Giraud and others 2005).
      for (const earlier of [...axes.slice(0, place), ...axes.slice(0, place)]) {
        let shared = 0
        for (let at = 0; at < axis.length; at += 1) shared += (axis[at] as number) * (earlier[at] as number)
        for (let at = 0; at < axis.length; at += 1) axis[at] = (axis[at] as number) - shared * (earlier[at] as number)
      }
      const norm = Math.hypot(...axis)
      if (norm > 1e-100) {
        for (let at = 0; at < axis.length; at += 1) axis[at] = (axis[at] as number) / norm
        break
      }
      for (let at = 0; at < axis.length; at += 1) axis[at] = random.normal()
    }
  }
}

/**
 * Covariance, times the rows, applied to each of at most four axes; and the axes' own small covariance. All four are done at once,
 * because four sums that do not wait for each other take hardly longer than one.
 */
function applyCovariance(
  sample: Float64Array,
  dimension: number,
  axes: readonly Float64Array[],
): { applied: Float64Array[]; small: number[][] } {
  const side = new Float64Array(mostAxes * dimension)
  for (const [place, axis] of axes.entries()) for (const [at, value] of axis.entries()) side[mostAxes * at + place] = value
  const sums = new Float64Array(mostAxes * dimension)
  const parts = new Float64Array((mostAxes * sample.length) / dimension)
  for (let from = 0, part = 0; from < sample.length; from += dimension, part += mostAxes) {
    let [a, b, c, d] = [0, 0, 0, 0]
    for (let at = from, of = 0; of < side.length; at += 1, of += mostAxes) {
      const value = sample[at] as number
      a += value * (side[of] as number)
      b += value * (side[of + 1] as number)
      c += value * (side[of + 2] as number)
      d += value * (side[of + 3] as number)
    }
    for (let at = from, of = 0; of < sums.length; at += 1, of += mostAxes) {
      const value = sample[at] as number
      sums[of] = (sums[of] as number) + a * value
      sums[of + 1] = (sums[of + 1] as number) + b * value
      sums[of + 2] = (sums[of + 2] as number) + c * value
      sums[of + 3] = (sums[of + 3] as number) + d * value
    }
    parts[part] = a
    parts[part + 1] = b
    parts[part + 2] = c
    parts[part + 3] = d
  }
  const shared = (one: number, other: number): number => {
    let sum = 0
    for (let at = 0; at < parts.length; at += mostAxes) sum += (parts[at + one] as number) * (parts[at + other] as number)
    return sum
  }
  return {
    applied: axes.map((_, place) => Float64Array.from({ length: dimension }, (__, at) => sums[mostAxes * at + place] as number)),
    small: axes.map((_, place) => axes.map((__, other) => shared(place, other))),
  }
}

/**
 * The first two principal axes of the vectors, by subspace iteration with a random start (Halko, Martinsson and Tropp 2011,
 * "Finding structure with randomness") on as many rows as hold 800,000 numbers, drawn at random where there are more.
 * @param byDirection vectors count by their direction alone, as if all had norm 1
 */
export function principalPlane(vectors: VectorRows, byDirection: boolean, seed: number, norms = normsOfRows(vectors)): PrincipalPlane {
  const { dimension, stride } = vectors
  const numbers = numbersOf(vectors)
  const random = new Random(seed)
  const chosen = draw(usableRows(norms, byDirection), Math.max(1000, Math.floor(sampleNumbers / dimension)), random)
  const sample = new Float64Array(chosen.length * dimension)
  const mean = new Float64Array(dimension)
  for (const [place, row] of chosen.entries()) {
    const scale = byDirection ? 1 / (norms[row] as number) : 1
    for (let at = 0; at < dimension; at += 1) {
      const value = (numbers[row * stride + at] as number) * scale
      sample[place * dimension + at] = value
      mean[at] = (mean[at] as number) + value / chosen.length
    }
  }
  for (let at = 0; at < sample.length; at += 1) sample[at] = (sample[at] as number) - (mean[at % dimension] as number)

  const wanted = Math.min(2, dimension)
  let axes: Float64Array[] = Array.from({ length: Math.min(mostAxes, dimension) }, () =>
    Float64Array.from({ length: dimension }, () => random.normal()),
  )
  orthonormalise(axes, random)
  const rounds = Math.min(mostRounds, Math.max(leastRounds, Math.floor(workLimit / (2 * sample.length * axes.length + 1))))
  for (let round = 0; round < rounds; round += 1) {
    const { applied, small } = applyCovariance(sample, dimension, axes)
    const { vectors: mixes } = symmetricEigen(small)
    const mixed = (from: readonly Float64Array[]): Float64Array[] =>
      mixes.map((mix) => {
        const axis = new Float64Array(dimension)
        for (const [place, share] of mix.entries()) {
          for (let at = 0; at < dimension; at += 1) axis[at] = (axis[at] as number) + share * (from[place]?.[at] ?? 0)
        }
        return axis
      })
    const found = mixed(axes)
    const next = mixed(applied)
    orthonormalise(next, random)
    const turn = Math.max(
      ...found.slice(0, wanted).map((axis, place) => {
        let shared = 0
        for (let at = 0; at < dimension; at += 1) shared += (axis[at] as number) * (next[place]?.[at] ?? 0)
        return Math.sqrt(Math.max(0, 1 - shared * shared))
      }),
    )
    axes = next
    if (turn < turned) break
  }
  return { mean, axes: axes.slice(0, wanted).map(withSign) }
}

function withSign(axis: Float64Array): Float64Array {
  let greatest = 0
  for (const value of axis) if (Math.abs(value) > Math.abs(greatest)) greatest = value
  return greatest < 0 ? axis.map((value) => -value) : axis
}

/**
 * Where each vector lies on the plane: x and y of each row; NaN for one that holds a number that is not finite, and by direction
 * for one of norm 0.
 */
export function projectOnPlane(
  vectors: VectorRows,
  { mean, axes }: PrincipalPlane,
  byDirection: boolean,
  positions: Float32Array,
  norms = normsOfRows(vectors),
): void {
  const { rows, dimension, stride } = vectors
  const numbers = numbersOf(vectors)
  const first = axes[0] ?? new Float64Array(dimension)
  const second = axes[1] ?? new Float64Array(dimension)
  let [meanX, meanY] = [0, 0]
  for (let at = 0; at < dimension; at += 1) {
    meanX += (mean[at] as number) * (first[at] as number)
    meanY += (mean[at] as number) * (second[at] as number)
  }
  for (let row = 0; row < rows; row += 1) {
    const norm = norms[row] as number
    let [x, y] = [0, 0]
    for (let at = 0, from = row * stride; at < dimension; at += 1) {
      const value = numbers[from + at] as number
      x += value * (first[at] as number)
      y += value * (second[at] as number)
    }
    const scale = byDirection ? 1 / norm : 1
    const isPlaced = Number.isFinite(norm) && (norm > 0 || !byDirection)
    positions[2 * row] = isPlaced ? x * scale - meanX : Number.NaN
    positions[2 * row + 1] = isPlaced ? y * scale - meanY : Number.NaN
  }
}
