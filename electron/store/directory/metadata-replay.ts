import { parse } from 'lossless-json'
import type { MetadataScalar } from '../../../shared/domain/metadata.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { StoredCollection } from './collections.ts'
import { operations } from './queue.ts'
import type { Schema } from './schema.ts'
import { bindText, type Row, type Sqlite, type SqlValue, textOf, wholeNumber } from './sqlite.ts'

/** Operations beyond this are looked at from the newest on; only a queue that was never purged is longer. */
const mostOperations = 300_000

export interface Replay {
  /** Operations that were applied to the private copy. */
  readonly applied: number
  /** Why the queue could not be read whole, if so. */
  readonly problem: string | null
  /** Operations that could not be understood, with what is wrong with each. */
  readonly refused: readonly { readonly sequence: number; readonly collectionId: string; readonly problem: string }[]
}

type ParsedValue = MetadataScalar | null | ParsedValue[] | { [key: string]: ParsedValue }

function parseNumber(text: string): number | bigint {
  if (!/^-?\d+$/.test(text)) return Number(text)
  const whole = BigInt(text)
  return whole === BigInt.asIntN(64, whole) ? whole : Number(text)
}

function scalarColumns(value: MetadataScalar, hasBooleans: boolean): [string: SqlValue, whole: SqlValue, float: SqlValue, truth: SqlValue] {
  switch (typeof value) {
    case 'string':
      return [bindText(value), null, null, null]
    case 'bigint':
      return [null, value, null, null]
    case 'number':
      return [null, null, value, null]
    case 'boolean':
      // Before there was a column for them, booleans were kept as integers.
      return hasBooleans ? [null, null, null, value ? 1 : 0] : [null, value ? 1 : 0, null, null]
  }
}

/** Applies operations to the private copy as Chroma's metadata segment does; see sqlite_metadata.rs in Chroma. */
class Replayer {
  readonly #database: Sqlite
  readonly #schema: Schema

  constructor(database: Sqlite, schema: Schema) {
    this.#database = database
    this.#schema = schema
  }

  /** @returns what is wrong with the operation; null where it was applied or had no effect */
  apply(segment: string, row: Row): string | null {
    const operation = wholeNumber(row['operation'])
    const id = textOf(row['id']) ?? ''
    const found = this.#database.first('SELECT id FROM main.embeddings WHERE segment_id = ? AND embedding_id = CAST(? AS TEXT)', [
      segment,
      bindText(id),
    ])
    let record = found ? Number(found['id']) : null
    if (operation === operations.delete) {
      if (record !== null) this.#delete(record)
      return null
    }
    if (operation !== operations.add && operation !== operations.update && operation !== operations.upsert)
      return `its kind is ${operation}, which does not exist`
    const { values, problem } = this.#parse(textOf(row['metadata']))
    if (operation === operations.add && record !== null) return problem
    if (operation === operations.update && record === null) return problem
    if (record === null) {
      const sequence = wholeNumber(row['seq_id']) ?? 0
      this.#database.run('INSERT INTO main.embeddings (segment_id, embedding_id, seq_id) VALUES (?, CAST(? AS TEXT), ?)', [
        segment,
        bindText(id),
        sequence,
      ])
      record = Number(this.#database.first('SELECT last_insert_rowid() AS id')?.['id'])
    }
    let unfit: string | null = null
    for (const [key, value] of values) unfit = this.#set(record, key, value) ?? unfit
    return problem ?? unfit
  }

  #parse(text: string | null): { values: [string, ParsedValue][]; problem: string | null } {
    if (text === null) return { values: [], problem: null }
    try {
      const parsed = parse(text, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue }) as ParsedValue
      if (parsed === null) return { values: [], problem: null }
      if (typeof parsed !== 'object' || Array.isArray(parsed)) return { values: [], problem: 'its metadata is no JSON object' }
      return { values: Object.entries(parsed), problem: null }
    } catch {
      return { values: [], problem: 'its metadata is no valid JSON' }
    }
  }

  #set(record: number, key: string, value: ParsedValue): string | null {
    if (key === 'chroma:document' && typeof value !== 'string')
      return `its document is ${value === null ? 'null' : 'no text'}, which stops Chroma for the whole database`
    const key_ = bindText(key)
    if (
      Array.isArray(value)
        ? !this.#schema.hasArrays || value.some((item) => item === null || typeof item === 'object')
        : typeof value === 'object' && value !== null
    ) {
      return `the value of its key ${JSON.stringify(key)} is of a kind that cannot be shown`
    }
    this.#database.run('DELETE FROM main.embedding_metadata WHERE id = ? AND key = CAST(? AS TEXT)', [record, key_])
    if (this.#schema.hasArrays)
      this.#database.run('DELETE FROM main.embedding_metadata_array WHERE id = ? AND key = CAST(? AS TEXT)', [record, key_])
    if (value === null) return null
    const table = Array.isArray(value) ? 'embedding_metadata_array' : 'embedding_metadata'
    for (const item of Array.isArray(value) ? value : [value]) {
      const columns = scalarColumns(item as MetadataScalar, Array.isArray(value) || this.#schema.hasBooleans)
      const withBoolean = Array.isArray(value) || this.#schema.hasBooleans
      this.#database.run(
        `INSERT INTO main.${table} (id, key, string_value, int_value, float_value${withBoolean ? ', bool_value' : ''})
          VALUES (?, CAST(? AS TEXT), ${typeof item === 'string' ? 'CAST(? AS TEXT)' : '?'}, ?, ?${withBoolean ? ', ?' : ''})`,
        [record, key_, ...columns.slice(0, withBoolean ? 4 : 3)],
      )
    }
    return null
  }

  #delete(record: number): void {
    this.#database.run('DELETE FROM main.embedding_metadata WHERE id = ?', [record])
    if (this.#schema.hasArrays) this.#database.run('DELETE FROM main.embedding_metadata_array WHERE id = ?', [record])
    this.#database.run('DELETE FROM main.embeddings WHERE id = ?', [record])
  }
}

/**
 * Applies operations that were acknowledged but not yet taken in by the records' tables: a crash between the two leaves such ones.
 * Works on the private copy only.
 * @throws AppError 'damaged' where the queue cannot be read; nothing is applied then
 */
export function replayMetadata(database: Sqlite, schema: Schema, collections: Iterable<StoredCollection>, signal?: AbortSignal): Replay {
  const ends = database.first('SELECT max(seq_id) AS last FROM embeddings_queue')
  const last = wholeNumber(ends?.['last']) ?? 0
  const byTopic = new Map<string, StoredCollection>()
  let first = Infinity
  for (const collection of collections) {
    if (collection.metadataSegment === null) continue
    for (const topic of collection.topics) byTopic.set(topic, collection)
    first = Math.min(first, collection.metadataSequence ?? 0)
  }
  const refused: { sequence: number; collectionId: string; problem: string }[] = []
  if (!(first < last)) return { applied: 0, refused, problem: null }
  const replayer = new Replayer(database, schema)
  const pending: { segment: string; sequence: number; collectionId: string }[] = []
  const rows = database.rows('SELECT seq_id, CAST(topic AS BLOB) topic FROM embeddings_queue WHERE seq_id > ? ORDER BY seq_id', [
    Math.max(first, last - mostOperations),
  ])
  for (const row of rows) {
    const collection = byTopic.get(textOf(row['topic']) ?? '')
    const sequence = wholeNumber(row['seq_id']) ?? 0
    if (collection?.metadataSegment && sequence > (collection.metadataSequence ?? 0)) {
      pending.push({ segment: collection.metadataSegment, sequence, collectionId: collection.id })
    }
  }
  if (pending.length === 0) return { applied: 0, refused, problem: null }
  let applied = 0
  database.run('BEGIN')
  try {
    for (const { segment, sequence, collectionId } of pending) {
      if (signal?.aborted) throw new AppError('cancelled', 'The operation was cancelled.')
      const row = database.first(
        'SELECT seq_id, operation, CAST(id AS BLOB) id, CAST(metadata AS BLOB) metadata FROM embeddings_queue WHERE seq_id = ?',
        [sequence],
      )
      const problem = row ? replayer.apply(segment, row) : 'it vanished'
      if (problem) refused.push({ sequence, collectionId, problem })
      else applied += 1
    }
    database.run('COMMIT')
  } catch (error) {
    database.run('ROLLBACK')
    throw error
  }
  return { applied, refused, problem: null }
}
