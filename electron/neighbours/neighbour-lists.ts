import type { ComparableRows } from './comparable-rows.ts'

/** Writes the lists of a graph from candidates, compared once more in double precision. */
export class NeighbourLists {
  readonly k: number
  readonly indices: Int32Array<SharedArrayBuffer>
  readonly distances: Float32Array<SharedArrayBuffer>
  readonly #compared: ComparableRows
  readonly #others: ReadonlyMap<number, readonly number[]>
  #rows = new Int32Array(256)
  #far = new Float64Array(256)
  #count = 0

  /** @param others for the first of identical rows the others, ascending */
  constructor(
    k: number,
    indices: Int32Array<SharedArrayBuffer>,
    distances: Float32Array<SharedArrayBuffer>,
    compared: ComparableRows,
    others: ReadonlyMap<number, readonly number[]>,
  ) {
    this.k = k
    this.indices = indices
    this.distances = distances
    this.#compared = compared
    this.#others = others
  }

  /**
   * Writes the lists of `row` and of those identical with it.
   * @param candidates rows of which each stands for those identical with it; `row` may be among them, and -1 stands for none
   * @param nearestOther no row that is not a candidate is nearer than this
   * @returns whether the lists hold the nearest for certain
   */
  write(row: number, candidates: Int32Array, nearestOther: number): boolean {
    const same = this.#others.get(row)
    this.#count = 0
    if (same) this.#addGroup(row, this.#compared.distance(row, row), same)
    for (const candidate of candidates) {
      if (candidate < 0 || candidate === row) continue
      const distance = this.#compared.distance(row, candidate)
      const group = this.#others.get(candidate)
      if (group) this.#addGroup(candidate, distance, group)
      else this.#add(candidate, distance)
    }
    this.#copy(row)
    if (same) for (const other of same) this.#copy(other)
    const last = this.#far[this.k - 1]
    return nearestOther === Infinity || (this.#count > this.k && last !== undefined && last < nearestOther)
  }

  /** A row that stands for others, and those. */
  sameAs(row: number): readonly number[] {
    return [row, ...(this.#others.get(row) ?? [])]
  }

  /** Writes the list of one row from candidates of which each stands for itself alone. */
  writeOne(row: number, candidates: Iterable<number>): void {
    this.#count = 0
    for (const candidate of candidates) if (candidate !== row) this.#add(candidate, this.#compared.distance(row, candidate))
    this.#copy(row)
  }

  #addGroup(first: number, distance: number, others: readonly number[]): void {
    this.#add(first, distance)
    // More of them cannot be needed, not even where one is the row itself.
    for (let at = 0; at < Math.min(this.k, others.length); at += 1) this.#add(others[at] as number, distance)
  }

  /** Keeps the candidates in order: nearest first, between equals the one stored first. */
  #add(row: number, distance: number): void {
    if (this.#count === this.#rows.length) this.#grow()
    const [rows, far] = [this.#rows, this.#far]
    let at = this.#count
    for (; at > 0; at -= 1) {
      const before = far[at - 1] as number
      if (before < distance || (before === distance && (rows[at - 1] as number) < row)) break
      far[at] = before
      rows[at] = rows[at - 1] as number
    }
    far[at] = distance
    rows[at] = row
    this.#count += 1
  }

  #grow(): void {
    const [rows, far] = [this.#rows, this.#far]
    this.#rows = new Int32Array(rows.length * 2)
    this.#far = new Float64Array(far.length * 2)
    this.#rows.set(rows)
    this.#far.set(far)
  }

  #copy(row: number): void {
    const first = row * this.k
    let written = 0
    for (let at = 0; at < this.#count && written < this.k; at += 1) {
      const candidate = this.#rows[at] as number
      if (candidate === row) continue
      this.indices[first + written] = candidate
      this.distances[first + written] = this.#far[at] as number
      written += 1
    }
    this.indices.fill(-1, first + written, first + this.k)
    this.distances.fill(Number.NaN, first + written, first + this.k)
  }
}
