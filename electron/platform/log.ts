import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'

const mostBytes = 1_000_000
let file: string | null = null

/** An absolute path, on any system, in a message or a stack; what follows the last separator is kept of code positions. */
const absolutePath = /(?<![\w.])(?:file:\/\/)?(?:[A-Za-z]:)?(?:[\\/][^\\/\s'"`():]+(?: [^\\/\s'"`():]+)*){2,}/g
const codePosition = /^\s+at .*$/

function withoutPaths(line: string): string {
  if (codePosition.test(line)) return line.replace(absolutePath, (found) => path.basename(found))
  return line.replace(absolutePath, '<path>')
}

function write(level: 'info' | 'warn' | 'error', message: string, cause?: unknown): void {
  const detail = cause instanceof Error ? `: ${cause.stack ?? cause.message}` : cause === undefined ? '' : `: ${String(cause)}`
  const text = `${message}${detail}`.split('\n').map(withoutPaths).join('\n')
  const line = `${new Date().toISOString()} ${level} ${text}\n`
  process.stderr.write(line)
  if (file === null) return
  try {
    appendFileSync(file, line, { mode: 0o600 })
  } catch {
    file = null
    process.stderr.write('The log file cannot be written any more.\n')
  }
}

/** Keeps the log in `mnemoscope.log` of a folder too, and one older file, each of about a megabyte. */
function keepIn(folder: string): void {
  const target = path.join(folder, 'mnemoscope.log')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const size = statSync(target, { throwIfNoEntry: false })?.size ?? 0
  if (size > mostBytes) renameSync(target, `${target}.old`)
  file = target
}

/** One entry per event, to standard error. Secrets and contents are never passed in; paths are taken out here. */
export const log = {
  info: (message: string): void => write('info', message),
  warn: (message: string, cause?: unknown): void => write('warn', message, cause),
  error: (message: string, cause?: unknown): void => write('error', message, cause),
  keepIn,
}
