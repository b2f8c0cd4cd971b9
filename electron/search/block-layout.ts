import { kernelStep, smallKernelStep, termsBytes } from './dot-kernel.ts'

/** Rows between two looks at the results; a multiple of four. */
export const rowsAtOnce = 256

const pageBytes = 65_536
/** What is kept of the rows of each pivot, float64. */
export const groupNumbers = 7

/** Where the parts of a collection's vectors lie in one shared memory; offsets in bytes. */
export interface BlockLayout {
  readonly rows: number
  readonly dimension: number
  /** Numbers of a stored row: the dimension, filled up with zeros. */
  readonly stride: number
  readonly rowsAt: number
  /** Norms of the rows, float64; infinite or NaN for a row with a number that is not finite. */
  readonly normsAt: number
  /** Rows of int8, each as long as `smallStride`, and what they stand for: see `quantise`. */
  readonly smallStride: number
  readonly smallAt: number
  /** What one step of a row's int8 numbers is worth, float64. */
  readonly stepsAt: number
  /** Norms of what int8 leaves out of the rows, float64. */
  readonly errorsAt: number
  /** How many pivots there are, 0 for few rows, int8, each as long as a small row; then what is kept of them: see `Pivots`. */
  readonly pivots: number
  readonly pivotsAt: number
  readonly groupsAt: number
  readonly groupRowsAt: number
  readonly alongAt: number
  readonly acrossAt: number
  /** Room for a query and products of each worker. */
  readonly scratchAt: number
  readonly scratchBytes: number
  readonly pages: number
}

/** As many as a byte can number. */
const mostPivots = 256
/** Collections of fewer rows are compared as a whole in less than a millisecond. */
const rowsForPivots = 4096

/** @param dimension at least 1 */
export function layOutBlock(rows: number, dimension: number, workers: number): BlockLayout {
  const stride = Math.ceil(dimension / kernelStep) * kernelStep
  const smallStride = Math.ceil(dimension / smallKernelStep) * smallKernelStep
  const scratchBytes = stride * 8 + rowsAtOnce * 8 + smallStride * 2 + rowsAtOnce * 4 + rowsAtOnce + termsBytes
  const rowsAt = scratchBytes * workers
  const normsAt = rowsAt + rows * stride * 4
  const stepsAt = normsAt + rows * 8
  const errorsAt = stepsAt + rows * 8
  const smallAt = errorsAt + rows * 8
  const pivots = rows < rowsForPivots ? 0 : Math.min(mostPivots, rows >> 5)
  const rowsWithPivot = pivots === 0 ? 0 : rows
  const pivotsAt = smallAt + rows * smallStride
  const groupsAt = pivotsAt + pivots * smallStride
  const groupRowsAt = groupsAt + pivots * groupNumbers * 8
  const alongAt = groupRowsAt + 4 * (1 + pivots + rowsWithPivot)
  const acrossAt = alongAt + 4 * rowsWithPivot
  const pages = Math.ceil((acrossAt + 4 * rowsWithPivot) / pageBytes)
  const small = { smallStride, smallAt, stepsAt, errorsAt }
  const ofPivots = { pivots, pivotsAt, groupsAt, groupRowsAt, alongAt, acrossAt }
  return { rows, dimension, stride, rowsAt, normsAt, ...small, ...ofPivots, scratchAt: 0, scratchBytes, pages }
}

/** Bytes of memory that the vectors of a collection take. */
export function blockBytes(rows: number, dimension: number, workers: number): number {
  return layOutBlock(rows, Math.max(1, dimension), workers).pages * pageBytes
}

/** The place in the scratch room that no search worker has. */
export function lastPlace({ scratchAt, scratchBytes, rowsAt }: BlockLayout): number {
  return (rowsAt - scratchAt) / scratchBytes - 1
}

export function rowsOf(memory: WebAssembly.Memory, { rowsAt, rows, stride }: BlockLayout): Float32Array {
  return new Float32Array(memory.buffer, rowsAt, rows * stride)
}

export function normsOf(memory: WebAssembly.Memory, { normsAt, rows }: BlockLayout): Float64Array {
  return new Float64Array(memory.buffer, normsAt, rows)
}
