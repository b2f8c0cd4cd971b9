import { numbersOf, type VectorRows } from './vector-rows.ts'

/** Shows vectors of one or two dimensions as they are; NaN where a number is not finite. */
export function storedPlane(vectors: VectorRows, positions: Float32Array): void {
  const { rows, dimension, stride } = vectors
  const numbers = numbersOf(vectors)
  for (let row = 0; row < rows; row += 1) {
    const x = numbers[row * stride] as number
    const y = dimension > 1 ? (numbers[row * stride + 1] as number) : 0
    const isFinite = Number.isFinite(x) && Number.isFinite(y)
    positions[2 * row] = isFinite ? x : Number.NaN
    positions[2 * row + 1] = isFinite ? y : Number.NaN
  }
}
