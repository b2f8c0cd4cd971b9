import { constants } from 'node:fs'
import { copyFile, mkdir, mkdtemp, open, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../../shared/rpc/errors.ts'
import { rollBackJournal } from './format/rollback-journal.ts'
import { JournalWitness } from './journal-witness.ts'
import { databaseName, firstBytes, isOneMoment, type StoreStamp, stampStore } from './store-stamp.ts'

export interface PrivateCopy {
  /** The folder in scratch that holds everything of this copy. */
  readonly folder: string
  readonly file: string
  /** The store as it was when the copy was taken. */
  readonly stamp: StoreStamp
  /** Milliseconds since 1970. */
  readonly takenAt: number
  /** False where the disk had no room, so that `file` leads to the original, which must not be written. */
  readonly isCopy: boolean
  /** Pages that an interrupted transaction had changed and that were put back; null where there was none. */
  readonly rolledBack: number | null
  /** Bytes missing at the end of the database, filled with zeros in the copy. */
  readonly missingBytes: number
  remove(): Promise<void>
}

const patience = 30_000
/** Milliseconds to wait for a moment between two transactions. */
const longestTransaction = 2000

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

async function copyIfPresent(source: string, target: string): Promise<boolean> {
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/** One try at a copy of one moment; null where the store changed meanwhile. */
async function tryCopy(directory: string, folder: string): Promise<StoreStamp | null> {
  const source = path.join(directory, databaseName)
  const target = path.join(folder, databaseName)
  await Promise.all(['', '-journal', '-wal'].map((suffix) => rm(`${target}${suffix}`, { force: true })))
  const before = await stampStore(directory)
  if (before.database === null && before.journal === null) {
    // The segment folders may still tell something; an empty database stands in for the one that is gone.
    await writeFile(target, '')
    return before
  }
  if (!(await copyIfPresent(source, target)))
    throw new AppError('not-a-store', 'The file chroma.sqlite3 is gone.', 'Choose the folder that holds chroma.sqlite3.')
  const journal = await copyIfPresent(`${source}-journal`, `${target}-journal`)
  const log = await copyIfPresent(`${source}-wal`, `${target}-wal`)
  const after = await stampStore(directory)
  const complete = journal === (before.journal !== null) && log === (before.log !== null)
  return complete && isOneMoment(before, after) ? { ...after, log: before.log } : null
}

/** One try at a copy while others write to the store all the time; null where one of their transactions was missed. */
async function tryWitnessedCopy(directory: string, folder: string, signal?: AbortSignal): Promise<StoreStamp | null> {
  const source = path.join(directory, databaseName)
  const target = path.join(folder, databaseName)
  const before = await stampStore(directory)
  if (process.platform === 'win32' || before.database === null || before.log !== null) return null
  await Promise.all(['-journal', '-wal'].map((suffix) => rm(`${target}${suffix}`, { force: true })))
  const witness = new JournalWitness(source)
  try {
    if (!(await witness.begin(Date.now() + longestTransaction, signal))) return null
    if (!(await copyIfPresent(source, target))) return null
    const copy = await open(target, 'r+')
    try {
      const isRewound = await witness.rewind(copy.fd)
      const after = await stampStore(directory)
      return isRewound && after.database?.inode === before.database.inode && after.log === null ? { ...after, journal: null } : null
    } finally {
      await copy.close()
    }
  } finally {
    witness.close()
  }
}

async function rollBack(file: string): Promise<number | null> {
  const journalFile = `${file}-journal`
  let journal
  try {
    journal = await open(journalFile, 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  try {
    const database = await open(file, 'r+')
    try {
      return (await rollBackJournal(database.fd, journal.fd))?.pages ?? null
    } finally {
      await database.close()
    }
  } finally {
    await journal.close()
    await rm(journalFile, { force: true })
  }
}

/** Fills a database that lost its end with zeros, so that what is left of it can be read. */
async function fillMissingEnd(file: string): Promise<number> {
  const handle = await open(file, 'r')
  try {
    const header = Buffer.alloc(100)
    const { bytesRead } = await handle.read(header, 0, 100, 0)
    const { size } = await handle.stat()
    if (bytesRead < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return 0
    const pageSize = header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16)
    const countIsValid = header.readUInt32BE(24) === header.readUInt32BE(92)
    const expected = countIsValid ? header.readUInt32BE(28) * pageSize : Math.ceil(size / pageSize) * pageSize
    // A damaged header may ask for terabytes; a real loss is rarely more than what is left times sixteen.
    if (pageSize < 512 || size >= expected || expected > Math.max(size * 16, 64 * 1024 * 1024)) return 0
    await truncate(file, expected)
    return expected - size
  } finally {
    await handle.close()
  }
}

async function linkToOriginal(directory: string, folder: string, stamp: StoreStamp): Promise<string> {
  const noRoom = new AppError(
    'no-space',
    'There is not enough room on the disk for a private copy of the database.',
    `Free ${Math.ceil(Number(stamp.database?.size ?? 0n) / 1_000_000)} MB, then open the directory again.`,
  )
  if (stamp.journal !== null || stamp.log !== null) throw noRoom
  const file = path.join(folder, databaseName)
  await rm(file, { force: true })
  try {
    await symlink(path.join(directory, databaseName), file)
  } catch {
    throw noRoom
  }
  return file
}

function sourceError(error: unknown, directory: string): unknown {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return new AppError(
        'forbidden',
        `The files in ${directory} may not be read.`,
        'Give yourself permission to read the folder and its files, or open a copy of it.',
      )
    case 'EIO':
      return new AppError(
        'damaged',
        `The disk could not read the files in ${directory}.`,
        'Check the disk, and copy the folder elsewhere if you can.',
      )
    default:
      return error
  }
}

async function refuseIfGone(directory: string): Promise<void> {
  try {
    await stat(directory)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw sourceError(error, directory)
    throw new AppError('not-found', `The folder ${directory} is not there any more.`, 'Put it back, or open it where it is now.')
  }
}

/**
 * Copies the database of a store into a folder of its own under `scratch`, as it was at one moment, and undoes a
 * transaction that was interrupted or under way. Writes nothing into `directory` and takes no lock there.
 * @throws AppError 'busy' where another process writes without a pause, 'not-found' where the folder is gone, 'forbidden', 'no-space', 'not-a-store', 'cancelled'.
 */
export async function takePrivateCopy(directory: string, scratch: string, signal?: AbortSignal): Promise<PrivateCopy> {
  await refuseIfGone(directory)
  await mkdir(scratch, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(path.join(scratch, 'copy-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  const file = path.join(folder, databaseName)
  try {
    const deadline = Date.now() + patience
    for (let pause = 2; ; pause = Math.min(pause * 2, 200)) {
      signal?.throwIfAborted()
      const stamp = (await tryCopy(directory, folder)) ?? (await tryWitnessedCopy(directory, folder, signal))
      if (stamp) {
        const takenAt = Date.now()
        const rolledBack = await rollBack(file)
        // What was rolled back may have been counted already in the file that the copy was taken from.
        const header = (await firstBytes(file, 100)).toString('hex')
        const missingBytes = await fillMissingEnd(file)
        return { folder, file, stamp: { ...stamp, header }, takenAt, isCopy: true, rolledBack, missingBytes, remove }
      }
      if (Date.now() > deadline) {
        throw new AppError(
          'busy',
          'Another process writes to this store without a pause, and no consistent view of it could be taken.',
          'Wait until that process is done, or pause it, then open the directory again.',
        )
      }
      await wait(pause, undefined, signal ? { signal } : {})
    }
  } catch (error) {
    if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT') {
      try {
        const stamp = await stampStore(directory)
        const link = await linkToOriginal(directory, folder, stamp)
        return { folder, file: link, stamp, takenAt: Date.now(), isCopy: false, rolledBack: null, missingBytes: 0, remove }
      } catch (noLink) {
        await remove()
        throw noLink
      }
    }
    await remove()
    throw sourceError(error, directory)
  }
}
