import { isUnitNorm } from '../../shared/domain/similarity.ts'
import { findIdentical, hashRows } from '../neighbours/identical-rows.ts'
import { normsOf, rowsOf } from '../search/block-layout.ts'
import type { CleanupQuestion } from './protocol.ts'

type VectorQuestion = Extract<CleanupQuestion, { type: 'vectors' }>

/** Share of unit vectors from which another norm is out of the ordinary. */
const mostlyUnit = 0.95

/** What is known of the vectors of a collection. Rows are those of its records in stored order, places those of its vectors. */
export class VectorFacts {
  readonly #question: VectorQuestion
  readonly #rows: Float32Array
  readonly #norms: Float64Array
  /** By row; -1 for records without a vector. */
  readonly #placeOf: Int32Array
  /** By place; -1 for a vector whose record is not known. */
  readonly #rowOf: Int32Array

  constructor(question: VectorQuestion, rowOfId: ReadonlyMap<string, number>) {
    const { block, ids } = question
    this.#question = question
    this.#rows = rowsOf(block.memory, block.layout)
    this.#norms = normsOf(block.memory, block.layout)
    this.#rowOf = Int32Array.from(ids, (id) => rowOfId.get(id) ?? -1)
    this.#placeOf = new Int32Array(rowOfId.size).fill(-1)
    for (const [place, row] of this.#rowOf.entries()) if (row !== -1) this.#placeOf[row] = place
  }

  /** Neighbours that are known of each row at most. */
  get k(): number {
    return this.#question.k
  }

  zero(): number[] {
    return this.#rowsWhere((norm) => norm === 0)
  }

  broken(): number[] {
    return this.#rowsWhere((norm) => !Number.isFinite(norm))
  }

  missing(): number[] {
    return [...this.#placeOf.entries()].flatMap(([row, place]) => (place === -1 ? [row] : []))
  }

  /** Rows whose norm is not 1 where nearly all others' is; none where norms vary. */
  wrongNorm(): number[] {
    const usable = this.#rowsWhere((norm) => Number.isFinite(norm) && norm > 0)
    const wrong = this.#rowsWhere((norm) => Number.isFinite(norm) && norm > 0 && !isUnitNorm(norm))
    return usable.length - wrong.length >= mostlyUnit * usable.length ? wrong : []
  }

  /** Euclidean norm of a row's vector; NaN where it has none. */
  norm(row: number): number {
    return this.#norms[this.#placeOf[row] as number] ?? Number.NaN
  }

  /** Cosine similarity of two rows in double precision; NaN where one has no direction. */
  similarity(a: number, b: number): number {
    const { stride, dimension } = this.#question.block.layout
    const [left, right] = [this.#placeOf[a] as number, this.#placeOf[b] as number]
    if (left === -1 || right === -1) return Number.NaN
    let product = 0
    for (let at = 0; at < dimension; at += 1)
      product += (this.#rows[left * stride + at] as number) * (this.#rows[right * stride + at] as number)
    const similarity = product / ((this.#norms[left] as number) * (this.#norms[right] as number))
    return Number.isFinite(similarity) ? Math.min(1, Math.max(-1, similarity)) : Number.NaN
  }

  /** Rows gathered whose vectors are equal to the last bit, zero and broken ones left out; each group in stored order. */
  identical(): number[][] {
    const { memory, layout } = this.#question.block
    const among = Int32Array.from(this.#norms.keys()).filter((place) => {
      const norm = this.#norms[place] as number
      return norm > 0 && Number.isFinite(norm) && this.#rowOf[place] !== -1
    })
    const { others } = findIdentical(memory, layout, hashRows(memory, layout), among)
    return [...others].map(([first, rest]) => [first, ...rest].map((place) => this.#rowOf[place] as number))
  }

  /** Calls back with each row's neighbours, nearest first, and their cosine distances. */
  eachNeighbours(visit: (row: number, neighbours: readonly { row: number; distance: number }[]) => void): void {
    const { k, indices, distances } = this.#question
    const [places, values] = [new Int32Array(indices), new Float32Array(distances)]
    for (const [place, row] of this.#rowOf.entries()) {
      if (row === -1) continue
      const found: { row: number; distance: number }[] = []
      for (let at = place * k; at < (place + 1) * k; at += 1) {
        const neighbour = places[at] as number
        const other = neighbour === -1 ? -1 : (this.#rowOf[neighbour] as number)
        if (other !== -1) found.push({ row: other, distance: values[at] as number })
      }
      visit(row, found)
    }
  }

  /** Mean distance to the neighbours by row; NaN where there are none. */
  meanDistances(): Float64Array {
    const means = new Float64Array(this.#placeOf.length).fill(Number.NaN)
    this.eachNeighbours((row, neighbours) => {
      if (neighbours.length > 0) means[row] = neighbours.reduce((sum, { distance }) => sum + distance, 0) / neighbours.length
    })
    return means
  }

  #rowsWhere(isMeant: (norm: number) => boolean): number[] {
    return [...this.#rowOf.entries()].flatMap(([place, row]) => (row !== -1 && isMeant(this.#norms[place] as number) ? [row] : []))
  }
}
