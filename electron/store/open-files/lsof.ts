import { execFile } from 'node:child_process'
import { ancestorsOf, type OpenProcess, type Seen } from './open-process.ts'

/** What a program wrote; null where it could not be run. It ends with an error where it has nothing to tell, which is an answer too. */
function outputOf(program: string, words: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, words, { timeout: 20_000, maxBuffer: 50_000_000 }, (error, output) => {
      resolve(error && (error.killed === true || typeof error.code !== 'number' || error.code > 1) ? null : output)
    })
  })
}

/** What ps wrote about pid, ppid and pgid: parent and process group of each process. */
export function parseProcessTable(output: string): Map<number, { parent: number; group: number }> {
  const rows = output.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s*$/gm)
  return new Map([...rows].map(([, pid, parent, group]) => [Number(pid), { parent: Number(parent), group: Number(group) }]))
}

/** Without a locale lsof writes bytes that are not ASCII as `\xc3`. */
function unescaped(name: string): string {
  const bytes = name.replaceAll(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** What `lsof -F pc` wrote: a line for each field, the process first and then its command. */
export function parseOpenFiles(output: string): { pid: number; name: string }[] {
  return output
    .split(/^p/m)
    .slice(1)
    .map((block) => ({ pid: Number.parseInt(block, 10), name: unescaped(/^c(.*)$/m.exec(block)?.[1] ?? 'process') }))
}

/**
 * macOS, and other systems with lsof and ps.
 * @param directory without symbolic links
 * @returns null where these programs cannot be run
 */
export async function askLsof(directory: string): Promise<Seen | null> {
  const [files, table] = await Promise.all([
    outputOf('lsof', ['-w', '-n', '-P', '+c', '0', '-F', 'pc', '+D', directory]),
    outputOf('ps', ['-ax', '-o', 'pid=', '-o', 'ppid=', '-o', 'pgid=']),
  ])
  if (files === null || table === null) return null
  const family = parseProcessTable(table)
  const processes = parseOpenFiles(files).map(({ pid, name }): OpenProcess => {
    const ancestors = ancestorsOf(pid, (each) => family.get(each)?.parent ?? 0)
    return { pid, name, relatives: [...ancestors, family.get(pid)?.group ?? 0] }
  })
  return { processes, isPartial: process.getuid?.() !== 0 }
}
