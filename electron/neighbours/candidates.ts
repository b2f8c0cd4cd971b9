/** For each of a number of queries the rows with the highest scores seen so far, highest first. */
export class Candidates {
  readonly limit: number
  /** queries x limit; -Infinity where there is none yet. */
  readonly scores: Float32Array
  /** Rows at the same places; -1 where there is none. */
  readonly rows: Int32Array

  constructor(queries: number, limit: number) {
    this.limit = limit
    this.scores = new Float32Array(queries * limit).fill(-Infinity)
    this.rows = new Int32Array(queries * limit).fill(-1)
  }

  /** The score that a row must exceed to be kept; every row that is not among the candidates has this score at most. */
  worst(query: number): number {
    return this.scores[(query + 1) * this.limit - 1] as number
  }

  /** Rows must be offered in ascending order, so that between equal scores the one stored first stays. */
  offer(query: number, row: number, score: number): void {
    const { limit, scores, rows } = this
    const first = query * limit
    let at = first + limit - 1
    if (score <= (scores[at] as number)) return
    for (; at > first && (scores[at - 1] as number) < score; at -= 1) {
      scores[at] = scores[at - 1] as number
      rows[at] = rows[at - 1] as number
    }
    scores[at] = score
    rows[at] = row
  }
}
