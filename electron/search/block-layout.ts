import { kernelStep, smallKernelStep, termsBytes } from './dot-kernel.ts'

/** Rows between two looks at the results; a multiple of four. */
export const rowsAtOnce = 256

const pageBytes = 65_536

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
  /** Room for a query and products of each worker. */
  readonly scratchAt: number
  readonly scratchBytes: number
  readonly pages: number
}

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
  const pages = Math.ceil((smallAt + rows * smallStride) / pageBytes)
  return { rows, dimension, stride, rowsAt, normsAt, smallStride, smallAt, stepsAt, errorsAt, scratchAt: 0, scratchBytes, pages }
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
