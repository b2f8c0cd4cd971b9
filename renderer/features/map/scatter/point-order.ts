import { isPlaced } from './bounds.ts'
import { pointState } from './scatter-props.ts'
import { finishSteps, inPieces, type Steps } from './steps.ts'

/** Which points are drawn in which order: those that are set back, then those above them. */
export interface PointOrder {
  /** Indices of the placed points: first `backCount` that are grey, then the rest. */
  readonly indices: Uint32Array
  readonly backCount: number
}

/**
 * Numbers 0 to n - 1 in a random order that is the same every time, so that the first of them are a uniform sample of all.
 * Fisher-Yates with xorshift32 (G. Marsaglia, Xorshift RNGs, 2003).
 */
export function shuffled(count: number): Uint32Array {
  return finishSteps(shuffleInSteps(count))
}

/** The same, in steps. */
export function* shuffleInSteps(count: number): Steps<Uint32Array> {
  const order = new Uint32Array(count)
  let last = 0x9e3779b9
  yield* inPieces(count, (from, to) => {
    let state = last
    for (let at = from; at < to; at += 1) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      const other = Math.floor(((state >>> 0) / 2 ** 32) * (at + 1))
      order[at] = order[other] ?? 0
      order[other] = at
    }
    last = state
  })
  return order
}

/** True where a point is grey: set back, or left over where others are selected. */
function isBack(state: number, someAreSelected: boolean): boolean {
  if ((state & (pointState.selected | pointState.highlighted)) !== 0) return false
  return someAreSelected || (state & pointState.dimmed) !== 0
}

/** Splits a random order of all points into those set back and those above them, and leaves out what is not placed. */
export function orderPoints(order: Uint32Array, positions: Float32Array, state: Uint8Array | undefined): PointOrder {
  return finishSteps(orderInSteps(order, positions, state))
}

/** The same, in steps. */
export function* orderInSteps(order: Uint32Array, positions: Float32Array, state: Uint8Array | undefined): Steps<PointOrder> {
  const someAreSelected = state?.some((bits) => (bits & pointState.selected) !== 0) ?? false
  yield
  const indices = new Uint32Array(order.length)
  let filled = { back: 0, front: order.length }
  yield* inPieces(order.length, (from, to) => {
    let { back, front } = filled
    for (let at = from; at < to; at += 1) {
      const index = order[at] ?? 0
      if (!isPlaced(positions, index)) continue
      if (state && isBack(state[index] ?? 0, someAreSelected)) indices[back++] = index
      else indices[--front] = index
    }
    filled = { back, front }
  })
  // What was filled from the end closes up to what was filled from the start.
  indices.copyWithin(filled.back, filled.front)
  return { indices: indices.subarray(0, filled.back + order.length - filled.front), backCount: filled.back }
}
