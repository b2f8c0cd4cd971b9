import { open } from 'node:fs/promises'

/** Makes the names in a folder lasting, where the system lets a folder be synced; Windows does so by itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
