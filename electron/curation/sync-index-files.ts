import { open, readdir } from 'node:fs/promises'
import path from 'node:path'
import { segmentFolders } from '../store/directory/recognise.ts'
import { syncFolder } from './sync-folder.ts'

/**
 * Makes the index files of a store lasting. The engine never does, while it drops from its queue what they hold; so this comes
 * before anything that could restore them goes. Files are opened for reading: nothing is written.
 */
export async function syncIndexFiles(directory: string): Promise<void> {
  const folders = await segmentFolders(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const segment of folders) {
    const folder = path.join(directory, segment)
    for (const name of await readdir(folder)) {
      const file = await open(path.join(folder, name), 'r')
      try {
        await file.sync()
      } finally {
        await file.close()
      }
    }
    await syncFolder(folder)
  }
}
