import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Finding } from '../../../shared/contract/connections.ts'
import { readCollections, type StoredCollection } from '../directory/collections.ts'
import { parseIndexMetadata } from '../directory/format/pickle.ts'
import { takePrivateCopy } from '../directory/private-copy.ts'
import { adaptSchema, type Schema } from '../directory/schema.ts'
import { Sqlite, textOf, wholeNumber, type Row } from '../directory/sqlite.ts'
import { concern, danger } from './finding.ts'
import { checkIndexFiles } from './index-check.ts'
import { knownMigrations } from './migrations.ts'

export interface PreflightReport {
  readonly findings: Finding[]
  /** Migrations that the store has, as `dir/version`. */
  readonly migrations: string[]
  /** How the store's migrations were hashed. */
  readonly hashType: 'md5' | 'sha256'
}

const readInstead = 'The store can be read as it is.'
const indexFiles = ['header.bin', 'data_level0.bin', 'length.bin', 'link_lists.bin'] as const

/** Reads the store for everything of which an engine could make a greater damage. Writes nothing into it. */
export async function runPreflight(directory: string, scratch: string, signal?: AbortSignal): Promise<PreflightReport> {
  const copy = await takePrivateCopy(directory, scratch, signal)
  try {
    if (!copy.isCopy) {
      const finding = danger('no-space', 'The disk is full.', 'Free some space first: an engine ends with a damaged store on a full disk.')
      return { findings: [finding], migrations: [], hashType: 'md5' }
    }
    const { size } = statSync(copy.file)
    const findings: Finding[] = []
    if (copy.missingBytes > 0) findings.push(danger('database-cut', 'The end of chroma.sqlite3 is missing.', readInstead))
    const database = new Sqlite(copy.file, { readOnly: false, bytes: size })
    try {
      return checkDatabase(database, directory, size, findings)
    } finally {
      database.close()
    }
  } finally {
    await copy.remove()
  }
}

function checkDatabase(database: Sqlite, directory: string, size: number, findings: Finding[]): PreflightReport {
  findings.push(...quickCheck(database))
  const schema = adaptSchema(database)
  const { migrations, hashType, problems } = checkMigrations(database, schema)
  findings.push(...problems)
  const collections = readCollections(database)
  findings.push(...checkQueue(database, collections, schema))
  let largestFolder = 0
  for (const collection of collections) {
    findings.push(...checkCollection(database, directory, collection))
    largestFolder = Math.max(largestFolder, folderBytes(directory, collection))
  }
  findings.push(...checkSpace(directory, 2 * (size + largestFolder)))
  return { findings, migrations, hashType }
}

function quickCheck(database: Sqlite): Finding[] {
  const lines = database.rows('PRAGMA quick_check(20)').map((row) => String(Object.values(row)[0]))
  return lines
    .filter((line) => line !== 'ok')
    .map((line) =>
      /fts5|fulltext/i.test(line)
        ? concern('fts-damaged', `The full-text index is damaged (${line}).`, 'Searches may miss documents; it can be rebuilt from them.')
        : danger('database-damaged', `SQLite finds chroma.sqlite3 damaged: ${line}.`, readInstead),
    )
    .slice(0, 5)
}

function checkMigrations(database: Sqlite, schema: Schema): { migrations: string[]; hashType: 'md5' | 'sha256'; problems: Finding[] } {
  if (schema.missingTables.includes('migrations')) {
    const finding = danger(
      'migrations-missing',
      'The table of migrations is missing, so an engine would try to make all tables again.',
      readInstead,
    )
    return { migrations: [], hashType: 'md5', problems: [finding] }
  }
  const rows = database.rows('SELECT dir, version, sql, hash FROM main.migrations')
  const problems: Finding[] = []
  const migrations: string[] = []
  let hashType: 'md5' | 'sha256' = 'md5'
  for (const row of rows) {
    const name = `${textOf(row['dir'])}/${wholeNumber(row['version'])}`
    const [sql, hash] = [textOf(row['sql']) ?? '', textOf(row['hash']) ?? '']
    migrations.push(name)
    if (hash.length === 64) hashType = 'sha256'
    const known = knownMigrations.get(name)
    const own = createHash('md5').update(sql).digest('hex')
    const isReleased = hash === known || (hash.length === 64 && own === known)
    if (known !== undefined && !isReleased) {
      problems.push(
        danger(
          'migrations-differ',
          `The store was made by a development build of Chroma: its migration ${name} is not the released one.`,
          readInstead,
        ),
      )
    }
  }
  return { migrations, hashType, problems: problems.slice(0, 1) }
}

/** The queue's numbers must never fall behind what was taken in: then every later write is acknowledged and ignored. */
function checkQueue(database: Sqlite, collections: readonly StoredCollection[], schema: Schema): Finding[] {
  const findings: Finding[] = []
  if (!schema.missingTables.includes('max_seq_id')) {
    const blobs = wholeNumber(database.first("SELECT count(*) n FROM max_seq_id WHERE typeof(seq_id) = 'blob'")?.['n']) ?? 0
    const converted = database.first("SELECT 1 FROM main.migrations WHERE dir = 'metadb' AND version >= 5")
    if (blobs > 0 && converted)
      findings.push(
        danger(
          'sequence-blob',
          'Positions in the queue are stored in an old form that this Chroma cannot read.',
          'They can be converted to integers.',
        ),
      )
  }
  const last = wholeNumber(database.first('SELECT max(seq_id) n FROM embeddings_queue')?.['n']) ?? 0
  const taken = Math.max(0, ...collections.map((each) => Math.max(each.metadataSequence ?? 0, each.vectorSequence ?? 0)))
  if (taken > last) {
    findings.push(
      danger(
        'queue-behind',
        'The queue was emptied by hand: an engine would acknowledge changes and ignore them.',
        'It can be mended by one row that keeps its last number.',
      ),
    )
  }
  return findings
}

function checkCollection(database: Sqlite, directory: string, collection: StoredCollection): Finding[] {
  return [...checkTexts(collection), ...checkOperations(database, collection), ...checkSegment(directory, collection)]
}

function checkTexts(collection: StoredCollection): Finding[] {
  const findings: Finding[] = []
  for (const [text, what] of [
    [collection.configuration, 'configuration'],
    [collection.schema, 'schema'],
  ] as const) {
    if (text === null || text === '') continue
    try {
      JSON.parse(text)
    } catch {
      findings.push(
        danger(
          'configuration-damaged',
          `The ${what} of ${collection.name} is no JSON: an engine could not even list the collections.`,
          readInstead,
          collection.id,
        ),
      )
    }
  }
  return findings
}

/** Operations that stop an engine's compactor, for every collection of the database, until they are removed. */
function checkOperations(database: Sqlite, collection: StoredCollection): Finding[] {
  const places = collection.topics.map(() => '?').join(', ')
  const after = Math.min(collection.metadataSequence ?? -1, collection.vectorSequence ?? -1)
  const condition = `topic IN (${places}) AND seq_id > ${after}`
  const bad = (where: string): Row | null =>
    database.first(`SELECT seq_id FROM embeddings_queue WHERE ${condition} AND (${where}) LIMIT 1`, [...collection.topics])
  const findings: Finding[] = []
  const report = (row: Row | null, what: string): void => {
    if (row)
      findings.push(
        danger(
          'queue-poisoned',
          `Operation ${wholeNumber(row['seq_id'])} in the queue of ${collection.name} ${what}.`,
          'It has to be removed from the queue before an engine starts.',
          collection.id,
        ),
      )
  }
  report(bad('operation NOT IN (0, 1, 2, 3)'), 'is of an unknown kind')
  report(bad("vector IS NOT NULL AND (typeof(vector) <> 'blob' OR length(vector) % 4 <> 0)"), 'holds a vector of broken length')
  if (collection.dimension !== null)
    report(
      bad(`vector IS NOT NULL AND operation <> 3 AND length(vector) <> ${4 * collection.dimension}`),
      'holds a vector of another dimension',
    )
  report(bad('metadata IS NOT NULL AND NOT json_valid(metadata)'), 'holds metadata that is no JSON')
  report(
    bad(
      `CASE WHEN metadata IS NOT NULL AND json_valid(metadata) THEN COALESCE(json_type(metadata, '$."chroma:document"'), 'text') <> 'text' ELSE 0 END`,
    ),
    'holds a document that is no text',
  )
  return findings
}

function folderOf(directory: string, collection: StoredCollection): string | null {
  const id = collection.vectorSegment?.id ?? ''
  return /^[0-9a-f-]{36}$/i.test(id) ? path.join(directory, id) : null
}

function folderBytes(directory: string, collection: StoredCollection): number {
  const folder = folderOf(directory, collection)
  return folder === null
    ? 0
    : indexFiles.reduce((sum, name) => sum + (statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0)
}

function checkSegment(directory: string, collection: StoredCollection): Finding[] {
  const { id, name, vectorSegment, metadataSegment, vectorSequence, dimension } = collection
  if (!vectorSegment || metadataSegment === null) {
    return [
      concern(
        'segment-missing',
        `The description of a segment of ${name} is missing, so an engine cannot open that collection.`,
        readInstead,
        id,
      ),
    ]
  }
  if (!/hnsw-local/.test(vectorSegment.type)) {
    return [
      concern(
        'segment-unknown',
        `${name} has an index of the kind ${vectorSegment.type}, which an engine on a directory does not know.`,
        readInstead,
        id,
      ),
    ]
  }
  const folder = folderOf(directory, collection)
  const trouble = (code: string, what: string, remedy: string): Finding[] => [danger(code, `The index of ${name} ${what}.`, remedy, id)]
  if (folder === null) return trouble('segment-unknown', 'has an impossible name', readInstead)
  const pickleFile = path.join(folder, 'index_metadata.pickle')
  if (!existsSync(pickleFile)) {
    if (vectorSequence === null) return []
    const what = existsSync(folder)
      ? 'lost its index_metadata.pickle: an engine would overwrite the vectors with an empty index'
      : 'is gone: an engine would make an empty one'
    return trouble(
      'pickle-missing',
      what,
      existsSync(folder) ? 'The vectors can still be read here.' : 'Documents and metadata can still be read here.',
    )
  }
  const pickle = parseIndexMetadata(readFileSync(pickleFile))
  if (pickle.problem !== null) return trouble('pickle-damaged', `has a damaged index_metadata.pickle (${pickle.problem})`, readInstead)
  if (dimension === null) return trouble('dimension-missing', 'was written, but the collection has no dimension', readInstead)
  const labels = checkIndexFiles(folder, dimension)
  if ('trouble' in labels) return trouble('index-damaged', `is damaged: ${labels.trouble}`, readInstead)
  const strangers = [...pickle.idToLabel].filter(([, label]) => !labels.live.has(label)).length
  if (strangers > 0 || pickle.idToLabel.size !== labels.live.size) {
    return trouble(
      'labels-differ',
      `does not match its index_metadata.pickle: ${pickle.idToLabel.size} ids, ${labels.live.size} vectors`,
      readInstead,
    )
  }
  if (pickle.totalAdded !== null && labels.largest > pickle.totalAdded)
    return trouble('labels-differ', 'holds vectors that its index_metadata.pickle does not count', readInstead)
  return []
}

function checkSpace(directory: string, needed: number): Finding[] {
  const { bavail, bsize } = statfsSync(directory)
  const free = bavail * bsize
  if (free >= needed) return []
  const megabytes = (bytes: number): number => Math.ceil(bytes / 1_000_000)
  return [
    danger(
      'no-space',
      `Only ${megabytes(free)} MB are free on the disk of the store; writing safely needs ${megabytes(needed)} MB.`,
      'Free some space first: a full disk damages the index.',
    ),
  ]
}
