import { z } from 'zod'
import type { MetadataScalar } from '../../../shared/domain/metadata.ts'
import type { Members } from './members.ts'
import { valueOfRow } from './metadata-rows.ts'
import type { Session } from './session.ts'
import { bindText, textOf } from './sqlite.ts'

/** Row ids that share one text, as a stretch of `rows`. */
interface TextRuns {
  /** Ordered by text, then by row. */
  readonly rows: Float64Array
  /** Where each run begins; one more at the end. */
  readonly starts: Uint32Array
  /** A metadata row that holds the run's text. */
  readonly examples: Float64Array
}

export interface NumberRows {
  /** Ordered by value, then by row. */
  readonly rows: Float64Array
  readonly values: Float64Array
  /** Integers beyond 2^53, of which several look alike as doubles, by row; empty where there are none. */
  readonly exact: ReadonlyMap<number, bigint>
}

/** Whether two places hold the same number. */
export function sameNumber({ rows, values, exact }: NumberRows, a: number, b: number): boolean {
  return values[a] === values[b] && (exact.size === 0 || exact.get(rows[a] ?? -1) === exact.get(rows[b] ?? -1))
}

/** All values of one metadata key in one collection, by type, in order. */
export interface ValueColumn {
  readonly key: string
  readonly texts: TextRuns
  readonly integers: NumberRows
  readonly floats: NumberRows
  readonly falseRows: Float64Array
  readonly trueRows: Float64Array
  readonly lists: ReadonlyMap<number, MetadataScalar[]>
}

function isAscending(rows: Float64Array): boolean {
  for (let index = 1; index < rows.length; index += 1) if ((rows[index] ?? 0) < (rows[index - 1] ?? 0)) return false
  return true
}

function sortStretch(rows: Float64Array, from: number, to: number): void {
  const stretch = rows.subarray(from, to)
  if (!isAscending(stretch)) stretch.sort()
}

async function readTexts(session: Session, members: Members, key: string, signal?: AbortSignal): Promise<TextRuns> {
  const { metadataRows, owners, runs } = await session.metadata.textsInOrder(members, key, signal)
  const rows = new Float64Array(owners.length)
  const starts = new Uint32Array(runs.length + 1)
  const examples = new Float64Array(runs.length)
  let kept = 0
  let keptRuns = 0
  let at = 0
  for (const length of runs) {
    const from = kept
    for (const end = at + length; at < end; at += 1) {
      const owner = owners[at] ?? 0
      if (!members.set.has(owner)) continue
      if (kept === from) examples[keptRuns] = metadataRows[at] ?? 0
      rows[kept] = owner
      kept += 1
    }
    if (kept === from) continue
    sortStretch(rows, from, kept)
    keptRuns += 1
    starts[keptRuns] = kept
  }
  return { rows: rows.slice(0, kept), starts: starts.slice(0, keptRuns + 1), examples: examples.slice(0, keptRuns) }
}

async function readNumbers(
  session: Session,
  members: Members,
  key: string,
  column: 'int_value' | 'float_value' | 'bool_value',
  signal?: AbortSignal,
): Promise<NumberRows> {
  let rows = new Float64Array(1024)
  let values = new Float64Array(1024)
  let count = 0
  await session.metadata.inOrder(
    members,
    { key, column },
    (row, value) => {
      if (!members.set.has(row)) return
      if (count === rows.length) {
        const more = [new Float64Array(count * 2), new Float64Array(count * 2)] as const
        more[0].set(rows)
        more[1].set(values)
        ;[rows, values] = more
      }
      rows[count] = row
      values[count] = value
      count += 1
    },
    signal,
  )
  rows = rows.slice(0, count)
  values = values.slice(0, count)
  const exact = column === 'int_value' ? exactIntegers(session, key, rows, values) : new Map<number, bigint>()
  const numbers = { rows, values, exact }
  for (let from = 0; from < count;) {
    let to = from + 1
    while (to < count && sameNumber(numbers, from, to)) to += 1
    sortStretch(rows, from, to)
    from = to
  }
  return numbers
}

function exactIntegers(session: Session, key: string, rows: Float64Array, values: Float64Array): Map<number, bigint> {
  const exact = new Map<number, bigint>()
  const wanted = rows.filter((_, index) => !Number.isSafeInteger(values[index] ?? 0))
  for (let from = 0; from < wanted.length; from += 10_000) {
    const found = session.database.rows(
      'SELECT id, int_value FROM main.embedding_metadata WHERE key = CAST(? AS TEXT) AND id IN (SELECT value FROM json_each(?))',
      [bindText(key), `[${wanted.subarray(from, from + 10_000).join(',')}]`],
    )
    for (const row of found) {
      const whole = row['int_value']
      if (typeof whole === 'bigint' || (typeof whole === 'number' && Number.isInteger(whole))) exact.set(Number(row['id']), BigInt(whole))
    }
  }
  return exact
}

async function readLists(session: Session, members: Members, key: string, signal?: AbortSignal): Promise<Map<number, MetadataScalar[]>> {
  const lists = new Map<number, MetadataScalar[]>()
  if (!session.schema.hasArrays) return lists
  const sql = `SELECT id, CAST(string_value AS BLOB) text, int_value, float_value, bool_value
    FROM main.embedding_metadata_array WHERE key = CAST(? AS TEXT) ORDER BY id, rowid`
  for await (const row of session.database.iterate(sql, [bindText(key)], signal)) {
    const id = Number(row['id'])
    const value = valueOfRow(row)
    if (value === null || !members.set.has(id)) continue
    const list = lists.get(id)
    if (list) list.push(value)
    else lists.set(id, [value])
  }
  return lists
}

/** Reads all values of a key. @throws AppError 'damaged', 'cancelled' */
export async function readValueColumn(session: Session, members: Members, key: string, signal?: AbortSignal): Promise<ValueColumn> {
  const texts = await readTexts(session, members, key, signal)
  const integers = await readNumbers(session, members, key, 'int_value', signal)
  const floats = await readNumbers(session, members, key, 'float_value', signal)
  const isComplete = texts.rows.length + integers.rows.length + floats.rows.length >= members.rows.length
  // A record has one value for a key, so where all have one there is no boolean to look for.
  const booleans = isComplete ? null : await readNumbers(session, members, key, 'bool_value', signal)
  const falseCount = booleans ? booleans.values.findIndex((value) => value !== 0) : 0
  const split = booleans && falseCount < 0 ? booleans.rows.length : falseCount
  return {
    key,
    texts,
    integers,
    floats,
    falseRows: booleans?.rows.slice(0, split) ?? new Float64Array(0),
    trueRows: booleans?.rows.slice(split) ?? new Float64Array(0),
    lists: await readLists(session, members, key, signal),
  }
}

/** How many different numbers there are. */
export function distinctNumbers(numbers: NumberRows): number {
  let distinct = 0
  for (let at = 0; at < numbers.values.length; at += 1) if (at === 0 || !sameNumber(numbers, at, at - 1)) distinct += 1
  return distinct
}

/** The texts of some runs of a column. */
export function textsOfRuns(session: Session, column: ValueColumn, runs: Iterable<number>): Map<number, string> {
  const wanted = new Map([...runs].map((run) => [column.texts.examples[run] ?? -1, run]))
  // As JSON, because reading many short texts one by one takes several times as long.
  const answer = session.database.first(
    `SELECT CAST(json_group_array(json_array(rowid, string_value)) AS BLOB) pairs
      FROM main.embedding_metadata WHERE rowid IN (SELECT value FROM json_each(?))`,
    [`[${[...wanted.keys()].join(',')}]`],
  )
  const pairs = z.array(z.tuple([z.number(), z.string()])).parse(JSON.parse(textOf(answer?.['pairs']) ?? '[]'))
  return new Map(pairs.map(([row, text]) => [wanted.get(row) ?? -1, text]))
}
