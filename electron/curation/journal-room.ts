import { stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import { databaseName } from '../store/directory/store-stamp.ts'
import { diskOfHistoryFull, historyFull } from './refusals.ts'

/** What History and the disk that it is on have left for one change, in bytes. */
export interface JournalRoom {
  readonly history: number
  readonly disk: number
}

/** Written before an estimate is trusted: the first records of a change may be unlike the others. */
const enoughToTell = 500

/**
 * @param history bytes that the limit of History leaves
 * @param folder a folder on the disk of the journals
 * @param directory the store; a private copy of its database is taken onto the same disk afterwards, to read back what was changed. Null for servers
 */
export async function journalRoom(history: number, folder: string, directory: string | null): Promise<JournalRoom> {
  const { bavail, bsize } = await statfs(folder)
  const copy = directory === null ? 0 : ((await stat(path.join(directory, databaseName)).catch(() => null))?.size ?? 0)
  return { history, disk: bavail * bsize - copy }
}

/**
 * Looks whether a change fits that is being written down, as soon as it can be told.
 * @param written bytes and records so far
 * @param expected records that there will be; null where that is not known
 * @throws AppError 'no-space'
 */
export function refuseWithoutJournalRoom(room: JournalRoom, written: { bytes: number; records: number }, expected: number | null): void {
  const canTell = expected !== null && expected > written.records && written.records >= enoughToTell
  const needed = canTell ? Math.ceil((written.bytes / written.records) * expected) : written.bytes
  if (needed > room.history) throw historyFull(needed, room.history)
  if (needed > room.disk) throw diskOfHistoryFull(needed, room.disk)
}
