import { toScreen, type Camera, type ViewSize } from './camera.ts'

/** Points that are looked at; more are sampled. */
const mostPoints = 5000
/** CSS pixels of a cell. */
const cell = 8

/** An even sample of the points that are placed, x and y of each: enough to tell where it is crowded. */
export function crowdSample(positions: Float32Array): Float32Array {
  const step = Math.max(1, Math.ceil(positions.length / 2 / mostPoints))
  const sample: number[] = []
  for (let at = 0; at < positions.length; at += 2 * step) {
    const [x = Number.NaN, y = Number.NaN] = [positions[at], positions[at + 1]]
    if (Number.isFinite(x) && Number.isFinite(y)) sample.push(x, y)
  }
  return Float32Array.from(sample)
}

export interface ScreenBox {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Which parts of the view have points. */
export class CrowdGrid {
  readonly #columns: number
  readonly #lines: number
  readonly #isTaken: Uint8Array

  /** @param points x and y of each on the plane */
  constructor(points: Float32Array, camera: Camera, size: ViewSize) {
    this.#columns = Math.ceil(size.width / cell)
    this.#lines = Math.ceil(size.height / cell)
    this.#isTaken = new Uint8Array(this.#columns * this.#lines)
    for (let at = 0; at < points.length; at += 2) {
      const { x, y } = toScreen(camera, size, points[at] ?? 0, points[at + 1] ?? 0)
      if (x >= 0 && x < size.width && y >= 0 && y < size.height)
        this.#isTaken[Math.floor(y / cell) * this.#columns + Math.floor(x / cell)] = 1
    }
  }

  /** The share of a box that has points, 0 to 1. */
  share({ left, right, top, bottom }: ScreenBox): number {
    let [taken, all] = [0, 0]
    for (let line = Math.max(0, Math.floor(top / cell)); line <= Math.min(this.#lines - 1, Math.floor(bottom / cell)); line += 1) {
      const [first, last] = [Math.max(0, Math.floor(left / cell)), Math.min(this.#columns - 1, Math.floor(right / cell))]
      for (let column = first; column <= last; column += 1) {
        taken += this.#isTaken[line * this.#columns + column] ?? 0
        all += 1
      }
    }
    return all === 0 ? 0 : taken / all
  }
}
