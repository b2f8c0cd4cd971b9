import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { ancestorsOf, type OpenProcess, type Seen } from './open-process.ts'

function identity(file: string): { device: bigint; inode: bigint } | null {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false })
  return found ? { device: found.dev, inode: found.ino } : null
}

/** Throws EACCES for processes whose files are hidden, and ENOENT for those that ended meanwhile. */
function hasOpen(pid: number, directory: string): boolean {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).some((descriptor) => {
    try {
      const target = readlinkSync(`${folder}/${descriptor}`)
      if (target === directory || target.startsWith(`${directory}${path.sep}`)) return true
      // Another mount namespace, such as a container, sees the files under another path; their identity still tells.
      const name = path.basename(target)
      if (name !== 'chroma.sqlite3' && name !== 'data_level0.bin') return false
      const own = name === 'chroma.sqlite3' ? path.join(directory, name) : path.join(directory, path.basename(path.dirname(target)), name)
      const ours = identity(own)
      const theirs = ours && identity(`${folder}/${descriptor}`)
      return ours !== null && theirs !== null && ours.inode === theirs.inode && ours.device === theirs.device
    } catch {
      return false
    }
  })
}

/** Parent and process group. */
function familyOf(pid: number): { parent: number; group: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(parent), group: Number(group) }
  } catch {
    return { parent: 0, group: 0 }
  }
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return 'process'
  }
}

/**
 * Linux: the links in /proc. Thousands of them are read at once, which takes a tenth of asking for each, with a pause after every
 * process.
 * @param directory without symbolic links
 */
export async function lookInProc(directory: string): Promise<Seen> {
  const processes: OpenProcess[] = []
  let isPartial = false
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const pid = Number(entry)
    try {
      if (hasOpen(pid, directory)) {
        const ancestors = ancestorsOf(pid, (each) => familyOf(each).parent)
        processes.push({ pid, name: nameOf(pid), relatives: [...ancestors, familyOf(pid).group] })
      }
    } catch (error) {
      isPartial ||= (error as NodeJS.ErrnoException).code === 'EACCES'
    }
    await setImmediate()
  }
  return { processes, isPartial }
}
