import { randomBytes } from 'node:crypto'
import { copyFile, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { StoredCollection } from '../store/directory/collections.ts'
import { writeIndexMetadata } from '../store/directory/format/pickle-writer.ts'
import { readIndexMetadata, segmentFolder } from '../store/directory/index-files.ts'
import { operationsAfter, operations } from '../store/directory/queue.ts'
import { readMemberIds } from '../store/directory/read-ids.ts'
import { Session } from '../store/directory/session.ts'
import { checkIndexFiles } from '../store/engine/index-check.ts'
import { runPreflight } from '../store/engine/preflight-checks.ts'
import { makeFolder } from './journal.ts'
import { requeueIndex } from './requeue-index.ts'
import { syncFolder } from './sync-folder.ts'

export interface MendOptions {
  readonly directory: string
  /** Folder for a private copy of the database. */
  readonly scratch: string
  /** Where the files that are replaced are kept. */
  readonly keepIn: string
}

/** What an engine leaves that was ended while it wrote an index: index_metadata.pickle or the index is torn, or one older than the other. */
const mendable = new Set(['pickle-damaged', 'pickle-missing', 'labels-differ', 'index-damaged'])
const pickleName = 'index_metadata.pickle'

/**
 * Mends indexes that an engine left in the middle of writing them. Where the index is whole, its index_metadata.pickle is written anew:
 * which label belongs to which record follows from their order, since both count up in the order of first adding. Else the engine is
 * given all vectors back to make the index anew. The result is checked as before a start of an engine; a pickle that does not pass is
 * put back as it was.
 * @returns names of the collections that were mended
 */
export async function mendStore({ directory, scratch, keepIn }: MendOptions): Promise<string[]> {
  const { findings } = await runPreflight(directory, scratch)
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length === 0 || errors.some(({ code }) => !mendable.has(code))) return []
  const session = await Session.open({ directory, scratch })
  const mended: Mended[] = []
  try {
    for (const { collectionId } of errors) {
      const collection = session.collections.get(collectionId ?? '')
      const done = collection ? await mendCollection(session, collection, { keepIn, scratch }) : null
      if (done) mended.push(done)
    }
  } finally {
    await session.retire()
  }
  const after = await runPreflight(directory, scratch)
  const stillBad = new Set(after.findings.filter(({ severity }) => severity === 'error').map(({ collectionId }) => collectionId))
  for (const { id, pickle } of mended) if (pickle && stillBad.has(id)) await putBack(pickle.kept, pickle.file)
  return mended.filter(({ id }) => !stillBad.has(id)).map(({ name }) => name)
}

interface Mended {
  readonly id: string
  readonly name: string
  /** The pickle that was written anew, and where the one before is, null where there was none; null where the whole index is made anew. */
  readonly pickle: { readonly file: string; readonly kept: string | null } | null
}

async function mendCollection(
  session: Session,
  collection: StoredCollection,
  { keepIn, scratch }: Pick<MendOptions, 'keepIn' | 'scratch'>,
): Promise<Mended | null> {
  const { id, name } = collection
  const pickle = await writePickle(session, collection, keepIn)
  if (pickle !== null) return { id, name, pickle }
  return (await requeueIndex(session, collection, keepIn, scratch)) ? { id, name, pickle: null } : null
}

async function writePickle(session: Session, collection: StoredCollection, keepIn: string): Promise<Mended['pickle']> {
  const { dimension, vectorSegment } = collection
  const folder = vectorSegment ? segmentFolder(session.directory, vectorSegment.id) : null
  if (folder === null || vectorSegment === null || dimension === null) return null
  const index = checkIndexFiles(folder, dimension)
  if ('trouble' in index) return null
  const pickle = await readIndexMetadata(folder)
  const known = new Map([...(pickle?.idToLabel ?? [])].filter(([, label]) => index.live.has(label)))
  const labels = await labelsOf(session, collection, index.live, known)
  if (labels === null) return null
  const file = path.join(folder, pickleName)
  const kept = pickle === null ? null : await keepOld(file, keepIn, vectorSegment.id)
  await replace(file, writeIndexMetadata(labels, Math.max(index.largest, pickle?.totalAdded ?? 0)))
  return { file, kept }
}

/** The label of each record of the index; null where it cannot be told. */
async function labelsOf(
  session: Session,
  collection: StoredCollection,
  live: ReadonlySet<number>,
  known: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number> | null> {
  if (known.size === live.size && new Set(known.values()).size === live.size) return known
  const ids = await readMemberIds(session.database, await session.members(collection))
  const queued = new Set<string>()
  for await (const { operation, id } of operationsAfter(session.database, collection, collection.vectorSequence ?? 0)) {
    if (operation === operations.add || operation === operations.upsert) queued.add(id)
  }
  const ascending = [...live].toSorted((a, b) => a - b)
  // The index has taken in all that the queue adds, or nothing of it, or all that is not in the queue only.
  const candidates = [ids, ids.filter((id) => !queued.has(id)), ids.filter((id) => !queued.has(id) || known.has(id))]
  for (const candidate of candidates) {
    if (candidate.length !== ascending.length) continue
    const labels = new Map(candidate.map((id, place) => [id, ascending[place] ?? 0]))
    if ([...known].every(([id, label]) => !labels.has(id) || labels.get(id) === label)) return labels
  }
  return null
}

async function keepOld(file: string, keepIn: string, segment: string): Promise<string> {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-')
  const folder = path.join(keepIn, `replaced-${stamp}`, segment)
  await makeFolder(folder)
  const kept = path.join(folder, pickleName)
  await copyFile(file, kept)
  return kept
}

async function replace(file: string, bytes: Buffer): Promise<void> {
  const next = `${file}.${randomBytes(4).toString('hex')}.new`
  try {
    const handle = await open(next, 'wx')
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(next, file)
    await syncFolder(path.dirname(file))
  } catch (error) {
    await rm(next, { force: true })
    throw error
  }
}

async function putBack(kept: string | null, file: string): Promise<void> {
  if (kept === null) await rm(file, { force: true })
  else await copyFile(kept, file)
}
