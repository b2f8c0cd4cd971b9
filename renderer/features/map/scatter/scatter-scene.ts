import { boundsOf, type Bounds } from './bounds.ts'
import { densityPeak } from './density-peak.ts'
import { pointColours } from './point-colours.ts'
import { litSizes } from './lit-sizes.ts'
import { orderPoints, shuffled, type PointOrder } from './point-order.ts'
import type { ScatterColours } from './scatter-props.ts'

export interface SceneInput {
  readonly positions: Float32Array
  readonly colours: ScatterColours
  readonly sizes?: Float32Array
  readonly state?: Uint8Array
  readonly lines?: Uint32Array
}

export type ScenePart = 'positions' | 'colours' | 'sizes' | 'order' | 'lines'

/** The points and what follows from them, worked out anew only where something changed. */
export class ScatterScene {
  /** Where the points come from: 2n coordinates, the same as `positions` where they do not move. */
  origin: Float32Array = new Float32Array()
  positions: Float32Array = new Float32Array()
  /** 4n bytes. */
  colours: Uint8Array = new Uint8Array()
  /** n factors of the size, with what is lit enlarged; null where all are 1. */
  sizes: Float32Array | null = null
  lines: Uint32Array = new Uint32Array()
  order: PointOrder = { indices: new Uint32Array(), backCount: 0 }
  bounds: Bounds | null = null
  /** Points per square unit of the plane where they are densest. */
  peak = 0
  #random: Uint32Array = new Uint32Array()
  #input: SceneInput | null = null

  /**
   * Takes what is to be shown and returns which parts are new.
   * @param progress how far the points are on their way from `origin`, 0 to 1; null where they are to jump
   */
  update(input: SceneInput, progress: number | null): Set<ScenePart> {
    const before = this.#input
    const changed = new Set<ScenePart>()
    this.#input = input
    const count = input.positions.length >> 1
    const isOther = before?.positions.length !== input.positions.length
    if (before?.positions !== input.positions) {
      changed.add('positions').add('lines')
      this.origin = isOther || progress === null ? input.positions : this.#inBetween(input.positions, progress)
      this.positions = input.positions
      if (isOther) this.#random = shuffled(count)
      this.bounds = boundsOf(input.positions)
      this.peak = densityPeak(input.positions, this.#random, this.bounds)
    }
    if (isOther || before?.colours !== input.colours) {
      changed.add('colours')
      this.colours = pointColours(input.colours, count)
    }
    if (isOther || before?.sizes !== input.sizes || before?.state !== input.state) {
      const sizes = litSizes(input.sizes, input.state)
      if (isOther || sizes !== this.sizes) changed.add('sizes')
      this.sizes = sizes
    }
    if (before?.positions !== input.positions || before?.state !== input.state) {
      changed.add('order')
      this.order = orderPoints(this.#random, input.positions, input.state)
    }
    if (before?.lines !== input.lines) {
      changed.add('lines')
      this.lines = input.lines ?? new Uint32Array()
    }
    return changed
  }

  /** Where the points are now; what was not placed so far starts at its goal. */
  #inBetween(goal: Float32Array, progress: number): Float32Array<ArrayBuffer> {
    const between = new Float32Array(goal.length)
    for (let at = 0; at < goal.length; at += 1) {
      const from = this.origin[at] ?? Number.NaN
      const here = from + ((this.positions[at] ?? Number.NaN) - from) * progress
      between[at] = Number.isFinite(here) ? here : (goal[at] ?? Number.NaN)
    }
    return between
  }
}
