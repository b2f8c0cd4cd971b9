import { realpath } from 'node:fs/promises'
import { askLsof } from './lsof.ts'
import type { Seen } from './open-process.ts'
import { lookInProc } from './proc.ts'
import { askRestartManager } from './restart-manager.ts'

export interface OpenFiles {
  /** Other processes that have files of the store open. */
  readonly holders: readonly { readonly pid: number; readonly name: string }[]
  /** Why there may be others than `holders`, as a sentence; null where that is known, or some are known. */
  readonly unknown: string | null
}

const cannotSee: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'Not known: lsof, which tells what is open, could not be run.',
  win32: 'Not known: Windows could not be asked who uses the files.',
}

function look(directory: string): Promise<Seen | null> {
  if (process.platform === 'linux') return lookInProc(directory)
  if (process.platform === 'darwin') return askLsof(directory)
  if (process.platform === 'win32') return askRestartManager(directory)
  return Promise.resolve(null)
}

/** A process in words: "python3 (pid 812)". */
export function holderWords({ name, pid }: OpenFiles['holders'][number]): string {
  return `${name} (pid ${pid})`
}

/**
 * Which other processes have files of a store directory open: from /proc on Linux, from lsof on macOS, from the Restart Manager on
 * Windows.
 * @param own processes of the app: neither they are told, nor what comes from them, nor their process groups. This one is never told.
 */
export async function openFiles(directory: string, own: ReadonlySet<number> = new Set()): Promise<OpenFiles> {
  const seen = await look(await realpath(directory))
  if (seen === null) return { holders: [], unknown: cannotSee[process.platform] ?? 'Not known: this system does not tell it.' }
  const holders = seen.processes.filter(
    ({ pid, relatives }) => pid !== process.pid && !own.has(pid) && !relatives.some((each) => own.has(each)),
  )
  const isOpen = holders.length > 0 || !seen.isPartial
  return { holders, unknown: isOpen ? null : 'None of your own processes has it open; those of others cannot be seen.' }
}
