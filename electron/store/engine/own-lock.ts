import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/rpc/errors.ts'

const holderSchema = z.object({ pid: z.number(), started: z.string().nullable(), key: z.string() })
type Holder = z.infer<typeof holderSchema>

/** What tells a directory apart whatever path leads to it: device and inode, or the path where there are none. */
function directoryKey(directory: string): string {
  const stat = statSync(directory, { bigint: true })
  const identity = stat.ino === 0n ? path.resolve(directory).toLowerCase() : `${stat.dev}:${stat.ino}`
  return createHash('sha256').update(identity).digest('hex').slice(0, 32)
}

function startTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return holder.started === null || startTime(holder.pid) === holder.started
}

function readHolder(file: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/**
 * Takes the app's own lock on a store directory. It lives in the app's data folder, never in the store, and is
 * left to the next taker when its process is gone. A hard link makes taking it atomic.
 * @returns how to give it back.
 * @throws AppError 'busy' where another Mnemoscope runs an engine on the directory.
 */
export function takeOwnLock(dataFolder: string, directory: string): () => void {
  const folder = path.join(dataFolder, 'engine-locks')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const key = directoryKey(directory)
  const file = path.join(folder, `${key}.lock`)
  const own = path.join(folder, `${key}.${randomUUID()}`)
  writeFileSync(own, JSON.stringify({ pid: process.pid, started: startTime(process.pid), key: randomUUID() } satisfies Holder), {
    mode: 0o600,
  })
  const written = readFileSync(own, 'utf8')
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      try {
        linkSync(own, file)
        return () => {
          try {
            if (readFileSync(file, 'utf8') === written) rmSync(file)
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
          }
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const holder = readHolder(file)
      if (holder !== null && isAlive(holder)) break
      setAside(file, holder)
    }
  } finally {
    rmSync(own, { force: true })
  }
  throw new AppError('busy', 'An engine of Mnemoscope already runs on this directory.', 'Close the store in the other window first.')
}

/** Removes a lock whose process is gone, unless another process replaced it in between. */
function setAside(file: string, seen: Holder | null): void {
  const aside = `${file}.${randomUUID()}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = readHolder(aside)
  if (moved?.key !== seen?.key) {
    try {
      linkSync(aside, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  rmSync(aside, { force: true })
}
