/** Rows with the highest score that each can have. Grows as needed and is used again for the next query. */
export class CandidateRows {
  #rows = new Int32Array(1024)
  #most = new Float64Array(1024)
  #size = 0

  clear(): void {
    this.#size = 0
  }

  add(row: number, most: number): void {
    if (this.#size === this.#rows.length) this.#grow()
    this.#rows[this.#size] = row
    this.#most[this.#size] = most
    this.#size += 1
  }

  /** Calls `visit` with the rows whose score can reach `least`, in the order in which they were added. */
  forEachFrom(least: number, visit: (row: number) => void): void {
    for (let at = 0; at < this.#size; at += 1) if ((this.#most[at] as number) >= least) visit(this.#rows[at] as number)
  }

  #grow(): void {
    const [rows, most] = [new Int32Array(this.#size * 2), new Float64Array(this.#size * 2)]
    rows.set(this.#rows)
    most.set(this.#most)
    this.#rows = rows
    this.#most = most
  }
}
