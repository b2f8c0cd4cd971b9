import { AppError } from '../../../shared/rpc/errors.ts'
import type { Sqlite } from './sqlite.ts'

/** Tables of a store and the columns that are read, in the names of the newest Chroma. */
const columnsByTable = {
  tenants: ['id'],
  databases: ['id', 'name', 'tenant_id'],
  collections: ['id', 'name', 'dimension', 'database_id', 'config_json_str', 'schema_str', 'topic'],
  collection_metadata: ['collection_id', 'key', 'str_value', 'int_value', 'float_value', 'bool_value'],
  segments: ['id', 'type', 'scope', 'collection'],
  segment_metadata: ['segment_id', 'key', 'str_value', 'int_value', 'float_value', 'bool_value'],
  embeddings: ['id', 'segment_id', 'embedding_id', 'seq_id', 'created_at'],
  embedding_metadata: ['id', 'key', 'string_value', 'int_value', 'float_value', 'bool_value'],
  embedding_metadata_array: ['id', 'key', 'string_value', 'int_value', 'float_value', 'bool_value'],
  embeddings_queue: ['seq_id', 'operation', 'topic', 'id', 'vector', 'encoding', 'metadata'],
  embeddings_queue_config: ['id', 'config_json_str'],
  max_seq_id: ['segment_id', 'seq_id'],
  migrations: ['dir', 'version', 'filename', 'hash'],
} as const

export type TableName = keyof typeof columnsByTable

/** Without these there is nothing to show. */
const needed: readonly TableName[] = ['collections', 'segments', 'embeddings', 'embedding_metadata']

export interface Schema {
  readonly missingTables: readonly TableName[]
  /** The index over (id, key), from which the owners of metadata rows are read quickly. */
  readonly hasOwnerIndex: boolean
  /** Whether (key, value) indexes exist, by column. */
  readonly hasValueIndex: (column: string) => boolean
  /** Whether embedding_metadata has bool_value. */
  readonly hasBooleans: boolean
  readonly hasArrays: boolean
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/**
 * Looks at what a database holds and makes it look like the newest Chroma's: missing tables and columns of older
 * versions are filled in by temporary views, which live in memory. Base tables stay reachable as `main.<name>`.
 * @throws AppError 'not-a-store' where the tables of Chroma are not there, 'damaged' where the schema cannot be read.
 */
export function adaptSchema(database: Sqlite): Schema {
  const objects = database.rows("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'index')")
  // A view under the name of a table would run whatever its author wrote.
  const tables = new Set(objects.filter((row) => row['type'] === 'table').map((row) => String(row['name'])))
  const indexes = new Set(objects.filter((row) => row['type'] === 'index').map((row) => String(row['name'])))
  const missingTables: TableName[] = []
  let hasBooleans = false
  for (const [table, columns] of Object.entries(columnsByTable) as [TableName, readonly string[]][]) {
    const present = new Set(
      tables.has(table) ? database.rows(`SELECT name FROM pragma_table_info(?)`, [table]).map((row) => String(row['name'])) : [],
    )
    if (present.size === 0) missingTables.push(table)
    if (table === 'embedding_metadata') hasBooleans = present.has('bool_value')
    if (columns.every((column) => present.has(column))) continue
    const select = columns.map((column) => (present.has(column) ? quote(column) : `NULL AS ${quote(column)}`)).join(', ')
    const source = present.size > 0 ? ` FROM main.${quote(table)}` : ' WHERE 0'
    database.run(`CREATE TEMP VIEW ${quote(table)} AS SELECT ${select}${source}`)
  }
  const absent = needed.filter((table) => missingTables.includes(table))
  if (absent.length > 0) {
    throw tables.size === 0
      ? new AppError(
          'not-a-store',
          'The database in this folder is empty: no program has stored anything in it.',
          'Choose another folder, or try the sample.',
        )
      : new AppError(
          'not-a-store',
          `The file chroma.sqlite3 is a database, but the ${absent.length === 1 ? 'table' : 'tables'} ${absent.join(', ')} of Chroma ${absent.length === 1 ? 'is' : 'are'} missing.`,
          'Choose the folder that Chroma was given as its persist directory.',
        )
  }
  return {
    missingTables,
    hasOwnerIndex: indexes.has('sqlite_autoindex_embedding_metadata_1'),
    hasValueIndex: (column) => indexes.has(`embedding_metadata_${column}`),
    hasBooleans,
    hasArrays: !missingTables.includes('embedding_metadata_array'),
  }
}
