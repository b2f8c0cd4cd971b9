import { AppError } from '../../../shared/rpc/errors.ts'
import type { StoredCollection } from './collections.ts'
import { counted, type Findings } from './findings.ts'
import { ofCollection } from './queue.ts'
import type { Session } from './session.ts'
import { type SqlValue, wholeNumber } from './sqlite.ts'

/** Checks that read everything are only made where that takes about a second. */
const mostBytesForPageCheck = 48_000_000
const mostRecordsForVectors = 50_000
/** Rows that a statement looks at before other calls have their turn: some milliseconds. */
const rowsOfStretch = 4000
const [lowest, highest] = [-(2n ** 63n), 2n ** 63n - 1n]

type Pause = () => Promise<void>

function countOf(session: Session, sql: string, values: readonly SqlValue[] = []): number {
  return wholeNumber(session.database.first(sql, values)?.['n']) ?? 0
}

/**
 * Sums up what `sql` counts in a table, one stretch after the other.
 * @param column indexed and a whole number; a stretch has all rows of a number
 * @param sql counts as `n` where `column > ? AND column <= ?`
 */
async function countInStretches(session: Session, table: string, column: 'id' | 'rowid', sql: string, pause: Pause): Promise<number> {
  const last = `SELECT ${column} AS n FROM main."${table}" WHERE ${column} > ? ORDER BY ${column} LIMIT 1 OFFSET ${rowsOfStretch - 1}`
  let count = 0
  for (let after: number | bigint = lowest; ;) {
    await pause()
    const found: SqlValue | undefined = session.database.first(last, [after])?.['n']
    // Numbers that do not rise are a damaged tree; the rest is counted at once then.
    const upTo: number | bigint = (typeof found === 'number' || typeof found === 'bigint') && found > after ? found : highest
    count += countOf(session, sql, [after, upTo])
    if (upTo === highest) return count
    after = upTo
  }
}

async function checkFullText(session: Session, findings: Findings, pause: Pause): Promise<void> {
  const { database, replay } = session
  if (replay.applied > 0) return
  const tables = database.rows("SELECT name FROM sqlite_master WHERE name LIKE 'embedding_fulltext%docsize'")
  const documents = await countInStretches(
    session,
    'embedding_metadata',
    'rowid',
    "SELECT count(*) AS n FROM main.embedding_metadata NOT INDEXED WHERE rowid > ? AND rowid <= ? AND key = 'chroma:document' AND string_value IS NOT NULL",
    pause,
  )
  const table = tables[0]?.['name']
  if (typeof table !== 'string') {
    if (documents > 0)
      findings.add(
        'error',
        'full-text-missing',
        'The full-text table is missing: Chroma fails on every search in documents.',
        'Searches here read the documents themselves. The table can be rebuilt from them.',
      )
    return
  }
  const indexed = countOf(session, `SELECT count(*) AS n FROM main."${table.replaceAll('"', '""')}"`)
  if (indexed < documents) {
    findings.add(
      'warning',
      'full-text-behind',
      `The full-text table holds ${counted(indexed, 'document')} of ${documents.toLocaleString('en')}: Chroma misses records when it searches in documents.`,
      'Searches here read the documents themselves. The table can be rebuilt from them.',
    )
  }
}

async function checkGhosts(session: Session, findings: Findings, pause: Pause): Promise<void> {
  if (!session.schema.hasArrays) return
  const ghosts = await countInStretches(
    session,
    'embedding_metadata_array',
    'rowid',
    'SELECT count(*) AS n FROM main.embedding_metadata_array NOT INDEXED WHERE rowid > ? AND rowid <= ? AND id NOT IN (SELECT id FROM main.embeddings)',
    pause,
  )
  if (ghosts > 0) {
    findings.add(
      'warning',
      'ghost-lists',
      `${counted(ghosts, 'list element')} of deleted records ${ghosts === 1 ? 'is' : 'are'} left: a new record may show and match them.`,
      'They come from deleting a collection before its records, and can be deleted from the table embedding_metadata_array.',
    )
  }
}

async function checkOrphanMetadata(session: Session, findings: Findings, pause: Pause): Promise<void> {
  const orphans = await countInStretches(
    session,
    'embedding_metadata',
    'id',
    `SELECT count(*) AS n FROM (SELECT DISTINCT id FROM main.embedding_metadata WHERE id > ? AND id <= ?)
      WHERE id NOT IN (SELECT id FROM main.embeddings)`,
    pause,
  )
  if (orphans > 0)
    findings.add('warning', 'orphan-metadata', `Metadata of ${counted(orphans, 'record')} that do not exist is left in the database.`, null)
}

function checkQueue(session: Session, collection: StoredCollection, findings: Findings): void {
  const { condition, values } = ofCollection(collection)
  const taken = collection.vectorSequence ?? 0
  const count = (test: string, extra: readonly (number | string)[]): number =>
    wholeNumber(
      session.database.first(`SELECT count(*) AS n FROM embeddings_queue WHERE seq_id > ? AND ${condition} AND ${test}`, [
        taken,
        ...values,
        ...extra,
      ])?.['n'],
    ) ?? 0
  const add = (code: string, message: string): void =>
    findings.add(
      'error',
      code,
      `${collection.name}: ${message}`,
      'Chroma answers wrongly or fails on it. The other records are shown whole.',
      collection.id,
    )
  if (collection.dimension !== null) {
    const wrong = count('vector IS NOT NULL AND length(vector) <> ?', [collection.dimension * 4])
    if (wrong > 0)
      add(
        'queue-vector-length',
        `${counted(wrong, 'vector')} in the write-ahead queue ${wrong === 1 ? 'does' : 'do'} not have ${collection.dimension.toLocaleString('en')} dimensions.`,
      )
  }
  const invalid = count('metadata IS NOT NULL AND NOT json_valid(CAST(metadata AS TEXT))', [])
  if (invalid > 0) add('queue-metadata', `the metadata of ${counted(invalid, 'operation')} in the write-ahead queue is no valid JSON.`)
  const unknown = count('operation NOT IN (0, 1, 2, 3)', [])
  if (unknown > 0)
    add('queue-operation', `${counted(unknown, 'operation')} in the write-ahead queue ${unknown === 1 ? 'is' : 'are'} of an unknown kind.`)
}

async function checkVectors(session: Session, collection: StoredCollection, findings: Findings, signal: AbortSignal): Promise<void> {
  if (session.count(collection) === 0 || session.count(collection) > mostRecordsForVectors) return
  const members = await session.members(collection, signal)
  const index = await session.vectorIndex(collection, signal)
  const add = (severity: 'warning' | 'error', code: string, message: string, remedy: string | null): void =>
    findings.add(severity, code, `${collection.name}: ${message}`, remedy, collection.id)
  for (const note of index.notes)
    add(index.isRebuilt ? 'warning' : 'error', 'index-repaired', note, 'Do not start an engine on this folder before a copy of it is safe.')
  let without = 0
  for (let position = 0; position < members.rows.length; position += 1) {
    if (index.labels[position] === 0 && index.sequences[position] === 0 && !index.spare.has(position)) without += 1
  }
  if (without > 0)
    add(
      'error',
      'vectors-missing',
      `${counted(without, 'record')} ${without === 1 ? 'has' : 'have'} no vector in the index or the write-ahead queue.`,
      'Their documents and metadata are shown. New vectors have to be made from the documents.',
    )
  if (index.spare.size > 0)
    add(
      'warning',
      'vectors-skipped',
      `${counted(index.spare.size, 'vector')} ${index.spare.size === 1 ? 'is' : 'are'} only in the write-ahead queue although the index should hold ${index.spare.size === 1 ? 'it' : 'them'}.`,
      'Shown from the queue here; Chroma does not find them.',
    )
  if (members.problem) add('error', 'records-unreadable', members.problem.message, members.problem.remedy)
}

async function checkPages(session: Session, findings: Findings, pause: Pause): Promise<void> {
  const size = Number(session.copy.stamp.database?.size ?? 0n)
  if (size > mostBytesForPageCheck) return
  const tables = session.database.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
  for (const { name } of tables) {
    await pause()
    for (const row of session.database.rows(`PRAGMA quick_check("${String(name).replaceAll('"', '""')}")`)) {
      const [answer] = Object.values(row)
      if (answer !== 'ok')
        findings.add(
          'error',
          'database-damaged',
          `SQLite reports damage in the table ${String(name)}: ${String(answer).split('\n')[0]}`,
          'What can be read is shown. Look for a backup, or export what is shown here.',
        )
    }
  }
}

/** Checks that read a large part of the store, in pieces, for when the first records are on the screen. */
export async function checkThoroughly(session: Session, findings: Findings, signal: AbortSignal): Promise<void> {
  const pause: Pause = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    signal.throwIfAborted()
  }
  const checks: (() => void | Promise<void>)[] = [
    () => checkPages(session, findings, pause),
    () => checkFullText(session, findings, pause),
    () => checkGhosts(session, findings, pause),
    () => checkOrphanMetadata(session, findings, pause),
    ...[...session.collections.values()].flatMap((collection) => [
      () => checkQueue(session, collection, findings),
      () => checkVectors(session, collection, findings, signal),
    ]),
  ]
  for (const check of checks) {
    await pause()
    try {
      await check()
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'cancelled') throw error
      findings.add('error', error.code === 'stale' ? 'index-changed' : 'database-damaged', error.message, error.remedy)
    }
  }
}
