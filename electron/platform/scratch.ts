import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Removes what an app that is no longer running left behind. */
async function removeLeftovers(parent: string): Promise<void> {
  const names = await readdir(parent)
  const leftovers = names.filter((name) => {
    const pid = /^(\d+)-[0-9a-f]+$/.exec(name)?.[1]
    return pid !== undefined && !isRunning(Number(pid))
  })
  await Promise.all(leftovers.map((name) => rm(path.join(parent, name), { recursive: true, force: true })))
}

export interface Scratch {
  readonly directory: string
  remove(): Promise<void>
}

/** A folder for private copies that only this run and this user may read; earlier runs' folders are removed. */
export async function createScratch(parent: string): Promise<Scratch> {
  await mkdir(parent, { recursive: true, mode: 0o700 })
  await removeLeftovers(parent)
  const directory = path.join(parent, `${process.pid}-${randomBytes(6).toString('hex')}`)
  await mkdir(directory, { mode: 0o700 })
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) }
}
