import type { Sort } from '../../../shared/contract/records.ts'
import { formatMetadataValue } from '../../../shared/domain/metadata.ts'
import { compareText } from '../../../shared/domain/sort.ts'
import type { Members } from './members.ts'
import { RowSet } from './row-set.ts'
import type { Session } from './session.ts'
import { bindText } from './sqlite.ts'
import { type NumberRows, sameNumber, textsOfRuns, type ValueColumn } from './value-column.ts'

/** Rows in ascending order of their values. Those from one start to the next have equal values and are in stored order. */
interface Ordered {
  readonly rows: Float64Array
  /** One more than there are runs: the last one is the number of rows. */
  readonly starts: Uint32Array
}

function joined(parts: readonly Float64Array[]): Float64Array<ArrayBuffer> {
  const result = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    result.set(part, at)
    at += part.length
  }
  return result
}

function mergedNumbers(integers: NumberRows, floats: NumberRows): NumberRows {
  if (floats.rows.length === 0) return integers
  if (integers.rows.length === 0) return floats
  const total = integers.rows.length + floats.rows.length
  const rows = new Float64Array(total)
  const values = new Float64Array(total)
  let left = 0
  let right = 0
  for (let at = 0; at < total; at += 1) {
    const difference = (integers.values[left] ?? Infinity) - (floats.values[right] ?? Infinity)
    const isTie = difference === 0 || Number.isNaN(difference)
    const takesLeft =
      right >= floats.rows.length ||
      (left < integers.rows.length && (isTie ? (integers.rows[left] ?? 0) < (floats.rows[right] ?? 0) : difference < 0))
    const from = takesLeft ? integers : floats
    const index = takesLeft ? left++ : right++
    rows[at] = from.rows[index] ?? 0
    values[at] = from.values[index] ?? 0
  }
  return { rows, values, exact: integers.exact }
}

function orderedNumbers(column: ValueColumn): Ordered {
  const numbers = mergedNumbers(column.integers, column.floats)
  const { rows } = numbers
  const starts = new Uint32Array(rows.length + 1)
  let runs = 0
  for (let at = 0; at < rows.length; at += 1) {
    if (at > 0 && sameNumber(numbers, at, at - 1)) continue
    starts[runs] = at
    runs += 1
  }
  starts[runs] = rows.length
  return { rows, starts: starts.subarray(0, runs + 1) }
}

function orderedTexts(session: Session, column: ValueColumn): Ordered {
  if (column.lists.size === 0) return column.texts
  const { rows, starts, examples } = column.texts
  const texts = textsOfRuns(session, column, examples.keys())
  const runs = Array.from(examples, (_, run) => ({ text: texts.get(run) ?? '', rows: rows.subarray(starts[run], starts[run + 1]) }))
  const rowsByText = new Map(runs.map((run) => [run.text, [run.rows]]))
  for (const [row, list] of column.lists) {
    const text = formatMetadataValue(list)
    const known = rowsByText.get(text)
    if (known) known.push(Float64Array.of(row))
    else rowsByText.set(text, [Float64Array.of(row)])
  }
  const all = [...rowsByText]
    .map(([text, parts]) => ({ text, rows: joined(parts).toSorted() }))
    .toSorted((a, b) => compareText(a.text, b.text))
  const ends = new Uint32Array(all.length + 1)
  for (const [index, run] of all.entries()) ends[index + 1] = (ends[index] ?? 0) + run.rows.length
  return { rows: joined(all.map((run) => run.rows)), starts: ends }
}

function orderedBooleans({ falseRows, trueRows }: ValueColumn): Ordered {
  return { rows: joined([falseRows, trueRows]), starts: Uint32Array.of(0, falseRows.length, falseRows.length + trueRows.length) }
}

/** The same runs, last first; rows inside a run stay in stored order. */
function descendingRows({ rows, starts }: Ordered): Float64Array {
  const result = new Float64Array(rows.length)
  let at = 0
  for (let run = starts.length - 2; run >= 0; run -= 1) {
    for (let index = starts[run] ?? 0; index < (starts[run + 1] ?? 0); index += 1) {
      result[at] = rows[index] ?? 0
      at += 1
    }
  }
  return result
}

/** Rows that are not in `ordered` follow it in stored order. */
function withMissingLast(members: Members, ordered: Float64Array, limit: number): Float64Array {
  if (ordered.length >= members.rows.length) return ordered
  const present = RowSet.of(limit, ordered)
  return joined([ordered, members.rows.filter((row) => !present.has(row))])
}

function byValue(session: Session, members: Members, column: ValueColumn, descending: boolean): Float64Array {
  const parts = [orderedNumbers(column), orderedTexts(session, column), orderedBooleans(column)].filter((part) => part.rows.length > 0)
  const rows = descending ? parts.toReversed().map(descendingRows) : parts.map((part) => part.rows)
  return withMissingLast(members, joined(rows), session.rowLimit)
}

/**
 * All records of a collection in the order of a sort: numbers, then texts and lists, then booleans; missing values last in both
 * directions; equal ones in stored order.
 * @throws AppError 'damaged', 'cancelled'
 */
export async function sortRows(session: Session, members: Members, sort: Sort, signal?: AbortSignal): Promise<Float64Array> {
  const descending = sort.direction === 'descending'
  switch (sort.by.kind) {
    case 'stored':
      return descending ? members.rows.toReversed() : members.rows
    case 'id': {
      const sql = `SELECT id FROM embeddings WHERE segment_id = CAST(? AS TEXT) ORDER BY embedding_id ${descending ? 'DESC' : 'ASC'}`
      return session.database.numbers(sql, [bindText(members.segment ?? '')], signal)
    }
    case 'document':
    case 'metadata': {
      const key = sort.by.kind === 'document' ? 'chroma:document' : sort.by.key
      return byValue(session, members, await session.column(members, key, signal), descending)
    }
  }
}
