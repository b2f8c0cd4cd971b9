import { open, stat } from 'node:fs/promises'
import path from 'node:path'

export const databaseName = 'chroma.sqlite3'

/** What tells two moments of a file apart. */
export interface FileStamp {
  readonly inode: bigint
  readonly size: bigint
  readonly modified: bigint
}

/** What tells two moments of a store apart without reading it whole. */
export interface StoreStamp {
  readonly database: FileStamp | null
  /** The first 100 bytes, which hold SQLite's counter of commits; hexadecimal. */
  readonly header: string
  readonly journal: FileStamp | null
  /** The number that a rollback journal draws at random for each transaction; hexadecimal, empty without journal. */
  readonly journalNonce: string
  readonly log: FileStamp | null
  /** The two numbers that a write-ahead log is given each time it begins anew; hexadecimal, empty without log. */
  readonly logSalts: string
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

/** The stamp of one file, null where there is none. */
export async function stampFile(file: string): Promise<FileStamp | null> {
  try {
    const { ino, size, mtimeNs } = await stat(file, { bigint: true })
    return { inode: ino, size, modified: mtimeNs }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

export function sameFile(a: FileStamp | null, b: FileStamp | null): boolean {
  if (a === null || b === null) return a === b
  return a.inode === b.inode && a.size === b.size && a.modified === b.modified
}

/** The first bytes of a file, fewer where it is shorter, none where it is not there. */
export async function firstBytes(file: string, length: number): Promise<Buffer> {
  try {
    const handle = await open(file, 'r')
    try {
      const bytes = Buffer.alloc(length)
      const { bytesRead } = await handle.read(bytes, 0, length, 0)
      return bytes.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0)
    throw error
  }
}

/** The stamp of the store in `directory`. Reads only. */
export async function stampStore(directory: string): Promise<StoreStamp> {
  const file = path.join(directory, databaseName)
  const [database, journal, log] = await Promise.all([stampFile(file), stampFile(`${file}-journal`), stampFile(`${file}-wal`)])
  const header = database ? (await firstBytes(file, 100)).toString('hex') : ''
  const journalNonce = journal ? (await firstBytes(`${file}-journal`, 16)).subarray(12).toString('hex') : ''
  const logSalts = log ? (await firstBytes(`${file}-wal`, 24)).subarray(16).toString('hex') : ''
  return { database, header, journal, journalNonce, log, logSalts }
}

function sameTransaction(a: StoreStamp, b: StoreStamp): boolean {
  return a.journal !== null && a.journal.inode === b.journal?.inode && a.journalNonce === b.journalNonce
}

/** Whether something was committed between two stamps. A transaction under way, or taken back, is no change. */
export function isChanged(before: StoreStamp, now: StoreStamp): boolean {
  if (!sameFile(before.log, now.log) || (before.database === null) !== (now.database === null)) return true
  return before.header !== now.header && !sameTransaction(before, now)
}

/**
 * Whether a copy taken between two stamps, database first, journal or log second, can be brought to one moment: nothing
 * happened; or the same transaction was under way all the time, so that its journal covers every page that it had written by
 * then; or a write-ahead log only grew, so that it covers every page that was taken over into the database.
 */
export function isOneMoment(before: StoreStamp, after: StoreStamp): boolean {
  if (before.journal !== null) return sameTransaction(before, after) && sameFile(before.log, after.log)
  if (after.journal !== null || before.database?.inode !== after.database?.inode) return false
  if (before.log !== null) return before.log.inode === after.log?.inode && before.logSalts === after.logSalts
  return after.log === null && before.header === after.header && sameFile(before.database, after.database)
}
