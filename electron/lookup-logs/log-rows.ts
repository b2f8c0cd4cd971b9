import { nearMissBand, type LogFilter, type Lookup, type LookupSort } from '../../shared/contract/lookup-logs.ts'
import { missCode, outcomes, type LogTable } from './log-table.ts'

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}

/** Says of each row whether it is a near miss: a miss at most {@link nearMissBand} below its threshold, else the log's, else the given one. */
export function nearMissTest({ columns, threshold }: LogTable, otherwise: number): (row: number) => boolean {
  const usual = threshold ?? otherwise
  return (row) => {
    if (columns.outcome[row] !== missCode) return false
    const own = columns.threshold[row] ?? NaN
    const needed = Number.isNaN(own) ? usual : own
    const similarity = columns.similarity[row] ?? NaN
    // Rounding of decimal fractions must not decide: 0.85 - 0.05 is a little more than 0.8.
    return similarity < needed && similarity >= needed - nearMissBand - 1e-9
  }
}

/** Numbers of the rows that a filter means, as read. */
export function rowsOf(table: LogTable, filter: LogFilter): Uint32Array {
  const { columns, length } = table
  const tests: ((row: number) => boolean)[] = []
  if (filter.outcomes !== null) {
    const wanted = filter.outcomes.map((outcome) => outcomes.indexOf(outcome))
    tests.push((row) => wanted.includes(columns.outcome[row] ?? 0))
  }
  if (filter.namespace !== null) {
    const { is } = filter.namespace
    const wanted = is === null ? 0 : (table.names.find(is) ?? -1)
    tests.push((row) => columns.namespace[row] === wanted)
  }
  if (filter.entryId !== null) {
    const wanted = table.names.find(filter.entryId) ?? -1
    tests.push((row) => columns.entry[row] === wanted)
  }
  // What is not known is in no range: comparisons with NaN are false.
  const { from, to, minSimilarity, maxSimilarity } = filter
  if (from !== null) tests.push((row) => (columns.time[row] ?? NaN) >= from)
  if (to !== null) tests.push((row) => (columns.time[row] ?? NaN) < to)
  if (minSimilarity !== null) tests.push((row) => (columns.similarity[row] ?? NaN) >= minSimilarity)
  if (maxSimilarity !== null) tests.push((row) => (columns.similarity[row] ?? NaN) < maxSimilarity)
  if (filter.nearMisses) tests.push(nearMissTest(table, filter.threshold))
  if (filter.find !== '') {
    const find = filter.find.toLowerCase()
    const found = table.queries.matching((text) => text.toLowerCase().includes(find))
    tests.push((row) => found[columns.query[row] ?? 0] === 1)
  }
  const rows = new Uint32Array(length)
  let count = 0
  for (let row = 0; row < length; row += 1) {
    if (!tests.every((test) => test(row))) continue
    rows[count] = row
    count += 1
  }
  return rows.slice(0, count)
}

/** Rows in another order; what has no value comes last either way, equals stay as read. */
export function sortedRows({ columns }: LogTable, rows: Uint32Array, { by, descending }: LookupSort): Uint32Array {
  if (by === 'line') return descending ? rows.toReversed() : rows
  const column = columns[by]
  const sign = descending ? -1 : 1
  return rows.toSorted((a, b) => {
    const left = column[a] ?? NaN
    const right = column[b] ?? NaN
    if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right)) || a - b
    return sign * (left - right) || a - b
  })
}

/** Rows as the contract tells them. @param threshold as that of a filter */
export function lookupsAt(table: LogTable, rows: Uint32Array, threshold: number): Lookup[] {
  const { columns, queries, names } = table
  const isNearMiss = nearMissTest(table, threshold)
  return Array.from(rows, (row) => ({
    line: columns.line[row] ?? 0,
    time: orNull(columns.time[row]),
    query: queries.textOf(columns.query[row] ?? 0),
    namespace: names.textOf(columns.namespace[row] ?? 0),
    outcome: outcomes[columns.outcome[row] ?? 0] ?? null,
    entryId: names.textOf(columns.entry[row] ?? 0),
    matchedQuery: queries.textOf(columns.matched[row] ?? 0),
    similarity: orNull(columns.similarity[row]),
    latency: orNull(columns.latency[row]),
    threshold: orNull(columns.threshold[row]),
    cost: orNull(columns.cost[row]),
    nearMiss: isNearMiss(row),
  }))
}
