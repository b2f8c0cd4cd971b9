import type { VectorRows } from './vector-rows.ts'

/** Two independent hashes of 32 bits of each vector's bytes (FNV-1a and a multiplicative one), to tell which vectors changed. */
export function hashRows({ buffer, at, rows, dimension, stride }: VectorRows, hashes: Int32Array): void {
  const bits = new Int32Array(buffer, at, rows * stride)
  for (let row = 0; row < rows; row += 1) {
    let [first, second] = [0x811c9dc5 | 0, 0x1b873593 | 0]
    for (let place = row * stride; place < row * stride + dimension; place += 1) {
      const value = bits[place] as number
      first = Math.imul(first ^ value, 0x01000193)
      first ^= first >>> 15
      second = Math.imul(second + value, 0x85ebca6b)
      second ^= second >>> 13
    }
    hashes[2 * row] = first
    hashes[2 * row + 1] = second
  }
}
