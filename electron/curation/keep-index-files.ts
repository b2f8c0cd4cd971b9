import { constants } from 'node:fs'
import { copyFile, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { cannotWrite } from '../platform/settings-file.ts'
import { segmentFolders } from '../store/directory/recognise.ts'
import { makeFolder } from './journal.ts'

/** The small files of an index, which a crash of an engine tears; vectors lie in the large one. */
const names = ['index_metadata.pickle', 'header.bin', 'link_lists.bin'] as const

async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/**
 * Copies the small index files of every segment into a new folder below `folder`; the copies made before go once it is complete.
 * @throws AppError 'no-space', 'forbidden'
 */
export async function keepIndexFiles(directory: string, folder: string, signal?: AbortSignal): Promise<void> {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-')
  const making = path.join(folder, `${stamp}.making`)
  await makeFolder(making)
  try {
    for (const segment of await segmentFolders(directory)) {
      signal?.throwIfAborted()
      await makeFolder(path.join(making, segment))
      for (const name of names) await copyIfThere(path.join(directory, segment, name), path.join(making, segment, name))
    }
    await rename(making, path.join(folder, stamp))
  } catch (error) {
    await rm(making, { recursive: true, force: true })
    throw cannotWrite('copies of the index files', error)
  }
  for (const name of await readdir(folder)) {
    if (name !== stamp && /^\d{4}-\d\d-\d\dT/.test(name)) await rm(path.join(folder, name), { recursive: true, force: true })
  }
}
