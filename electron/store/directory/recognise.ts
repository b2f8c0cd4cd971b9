import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../../../shared/rpc/errors.ts'
import { databaseName } from './store-stamp.ts'

export type DirectoryKind = 'folder' | 'chroma' | 'legacy-chroma' | 'unreadable'

const legacyNames = ['chroma-collections.parquet', 'chroma-embeddings.parquet', 'chroma.duckdb']
const indexFiles = ['data_level0.bin', 'index_metadata.pickle', 'header.bin']
const folderName = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** Segment folders of a directory that hold index files. Reads names only. */
export async function segmentFolders(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory() && folderName.test(entry.name)).map((entry) => entry.name)
  const holding = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(path.join(directory, folder)).catch((): string[] => [])
      return indexFiles.some((name) => names.includes(name))
    }),
  )
  return folders.filter((_, index) => holding[index]).toSorted()
}

/**
 * What a path looks like from outside. Cheap: lists the folder, opens nothing that could be a pipe, takes no lock, writes nothing.
 * 'chroma' also where the database is gone but segment folders are left, because their vectors can be shown.
 */
export async function recogniseDirectory(directory: string): Promise<DirectoryKind> {
  try {
    const names = await readdir(directory)
    if (names.includes(databaseName)) return 'chroma'
    if (legacyNames.some((name) => names.includes(name))) return 'legacy-chroma'
    return (await segmentFolders(directory)).length > 0 ? 'chroma' : 'folder'
  } catch (error) {
    return codeOf(error) === 'ENOTDIR' ? 'folder' : 'unreadable'
  }
}

async function startOf(file: string): Promise<Buffer> {
  let handle: FileHandle | undefined
  try {
    handle = await open(file, 'r')
    const bytes = Buffer.alloc(100)
    const { bytesRead } = await handle.read(bytes, 0, 100, 0)
    return bytes.subarray(0, bytesRead)
  } finally {
    await handle?.close()
  }
}

function noStore(message: string, remedy: string): AppError {
  return new AppError('not-a-store', message, remedy)
}

async function refusalOfFolder(directory: string): Promise<AppError | null> {
  const names = await readdir(directory)
  if (names.includes(databaseName)) return null
  if (legacyNames.some((name) => names.includes(name))) {
    return new AppError(
      'unsupported',
      'This folder was written by Chroma 0.3, which kept its records in Parquet files.',
      'Convert a copy of it with the Python package chroma-migrate, then open the new folder. No engine should be started here: it would make an empty database beside the old files.',
    )
  }
  if ((await segmentFolders(directory)).length > 0) return null
  if (names.length === 0)
    return noStore(
      'This folder is empty.',
      'Choose the folder that Chroma was given as its persist directory; it holds a file named chroma.sqlite3.',
    )
  const below = await Promise.all(
    names.slice(0, 200).map(async (name) => ((await recogniseDirectory(path.join(directory, name))) === 'chroma' ? name : null)),
  )
  const inside = below.find((name) => name !== null)
  return noStore(
    'There is no file chroma.sqlite3 in this folder.',
    inside
      ? `The folder ${inside} inside it looks like a store: open that one.`
      : 'Choose the folder that Chroma was given as its persist directory.',
  )
}

async function refusalOfDatabase(directory: string): Promise<AppError | null> {
  const file = path.join(directory, databaseName)
  const info = await stat(file).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  if (!info) return null
  if (!info.isFile())
    return noStore(
      'The name chroma.sqlite3 belongs to something that is not a file here.',
      'Choose the folder that holds the database file itself.',
    )
  const start = await startOf(file)
  if (start.toString('latin1').startsWith('version https://git-lfs')) {
    return noStore(
      'The file chroma.sqlite3 is a Git LFS pointer: the repository was cloned without its large files.',
      'Run `git lfs pull` in the repository, then open the folder again.',
    )
  }
  return null
}

/**
 * Why a path cannot be opened as a store, in a sentence with the way out; null where it can be tried.
 * Damaged databases are not refused: what is left of them is for the reader to find out.
 */
export async function refusal(directory: string): Promise<AppError | null> {
  try {
    const info = await stat(directory)
    if (!info.isDirectory()) {
      const isDatabase = path.basename(directory) === databaseName
      return noStore(
        'This is a file, not a folder.',
        isDatabase ? `Open the folder that holds it: ${path.dirname(directory)}` : 'Choose the folder that holds chroma.sqlite3.',
      )
    }
    return (await refusalOfFolder(directory)) ?? (await refusalOfDatabase(directory))
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
      case 'ENOTDIR':
        return new AppError('not-found', `There is no folder ${directory}.`, 'Check the path, and whether the disk it is on is connected.')
      case 'EACCES':
      case 'EPERM':
        return new AppError(
          'forbidden',
          `The folder ${directory} may not be read.`,
          'Give yourself permission to read it, or open a copy of it.',
        )
      default:
        throw error
    }
  }
}
