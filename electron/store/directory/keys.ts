import type { MetadataKey } from '../../../shared/contract/collections.ts'
import { metadataTypeOf, type MetadataType } from '../../../shared/domain/metadata.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { Breath } from './breath.ts'
import type { Members } from './members.ts'
import type { Session } from './session.ts'
import { bindText, textOf, wholeNumber } from './sqlite.ts'
import { distinctNumbers, readValueColumn, type ValueColumn } from './value-column.ts'

const mostDistinct = 1000
const hiddenPrefix = 'chroma:'
/** With more keys than this in the store, it is worth reading which of them a collection has. */
const fewKeys = 200

/** The keys of all collections; each step jumps to the next key instead of reading every row. */
function allKeys(session: Session): string[] {
  const { database, schema } = session
  const tables = ['main.embedding_metadata', ...(schema.hasArrays ? ['main.embedding_metadata_array'] : [])]
  const keys = new Set<string>()
  for (const table of tables) {
    for (const column of ['string_value', 'int_value', 'float_value']) {
      const next = (condition: string): string => `SELECT min(key) FROM ${table} WHERE ${column} IS NOT NULL${condition}`
      const sql = `WITH RECURSIVE found(key) AS (SELECT (${next('')}) UNION ALL SELECT (${next(' AND key > found.key')}) FROM found WHERE found.key IS NOT NULL)
        SELECT CAST(key AS BLOB) key FROM found WHERE key IS NOT NULL`
      const plain = `SELECT DISTINCT CAST(key AS BLOB) key FROM ${table} WHERE ${column} IS NOT NULL`
      const isIndexed = table.endsWith('array') || schema.hasValueIndex(column)
      for (const row of database.rows(isIndexed ? sql : plain)) keys.add(textOf(row['key']) ?? '')
    }
    for (const row of database.rows(booleanKeys(session, table))) keys.add(textOf(row['key']) ?? '')
  }
  return [...keys].filter((key) => !key.startsWith(hiddenPrefix))
}

/** Those keys that some record of the collection may have. */
async function keysOf(session: Session, { segment }: Members, signal?: AbortSignal): Promise<string[]> {
  const all = allKeys(session)
  if (all.length <= fewKeys || segment === null) return all
  const found = new Set<string>()
  const tables = ['embedding_metadata', ...(session.schema.hasArrays ? ['embedding_metadata_array'] : [])]
  try {
    for (const table of tables) {
      const sql = `SELECT DISTINCT CAST(owned.key AS BLOB) key FROM main.embeddings JOIN main.${table} AS owned ON owned.id = embeddings.id
        WHERE segment_id = CAST(? AS TEXT)`
      for await (const row of session.database.iterate(sql, [bindText(segment)], signal)) found.add(textOf(row['key']) ?? '')
    }
  } catch (error) {
    if (error instanceof AppError && error.code === 'damaged') return all
    throw error
  }
  return all.filter((key) => found.has(key))
}

function booleanKeys(session: Session, table: string): string {
  const isPossible = table.endsWith('array') || session.metadata.hasBooleans()
  return isPossible ? `SELECT DISTINCT CAST(key AS BLOB) key FROM ${table} WHERE bool_value IS NOT NULL` : 'SELECT NULL AS key WHERE 0'
}

function longestText(session: Session, column: ValueColumn): number {
  const { examples } = column.texts
  let longest = 0
  for (let from = 0; from < examples.length; from += 20_000) {
    const wanted = `[${examples.subarray(from, from + 20_000).join(',')}]`
    const answer = session.database.first(
      'SELECT max(length(string_value)) AS longest FROM main.embedding_metadata WHERE rowid IN (SELECT value FROM json_each(?))',
      [wanted],
    )
    longest = Math.max(longest, wholeNumber(answer?.['longest']) ?? 0)
  }
  return longest
}

function describeKey(session: Session, column: ValueColumn): MetadataKey {
  const counts = new Map<MetadataType, number>()
  const add = (type: MetadataType, count: number): void => {
    if (count > 0) counts.set(type, (counts.get(type) ?? 0) + count)
  }
  add('string', column.texts.rows.length)
  add('integer', column.integers.rows.length)
  add('float', column.floats.rows.length)
  add('boolean', column.falseRows.length + column.trueRows.length)
  const lists = new Set<string>()
  for (const list of column.lists.values()) {
    add(metadataTypeOf(list), 1)
    if (lists.size < mostDistinct) lists.add(list.map((item) => `${typeof item} ${String(item)}`).join('\0'))
  }
  const distinct =
    column.texts.examples.length +
    distinctNumbers(column.integers) +
    distinctNumbers(column.floats) +
    Number(column.falseRows.length > 0) +
    Number(column.trueRows.length > 0) +
    lists.size
  const types = [...counts].map(([type, count]) => ({ type, count }))
  return {
    key: column.key,
    types,
    count: types.reduce((sum, entry) => sum + entry.count, 0),
    distinct: Math.min(distinct, mostDistinct),
    longest: longestText(session, column),
  }
}

/** The metadata keys of a collection's records, commonest first. @throws AppError 'damaged', 'cancelled' */
export async function readKeys(session: Session, members: Members, signal?: AbortSignal): Promise<MetadataKey[]> {
  const described: MetadataKey[] = []
  const breath = new Breath(signal)
  for (const key of await keysOf(session, members, signal)) {
    if (breath.isDue) await breath.take()
    const entry = describeKey(session, await readValueColumn(session, members, key, signal))
    if (entry.count > 0) described.push(entry)
  }
  return described.toSorted((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
}
