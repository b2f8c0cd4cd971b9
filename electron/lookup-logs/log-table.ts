import type { LogOutcome } from '../../shared/contract/lookup-logs.ts'
import { TextPool } from './text-pool.ts'

/** One lookup as it is read. Numbers that the log does not tell are NaN. */
export interface LookupRow {
  readonly line: number
  readonly time: number
  readonly query: string | null
  readonly namespace: string | null
  readonly outcome: LogOutcome | null
  readonly entryId: string | null
  readonly matchedQuery: string | null
  readonly similarity: number
  readonly latency: number
  readonly threshold: number
  readonly cost: number
}

/** Outcomes by their codes in the column; 0 is an unknown one. */
export const outcomes = [null, 'exact-hit', 'semantic-hit', 'hit', 'miss'] as const
export const missCode = 4

interface Columns {
  readonly time: Float64Array
  readonly similarity: Float64Array
  readonly latency: Float64Array
  readonly threshold: Float64Array
  readonly cost: Float64Array
  readonly line: Uint32Array
  readonly query: Uint32Array
  readonly namespace: Uint32Array
  readonly entry: Uint32Array
  readonly matched: Uint32Array
  readonly outcome: Uint8Array
}

const bytesPerRow = 5 * 8 + 5 * 4 + 1
const firstCapacity = 4096

function makeColumns(capacity: number): Columns {
  return {
    time: new Float64Array(capacity),
    similarity: new Float64Array(capacity),
    latency: new Float64Array(capacity),
    threshold: new Float64Array(capacity),
    cost: new Float64Array(capacity),
    line: new Uint32Array(capacity),
    query: new Uint32Array(capacity),
    namespace: new Uint32Array(capacity),
    entry: new Uint32Array(capacity),
    matched: new Uint32Array(capacity),
    outcome: new Uint8Array(capacity),
  }
}

/** The lookups of a log: a typed array for each field, texts by number. Columns may be longer than `length`. */
export class LogTable {
  readonly queries = new TextPool()
  readonly names = new TextPool()
  #columns = makeColumns(firstCapacity)
  #capacity = firstCapacity
  #length = 0
  #replayed = 0
  readonly #thresholds = new Map<number, number>()

  get length(): number {
    return this.#length
  }

  get columns(): Columns {
    return this.#columns
  }

  /** Memory taken, bytes, about. */
  get bytes(): number {
    return this.#capacity * bytesPerRow + this.queries.bytes + this.names.bytes
  }

  /** The threshold that most lookups name; null where none does. */
  get threshold(): number | null {
    let best: number | null = null
    let most = 0
    for (const [threshold, count] of this.#thresholds) {
      if (count > most) [best, most] = [threshold, count]
    }
    return best
  }

  append(row: LookupRow): void {
    if (this.#length === this.#capacity) this.#grow()
    const at = this.#length
    const columns = this.#columns
    columns.time[at] = row.time
    columns.similarity[at] = row.similarity
    columns.latency[at] = row.latency
    columns.threshold[at] = row.threshold
    columns.cost[at] = row.cost
    columns.line[at] = row.line
    columns.query[at] = this.queries.numberOf(row.query)
    columns.matched[at] = this.queries.numberOf(row.matchedQuery)
    columns.namespace[at] = this.names.numberOf(row.namespace)
    columns.entry[at] = this.names.numberOf(row.entryId)
    columns.outcome[at] = outcomes.indexOf(row.outcome)
    if (!Number.isNaN(row.threshold)) this.#thresholds.set(row.threshold, (this.#thresholds.get(row.threshold) ?? 0) + 1)
    this.#length += 1
  }

  /** Rows that {@link answerAgain} changed. */
  get replayed(): number {
    return this.#replayed
  }

  /** Sets what a replay found out about a row; what the log itself tells stays. */
  answerAgain(
    row: number,
    { similarity, threshold, entryId, outcome }: Pick<LookupRow, 'similarity' | 'threshold' | 'entryId' | 'outcome'>,
  ): void {
    const columns = this.#columns
    columns.similarity[row] = similarity
    if (Number.isNaN(columns.threshold[row] ?? NaN)) columns.threshold[row] = threshold
    if (columns.entry[row] === 0) columns.entry[row] = this.names.numberOf(entryId)
    if (columns.outcome[row] === 0) columns.outcome[row] = outcomes.indexOf(outcome)
    this.#replayed += 1
  }

  /** Takes the last row away again. */
  dropLast(): void {
    this.#length -= 1
    const threshold = this.#columns.threshold[this.#length] ?? NaN
    const count = this.#thresholds.get(threshold)
    if (count !== undefined) this.#thresholds.set(threshold, count - 1)
  }

  #grow(): void {
    this.#capacity = Math.ceil(this.#capacity * 1.5)
    const grown = makeColumns(this.#capacity)
    for (const [name, column] of Object.entries(this.#columns)) grown[name as keyof Columns].set(column as Float64Array)
    this.#columns = grown
  }
}
