import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'

async function sizeOf(file: string): Promise<number> {
  try {
    const info = await lstat(file)
    return info.isFile() ? info.size : 0
  } catch {
    // A file that vanished or may not be read has no size to tell.
    return 0
  }
}

/** Bytes of the files right inside a segment's folder; null where there is no such folder. */
export async function folderBytes(directory: string, segment: string): Promise<number | null> {
  // The name comes from the database: it must not lead anywhere else.
  if (path.basename(segment) !== segment || segment.startsWith('.')) return null
  try {
    const folder = path.join(directory, segment)
    const names = await readdir(folder)
    const sizes = await Promise.all(names.map((name) => sizeOf(path.join(folder, name))))
    return sizes.reduce((sum, size) => sum + size, 0)
  } catch {
    return null
  }
}

/** Bytes of the database, what belongs to it, and all segment folders. */
export async function storeBytes(directory: string): Promise<number | null> {
  try {
    const entries = await readdir(directory, { withFileTypes: true })
    const sizes = await Promise.all(
      entries.map(async (entry) => {
        if (entry.isDirectory()) return (await folderBytes(directory, entry.name)) ?? 0
        return entry.name.startsWith('chroma.sqlite3') ? sizeOf(path.join(directory, entry.name)) : 0
      }),
    )
    return sizes.reduce((sum, size) => sum + size, 0)
  } catch {
    return null
  }
}
