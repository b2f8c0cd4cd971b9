import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import path from 'node:path'

async function hasOpen(pid: string, directory: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`
  try {
    const descriptors = await readdir(folder)
    const targets = await Promise.all(descriptors.map((descriptor) => readlink(path.join(folder, descriptor)).catch(() => '')))
    return targets.some((target) => target.startsWith(`${directory}${path.sep}`))
  } catch {
    // Processes of other users do not show their files, and processes end while they are looked at.
    return false
  }
}

/**
 * Other processes that have files of the store open, such as "python3 (pid 812)". Known on Linux only, and there only for
 * processes of the same user; an empty list does not prove that nobody has it open.
 */
export async function openedBy(directory: string): Promise<string[]> {
  if (process.platform !== 'linux') return []
  try {
    const real = await realpath(directory)
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    const holding = await Promise.all(pids.map((pid) => hasOpen(pid, real)))
    const names = pids
      .filter((_, index) => holding[index])
      .map(async (pid) => {
        const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a process')
        return `${name.trim()} (pid ${pid})`
      })
    return await Promise.all(names)
  } catch {
    return []
  }
}
