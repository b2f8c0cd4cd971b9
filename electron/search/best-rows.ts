/** The rows with the highest scores of those offered; between equal scores the lower rows stay. A heap, worst on top. */
export class BestRows {
  readonly #scores: Float64Array
  readonly #rows: Int32Array
  #size = 0

  constructor(limit: number) {
    this.#scores = new Float64Array(limit)
    this.#rows = new Int32Array(limit)
  }

  /** Each row is offered once, in any order. `score` must not be NaN. */
  offer(row: number, score: number): void {
    const limit = this.#rows.length
    if (this.#size < limit) {
      this.#size += 1
      this.#rise(this.#size - 1, row, score)
    } else if (limit > 0 && !this.#isWorse(row, score, 0)) this.#sink(row, score)
  }

  /** The lowest score kept; -Infinity while there is room. */
  worst(): number {
    return this.#size < this.#rows.length ? -Infinity : (this.#scores[0] ?? -Infinity)
  }

  /** The rows kept, in no order. */
  rows(): Int32Array<ArrayBuffer> {
    return Int32Array.from(this.#rows.subarray(0, this.#size))
  }

  #isWorse(row: number, score: number, at: number): boolean {
    const other = this.#scores[at] ?? 0
    return score < other || (score === other && row > (this.#rows[at] ?? 0))
  }

  #put(at: number, row: number, score: number): void {
    this.#rows[at] = row
    this.#scores[at] = score
  }

  #rise(from: number, row: number, score: number): void {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#isWorse(row, score, parent)) break
      this.#put(at, this.#rows[parent] ?? 0, this.#scores[parent] ?? 0)
      at = parent
    }
    this.#put(at, row, score)
  }

  #sink(row: number, score: number): void {
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      if (left >= this.#size) break
      const right = left + 1
      const isRightWorse = right < this.#size && this.#isWorse(this.#rows[right] ?? 0, this.#scores[right] ?? 0, left)
      const worse = isRightWorse ? right : left
      if (this.#isWorse(row, score, worse)) break
      this.#put(at, this.#rows[worse] ?? 0, this.#scores[worse] ?? 0)
      at = worse
    }
    this.#put(at, row, score)
  }
}
