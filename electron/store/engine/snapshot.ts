import { constants } from 'node:fs'
import { cp, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../../../shared/rpc/errors.ts'

/**
 * Copies a whole store directory into a new folder below `folder`, sharing blocks where the file system can. To be called
 * only while no engine has the store open.
 * @returns the copy's path.
 * @throws AppError 'no-space', 'cancelled' or 'forbidden'; a partial copy is removed.
 */
export async function takeSnapshot(directory: string, folder: string, signal?: AbortSignal): Promise<string> {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-')
  const copy = path.join(folder, `${path.basename(directory)}-${stamp}`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await cp(directory, copy, {
      recursive: true,
      errorOnExist: true,
      force: false,
      mode: constants.COPYFILE_FICLONE,
      preserveTimestamps: true,
      filter: () => !signal?.aborted,
    })
  } catch (error) {
    await rm(copy, { recursive: true, force: true })
    const full = (error as NodeJS.ErrnoException).code === 'ENOSPC'
    if (full)
      throw new AppError('no-space', 'There is not enough space for a copy of the store.', 'Free some space, then try again.', {
        cause: error,
      })
    throw new AppError('forbidden', 'The store could not be copied, so it was left as it is.', 'Check the rights of the snapshot folder.', {
      cause: error,
    })
  }
  if (signal?.aborted) {
    await rm(copy, { recursive: true, force: true })
    throw new AppError('cancelled', 'The operation was cancelled.')
  }
  return copy
}
