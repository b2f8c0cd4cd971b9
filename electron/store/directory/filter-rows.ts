import { compileRegex } from '../../../shared/domain/regex.ts'
import type { MetadataScalar } from '../../../shared/domain/metadata.ts'
import { isInPeriod, type Period } from '../../../shared/domain/period.ts'
import { earliestTime, latestTime } from '../../../shared/domain/time.ts'
import type { CompareOperator, Filter, Where, WhereDocument } from '../../../shared/domain/where.ts'
import { validateWhere, validateWhereDocument } from '../../../shared/domain/where-evaluate.ts'
import type { Members } from './members.ts'
import type { MetadataSelection, ValueColumnName } from './metadata-source.ts'
import { rowsOfIds } from './read-ids.ts'
import { RowSet } from './row-set.ts'
import type { Session } from './session.ts'
import { bindText, type SqlValue, textOf } from './sqlite.ts'

const documentKey = 'chroma:document'
const longestLikePattern = 10_000
const comparisons: Readonly<Record<Exclude<CompareOperator, '$ne'>, string>> = { $eq: '=', $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' }

/** A leaf of a filter as conditions on the value columns; a record passes where any of them holds. */
function selectionsOf(key: string, comparison: string, value: MetadataScalar): MetadataSelection[] {
  const on = (column: ValueColumnName, bound: SqlValue, placeholder = '?'): MetadataSelection => ({
    key,
    column,
    condition: `${column} ${comparison} ${placeholder}`,
    values: [bound],
  })
  switch (typeof value) {
    case 'string':
      return [on('string_value', bindText(value), 'CAST(? AS TEXT)')]
    case 'boolean':
      return [on('bool_value', value ? 1 : 0)]
    case 'bigint':
      // As in Chroma, an integer operand is compared with floats as a float.
      return [on('int_value', value), on('float_value', Number(value))]
    case 'number':
      // SQLite compares an integer with a float by value; Chroma would cut the float to an integer first.
      return Number.isNaN(value) ? [] : [on('int_value', value), on('float_value', value)]
  }
}

function arrayCondition(value: MetadataScalar): { column: ValueColumnName; bound: SqlValue } {
  switch (typeof value) {
    case 'string':
      return { column: 'string_value', bound: bindText(value) }
    case 'boolean':
      return { column: 'bool_value', bound: value ? 1 : 0 }
    case 'bigint':
      return { column: 'int_value', bound: value }
    case 'number':
      return { column: 'float_value', bound: value }
  }
}

/** Evaluates filters with Chroma's semantics, one set of rows for each leaf, joined bit by bit. */
class FilterEvaluator {
  readonly #session: Session
  readonly #members: Members
  readonly #signal: AbortSignal | undefined

  constructor(session: Session, members: Members, signal: AbortSignal | undefined) {
    this.#session = session
    this.#members = members
    this.#signal = signal
  }

  async where(where: Where): Promise<RowSet> {
    switch (where.kind) {
      case 'and':
        return this.#all(where.clauses, (clause) => this.where(clause))
      case 'or':
        return this.#any(where.clauses, (clause) => this.where(clause))
      case 'compare': {
        if (where.operator === '$ne') return this.#without(await this.#values(where.key, '=', [where.value]))
        return this.#values(where.key, comparisons[where.operator], [where.value])
      }
      case 'in': {
        const found = await this.#values(where.key, '=', where.values)
        return where.operator === '$in' ? found : this.#without(found)
      }
      case 'contains': {
        const positive = where.operator === '$contains'
        if (where.key === '#document' && typeof where.value === 'string') return this.#text(where.value, false, positive)
        const found = await this.#arrays(where.key, where.value)
        return positive ? found : this.#without(found)
      }
    }
  }

  async document(filter: WhereDocument): Promise<RowSet> {
    switch (filter.kind) {
      case 'and':
        return this.#all(filter.clauses, (clause) => this.document(clause))
      case 'or':
        return this.#any(filter.clauses, (clause) => this.document(clause))
      case 'text':
        return this.#text(
          filter.value,
          filter.operator === '$regex' || filter.operator === '$not_regex',
          filter.operator === '$contains' || filter.operator === '$regex',
        )
    }
  }

  /** Case-insensitive substring of id or document. */
  async find(needle: string): Promise<RowSet> {
    const { database, rowLimit } = this.#session
    const isPlain = [...needle].every((character) => character > '\0' && character < '\x80') && needle.length < longestLikePattern
    const search = async (condition: (text: string) => string, values: readonly SqlValue[]): Promise<RowSet> => {
      const found = await this.#session.metadata.rowsWhere(
        this.#members,
        { key: documentKey, column: 'string_value', condition: condition('string_value'), values },
        this.#signal,
      )
      const inIds = new RowSet(rowLimit)
      const ids = `SELECT id FROM embeddings WHERE segment_id = CAST(? AS TEXT) AND ${condition('embedding_id')}`
      await database.scan(ids, [bindText(this.#members.segment ?? ''), ...values], 1, (row) => inIds.add(row), this.#signal)
      return found.or(inIds).and(this.#members.set)
    }
    const lower = needle.toLowerCase()
    const pattern = `%${needle.replace(/[\\%_]/g, (character) => `\\${character}`)}%`
    return database.withFunction(
      (value) => (textOf(value) ?? '').toLowerCase().includes(lower),
      (name) =>
        // SQLite's LIKE folds ASCII only and stops at a NUL; the rest is for JavaScript, which costs ten times as much.
        isPlain
          ? search((text) => `(${text} LIKE ? ESCAPE '\\' OR (instr(${text}, char(0)) > 0 AND ${name}(CAST(${text} AS BLOB))))`, [pattern])
          : search((text) => `${name}(CAST(${text} AS BLOB))`, []),
    )
  }

  /** A value in a period, however it is written. Texts are read by JavaScript; numbers are told apart by size, as parseTime does. */
  async period(period: Period): Promise<RowSet> {
    const { database, rowLimit, schema, metadata } = this.#session
    const { key, from, to } = period
    return database.withFunction(
      (value) => isInPeriod(period, textOf(value) ?? ''),
      async (name) => {
        const bounds = [from ?? earliestTime, to ?? latestTime]
        const inPeriod = (column: 'int_value' | 'float_value'): string =>
          `(CASE WHEN ${column} * 1000.0 >= ${earliestTime} AND ${column} * 1000.0 < ${latestTime} THEN ${column} * 1000.0
            WHEN ${column} >= ${earliestTime} AND ${column} < ${latestTime} THEN ${column} END)`
        const conditions = [
          { column: 'string_value', condition: `${name}(CAST(string_value AS BLOB))`, values: [] },
          ...(['int_value', 'float_value'] as const).map((column) => ({
            column,
            condition: `${inPeriod(column)} >= ? AND ${inPeriod(column)} < ?`,
            values: bounds,
          })),
        ] as const
        const found = new RowSet(rowLimit)
        let single = new RowSet(rowLimit)
        for (const each of conditions) {
          single = single.or(await metadata.rowsWhere(this.#members, { key, ...each }, this.#signal))
          if (!schema.hasArrays) continue
          const inLists = `SELECT id FROM main.embedding_metadata_array WHERE key = CAST(? AS TEXT) AND ${each.column} IS NOT NULL AND ${each.condition}`
          await database.scan(inLists, [bindText(key), ...each.values], 1, (row) => found.add(row), this.#signal)
        }
        return single.or(found).and(this.#members.set)
      },
    )
  }

  async #values(key: string, comparison: string, values: readonly MetadataScalar[]): Promise<RowSet> {
    let found = new RowSet(this.#session.rowLimit)
    for (const value of values) {
      for (const selection of selectionsOf(key, comparison, value)) {
        found = found.or(await this.#session.metadata.rowsWhere(this.#members, selection, this.#signal))
      }
    }
    return found
  }

  async #arrays(key: string, value: MetadataScalar): Promise<RowSet> {
    const found = new RowSet(this.#session.rowLimit)
    if (!this.#session.schema.hasArrays) return found
    const { column, bound } = arrayCondition(value)
    const placeholder = typeof value === 'string' ? 'CAST(? AS TEXT)' : '?'
    await this.#session.database.scan(
      `SELECT id FROM main.embedding_metadata_array WHERE key = CAST(? AS TEXT) AND ${column} = ${placeholder}`,
      [bindText(key), bound],
      1,
      (row) => found.add(row),
      this.#signal,
    )
    return found.and(this.#members.set)
  }

  async #text(value: string, isPattern: boolean, positive: boolean): Promise<RowSet> {
    const select = (condition: string, values: readonly SqlValue[]): Promise<RowSet> =>
      this.#session.metadata.rowsWhere(this.#members, { key: documentKey, column: 'string_value', condition, values }, this.#signal)
    let found: RowSet
    if (isPattern) {
      const matches = compileRegex(value)
      found = await this.#session.database.withFunction(
        (text) => matches(textOf(text) ?? ''),
        (name) => select(`${name}(CAST(string_value AS BLOB))`, []),
      )
    } else {
      found = await select('instr(string_value, CAST(? AS TEXT)) > 0', [bindText(value)])
    }
    return positive ? found : this.#without(found)
  }

  #without(found: RowSet): RowSet {
    return this.#members.set.without(found)
  }

  async #all<Clause>(clauses: readonly Clause[], evaluate: (clause: Clause) => Promise<RowSet>): Promise<RowSet> {
    let result = this.#members.set
    for (const clause of clauses) result = result.and(await evaluate(clause))
    return result
  }

  async #any<Clause>(clauses: readonly Clause[], evaluate: (clause: Clause) => Promise<RowSet>): Promise<RowSet> {
    let result = new RowSet(this.#session.rowLimit)
    for (const clause of clauses) result = result.or(await evaluate(clause))
    return result
  }
}

/** What records have to pass. */
export interface RowFilter {
  readonly filter: Filter
  /** Ids of the saved set that the filter names; null where it names none. */
  readonly ids: readonly string[] | null
}

/**
 * The records of a collection that pass all parts of a filter. Where Chroma cuts a float operand to an integer to compare it with
 * stored integers, this compares by value.
 * @throws AppError 'invalid-input' for what Chroma refuses, 'damaged', 'cancelled'
 */
export async function filterRows(session: Session, members: Members, { filter, ids }: RowFilter, signal?: AbortSignal): Promise<RowSet> {
  validateWhere(filter.where)
  validateWhereDocument(filter.whereDocument)
  const evaluator = new FilterEvaluator(session, members, signal)
  let rows = members.set
  if (ids !== null) {
    const ofSet = new RowSet(session.rowLimit)
    for (const row of rowsOfIds(session, members.collectionId, ids)) ofSet.add(row)
    rows = rows.and(ofSet)
  }
  if (filter.where) rows = rows.and(await evaluator.where(filter.where))
  if (filter.whereDocument) rows = rows.and(await evaluator.document(filter.whereDocument))
  for (const period of filter.periods) rows = rows.and(await evaluator.period(period))
  if (filter.find !== '') rows = rows.and(await evaluator.find(filter.find))
  return rows
}
