import { isPlaced } from './bounds.ts'
import { pointState } from './scatter-props.ts'
import { finishSteps, inPieces, type Steps } from './steps.ts'

/** Which points are drawn in which order: those that are set back, above them those without a value, and above these the rest. */
export interface PointOrder {
  /** Indices of the placed points: first `backCount` that are grey, then `unvaluedCount`, then the rest. */
  readonly indices: Uint32Array
  readonly backCount: number
  readonly unvaluedCount: number
}

/** A stretch of the drawing order, which is drawn above the one before. */
export interface PointLayer {
  readonly start: number
  readonly count: number
  readonly isGrey: boolean
}

/** The stretches of a drawing order from the lowest to the highest; one may be empty. */
export function pointLayers({ indices, backCount, unvaluedCount }: PointOrder): readonly [PointLayer, PointLayer, PointLayer] {
  const below = backCount + unvaluedCount
  return [
    { start: 0, count: backCount, isGrey: true },
    { start: backCount, count: unvaluedCount, isGrey: false },
    { start: below, count: indices.length - below, isGrey: false },
  ]
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

/**
 * How many points of each layer are drawn where no more than `budget` can be: evenly taken from all, but of the last, the highest, as
 * many as make half of it.
 */
export function layerBudgets(counts: readonly number[], budget: number): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0)
  if (all <= budget) return [...counts]
  const highest = counts.at(-1) ?? 0
  const below = all - highest
  const above = Math.min(highest, Math.max(budget >> 1, Math.round((budget * highest) / all), budget - below))
  return counts.map((count, at) => (at === counts.length - 1 ? above : Math.floor((count * (budget - above)) / Math.max(1, below))))
}

type Height = 'back' | 'unvalued' | 'front'

/** Grey is what is set back, or left over where others are selected. */
function heightOf(state: number, someAreSelected: boolean): Height {
  if ((state & (pointState.selected | pointState.highlighted)) !== 0) return 'front'
  if (someAreSelected || (state & pointState.dimmed) !== 0) return 'back'
  return (state & pointState.unvalued) === 0 ? 'front' : 'unvalued'
}

/** Splits a random order of all points into its layers, and leaves out what is not placed. */
export function orderPoints(order: Uint32Array, positions: Float32Array, state: Uint8Array | undefined): PointOrder {
  return finishSteps(orderInSteps(order, positions, state))
}

/** The same, in steps. */
export function* orderInSteps(order: Uint32Array, positions: Float32Array, state: Uint8Array | undefined): Steps<PointOrder> {
  const someAreSelected = state?.some((bits) => (bits & pointState.selected) !== 0) ?? false
  yield
  const indices = new Uint32Array(order.length)
  const unvalued = new Uint32Array(order.length)
  let filled = { back: 0, unvalued: 0, front: order.length }
  yield* inPieces(order.length, (from, to) => {
    const next = { ...filled }
    for (let at = from; at < to; at += 1) {
      const index = order[at] ?? 0
      if (!isPlaced(positions, index)) continue
      const height = state ? heightOf(state[index] ?? 0, someAreSelected) : 'front'
      if (height === 'back') indices[next.back++] = index
      else if (height === 'unvalued') unvalued[next.unvalued++] = index
      else indices[--next.front] = index
    }
    filled = next
  })
  // What was filled from the end closes up to what was filled from the start.
  const below = filled.back + filled.unvalued
  indices.copyWithin(below, filled.front)
  indices.set(unvalued.subarray(0, filled.unvalued), filled.back)
  return {
    indices: indices.subarray(0, below + order.length - filled.front),
    backCount: filled.back,
    unvaluedCount: filled.unvalued,
  }
}
