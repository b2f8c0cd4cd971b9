/** Vectors of one length, row-major. */
export interface VectorRows {
  readonly dimension: number
  readonly data: Float32Array
}

export function row({ dimension, data }: VectorRows, index: number): Float32Array {
  return data.subarray(index * dimension, (index + 1) * dimension)
}

/** Cosine similarity of two vectors of norm 1. Four sums side by side keep the processor busy; the length is a multiple of four. */
export function dot(a: Float32Array, b: Float32Array): number {
  let first = 0
  let second = 0
  let third = 0
  let fourth = 0
  for (let at = 0; at < a.length; at += 4) {
    first += (a[at] as number) * (b[at] as number)
    second += (a[at + 1] as number) * (b[at + 1] as number)
    third += (a[at + 2] as number) * (b[at + 2] as number)
    fourth += (a[at + 3] as number) * (b[at + 3] as number)
  }
  return first + second + third + fourth
}

/** Six decimals are enough to compare and short enough to read. */
export function rounded(similarity: number): number {
  return Math.round(similarity * 1e6) / 1e6
}
