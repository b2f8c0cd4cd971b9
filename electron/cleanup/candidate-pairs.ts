import { makeAdjacency, type Adjacency, type SimilarPair } from '../../shared/domain/cleanup/keeper-groups.ts'
import { pairRelation, type PairRelation } from '../../shared/domain/cleanup/pair-relation.ts'
import type { RecordFacts } from '../../shared/domain/cleanup/record-facts.ts'
import { medianOf } from '../../shared/domain/cleanup/robust-scores.ts'
import { plainWords, questionKey } from '../../shared/domain/cleanup/same-question.ts'
import type { VectorFacts } from './vector-facts.ts'

export type TellProgress = (stage: string, done: number, total: number) => void

/** Steps of the threshold, and width of the bins of the histogram. */
export const thresholdStep = 0.005
/** Least distance that the data may suggest, and the share of the median nearest distance that they do, as cleanlab's Datalab has it. */
const leastDistance = 0.02
const shareOfMedian = 0.13
/** How far below the suggested threshold pairs are looked at. */
const reach = 0.2
const leastFloor = 0.5
/** Distances of the same vector stored twice; float32 leaves a little. */
const identicalDistance = 1e-6
/** Of so many records with the same words all pairs are looked at, of more only those with the first. */
const mostWithSameWords = 40
const characters = 4000

const relationNames: readonly PairRelation[] = ['duplicate', 'conflict', 'different']

function rounded(value: number): number {
  return Number(value.toFixed(6))
}

/** Pairs of records that may be duplicates or conflicts: neighbours by their vectors, and cached questions in the same words. */
export class CandidatePairs {
  readonly adjacency: Adjacency
  readonly suggested: number
  readonly floor: number
  readonly medianDistance: number
  readonly bins: readonly number[]
  /** Rows all of whose neighbours in the graph are within the suggested threshold: there may be more. */
  readonly crowded: number
  readonly #pairs: readonly SimilarPair[]
  readonly #facts: readonly RecordFacts[]
  readonly #areFacts: boolean
  /** 0 where not asked yet, else place in `relationNames` and one. */
  readonly #relations: Uint8Array

  constructor(facts: readonly RecordFacts[], vectors: VectorFacts, areFacts: boolean, tell: TellProgress) {
    this.#facts = facts
    this.#areFacts = areFacts
    const nearest: number[] = []
    const farthest: number[] = []
    const distinct: number[] = []
    vectors.eachNeighbours((_, neighbours) => {
      const first = neighbours[0]
      if (first === undefined) return
      nearest.push(1 - first.distance)
      distinct.push(neighbours.find(({ distance }) => distance > identicalDistance)?.distance ?? Number.NaN)
      if (neighbours.length === vectors.k) farthest.push(1 - (neighbours.at(-1)?.distance ?? 2))
    })
    const median = medianOf(distinct)
    this.medianDistance = Number.isNaN(median) ? 0 : median
    this.suggested = rounded(1 - Math.max(leastDistance, shareOfMedian * this.medianDistance))
    this.floor = rounded(Math.max(leastFloor, Math.floor((this.suggested - reach) / 0.05) * 0.05))
    this.crowded = farthest.filter((similarity) => similarity >= this.suggested).length
    const bins = Array.from({ length: Math.round((1 - this.floor) / thresholdStep) }, () => 0)
    for (const similarity of nearest) {
      const bin = Math.min(bins.length - 1, Math.floor((similarity - this.floor) / thresholdStep))
      if (bin >= 0) bins[bin] = (bins[bin] ?? 0) + 1
    }
    this.bins = bins
    this.#pairs = this.#find(vectors, tell)
    this.adjacency = makeAdjacency(facts.length, this.#pairs)
    this.#relations = new Uint8Array(this.#pairs.length)
  }

  /** How the two records of a pair stand to each other; found out once. */
  relation(pair: number): PairRelation {
    const known = relationNames[(this.#relations[pair] ?? 0) - 1]
    if (known !== undefined) return known
    const { a, b } = this.#pairs[pair] as SimilarPair
    const relation = pairRelation(this.#facts[a] as RecordFacts, this.#facts[b] as RecordFacts, this.#areFacts)
    this.#relations[pair] = relationNames.indexOf(relation) + 1
    return relation
  }

  #find(vectors: VectorFacts, tell: TellProgress): SimilarPair[] {
    const total = this.#facts.length
    const seen = new Set<number>()
    const pairs: SimilarPair[] = []
    const add = (one: number, other: number, least: number): void => {
      const [a, b] = one < other ? [one, other] : [other, one]
      const key = a * total + b
      if (a === b || seen.has(key)) return
      seen.add(key)
      const similarity = vectors.similarity(a, b)
      if (similarity >= least) pairs.push({ a, b, similarity })
    }
    let done = 0
    vectors.eachNeighbours((row, neighbours) => {
      done += 1
      tell('Comparing neighbours', done, total)
      // The graph's distances are of float32; a little more is looked at than is wanted.
      for (const other of neighbours) if (1 - other.distance >= this.floor - 1e-5) add(row, other.row, this.floor)
    })
    for (const rows of this.#withSameWords()) {
      const first = rows[0] as number
      if (rows.length > mostWithSameWords) for (const row of rows) add(first, row, -1)
      else for (const [index, row] of rows.entries()) for (const other of rows.slice(index + 1)) add(row, other, -1)
    }
    return pairs
  }

  #withSameWords(): number[][] {
    const rows = new Map<string, number[]>()
    for (const [row, { text, answer }] of this.#facts.entries()) {
      const key = text === null || answer === null ? null : questionKey(plainWords(text.slice(0, characters)))
      if (key === null) continue
      const found = rows.get(key)
      if (found) found.push(row)
      else rows.set(key, [row])
    }
    return [...rows.values()].filter((found) => found.length > 1)
  }
}
