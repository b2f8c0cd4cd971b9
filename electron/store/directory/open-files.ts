import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'

function hasOpen(pid: string, directory: string): boolean {
  const folder = `/proc/${pid}/fd`
  try {
    return readdirSync(folder).some((descriptor) => {
      try {
        return readlinkSync(`${folder}/${descriptor}`).startsWith(`${directory}${path.sep}`)
      } catch {
        return false
      }
    })
  } catch {
    // Processes of other users do not show their files, and processes end while they are looked at.
    return false
  }
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0)
  } catch {
    return 0
  }
}

/** Whether this app started a process, itself or through others: its own engine is not somebody else. */
function isOwn(pid: string): boolean {
  for (let each = Number(pid); each > 1; each = parentOf(each)) if (each === process.pid) return true
  return false
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return 'a process'
  }
}

/**
 * Other processes that have files of the store open, such as "python3 (pid 812)"; engines of this app are none. Known on Linux only,
 * and there only for processes of the same user; an empty list does not prove that nobody has it open. To be asked outside of the main thread:
 * thousands of links are read at once, which costs a tenth of asking for each, with a pause after every process.
 */
export async function openedBy(directory: string): Promise<string[]> {
  if (process.platform !== 'linux') return []
  try {
    const real = realpathSync(directory)
    const holders: string[] = []
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue
      if (hasOpen(pid, real) && !isOwn(pid)) holders.push(`${nameOf(pid)} (pid ${pid})`)
      await setImmediate()
    }
    return holders
  } catch {
    return []
  }
}
