import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../shared/rpc/errors.ts'
import { HubFile, type HubFileFacts } from './hub-file.ts'
import { missingFiles, type ModelDtype, neededFiles, readConfig, sizeOf } from './model-files.ts'

export interface ModelDownloadOptions {
  /** Where the hub is, such as `https://huggingface.co`. */
  readonly host: string
  readonly model: string
  readonly dtype: ModelDtype
  /** Where the files go; unfinished ones stay there, for the next time. */
  readonly folder: string
  readonly signal: AbortSignal
  /** Bytes there are, of how many in all; null where the hub does not tell sizes. */
  readonly progress: (stage: string, done: number, total: number | null) => void
  /** Milliseconds without a byte after which the hub counts as gone. */
  readonly idleTimeout?: number
}

const attempts = 3

/** A name that differs with what the hub holds, so that halves of two versions never become one file. */
function partialName(file: string, { etag, size }: HubFileFacts): string {
  const version = createHash('sha256').update(`${etag} ${size}`).digest('hex').slice(0, 12)
  return `${file}.${version}.partial`
}

/** Removes what was left of other versions of a file. */
async function removeOtherPartials(file: string, kept: string): Promise<void> {
  const name = path.basename(file)
  const names = await readdir(path.dirname(file))
  const old = names.filter((other) => other.startsWith(`${name}.`) && other.endsWith('.partial') && other !== path.basename(kept))
  await Promise.all(old.map((other) => rm(path.join(path.dirname(file), other), { force: true })))
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function startOf(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Why a file that arrived is not what it should be; null where it may be. */
async function faultOf(partial: string, name: string, { size, digest }: HubFileFacts): Promise<string | null> {
  const bytes = await sizeOf(partial)
  if (size !== null && bytes !== size) return `${bytes} of ${size} bytes arrived`
  if (digest !== null && (await sha256(partial)) !== digest) return 'its checksum is not the one the hub names'
  if (name.endsWith('.json')) {
    try {
      JSON.parse(await readFile(partial, 'utf8'))
    } catch {
      return 'it is no JSON'
    }
  } else if (/^(?:\s*<|version )/.test(await startOf(partial))) return 'it is text, not a model'
  return null
}

function writingError(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError(
      'no-space',
      `There is no space left in ${folder}.`,
      'Make room, then start the download again: it goes on where it stopped.',
      {
        cause: error,
      },
    )
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new AppError('forbidden', `The app may not write into ${folder}.`, 'Correct the permissions of the folder, then try again.', {
      cause: error,
    })
  }
  return error
}

/** Appends what is missing of a file. Returns false where the connection was lost, and the rest may come with another try. */
async function fetchRest(file: HubFile, partial: string, size: number | null, arrived: (bytes: number) => void): Promise<boolean> {
  const have = (await sizeOf(partial)) ?? 0
  if (size !== null && have === size) return true
  const { from, chunks } = await file.read(size !== null && have < size ? have : 0)
  const handle = await open(partial, from > 0 ? 'a' : 'w')
  try {
    let bytes = from
    arrived(bytes)
    for await (const chunk of chunks) {
      await handle.write(chunk)
      bytes += chunk.byteLength
      arrived(bytes)
    }
    return size === null || bytes >= size
  } finally {
    await handle.close()
  }
}

async function fetchFile(
  file: HubFile,
  facts: HubFileFacts,
  target: string,
  arrived: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true })
  const partial = partialName(target, facts)
  await removeOtherPartials(target, partial)
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (await fetchRest(file, partial, facts.size, arrived)) break
      if (attempt === attempts) break
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'unreachable') || attempt === attempts) throw error
    }
    await wait(500 * attempt, undefined, { signal }).catch(() => {
      throw new AppError('cancelled', 'The download was cancelled.')
    })
  }
  const fault = await faultOf(partial, file.name, facts)
  if (fault !== null) {
    await rm(partial, { force: true })
    throw new AppError(
      'damaged',
      `${file.name} did not arrive intact from ${file.host}: ${fault}.`,
      'The broken file was removed. Start the download again; if it happens again, something between here and the hub changes what is sent.',
    )
  }
  await rename(partial, target)
}

/**
 * Fetches the files of a model that its folder lacks, checks them, and gives each its name only when it is whole. What was
 * fetched before a failure or a cancel stays, and the next call goes on from there.
 * @throws AppError 'unreachable', 'not-found' (no such file or model), 'unauthorised', 'damaged' (what arrived is not the file),
 * 'no-space', 'forbidden', 'cancelled'.
 */
export async function downloadModel(options: ModelDownloadOptions): Promise<void> {
  const { host, model, dtype, folder, signal, progress, idleTimeout = 30_000 } = options
  const byHand = `put ${(await missingFiles(folder, dtype)).join(', ')} into ${folder}`
  const hubFile = (name: string): HubFile => new HubFile({ host, model, name, byHand, signal, idleTimeout })
  const get = async (name: string, arrived: (bytes: number) => void, known?: HubFileFacts): Promise<void> => {
    const file = hubFile(name)
    await fetchFile(file, known ?? (await file.facts()), path.join(folder, name), arrived, signal)
  }
  try {
    progress('Looking at the model', 0, null)
    if ((await readConfig(folder)) === null) await get('config.json', () => undefined)
    const files = await Promise.all(
      neededFiles(dtype, await readConfig(folder)).map(async (name) => {
        const size = await sizeOf(path.join(folder, name))
        return { name, missing: size === null, facts: size === null ? await hubFile(name).facts() : { size, etag: null, digest: null } }
      }),
    )
    const total = files.every(({ facts }) => facts.size !== null) ? files.reduce((sum, { facts }) => sum + (facts.size ?? 0), 0) : null
    let before = files.reduce((sum, { missing, facts }) => sum + (missing ? 0 : (facts.size ?? 0)), 0)
    for (const { name, facts } of files.filter(({ missing }) => missing)) {
      await get(name, (bytes) => progress(`Downloading ${name}`, before + bytes, total), facts)
      before += facts.size ?? (await sizeOf(path.join(folder, name))) ?? 0
    }
    progress('Downloaded', before, total ?? before)
  } catch (error) {
    throw writingError(error, folder)
  }
}
