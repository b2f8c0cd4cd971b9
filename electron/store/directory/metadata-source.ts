import { AppError } from '../../../shared/rpc/errors.ts'
import { Kept } from '../kept.ts'
import type { Members } from './members.ts'
import { RowSet } from './row-set.ts'
import type { Schema } from './schema.ts'
import { bindText, type Sqlite, type SqlValue, wholeNumber } from './sqlite.ts'

export type ValueColumnName = 'string_value' | 'int_value' | 'float_value' | 'bool_value'

/** Which metadata rows are looked at. */
export interface MetadataSelection {
  readonly key: string
  readonly column: ValueColumnName
  /** SQL over the column, such as `int_value > ?`; empty for all rows that have a value there. */
  readonly condition?: string
  readonly values?: readonly SqlValue[]
}

interface Template {
  readonly sql: string
  readonly values: readonly SqlValue[]
  /** Turns the id that the query selects into a row of `embeddings`. */
  readonly ownerOf: (id: number) => number
}

/** Below this many metadata rows nothing has to be prepared to be fast. */
const smallTable = 20_000
/** Collections of at most this many records are read record by record where the table holds much more. */
const smallCollection = 20_000
/** 256 MB of row ids; tables with rows beyond it are read the plain way. */
const largestOwnerMap = 2 ** 26

/**
 * Finds records by their metadata. Value indexes of `embedding_metadata` lead to rows of that table, not to records, and to look
 * each of them up costs ten times as much as the search itself; so a map from metadata row to record is read once, from the index
 * over (id, key), and the searches then stay inside one index.
 */
export class MetadataSource {
  readonly #database: Sqlite
  readonly #schema: Schema
  readonly #rowLimit: number
  readonly #largestMetadataRow: number
  readonly #owners = new Kept<Uint32Array | null>({ most: 1 })
  #anyBooleans: boolean | null = null

  constructor(database: Sqlite, schema: Schema, rowLimit: number) {
    this.#database = database
    this.#schema = schema
    this.#rowLimit = rowLimit
    this.#largestMetadataRow = wholeNumber(database.first('SELECT max(rowid) AS largest FROM main.embedding_metadata')?.['largest']) ?? 0
  }

  /** The record of each metadata row; null where the plain way is used. Read once and kept. */
  owners(signal?: AbortSignal): Promise<Uint32Array | null> {
    return this.#owners.get('', signal, () => this.#readOwners(signal))
  }

  async #readOwners(signal?: AbortSignal): Promise<Uint32Array | null> {
    const largest = this.#largestMetadataRow
    if (!this.#schema.hasOwnerIndex || largest < smallTable || largest > largestOwnerMap || this.#rowLimit >= 2 ** 32) return null
    const owners = new Uint32Array(largest + 1)
    try {
      await this.#database.scan(
        'SELECT rowid, id FROM main.embedding_metadata INDEXED BY sqlite_autoindex_embedding_metadata_1',
        [],
        2,
        (row, owner) => {
          owners[row] = owner
        },
        signal,
      )
    } catch (error) {
      if (error instanceof AppError && error.code === 'damaged') return null
      throw error
    }
    return owners
  }

  /** The records of `members` whose value passes. @throws AppError 'damaged', 'cancelled' */
  async rowsWhere(members: Members, selection: MetadataSelection, signal?: AbortSignal): Promise<RowSet> {
    const template = await this.#template(members, selection, '', signal)
    const found = new RowSet(this.#rowLimit)
    if (template) await this.#database.scan(template.sql, template.values, 1, (id) => found.add(template.ownerOf(id)), signal)
    return found.and(members.set)
  }

  /**
   * Visits the metadata rows of `members` in the order of their values.
   * @param visit gets the record's row, and the metadata row or (for numbers and booleans) the value as a double
   */
  async inOrder(
    members: Members,
    selection: MetadataSelection,
    visit: (row: number, second: number) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const { column } = selection
    const template = await this.#template(members, selection, column, signal)
    if (!template) return
    await this.#database.scan(
      template.sql,
      template.values,
      2,
      (id, second) => visit(template.ownerOf(id), column === 'string_value' ? id : second),
      signal,
    )
  }

  /** Texts of a key in ascending order: metadata rows, their records, and how many of them in a row have the same text. */
  async textsInOrder(
    members: Members,
    key: string,
    signal?: AbortSignal,
  ): Promise<{ metadataRows: Float64Array; owners: Float64Array; runs: Float64Array }> {
    const selection = { key, column: 'string_value' } as const
    const template = await this.#template(members, selection, 'string_value', signal)
    if (!template) return { metadataRows: new Float64Array(0), owners: new Float64Array(0), runs: new Float64Array(0) }
    const metadataRows = await this.#database.numbers(template.sql.replace(/^SELECT \S+/, 'SELECT rowid'), template.values, signal)
    const owners =
      template.ownerOf === sameRow
        ? await this.#database.numbers(template.sql, template.values, signal)
        : metadataRows.map(template.ownerOf)
    const grouped = template.sql.replace(/^SELECT .+? FROM/, 'SELECT count(*) FROM').replace('ORDER BY', 'GROUP BY string_value ORDER BY')
    const runs = await this.#database.numbers(grouped, template.values, signal)
    return { metadataRows, owners, runs }
  }

  /** Whether any record at all has a boolean: no index leads to them, so that looking for them reads the whole table. */
  hasBooleans(): boolean {
    if (!this.#schema.hasBooleans) return false
    if (this.#anyBooleans === null) {
      const count = (condition: string): number =>
        wholeNumber(this.#database.first(`SELECT count(*) AS n FROM main.embedding_metadata ${condition}`)?.['n']) ?? 0
      const indexed = ['string_value', 'int_value', 'float_value'].every((column) => this.#schema.hasValueIndex(column))
      const others = ['string_value', 'int_value', 'float_value'].map((column) => (indexed ? count(`WHERE ${column} IS NOT NULL`) : 0))
      this.#anyBooleans = count('') > others.reduce((sum, one) => sum + one, 0)
    }
    return this.#anyBooleans
  }

  async #template(members: Members, selection: MetadataSelection, orderBy: string, signal?: AbortSignal): Promise<Template | null> {
    const { key, column, condition, values = [] } = selection
    if (column === 'bool_value' && !this.hasBooleans()) return null
    const test = `key = CAST(? AS TEXT) AND ${column} IS NOT NULL${condition ? ` AND ${condition}` : ''}`
    const order = orderBy ? ` ORDER BY ${orderBy}` : ''
    const second = orderBy && column !== 'string_value' ? `, ${column}` : ''
    const bound = [bindText(key), ...values]
    const { hasOwnerIndex } = this.#schema
    if (hasOwnerIndex && members.rows.length <= smallCollection && this.#largestMetadataRow > smallTable + members.rows.length * 40) {
      const wanted = `[${members.rows.join(',')}]`
      const from = 'main.embedding_metadata INDEXED BY sqlite_autoindex_embedding_metadata_1'
      return {
        sql: `SELECT id${second} FROM ${from} WHERE id IN (SELECT value FROM json_each(?)) AND ${test}${order}`,
        values: [wanted, ...bound],
        ownerOf: sameRow,
      }
    }
    const owners = this.#schema.hasValueIndex(column) ? await this.owners(signal) : null
    if (!owners) return { sql: `SELECT id${second} FROM main.embedding_metadata WHERE ${test}${order}`, values: bound, ownerOf: sameRow }
    return {
      sql: `SELECT rowid${second} FROM main.embedding_metadata WHERE ${test}${order}`,
      values: bound,
      ownerOf: (id) => owners[id] ?? 0,
    }
  }
}

function sameRow(id: number): number {
  return id
}
