import type { Curve } from './curve.ts'
import { attraction, repulsion, tableNumbers, writeForces } from './force-table.ts'
import {
  attractionAt,
  createMoveKernel,
  edgeBytes,
  kernelEnd,
  type MoveKernel,
  mostPushes,
  pointBytes,
  repulsionAt,
  stateAt,
} from './move-kernel.ts'
import { Random } from './random.ts'

/** Unjoined points that push for each time an edge draws. */
const negativeSamples = 5
const pageBytes = 65_536

/** Which pairs of points are drawn together, and how many epochs lie between two times. */
export interface LayoutEdges {
  /** Moves, and is pushed by others. */
  readonly heads: Int32Array
  /** Moves too, unless `headsOnly`. */
  readonly tails: Int32Array
  readonly epochsPerSample: Float64Array
}

export interface LayoutOptions {
  /** x and y of each point. Points without a place, NaN, push nobody. */
  readonly start: ArrayLike<number>
  readonly edges: LayoutEdges
  readonly curve: Curve
  readonly epochs: number
  readonly seed: number
  /** Points are placed among others that stay where they are. */
  readonly headsOnly?: boolean
  /** At the start; it falls to 0. 1 where absent. */
  readonly learningRate?: number
}

/**
 * Moves points by stochastic gradient descent on the cross entropy between the fuzzy graph and the map: algorithm 5 of McInnes,
 * Healy and Melville 2018 (arXiv 1802.03426), with the update rule and schedule of umap-js (`optimizeLayoutStep`), in float32 as
 * umap-learn. Edges are taken in order, so the same options give the same layout, bit for bit.
 */
export class LayoutOptimiser {
  /** x and y of each point, now. */
  readonly positions: Float32Array<ArrayBuffer>
  readonly #options: LayoutOptions
  readonly #kernel: MoveKernel
  readonly #state: Int32Array<ArrayBuffer>
  /** Edges that are drawn in an epoch, and the address of what the kernel is told of them. */
  readonly #drawn: Int32Array
  readonly #dueAt: number
  readonly #due: Int32Array<ArrayBuffer>
  /** Of each edge the epoch in which it is drawn next, which `nextSample` says more exactly. */
  readonly #dueEpoch: Int32Array
  readonly #nextSample: Float64Array
  readonly #nextNegative: Float64Array
  #epoch = 0
  #rate: number

  constructor(options: LayoutOptions) {
    const { start, curve, edges, seed, learningRate = 1 } = options
    const points = start.length / 2
    this.#options = options
    this.#rate = learningRate
    this.#dueAt = kernelEnd + (points + 1) * pointBytes
    const pages = Math.ceil((this.#dueAt + edges.heads.length * edgeBytes) / pageBytes)
    const memory = new WebAssembly.Memory({ initial: pages })
    const { buffer } = memory
    this.#kernel = createMoveKernel(memory)
    this.#state = new Int32Array(buffer, stateAt, 1)
    this.#state[0] = new Random(seed).state
    writeForces((squared) => attraction(curve, squared), new Float32Array(buffer, attractionAt, tableNumbers))
    writeForces((squared) => repulsion(curve, squared), new Float32Array(buffer, repulsionAt, tableNumbers))
    new Float32Array(buffer, kernelEnd, 2 * points + 2).fill(Number.NaN)
    this.positions = new Float32Array(buffer, kernelEnd, 2 * points)
    this.positions.set(start)
    this.#due = new Int32Array(buffer, this.#dueAt, (edges.heads.length * edgeBytes) / 4)
    this.#drawn = new Int32Array(edges.heads.length)
    this.#nextSample = edges.epochsPerSample.slice()
    this.#dueEpoch = Int32Array.from(this.#nextSample, Math.ceil)
    this.#nextNegative = edges.epochsPerSample.map((each) => each / negativeSamples)
  }

  get epoch(): number {
    return this.#epoch
  }

  get isDone(): boolean {
    return this.#epoch >= this.#options.epochs
  }

  /** Runs one epoch. */
  step(): void {
    const { epochs, headsOnly = false, learningRate = 1 } = this.#options
    const end = this.#dueAt + this.#takeDue() * edgeBytes
    const points = this.positions.length / 2
    if (end > this.#dueAt) this.#kernel.move(this.#dueAt, end, kernelEnd, points, this.#rate, headsOnly ? 0 : 1)
    this.#rate = learningRate * (1 - this.#epoch / epochs)
    this.#epoch += 1
  }

  /** Writes down the edges that are drawn in this epoch. @returns how many */
  #takeDue(): number {
    const { heads, tails, epochsPerSample } = this.#options.edges
    const [due, dueEpoch, nextSample, nextNegative, epoch] = [this.#due, this.#dueEpoch, this.#nextSample, this.#nextNegative, this.#epoch]
    const drawn = this.#drawn
    let count = 0
    // Which edges are drawn cannot be foreseen, so there is no branch in this loop.
    for (let edge = 0; edge < dueEpoch.length; edge += 1) {
      drawn[count] = edge
      count += (dueEpoch[edge] as number) <= epoch ? 1 : 0
    }
    for (let at = 0; at < count; at += 1) {
      const edge = drawn[at] as number
      const each = epochsPerSample[edge] as number
      const eachNegative = each / negativeSamples
      const negatives = Math.min(mostPushes, Math.floor((epoch - (nextNegative[edge] as number)) / eachNegative))
      const next = (nextSample[edge] as number) + each
      nextSample[edge] = next
      dueEpoch[edge] = Math.ceil(next)
      nextNegative[edge] = (nextNegative[edge] as number) + negatives * eachNegative
      const to = (at * edgeBytes) / 4
      due[to] = kernelEnd + (heads[edge] as number) * pointBytes
      due[to + 1] = kernelEnd + (tails[edge] as number) * pointBytes
      due[to + 2] = negatives
    }
    return count
  }
}
