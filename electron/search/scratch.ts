import { type BlockLayout, rowsAtOnce } from './block-layout.ts'
import { termsBytes } from './dot-kernel.ts'

/** Where the parts of a worker's scratch room lie. */
export interface Scratch {
  /** A query: float64, as many as a row has. */
  readonly queryAt: number
  /** Products of float64, `rowsAtOnce` of them. */
  readonly productsAt: number
  /** The terms of `sift`. */
  readonly termsAt: number
  /** A query of int16, as many as a small row has. */
  readonly smallQueryAt: number
  /** Products of int32, `rowsAtOnce` of them. */
  readonly smallProductsAt: number
  /** The list of `sift`. */
  readonly foundAt: number
}

/** @param place which part of the scratch room of a block is this worker's */
export function scratchOf({ scratchAt, scratchBytes, stride, smallStride }: BlockLayout, place: number): Scratch {
  const queryAt = scratchAt + place * scratchBytes
  const productsAt = queryAt + stride * 8
  const termsAt = productsAt + rowsAtOnce * 8
  const smallQueryAt = termsAt + termsBytes
  const smallProductsAt = smallQueryAt + smallStride * 2
  return { queryAt, productsAt, termsAt, smallQueryAt, smallProductsAt, foundAt: smallProductsAt + rowsAtOnce * 4 }
}
