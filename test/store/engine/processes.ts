import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessFacts {
  readonly pid: number
  readonly commandLine: string
}

/** Every process whose command line holds a text; Linux only. Zombies have none and are not counted. */
export function processesNaming(text: string): ProcessFacts[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .flatMap((pid) => {
      try {
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return commandLine.includes(text) ? [{ pid, commandLine }] : []
      } catch {
        return []
      }
    })
}

/** Environment a process was started with. */
export function environmentOf(pid: number): Map<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .filter((entry) => entry !== '')
  return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]))
}

/** Waits until a condition holds. */
export async function until(holds: () => boolean | Promise<boolean>, patience = 15_000): Promise<boolean> {
  const limit = Date.now() + patience
  while (Date.now() < limit) {
    if (await holds()) return true
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return holds()
}
