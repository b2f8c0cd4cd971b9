import { statfs } from 'node:fs/promises'
import { AppError } from '../../shared/rpc/errors.ts'

/**
 * What an engine needs on the disk for each byte that it is sent: its queue, its tables with the full-text index, the index of vectors,
 * and SQLite's own journal of them. A full disk in the middle damages the index.
 */
const engineShare = 4
const reserveBytes = 32_000_000

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_000_000)
}

/**
 * Looks whether an engine could write so much without filling the disk.
 * @param bytes what it is sent
 * @throws AppError 'no-space'
 */
export async function refuseWithoutRoom(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory)
  const [free, needed] = [bavail * bsize, reserveBytes + engineShare * bytes]
  if (free >= needed) return
  throw new AppError(
    'no-space',
    `Only ${megabytes(free)} MB are free on the disk of the store; this change needs up to ${megabytes(needed)} MB there.`,
    'Nothing was sent. Free some space, then try again: a full disk damages the index.',
  )
}
