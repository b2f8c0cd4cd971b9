/** Row ids up to this are kept as one bit each; above it (never in a healthy store) as a set. */
const largestDense = 2 ** 28

/** A set of row ids of `embeddings`. All sets of one session have the same limit, so that they combine word by word. */
export class RowSet {
  readonly #limit: number
  readonly #words: Uint32Array | null
  readonly #sparse: Set<number>

  /** @param limit the largest row id that may be a member */
  constructor(limit: number) {
    this.#limit = limit
    this.#words = limit < largestDense ? new Uint32Array((limit >>> 5) + 1) : null
    this.#sparse = new Set()
  }

  static of(limit: number, rows: ArrayLike<number>): RowSet {
    const set = new RowSet(limit)
    for (let index = 0; index < rows.length; index += 1) set.add(rows[index] ?? 0)
    return set
  }

  add(row: number): void {
    if (!(row >= 0 && row <= this.#limit)) return
    if (this.#words) this.#words[row >>> 5] = (this.#words[row >>> 5] ?? 0) | (1 << (row & 31))
    else this.#sparse.add(row)
  }

  has(row: number): boolean {
    if (!(row >= 0 && row <= this.#limit)) return false
    return this.#words ? ((this.#words[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0 : this.#sparse.has(row)
  }

  /** How many members there are. */
  get size(): number {
    if (!this.#words) return this.#sparse.size
    let size = 0
    for (const word of this.#words) {
      // Counts bits pairwise; Hacker's Delight, figure 5-2.
      let bits = word - ((word >>> 1) & 0x55555555)
      bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
      size += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
    }
    return size
  }

  /** Members of both. */
  and(other: RowSet): RowSet {
    return this.#combine(other, (mine, theirs) => mine & theirs)
  }

  /** Members of either. */
  or(other: RowSet): RowSet {
    if (this.#words) return this.#combine(other, (mine, theirs) => mine | theirs)
    const result = this.#combine(this, (mine) => mine)
    for (const row of other.#sparse) result.#sparse.add(row)
    return result
  }

  /** Members of this that are not in `other`. */
  without(other: RowSet): RowSet {
    return this.#combine(other, (mine, theirs) => mine & ~theirs)
  }

  #combine(other: RowSet, words: (mine: number, theirs: number) => number): RowSet {
    const result = new RowSet(this.#limit)
    if (this.#words && other.#words && result.#words) {
      for (let index = 0; index < result.#words.length; index += 1) {
        result.#words[index] = words(this.#words[index] ?? 0, other.#words[index] ?? 0)
      }
      return result
    }
    for (const row of this.#sparse) if (words(1, other.has(row) ? 1 : 0) & 1) result.#sparse.add(row)
    return result
  }
}
