import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { StoredCollection } from './collections.ts'
import { counted, type Findings } from './findings.ts'
import { headerProblem } from './format/header.ts'
import { linkListsProblem } from './format/link-lists.ts'
import { readHeader, readLinkLists, segmentFolder } from './index-files.ts'
import { segmentFolders } from './recognise.ts'
import type { Session } from './session.ts'
import { textOf, wholeNumber } from './sqlite.ts'

const persistedType = 'urn:chroma:segment/vector/hnsw-local-persisted'
const knownTypes = new Set([persistedType, 'urn:chroma:segment/vector/hnsw-local-memory'])
const noEngine = 'Do not start an engine on this folder before a copy of it is safe.'

function isJson(text: string | null): boolean {
  if (text === null || text === '') return true
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** What taking the copy already showed. */
function checkCopy({ copy, replay }: Session, findings: Findings): void {
  if (copy.rolledBack !== null) {
    findings.add(
      'info',
      'interrupted-transaction',
      'A transaction was under way or had been interrupted; the store is shown as it was before it.',
      'Refresh after the other program is done. Chroma itself puts such a store right when it opens it.',
    )
  }
  if (copy.missingBytes > 0) {
    findings.add(
      'error',
      'database-truncated',
      `chroma.sqlite3 lost its end: ${counted(copy.missingBytes, 'byte')} are missing. What is left is shown.`,
      `Look for a backup, and export what is shown here. ${noEngine}`,
    )
  }
  if (!copy.isCopy) {
    findings.add(
      'warning',
      'no-room-for-copy',
      'There was no room on the disk for a private copy, so the original database is read in place.',
      'Let no other program write to the store meanwhile, or free disk space and refresh.',
    )
  }
  if (replay.applied > 0) {
    findings.add(
      'info',
      'operations-replayed',
      `${counted(replay.applied, 'operation')} in the write-ahead queue had not reached the records yet; they are shown as applied.`,
    )
  }
  if (replay.problem)
    findings.add(
      'warning',
      'queue-unreadable',
      `The write-ahead queue cannot be read whole: ${replay.problem}`,
      'Records that are only there may be missing.',
    )
  for (const { sequence, collectionId, problem } of replay.refused) {
    findings.add(
      'error',
      'poison-operation',
      `Operation ${sequence} in the write-ahead queue cannot be applied: ${problem}.`,
      `Chroma fails on it again and again until it is deleted from the table embeddings_queue. ${noEngine}`,
      collectionId,
    )
  }
}

/** Things that tables of a few rows tell. */
function checkTables({ database, schema, collections }: Session, findings: Findings): void {
  if (schema.missingTables.includes('embeddings_queue')) {
    findings.add(
      'warning',
      'queue-missing',
      'The table embeddings_queue is missing, so vectors that are not in the index files cannot be read.',
      noEngine,
    )
  }
  const blobs = wholeNumber(
    database.first(
      // Before migration 5 of metadb blobs are what every version expects.
      "SELECT count(*) AS n FROM max_seq_id WHERE typeof(seq_id) = 'blob' AND EXISTS (SELECT 1 FROM migrations WHERE dir = 'metadb' AND version >= 5)",
    )?.['n'],
  )
  if (blobs) {
    findings.add(
      'error',
      'blob-sequence',
      `${counted(blobs, 'sequence number')} ${blobs === 1 ? 'is' : 'are'} stored as bytes, as old Python versions did: Chroma fails on it with "mismatched types".`,
      'Convert the numbers in the table max_seq_id to integers. Everything is shown here.',
    )
  }
  const taken = Math.max(0, ...[...collections.values()].flatMap((one) => [one.metadataSequence ?? 0, one.vectorSequence ?? 0]))
  const last = wholeNumber(database.first('SELECT max(seq_id) AS last FROM embeddings_queue')?.['last'])
  if (taken > (last ?? 0)) {
    findings.add(
      'error',
      'queue-behind',
      `The write-ahead queue ends at operation ${last ?? 0}, but ${taken} operations were taken in already: Chroma would acknowledge the next writes and ignore them.`,
      'One sentinel row in the table embeddings_queue with the higher number puts it right. What is stored is not affected.',
    )
  }
  const count = wholeNumber(database.first('SELECT count(*) AS n FROM embeddings_queue')?.['n']) ?? 0
  if (count > 2000 * Math.max(1, collections.size)) {
    const configuration = textOf(database.first('SELECT CAST(config_json_str AS BLOB) config FROM embeddings_queue_config')?.['config'])
    const purges = configuration?.includes('"automatically_purge":true') ?? false
    findings.add(
      purges ? 'info' : 'warning',
      'queue-large',
      `The write-ahead queue holds ${counted(count, 'operation')}${purges ? '' : ' and is never purged'}.`,
      'The command `chroma vacuum` makes it small again; copy the folder first.',
    )
  }
  const segments = new Set(database.rows('SELECT CAST(id AS BLOB) id FROM segments').map((row) => textOf(row['id'])))
  const used = database.rows(
    `WITH RECURSIVE found(segment) AS (SELECT (SELECT min(segment_id) FROM main.embeddings) UNION ALL
      SELECT (SELECT min(segment_id) FROM main.embeddings WHERE segment_id > found.segment) FROM found WHERE found.segment IS NOT NULL)
      SELECT CAST(segment AS BLOB) segment FROM found WHERE segment IS NOT NULL LIMIT 10000`,
  )
  const orphans = used.filter((row) => !segments.has(textOf(row['segment'])))
  if (orphans.length > 0) {
    findings.add(
      'warning',
      'orphan-records',
      `Records of ${counted(orphans.length, 'segment')} belong to no collection, so they are not shown.`,
      'They were left behind by a deleted or damaged collection.',
    )
  }
}

async function checkCollection(session: Session, collection: StoredCollection, findings: Findings): Promise<void> {
  const { id, vectorSegment, vectorSequence, metadataSegment, dimension } = collection
  const add = (severity: 'info' | 'warning' | 'error', code: string, message: string, remedy: string | null = null): void =>
    findings.add(severity, code, `${collection.name}: ${message}`, remedy, id)
  if (!isJson(collection.configuration))
    add(
      'error',
      'configuration-damaged',
      'the configuration is no valid JSON; Chroma then cannot list any collection.',
      `The records are shown. ${noEngine}`,
    )
  if (!isJson(collection.schema))
    add(
      'error',
      'schema-damaged',
      'the schema is no valid JSON; Chroma then cannot list any collection.',
      `The records are shown. ${noEngine}`,
    )
  if (metadataSegment === null)
    add('error', 'segment-missing', 'the row that names the segment of its records is missing, so its records cannot be found.', noEngine)
  if (vectorSegment === null) {
    add(
      'error',
      'segment-missing',
      'the row that names the segment of its vectors is missing; only vectors in the write-ahead queue can be read.',
      noEngine,
    )
    return
  }
  if (!knownTypes.has(vectorSegment.type))
    add('warning', 'segment-unknown', `its vectors are in a segment of the unknown type ${JSON.stringify(vectorSegment.type)}.`)
  const folder = segmentFolder(session.directory, vectorSegment.id)
  const stamps = session.indexStamps.get(id)
  if (!folder)
    add(
      'error',
      'segment-name',
      `its segment has the name ${JSON.stringify(vectorSegment.id)}, which is no folder of this store; only vectors in the write-ahead queue can be read.`,
      noEngine,
    )
  if (!folder || !stamps) return
  const hasPickle = stamps['index_metadata.pickle'] !== null
  if (vectorSequence === null && !hasPickle) return
  if (stamps['header.bin'] === null && stamps['data_level0.bin'] === null) {
    add(
      'error',
      'index-folder-missing',
      'the folder of its index is missing; vectors that are not in the write-ahead queue are lost.',
      `Chroma would silently make an empty index. ${noEngine}`,
    )
    return
  }
  if (!hasPickle) {
    add(
      'error',
      'pickle-missing',
      'index_metadata.pickle is missing. The first read by an engine would overwrite the index with an empty one.',
      `The vectors are recovered here from the order of the records. ${noEngine}`,
    )
  }
  const header = await readHeader(folder)
  const problem = headerProblem(header)
  if (stamps['header.bin'] === null)
    add(
      'error',
      'index-file-missing',
      'header.bin is missing from its index.',
      `The vectors are found from the sizes of the other files. ${noEngine}`,
    )
  else if (problem)
    add(
      'error',
      'header-damaged',
      `header.bin of its index is damaged: ${problem}.`,
      `The vectors are found from the sizes of the other files, as far as they can be. ${noEngine}`,
    )
  for (const name of ['data_level0.bin', 'length.bin', 'link_lists.bin'] as const) {
    if (stamps[name] === null)
      add(
        'error',
        'index-file-missing',
        `${name} is missing from its index.`,
        name === 'data_level0.bin' ? 'Only vectors in the write-ahead queue can be read.' : noEngine,
      )
  }
  if (!header || problem) return
  const links = await readLinkLists(folder)
  const broken = links && linkListsProblem(links, header)
  if (broken)
    add(
      'error',
      'links-damaged',
      `link_lists.bin of its index is damaged: ${broken}.`,
      `The vectors do not depend on it, but an engine may crash on it. ${noEngine}`,
    )
  const held = Number(stamps['data_level0.bin']?.size ?? 0n) / header.elementSize
  if (stamps['data_level0.bin'] && held < header.count) {
    add(
      'error',
      'index-truncated',
      `data_level0.bin holds ${counted(Math.floor(held), 'element')} of ${header.count.toLocaleString('en')}.`,
      `The vectors behind the tear are lost unless the write-ahead queue holds them. ${noEngine}`,
    )
  }
  if (stamps['length.bin'] && Number(stamps['length.bin'].size) < header.count * 4)
    add('warning', 'index-truncated', 'length.bin is shorter than the index.', noEngine)
  const indexDimension = (header.labelOffset - header.vectorOffset) / 4
  if (dimension !== null && header.count > 0 && dimension !== indexDimension) {
    add(
      'error',
      'dimension-mismatch',
      `the database says ${counted(dimension, 'dimension')}, the index ${indexDimension.toLocaleString('en')}. The vectors are read as the index says.`,
      `Chroma would read beyond them. ${noEngine}`,
    )
  }
}

async function checkFolders(session: Session, findings: Findings): Promise<void> {
  const used = new Set(session.database.rows('SELECT CAST(id AS BLOB) id FROM segments').map((row) => textOf(row['id'])))
  const orphans = (await segmentFolders(session.directory)).filter((folder) => !used.has(folder))
  if (orphans.length > 0) {
    findings.add(
      'info',
      'orphan-folders',
      `${counted(orphans.length, 'index folder')} belong${orphans.length === 1 ? 's' : ''} to no collection: ${orphans.slice(0, 5).join(', ')}${orphans.length > 5 ? ' ...' : ''}`,
      'Chroma leaves the folders of deleted collections behind. They can go to the trash once a copy is safe.',
    )
  }
  for (const { name, vectorSegment, id } of session.collections.values()) {
    const folder = vectorSegment ? segmentFolder(session.directory, vectorSegment.id) : null
    if (!folder || !(session.indexStamps.get(id)?.['data_level0.bin'] ?? null)) continue
    const names = await readdir(folder).catch(() => [] as string[])
    const others = names.filter((file) => !/^(?:header|data_level0|length|link_lists)\.bin$|^index_metadata\.pickle$/.test(file))
    if (others.length > 0)
      findings.add(
        'info',
        'foreign-files',
        `${name}: ${path.join(vectorSegment?.id ?? '', others[0] ?? '')} is no file of Chroma.`,
        null,
        id,
      )
  }
}

/** Runs one check; a part of the database that cannot be read is itself a finding. */
async function guarded(findings: Findings, work: () => void | Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'cancelled') throw error
    findings.add('error', 'database-damaged', error.message, error.remedy)
  }
}

/** Checks that take milliseconds, for right after opening. */
export async function checkQuickly(session: Session, findings: Findings): Promise<void> {
  await guarded(findings, () => checkCopy(session, findings))
  await guarded(findings, () => checkTables(session, findings))
  for (const collection of session.collections.values()) await guarded(findings, () => checkCollection(session, collection, findings))
  await guarded(findings, () => checkFolders(session, findings))
}
