import { execFileSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { closeSync, openSync, statfsSync, writeSync } from 'node:fs'
import path from 'node:path'
import { temporaryFolder } from './fixtures.ts'
import { removeTemporary } from './remove-temporary.ts'

/** A disk of its own that is soon full. */
export interface SmallDisk {
  readonly folder: string
  /** Fills it up to so many bytes, which stay free. Returns at once: nothing else happens meanwhile. */
  fill(free: number): void
  /** Makes room again. */
  clear(): Promise<void>
  remove(): Promise<void>
}

/** Makes a disk in memory; null where that needs rights that are not there, which is said in a printed line. */
export async function smallDisk(bytes: number): Promise<SmallDisk | null> {
  const folder = await temporaryFolder('disk')
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'mnemoscope-test', folder], { stdio: 'pipe' })
  } catch {
    console.log('Skipped: a small disk can be mounted by root only, so full disks are not tried.')
    await removeTemporary(folder)
    return null
  }
  const filler = path.join(folder, 'filler')
  return {
    folder,
    fill(free) {
      const { bavail, bsize } = statfsSync(folder)
      const file = openSync(filler, 'w')
      const block = Buffer.alloc(bsize)
      for (let left = bavail * bsize - free; left > 0; left -= bsize) writeSync(file, block)
      closeSync(file)
    },
    clear: () => rm(filler, { force: true }),
    async remove() {
      execFileSync('umount', ['--lazy', folder], { stdio: 'pipe' })
      await removeTemporary(folder)
    },
  }
}
