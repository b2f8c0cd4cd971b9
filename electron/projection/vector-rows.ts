import type { VectorBlock } from '../search/vector-block.ts'

/** Where the vectors of a collection lie in a shared memory: row i starts `stride` numbers after row i - 1. */
export interface VectorRows {
  readonly buffer: SharedArrayBuffer
  /** Offset of the first row in bytes. */
  readonly at: number
  readonly rows: number
  readonly dimension: number
  readonly stride: number
}

/** The vectors of a block, to be handed to a worker without a copy. */
export function vectorRowsOf({ memory, layout, ids, dimension }: VectorBlock): VectorRows {
  // The memory of a block is made as a shared one.
  const buffer = memory.buffer as unknown as SharedArrayBuffer
  return { buffer, at: layout.rowsAt, rows: ids.length, dimension, stride: layout.stride }
}

/** All numbers, `stride` for each row. */
export function numbersOf({ buffer, at, rows, stride }: VectorRows): Float32Array {
  return new Float32Array(buffer, at, rows * stride)
}

/** Euclidean norm of each row; NaN or infinite where a number is not finite. */
export function normsOfRows(vectors: VectorRows): Float64Array {
  const { rows, dimension, stride } = vectors
  const numbers = numbersOf(vectors)
  const norms = new Float64Array(rows)
  for (let row = 0; row < rows; row += 1) {
    let squares = 0
    for (let at = row * stride; at < row * stride + dimension; at += 1) squares += (numbers[at] as number) * (numbers[at] as number)
    norms[row] = Math.sqrt(squares)
  }
  return norms
}
