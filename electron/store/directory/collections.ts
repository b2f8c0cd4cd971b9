import type { Metadata } from '../../../shared/domain/metadata.ts'
import type { Space } from '../../../shared/domain/space.ts'
import { RecordBuilder, valueOfRow } from './metadata-rows.ts'
import { bindText, type Row, type Sqlite, textOf, wholeNumber } from './sqlite.ts'
import { findSpace } from './find-space.ts'

/** A collection as the store describes it; nothing here needs more than a few rows. */
export interface StoredCollection {
  readonly id: string
  readonly name: string
  readonly tenant: string
  readonly databaseId: string
  readonly database: string
  readonly dimension: number | null
  readonly metadata: Metadata | null
  /** JSON texts as stored. */
  readonly configuration: string | null
  readonly schema: string | null
  readonly space: Space
  readonly spaceSource: string
  /** Names under which the write-ahead queue keeps this collection's operations. */
  readonly topics: readonly string[]
  readonly metadataSegment: string | null
  readonly vectorSegment: { readonly id: string; readonly type: string; readonly metadata: Metadata | null } | null
  /** The last operation that each segment has taken in; null where there is no such row. */
  readonly metadataSequence: number | null
  readonly vectorSequence: number | null
}

export interface StoredDatabase {
  readonly id: string
  readonly name: string
  readonly tenant: string
}

const defaultTenant = 'default_tenant'
const defaultDatabase: StoredDatabase = { id: '00000000-0000-0000-0000-000000000000', name: 'default_database', tenant: defaultTenant }

/** All databases, also empty ones. Versions before 0.4.15 had none and used what became the default. */
export function readDatabases(database: Sqlite): StoredDatabase[] {
  const found = database
    .rows('SELECT CAST(id AS BLOB) id, CAST(name AS BLOB) name, CAST(tenant_id AS BLOB) tenant FROM databases')
    .map((row) => ({ id: textOf(row['id']) ?? '', name: textOf(row['name']) ?? '', tenant: textOf(row['tenant']) ?? defaultTenant }))
  return found.length > 0 ? found : [defaultDatabase]
}

export function readTenants(database: Sqlite): string[] {
  return database.rows('SELECT CAST(id AS BLOB) id FROM tenants').map((row) => textOf(row['id']) ?? '')
}

function metadataOf(
  database: Sqlite,
  table: 'collection_metadata' | 'segment_metadata',
  owner: 'collection_id' | 'segment_id',
  id: string,
): Metadata | null {
  const rows = database.rows(
    `SELECT CAST(key AS BLOB) key, CAST(str_value AS BLOB) text, int_value, float_value, bool_value FROM ${table} WHERE ${owner} = CAST(? AS TEXT)`,
    [bindText(id)],
  )
  const builder = new RecordBuilder()
  for (const row of rows) builder.add(textOf(row['key']) ?? '', valueOfRow(row))
  return builder.parts().metadata
}

function readSequence(database: Sqlite, segment: string | null): number | null {
  if (segment === null) return null
  const row = database.first('SELECT seq_id FROM max_seq_id WHERE segment_id = CAST(? AS TEXT)', [bindText(segment)])
  return row ? wholeNumber(row['seq_id']) : null
}

function readCollection(database: Sqlite, row: Row, databases: ReadonlyMap<string, StoredDatabase>): StoredCollection {
  const id = textOf(row['id']) ?? ''
  const home = databases.get(textOf(row['database_id']) ?? defaultDatabase.id) ?? {
    ...defaultDatabase,
    id: textOf(row['database_id']) ?? defaultDatabase.id,
  }
  const segments = database.rows(
    'SELECT CAST(id AS BLOB) id, CAST(type AS BLOB) type, CAST(scope AS BLOB) scope FROM segments WHERE collection = CAST(? AS TEXT)',
    [bindText(id)],
  )
  const segmentOf = (scope: string): Row | undefined => segments.find((segment) => textOf(segment['scope']) === scope)
  const metadataSegment = textOf(segmentOf('METADATA')?.['id'])
  const vectorRow = segmentOf('VECTOR')
  const vectorId = textOf(vectorRow?.['id'])
  const vectorMetadata = vectorId === null ? null : metadataOf(database, 'segment_metadata', 'segment_id', vectorId)
  const metadata = metadataOf(database, 'collection_metadata', 'collection_id', id)
  const configuration = textOf(row['config'])
  const schema = textOf(row['schema'])
  const topic = textOf(row['topic'])
  const topics = [...new Set([`persistent://default/default/${id}`, ...(topic ? [topic] : [])])]
  return {
    id,
    name: textOf(row['name']) ?? '',
    tenant: home.tenant,
    databaseId: home.id,
    database: home.name,
    dimension: wholeNumber(row['dimension']),
    metadata,
    configuration,
    schema,
    ...findSpace({ schema, configuration, metadata, segmentMetadata: vectorMetadata }),
    topics,
    metadataSegment,
    vectorSegment: vectorId === null ? null : { id: vectorId, type: textOf(vectorRow?.['type']) ?? '', metadata: vectorMetadata },
    metadataSequence: readSequence(database, metadataSegment),
    vectorSequence: readSequence(database, vectorId),
  }
}

/** Every collection of every tenant and database. @throws AppError 'damaged' */
export function readCollections(database: Sqlite): StoredCollection[] {
  const databases = new Map(readDatabases(database).map((entry) => [entry.id, entry]))
  return database
    .rows(
      `SELECT CAST(id AS BLOB) id, CAST(name AS BLOB) name, dimension, CAST(database_id AS BLOB) database_id,
        CAST(config_json_str AS BLOB) config, CAST(schema_str AS BLOB) schema, CAST(topic AS BLOB) topic FROM collections ORDER BY name`,
    )
    .map((row) => readCollection(database, row, databases))
}
