import { boundsInSteps, type Bounds } from './bounds.ts'
import { densityPeak } from './density-peak.ts'
import { litSizes } from './lit-sizes.ts'
import { pointColours } from './point-colours.ts'
import { orderInSteps, shuffleInSteps, type PointOrder } from './point-order.ts'
import type { ScatterColours } from './scatter-props.ts'
import type { Steps } from './steps.ts'

export interface SceneInput {
  readonly positions: Float32Array
  readonly colours: ScatterColours
  readonly sizes?: Float32Array
  readonly state?: Uint8Array
  readonly lines?: Uint32Array
}

export type ScenePart = 'positions' | 'colours' | 'sizes' | 'order' | 'lines'

/** Points and what follows from them. */
export interface SceneContent {
  readonly positions: Float32Array
  /** 4n bytes. */
  readonly colours: Uint8Array
  /** n factors of the size, with what is lit enlarged; null where all are 1. */
  readonly sizes: Float32Array | null
  readonly lines: Uint32Array
  readonly order: PointOrder
  readonly bounds: Bounds | null
  /** Points per square unit of the plane where they are densest. */
  readonly peak: number
  /** All points in a random order. */
  readonly random: Uint32Array
}

export interface PreparedScene {
  readonly input: SceneInput
  readonly content: SceneContent
  readonly changed: ReadonlySet<ScenePart>
}

/** More points than this are not moved to new places but shown there at once. */
const mostMoved = 200_000

const nothing: SceneContent = {
  positions: new Float32Array(),
  colours: new Uint8Array(),
  sizes: null,
  lines: new Uint32Array(),
  order: { indices: new Uint32Array(), backCount: 0, unvaluedCount: 0 },
  bounds: null,
  peak: 0,
  random: new Uint32Array(),
}

/** The points that are shown, worked out anew only where something changed. */
export class ScatterScene {
  #content = nothing
  #origin = nothing.positions
  #input: SceneInput | null = null

  /** Where the points come from: 2n coordinates, the same array as `positions` where they do not move. */
  get origin(): Float32Array {
    return this.#origin
  }

  get positions(): Float32Array {
    return this.#content.positions
  }

  get colours(): Uint8Array {
    return this.#content.colours
  }

  get sizes(): Float32Array | null {
    return this.#content.sizes
  }

  get lines(): Uint32Array {
    return this.#content.lines
  }

  get order(): PointOrder {
    return this.#content.order
  }

  get bounds(): Bounds | null {
    return this.#content.bounds
  }

  get peak(): number {
    return this.#content.peak
  }

  /** Works out what follows from new input; what is shown stays as it is. */
  *prepare(input: SceneInput): Steps<PreparedScene> {
    const before = this.#input
    const changed = new Set<ScenePart>()
    const count = input.positions.length >> 1
    const isOther = before?.positions.length !== input.positions.length
    const isMoved = before?.positions !== input.positions
    let { colours, sizes, random, bounds, peak, order } = this.#content
    if (isMoved) {
      changed.add('positions').add('lines')
      if (isOther) random = yield* shuffleInSteps(count)
      bounds = yield* boundsInSteps(input.positions)
      peak = densityPeak(input.positions, random, bounds)
      yield
    }
    if (isOther || before?.colours !== input.colours) {
      changed.add('colours')
      colours = pointColours(input.colours, count)
      yield
    }
    if (isOther || before?.sizes !== input.sizes || before?.state !== input.state) {
      sizes = litSizes(input.sizes, input.state)
      if (isOther || sizes !== this.sizes) changed.add('sizes')
      yield
    }
    if (isMoved || before?.state !== input.state) {
      changed.add('order')
      order = yield* orderInSteps(random, input.positions, input.state)
    }
    if (before?.lines !== input.lines) changed.add('lines')
    const { positions, lines = nothing.lines } = input
    return { input, changed, content: { positions, sizes, lines, colours, random, bounds, peak, order } }
  }

  /**
   * Shows what was prepared.
   * @param progress how far the points are on their way from `origin`, 0 to 1; null where they are to jump
   */
  show({ input, content, changed }: PreparedScene, progress: number | null): void {
    const { positions } = content
    if (changed.has('positions')) {
      const isJump = progress === null || positions.length !== this.positions.length || positions.length / 2 > mostMoved
      this.#origin = isJump ? positions : this.#inBetween(positions, progress)
    }
    this.#content = content
    this.#input = input
  }

  /** Where the points are now; what was not placed so far starts at its goal. */
  #inBetween(goal: Float32Array, progress: number): Float32Array<ArrayBuffer> {
    const between = new Float32Array(goal.length)
    for (let at = 0; at < goal.length; at += 1) {
      const from = this.#origin[at] ?? Number.NaN
      const here = from + ((this.positions[at] ?? Number.NaN) - from) * progress
      between[at] = Number.isFinite(here) ? here : (goal[at] ?? Number.NaN)
    }
    return between
  }
}
