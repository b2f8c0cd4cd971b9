import type { LogTable } from './log-table.ts'

/** What is to be looked up again. */
export interface QueryToReplay {
  /** Rows that asked the same, in the same namespace; more than one where none of them has a time. */
  readonly rows: number[]
  readonly query: string
  readonly namespace: string | null
  /** Milliseconds since 1970; null where the log does not tell. */
  readonly time: number | null
}

/** Rows with a query and without a similarity. */
export function rowsToReplay({ columns, length }: LogTable): number[] {
  const rows: number[] = []
  for (let row = 0; row < length; row += 1) {
    if (columns.query[row] !== 0 && Number.isNaN(columns.similarity[row] ?? NaN)) rows.push(row)
  }
  return rows
}

/** What is to be looked up again, each query, namespace and time once. */
export function queriesToReplay(table: LogTable): QueryToReplay[] {
  const { columns, queries, names } = table
  const found = new Map<string, QueryToReplay>()
  for (const row of rowsToReplay(table)) {
    const time = columns.time[row] ?? NaN
    const key = `${columns.query[row]} ${columns.namespace[row]} ${time}`
    const known = found.get(key)
    if (known) known.rows.push(row)
    else {
      found.set(key, {
        rows: [row],
        query: queries.textOf(columns.query[row] ?? 0) ?? '',
        namespace: names.textOf(columns.namespace[row] ?? 0),
        time: Number.isNaN(time) ? null : time,
      })
    }
  }
  return [...found.values()]
}
