import { rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

/** Removes folders that `temporaryFolder` made. Anything else is refused: a wrong path must never cost more than the test. */
export async function removeTemporary(...folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const isOwn = path.dirname(path.resolve(folder)) === path.resolve(os.tmpdir()) && path.basename(folder).startsWith('mnemoscope-')
    if (!isOwn) throw new Error(`${folder} is no temporary folder of a test.`)
    await rm(folder, { recursive: true, force: true })
  }
}
