import { constants } from 'node:fs'
import { cp, mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/rpc/errors.ts'

/** Beside each copy stands what it is a copy of. */
const originEnding = '.origin.json'
const originSchema = z.object({ directory: z.string(), at: z.number() })

export interface Snapshot {
  readonly path: string
  /** Milliseconds since 1970. */
  readonly at: number
}

async function originOf(folder: string, name: string): Promise<z.infer<typeof originSchema> | null> {
  try {
    return originSchema.parse(JSON.parse(await readFile(path.join(folder, name), 'utf8')))
  } catch {
    return null
  }
}

/** The newest copy of a store directory that is still in `folder`; null where there is none. */
export async function newestSnapshot(directory: string, folder: string): Promise<Snapshot | null> {
  const real = await realpath(directory)
  const names = await readdir(folder).catch((): string[] => [])
  const found: Snapshot[] = []
  for (const name of names.filter((each) => each.endsWith(originEnding))) {
    const origin = await originOf(folder, name)
    const copy = path.join(folder, name.slice(0, -originEnding.length))
    const isThere = (await stat(copy).catch(() => null))?.isDirectory() === true
    if (origin?.directory === real && isThere) found.push({ path: copy, at: origin.at })
  }
  return found.toSorted((a, b) => b.at - a.at)[0] ?? null
}

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
    const origin: z.infer<typeof originSchema> = { directory: await realpath(directory), at: Date.now() }
    await writeFile(`${copy}${originEnding}`, JSON.stringify(origin), { mode: 0o600 })
  } catch (error) {
    await remove(copy)
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
    await remove(copy)
    throw new AppError('cancelled', 'The operation was cancelled.')
  }
  return copy
}

async function remove(copy: string): Promise<void> {
  await rm(copy, { recursive: true, force: true })
  await rm(`${copy}${originEnding}`, { force: true })
}
