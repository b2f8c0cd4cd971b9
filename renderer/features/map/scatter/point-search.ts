import { nearestByScan, nearestSearch } from './point-index.ts'
import type { PointWorker } from './point-worker.ts'

/** Milliseconds at rest after which the index is built. */
const indexAfter = 400

/** The point nearest to a place: by looking at all of them, and once the worker has built an index, by that. */
export class PointSearch {
  readonly #worker: PointWorker
  #positions: Float32Array = new Float32Array()
  #search: ReturnType<typeof nearestSearch> | null = null
  /** What the index was asked for. */
  #indexed: Float32Array | null = null
  #timer = 0

  constructor(worker: PointWorker) {
    this.#worker = worker
  }

  /** The points are these from now on; the worker has them. */
  setPositions(positions: Float32Array): void {
    this.#positions = positions
    this.#search = null
  }

  /** The placed point nearest to a place within reach, all in units of the plane; null where there is none. */
  nearest(x: number, y: number, reach: number): number | null {
    return this.#search ? this.#search(x, y, reach) : nearestByScan(this.#positions, x, y, reach)
  }

  /** The view is at rest: there is time for the index. */
  rest(): void {
    if (this.#search || this.#indexed === this.#positions) return
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => void this.#index(this.#positions), indexAfter)
  }

  /** The view moves again. */
  wake(): void {
    clearTimeout(this.#timer)
  }

  async #index(positions: Float32Array): Promise<void> {
    this.#indexed = positions
    const index = await this.#worker.index()
    if (index && this.#positions === positions) this.#search = nearestSearch(index)
  }
}
