import { pointState } from './scatter/scatter-props.ts'

export interface PointFlagsInput {
  readonly points: number
  /** Points of what is selected. */
  readonly selected: Iterable<number>
  /** 1 for each point that the filter lets through; null where nothing is filtered. */
  readonly matching: Uint8Array | null
  /** Codes of the categories that are picked out, and the code of each point; null where none is. */
  readonly picked: { readonly codes: Uint8Array; readonly of: ReadonlySet<number> } | null
  /**
   * Similarity of each point to what is looked for and the similarity from which it is lit; null where nothing is looked for.
   * `setsBack` turns what is below grey, for colours that do not tell similarities themselves.
   */
  readonly lit: { readonly similarities: Float32Array; readonly threshold: number; readonly setsBack: boolean } | null
  /** The code of each point, and which of them stands for no value; null where nothing is coloured. */
  readonly unvalued: { readonly codes: Uint8Array; readonly code: number } | null
}

export interface PointFlags {
  /** A byte for each point, see `pointState`. */
  readonly state: Uint8Array
  /** Points at or above the similarity threshold. */
  readonly lit: number
  /** Points that filter and picked categories let through. */
  readonly shown: number
}

/** What each point is drawn as: selected, set back by the filter or the legend, lit by the threshold, without a value. */
export function pointFlags({ points, selected, matching, picked, lit, unvalued }: PointFlagsInput): PointFlags {
  const state = new Uint8Array(points)
  let litCount = 0
  let shown = 0
  for (let point = 0; point < points; point += 1) {
    const isShown = (matching === null || matching[point] === 1) && (picked === null || picked.of.has(picked.codes[point] ?? -1))
    if (isShown) shown += 1
    if (isShown && lit && (lit.similarities[point] ?? Number.NaN) >= lit.threshold) {
      state[point] = pointState.highlighted
      litCount += 1
    } else if (!isShown || lit?.setsBack) state[point] = pointState.dimmed
    else if (unvalued !== null && unvalued.codes[point] === unvalued.code) state[point] = pointState.unvalued
  }
  for (const point of selected) state[point] = (state[point] ?? 0) | pointState.selected
  return { state, lit: litCount, shown }
}
