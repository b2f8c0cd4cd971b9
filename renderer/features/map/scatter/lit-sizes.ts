import { pointState } from './scatter-props.ts'

/** How much larger a lit point is drawn. */
const enlarged = 1.4

/** Factors of the size of each point, with what is lit enlarged; the same array where nothing is, null where all are 1. */
export function litSizes(sizes: Float32Array | undefined, state: Uint8Array | undefined): Float32Array | null {
  if (!state?.some((bits) => (bits & pointState.highlighted) !== 0)) return sizes ?? null
  const lit = new Float32Array(state.length)
  for (let point = 0; point < lit.length; point += 1) {
    const isLit = ((state[point] ?? 0) & pointState.highlighted) !== 0
    lit[point] = (sizes?.[point] ?? 1) * (isLit ? enlarged : 1)
  }
  return lit
}
