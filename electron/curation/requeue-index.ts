import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, cp, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { StoredCollection } from '../store/directory/collections.ts'
import { readIndexMetadata, segmentFolder } from '../store/directory/index-files.ts'
import { operations, operationsAfter, replayVectors } from '../store/directory/queue.ts'
import { Session } from '../store/directory/session.ts'
import { bindText, textOf } from '../store/directory/sqlite.ts'
import { databaseName } from '../store/directory/store-stamp.ts'
import { readVectors } from '../store/directory/vectors.ts'
import { transact, type Transaction } from './durable-sqlite.ts'
import { makeFolder } from './journal.ts'
import { syncFolder } from './sync-folder.ts'

/** How many vectors are put into the queue at once. */
const chunk = 5000

/**
 * Gives an index that cannot be opened back to the engine to be made anew: the vectors that its files hold go to the front of the
 * write-ahead queue, where the engine takes in whatever the index has not, and the files go. They are kept before, with the database.
 * To be called only while nobody has the store open. Where it is interrupted, calling it again goes on.
 * @param scratch folder for a private copy of the database, with which every vector is read again; where one differs, or that cannot be found out, all is put back
 * @returns whether it was done; not where a vector cannot be read, or the queue has no place before what is in it
 */
export async function requeueIndex(session: Session, collection: StoredCollection, keepIn: string, scratch: string): Promise<boolean> {
  const { vectorSegment, vectorSequence, metadataSequence } = collection
  const folder = vectorSegment ? segmentFolder(session.directory, vectorSegment.id) : null
  if (folder === null || vectorSegment === null) return false
  // What only one of the two segments has taken in is needed in the queue as it is.
  if (vectorSequence !== null && (metadataSequence === null || metadataSequence < vectorSequence)) return false
  const members = await session.members(collection)
  const index = await session.vectorIndex(collection)
  const before = await vectorDigest(session, collection)
  if (before === null || members.rows.length !== index.ids.length) return false
  const updated = await updatedInQueue(session, collection, folder)
  const indexed = index.ids.filter((id, place) => index.sequences[place] === 0 || updated.has(id))
  if (vectorSequence === null && !(await queueHasAll(session, collection, index.ids))) return false
  const kept = await keep(session.directory, folder, keepIn)
  const isDone = await transact(path.join(session.directory, databaseName), async (transaction) => {
    if (vectorSequence !== null && !(await fillQueue(transaction, session, collection, indexed))) return false
    transaction.run('DELETE FROM max_seq_id WHERE segment_id = ?', [vectorSegment.id])
    return true
  })
  if (!isDone) return false
  // Without its pickle the engine takes the folder for an empty one, so that goes first.
  await rm(path.join(folder, 'index_metadata.pickle'), { force: true })
  await syncFolder(folder)
  await rm(folder, { recursive: true })
  await syncFolder(session.directory)
  try {
    if ((await digestNow(session.directory, scratch, collection.id)) === before) return true
  } catch (error) {
    await putBack(session.directory, folder, kept)
    throw error
  }
  await putBack(session.directory, folder, kept)
  return false
}

async function digestNow(directory: string, scratch: string, collectionId: string): Promise<string | null> {
  const session = await Session.open({ directory, scratch })
  try {
    return await vectorDigest(session, session.collection(collectionId))
  } finally {
    await session.retire()
  }
}

/** A checksum of all ids with their vectors; null where one has none that can be read. */
async function vectorDigest(session: Session, { id }: StoredCollection): Promise<string | null> {
  const { ids, data, missing } = await readVectors(session, id, null, {})
  if (missing.length > 0) return null
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return createHash('sha256').update(JSON.stringify(ids)).update(bytes).digest('hex')
}

/** Whether the queue alone holds every vector: of an index that was never written whole, or whose mending was interrupted. */
async function queueHasAll(session: Session, collection: StoredCollection, ids: readonly string[]): Promise<boolean> {
  const states = await replayVectors(operationsAfter(session.database, collection, -1), () => false)
  return ids.every((id) => {
    const state = states.get(id)
    return state !== undefined && state !== 'deleted'
  })
}

/** Records of the index whose vectors the queue replaces: it does so only where the record is there before. */
async function updatedInQueue(session: Session, collection: StoredCollection, folder: string): Promise<Set<string>> {
  const pickle = await readIndexMetadata(folder)
  const isWhole = pickle !== null && pickle.problem === null
  const seen = new Set<string>()
  const updated = new Set<string>()
  for await (const { id, operation } of operationsAfter(session.database, collection, collection.vectorSequence ?? 0)) {
    // What was added or put there first needs nothing before it.
    if (!seen.has(id) && operation === operations.update && (!isWhole || pickle.idToLabel.has(id))) updated.add(id)
    seen.add(id)
  }
  return updated
}

/** @returns false where there are too few numbers before what is in the queue; nothing may be committed then */
async function fillQueue(
  transaction: Transaction,
  session: Session,
  { id, topics, vectorSequence }: StoredCollection,
  indexed: readonly string[],
): Promise<boolean> {
  const [topic] = topics
  const taken = vectorSequence ?? 0
  if (topic === undefined) return false
  const names = topics.map(() => 'CAST(? AS TEXT)').join(', ')
  // Both segments have taken these in. The last one stays: numbers count on from the largest that is there.
  transaction.run(`DELETE FROM embeddings_queue WHERE seq_id < ? AND topic IN (${names})`, [taken, ...topics.map(bindText)])
  const [last] = transaction.rows(
    `SELECT CAST(id AS BLOB) id, operation FROM embeddings_queue WHERE seq_id = ? AND vector IS NOT NULL AND topic IN (${names})`,
    [taken, ...topics.map(bindText)],
  )
  const lastId = last === undefined ? null : textOf(last['id'])
  // An update says nothing of a record that is not there before.
  const isLastWhole = last !== undefined && Number(last['operation']) !== operations.update
  const wanted = isLastWhole ? indexed.filter((each) => each !== lastId) : indexed
  const used = transaction.rows('SELECT seq_id FROM embeddings_queue WHERE seq_id < ? ORDER BY seq_id', [taken])
  const taboo = new Set(used.map((row) => Number(row['seq_id'])))
  const free: number[] = []
  for (let number = 1; number < taken && free.length < wanted.length; number += 1) if (!taboo.has(number)) free.push(number)
  if (free.length < wanted.length) return false
  if (lastId !== null && indexed.includes(lastId)) {
    // Indexes by cosine keep a direction and a length, so that the last digits of a vector may be others than those that were given.
    const { data } = await readVectors(session, id, [lastId], {})
    transaction.run('UPDATE embeddings_queue SET vector = ?, encoding = ? WHERE seq_id = ?', [
      new Uint8Array(data.slice().buffer),
      'FLOAT32',
      taken,
    ])
  }
  let next = 0
  for (let from = 0; from < wanted.length; from += chunk) {
    const { ids, dimension, data } = await readVectors(session, id, wanted.slice(from, from + chunk), {})
    for (const [place, each] of ids.entries()) {
      const vector = new Uint8Array(data.slice(place * dimension, (place + 1) * dimension).buffer)
      transaction.run(
        'INSERT INTO embeddings_queue (seq_id, operation, topic, id, vector, encoding, metadata) VALUES (?, ?, CAST(? AS TEXT), CAST(? AS TEXT), ?, ?, ?)',
        [free[next] ?? 0, operations.upsert, bindText(topic), bindText(each), vector, 'FLOAT32', '{}'],
      )
      next += 1
    }
  }
  return next === wanted.length
}

/** Copies the files of an index and the database beside the other kept index files. */
async function keep(directory: string, folder: string, keepIn: string): Promise<string> {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-')
  const target = path.join(keepIn, `replaced-${stamp}`, path.basename(folder))
  await makeFolder(target)
  const names = await readdir(folder).catch((): string[] => [])
  for (const name of names) await copyFile(path.join(folder, name), path.join(target, name), constants.COPYFILE_FICLONE)
  for (const name of [databaseName, `${databaseName}-journal`]) {
    await copyFile(path.join(directory, name), path.join(path.dirname(target), name), constants.COPYFILE_FICLONE).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      },
    )
  }
  await syncFolder(target)
  return path.dirname(target)
}

/** The index first: an engine that finds none would begin an empty one. */
async function putBack(directory: string, folder: string, kept: string): Promise<void> {
  await cp(path.join(kept, path.basename(folder)), folder, { recursive: true })
  await syncFolder(folder)
  await transact(path.join(directory, databaseName), () => Promise.resolve(false))
  await copyFile(path.join(kept, databaseName), path.join(directory, databaseName))
  await copyFile(path.join(kept, `${databaseName}-journal`), path.join(directory, `${databaseName}-journal`)).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    },
  )
  await syncFolder(directory)
}
