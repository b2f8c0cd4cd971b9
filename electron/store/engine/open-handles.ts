import { execFile } from 'node:child_process'
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../../shared/rpc/errors.ts'

/** How often a store that others have open is looked at before an engine is refused. */
const looksForHolders = 4

export interface OpenHandles {
  /** Other processes that have files of the directory open. */
  readonly holders: readonly { readonly pid: number; readonly name: string }[]
  /** Null where the answer is complete; otherwise why it may not be. */
  readonly unknown: string | null
}

async function processName(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'process')).trim()
}

async function processGroup(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[2] ?? 0)
}

async function hasOpen(pid: number, directory: string, device: bigint): Promise<boolean> {
  const folder = `/proc/${pid}/fd`
  for (const descriptor of await readdir(folder)) {
    const target = await readlink(path.join(folder, descriptor)).catch(() => '')
    if (target.startsWith(`${directory}/`) || target === directory) return true
    // Another mount namespace, such as a container, sees the files under another path; the name and device still tell.
    const name = path.basename(target)
    if (name !== 'chroma.sqlite3' && name !== 'data_level0.bin') continue
    const own = name === 'chroma.sqlite3' ? path.join(directory, name) : path.join(directory, path.basename(path.dirname(target)), name)
    const [theirs, ours] = await Promise.all([
      stat(path.join(folder, descriptor), { bigint: true }).catch(() => null),
      stat(own, { bigint: true }).catch(() => null),
    ])
    if (theirs && ours && theirs.ino === ours.ino && theirs.dev === device) return true
  }
  return false
}

async function scanProc(directory: string, ownGroups: ReadonlySet<number>): Promise<OpenHandles> {
  const { dev } = await stat(directory, { bigint: true })
  const holders: { pid: number; name: string }[] = []
  let hidden = 0
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    try {
      if (!(await hasOpen(pid, directory, dev))) continue
      if (!ownGroups.has(pid) && !ownGroups.has(await processGroup(pid))) holders.push({ pid, name: await processName(pid) })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EACCES') hidden += 1
    }
  }
  return { holders, unknown: hidden === 0 ? null : 'Processes of other users cannot be looked into.' }
}

function listOpenFiles(directory: string, ownGroups: ReadonlySet<number>): Promise<OpenHandles> {
  return new Promise((resolve) => {
    execFile('lsof', ['-w', '-F', 'pgc', '+D', directory], { timeout: 20_000, maxBuffer: 10_000_000 }, (error, output) => {
      if (error && output === '' && (error.killed || error.code !== 1)) {
        return resolve({ holders: [], unknown: 'lsof could not be run, so other programs cannot be seen.' })
      }
      const holders: { pid: number; name: string }[] = []
      for (const block of output.split(/^p/m).slice(1)) {
        const pid = Number(/^\d+/.exec(block)?.[0])
        const group = Number(/^g(\d+)/m.exec(block)?.[1] ?? 0)
        if (pid !== process.pid && !ownGroups.has(pid) && !ownGroups.has(group))
          holders.push({ pid, name: /^c(.*)$/m.exec(block)?.[1] ?? 'process' })
      }
      resolve({ holders, unknown: null })
    })
  })
}

/**
 * Which other processes have files of a store directory open. Reads /proc on Linux and asks lsof on macOS; elsewhere it is
 * not known. `ownGroups` are process groups of engines that this app started.
 */
export async function openHandles(directory: string, ownGroups: ReadonlySet<number> = new Set()): Promise<OpenHandles> {
  const real = await realpath(directory)
  if (process.platform === 'linux') return scanProc(real, ownGroups)
  if (process.platform === 'darwin') return listOpenFiles(real, ownGroups)
  return { holders: [], unknown: 'Other programs that have the store open cannot be seen on this system.' }
}

/**
 * Looks whether others have the store open. An engine keeps its files open for as long as it lives; a program that only reads, such as
 * another Mnemoscope, lets go in a moment, so that is waited for.
 * @returns why it may not be known; null where it is
 * @throws AppError 'busy' where somebody has
 */
export async function refuseWhileHeld(directory: string, ownGroups: ReadonlySet<number>): Promise<string | null> {
  let { holders, unknown } = await openHandles(directory, ownGroups)
  for (let look = 1; look < looksForHolders && holders.length > 0; look += 1) {
    await wait(300)
    ;({ holders, unknown } = await openHandles(directory, ownGroups))
  }
  if (holders.length === 0) return unknown
  const names = holders.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ')
  throw new AppError(
    'busy',
    `Another program has this store open: ${names}. Two engines on one store damage it.`,
    'Close that program, then try again.',
  )
}
