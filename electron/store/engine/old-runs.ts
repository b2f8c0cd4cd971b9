import { readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'

/** A run folder holds one small file, and is only left behind by an app that was killed; a day is longer than any start. */
export function removeOldRuns(folder: string): void {
  const dayAgo = Date.now() - 24 * 3_600_000
  for (const name of readdirIfAny(folder)) {
    const run = path.join(folder, name)
    if ((statSync(run, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < dayAgo) rmSync(run, { recursive: true, force: true })
  }
}

function readdirIfAny(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
