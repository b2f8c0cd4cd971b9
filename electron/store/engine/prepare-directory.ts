import { mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { AppError } from '../../../shared/rpc/errors.ts'

/**
 * Real path of a directory that an engine may be started in: one that holds chroma.sqlite3, or with `create` an empty one.
 * @throws AppError 'not-found', 'not-a-store', 'conflict'
 */
export function prepareDirectory(directory: string, create: boolean): string {
  if (create) mkdirSync(directory, { recursive: true })
  let real: string
  try {
    real = realpathSync(directory)
    if (!statSync(real).isDirectory())
      throw new AppError('not-a-store', 'This is a file, not a directory.', 'Choose the directory that holds chroma.sqlite3.')
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('not-found', 'The directory does not exist or cannot be read.', 'Check its path and rights.', { cause: error })
  }
  const names = readdirSync(real)
  if (create && names.length > 0)
    throw new AppError('conflict', 'The directory for a new store is not empty.', 'Choose an empty directory.')
  if (!create && !names.includes('chroma.sqlite3')) {
    throw new AppError(
      'not-a-store',
      'The directory holds no chroma.sqlite3; an engine would make an empty store in it.',
      'Choose the directory that holds chroma.sqlite3.',
    )
  }
  return real
}
