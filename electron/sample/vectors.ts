/** Vectors of one length, row-major. */
export interface VectorRows {
  readonly dimension: number
  readonly data: Float32Array
}

export function row({ dimension, data }: VectorRows, index: number): Float32Array {
  return data.subarray(index * dimension, (index + 1) * dimension)
}

/** Cosine similarity of two vectors of norm 1. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number)
  return sum
}

/** Six decimals are enough to compare and short enough to read. */
export function rounded(similarity: number): number {
  return Math.round(similarity * 1e6) / 1e6
}
