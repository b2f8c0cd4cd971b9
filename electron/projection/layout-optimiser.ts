import type { Curve } from './curve.ts'
import { attraction, forceTable, repulsion, tableLength, tableOffset, tableRest, tableRestScale, tableShift } from './force-table.ts'
import { Random } from './random.ts'

/** Unjoined points that push for each time an edge draws. */
const negativeSamples = 5
/** Most that a point moves along an axis in one update, before the learning rate. */
const most = 4

/** Which pairs of points are drawn together, and how many epochs lie between two times. */
export interface LayoutEdges {
  /** Moves, and is pushed by others. */
  readonly heads: Int32Array
  /** Moves too, unless `headsOnly`. */
  readonly tails: Int32Array
  readonly epochsPerSample: Float64Array
}

export interface LayoutOptions {
  /** x and y of each point; they are moved in place. Points without a place, NaN, push nobody. */
  readonly positions: Float64Array
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
 * Healy and Melville 2018 (arXiv 1802.03426), with the update rule and schedule of umap-js (`optimizeLayoutStep`). One thread
 * takes the edges in order, so the same options give the same layout, bit for bit.
 */
export class LayoutOptimiser {
  readonly #options: LayoutOptions
  readonly #random: Random
  readonly #attraction: Float64Array
  readonly #repulsion: Float64Array
  readonly #nextSample: Float64Array
  readonly #nextNegative: Float64Array
  #epoch = 0
  #rate: number

  constructor(options: LayoutOptions) {
    const { curve, edges, seed } = options
    this.#options = options
    this.#random = new Random(seed)
    this.#rate = options.learningRate ?? 1
    this.#attraction = forceTable((squared) => attraction(curve, squared))
    this.#repulsion = forceTable((squared) => repulsion(curve, squared))
    this.#nextSample = edges.epochsPerSample.slice()
    this.#nextNegative = edges.epochsPerSample.map((each) => each / negativeSamples)
  }

  get epoch(): number {
    return this.#epoch
  }

  get isDone(): boolean {
    return this.#epoch >= this.#options.epochs
  }

  /** Runs one epoch. The loop holds what it needs in variables: it runs some hundred million times. */
  step(): void {
    const { positions, curve, epochs, headsOnly = false, learningRate = 1 } = this.#options
    const { heads, tails, epochsPerSample } = this.#options.edges
    const [attractions, repulsions, nextSample, nextNegative] = [this.#attraction, this.#repulsion, this.#nextSample, this.#nextNegative]
    const [epoch, rate] = [this.#epoch, this.#rate]
    const scale = positions.length / 2 / 4_294_967_296
    const single = new Float32Array(1)
    const bits = new Int32Array(single.buffer)
    let state = this.#random.state
    for (let edge = 0; edge < heads.length; edge += 1) {
      if ((nextSample[edge] as number) > epoch) continue
      const head = 2 * (heads[edge] as number)
      const tail = 2 * (tails[edge] as number)
      let x = positions[head] as number
      let y = positions[head + 1] as number
      let dx = x - (positions[tail] as number)
      let dy = y - (positions[tail + 1] as number)
      let squared = dx * dx + dy * dy
      if (squared > 0) {
        single[0] = squared
        const bit = bits[0] as number
        const place = (bit >> tableShift) - tableOffset
        let force: number
        if (place >= 0 && place < tableLength) {
          const low = attractions[place] as number
          force = low + ((attractions[place + 1] as number) - low) * ((bit & tableRest) * tableRestScale)
        } else force = attraction(curve, squared)
        let move = force * dx
        move = (move > most ? most : move < -most ? -most : move) * rate
        x += move
        if (!headsOnly) positions[tail] = (positions[tail] as number) - move
        move = force * dy
        move = (move > most ? most : move < -most ? -most : move) * rate
        y += move
        if (!headsOnly) positions[tail + 1] = (positions[tail + 1] as number) - move
      }
      const each = epochsPerSample[edge] as number
      nextSample[edge] = (nextSample[edge] as number) + each
      const eachNegative = each / negativeSamples
      const negatives = Math.floor((epoch - (nextNegative[edge] as number)) / eachNegative)
      for (let sample = 0; sample < negatives; sample += 1) {
        state ^= state << 13
        state ^= state >>> 17
        state ^= state << 5
        const other = 2 * (((state >>> 0) * scale) | 0)
        if (other === head) continue
        dx = x - (positions[other] as number)
        dy = y - (positions[other + 1] as number)
        squared = dx * dx + dy * dy
        if (squared > 0) {
          single[0] = squared
          const bit = bits[0] as number
          const place = (bit >> tableShift) - tableOffset
          let force: number
          if (place >= 0 && place < tableLength) {
            const low = repulsions[place] as number
            force = low + ((repulsions[place + 1] as number) - low) * ((bit & tableRest) * tableRestScale)
          } else force = repulsion(curve, squared)
          let move = force * dx
          x += (move > most ? most : move < -most ? -most : move) * rate
          move = force * dy
          y += (move > most ? most : move < -most ? -most : move) * rate
        } else if (squared === 0) {
          x += most * rate
          y += most * rate
        }
      }
      positions[head] = x
      positions[head + 1] = y
      nextNegative[edge] = (nextNegative[edge] as number) + negatives * eachNegative
    }
    this.#random.state = state
    this.#rate = learningRate * (1 - epoch / epochs)
    this.#epoch = epoch + 1
  }
}
