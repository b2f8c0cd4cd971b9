import { kernelStep } from './dot-kernel.ts'

/** Most queries that are compared in one pass over the vectors. */
export const queriesAtOnce = 16
/** Rows between two looks at the results; with their queries they stay in the processor's cache. */
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
  /** Room for queries and products of each worker. */
  readonly scratchAt: number
  readonly scratchBytes: number
  readonly pages: number
}

/** @param dimension at least 1 */
export function layOutBlock(rows: number, dimension: number, workers: number): BlockLayout {
  const stride = Math.ceil(dimension / kernelStep) * kernelStep
  const scratchBytes = queriesAtOnce * stride * 8 + rowsAtOnce * 8
  const rowsAt = scratchBytes * workers
  const normsAt = rowsAt + rows * stride * 4
  const pages = Math.ceil((normsAt + rows * 8) / pageBytes)
  return { rows, dimension, stride, rowsAt, normsAt, scratchAt: 0, scratchBytes, pages }
}

/** Bytes of memory that the vectors of a collection take. */
export function blockBytes(rows: number, dimension: number, workers: number): number {
  return layOutBlock(rows, Math.max(1, dimension), workers).pages * pageBytes
}

export function rowsOf(memory: WebAssembly.Memory, { rowsAt, rows, stride }: BlockLayout): Float32Array {
  return new Float32Array(memory.buffer, rowsAt, rows * stride)
}

export function normsOf(memory: WebAssembly.Memory, { normsAt, rows }: BlockLayout): Float64Array {
  return new Float64Array(memory.buffer, normsAt, rows)
}
