import { pointState } from './scatter-props.ts'

/** How much larger a lit point is drawn. */
const enlarged = 1.4

/** Factors of the size of each point, with what is lit enlarged; the same array where nothing is, null where all are 1. */
export function litSizes(sizes: Float32Array | undefined, state: Uint8Array | undefined): Float32Array | null {
  if (!state?.some((bits) => (bits & pointState.highlighted) !== 0)) return sizes ?? null
  return Float32Array.from(state, (bits, point) => (sizes?.[point] ?? 1) * ((bits & pointState.highlighted) === 0 ? 1 : enlarged))
}
