import type { Facet } from '../../../shared/contract/records.ts'
import { computeFacet, type ValueCount } from '../../../shared/domain/facets.ts'
import type { MetadataScalar } from '../../../shared/domain/metadata.ts'
import { looksLikeTimes } from '../../../shared/domain/time.ts'
import { isManyNumbers, numberFacet } from './number-facet.ts'
import type { Members } from './members.ts'
import type { RowSet } from './row-set.ts'
import type { Session } from './session.ts'
import { type NumberRows, sameNumber, textsOfRuns, type ValueColumn } from './value-column.ts'

/** Keys with more texts than this are not read whole unless a few of them look like dates. */
const manyTexts = 2000
const sampled = 50

/** A metadata column of integers can hold anything in a damaged database. */
function wholeOf(value: number): MetadataScalar {
  return Number.isInteger(value) ? BigInt(value) : value
}

function countNumbers(numbers: NumberRows, passing: RowSet | null, toValue: (value: number, row: number) => MetadataScalar): ValueCount[] {
  const counts: [MetadataScalar, number][] = []
  let previous = -1
  for (let at = 0; at < numbers.rows.length; at += 1) {
    const row = numbers.rows[at] ?? 0
    if (passing && !passing.has(row)) continue
    const last = counts.at(-1)
    if (last && sameNumber(numbers, at, previous)) last[1] += 1
    else counts.push([toValue(numbers.values[at] ?? 0, row), 1])
    previous = at
  }
  return counts
}

function countRuns({ rows, starts, examples }: ValueColumn['texts'], passing: RowSet | null): { run: number; count: number }[] {
  const counts: { run: number; count: number }[] = []
  for (let run = 0; run < examples.length; run += 1) {
    const from = starts[run] ?? 0
    const to = starts[run + 1] ?? 0
    let count = passing ? 0 : to - from
    if (passing) for (let at = from; at < to; at += 1) if (passing.has(rows[at] ?? 0)) count += 1
    if (count > 0) counts.push({ run, count })
  }
  return counts
}

function countIn(rows: Float64Array, passing: RowSet | null): number {
  return passing ? rows.reduce((sum, row) => sum + Number(passing.has(row)), 0) : rows.length
}

/** Adds what was not read because it could not be among the values shown. */
function withUnread(facet: Facet, unread: { distinct: number; records: number }): Facet {
  if (facet.kind !== 'values') return facet
  return { ...facet, distinct: facet.distinct + unread.distinct, others: facet.others + unread.records }
}

async function facetOf(
  session: Session,
  members: Members,
  key: string,
  passing: RowSet | null,
  limit: number,
  signal?: AbortSignal,
): Promise<Facet> {
  const column = await session.column(members, key, signal)
  const total = passing ? members.set.and(passing).size : members.rows.length
  if (isManyNumbers(column, passing)) return numberFacet(column, passing, total)
  const counts: ValueCount[] = [
    ...countNumbers(column.integers, passing, (value, row) => column.integers.exact.get(row) ?? wholeOf(value)),
    ...countNumbers(column.floats, passing, (value) => value),
  ]
  for (const [value, rows] of [
    [false, column.falseRows],
    [true, column.trueRows],
  ] as const) {
    const count = countIn(rows, passing)
    if (count > 0) counts.push([value, count])
  }
  for (const [row, list] of column.lists) if (!passing || passing.has(row)) counts.push([list, 1])
  let runs = countRuns(column.texts, passing)
  let unread = { distinct: 0, records: 0 }
  const withText = runs.reduce((sum, entry) => sum + entry.count, 0)
  const present = counts.reduce((sum, [, count]) => sum + count, 0) + withText
  if (runs.length > manyTexts) {
    const step = Math.floor(runs.length / sampled)
    const samples = textsOfRuns(
      session,
      column,
      Array.from({ length: sampled }, (_, index) => runs[index * step]?.run ?? 0),
    )
    if (looksLikeTimes(key, samples.values()) === null) {
      const commonest = runs.toSorted((a, b) => b.count - a.count).slice(0, Math.max(limit, manyTexts))
      const read = commonest.reduce((sum, entry) => sum + entry.count, 0)
      unread = { distinct: runs.length - commonest.length, records: withText - read }
      runs = commonest
    }
  }
  const texts = textsOfRuns(
    session,
    column,
    runs.map((entry) => entry.run),
  )
  for (const { run, count } of runs) counts.push([texts.get(run) ?? '', count])
  return withUnread(computeFacet(key, counts, total - present, limit), unread)
}

/** Sums up keys over the records of a view; `passing` null means all members. @throws AppError 'damaged', 'cancelled' */
export async function readFacets(
  session: Session,
  members: Members,
  passing: RowSet | null,
  keys: readonly string[],
  limit: number,
  signal?: AbortSignal,
): Promise<Facet[]> {
  const facets: Facet[] = []
  for (const key of keys) facets.push(await facetOf(session, members, key, passing, limit, signal))
  return facets
}
