import { spawn } from 'node:child_process'
import { fstatSync, readFileSync, readSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { z } from 'zod'

/**
 * The process an engine lives in: `run <binding> <config> <app pid>`, `vacuum <binding> <directory>`, `probe <binding>` (prints its version) or
 * `supervise <app pid> <command...>`. The binding's `cli` keeps the main thread for ever and ignores
 * signals, so a second thread watches for the end of the app and then kills the process.
 */
const bindingSchema = z.object({ cli: z.custom<(args: string[]) => unknown>((value) => typeof value === 'function') })
const watchSchema = z.object({ appPid: z.number().int().positive() })

function runBinding(file: string, args: string[]): void {
  const binding = createRequire(import.meta.url)(file) as unknown
  bindingSchema.parse(binding).cli(['chroma', ...args])
}

/** When the process started, in clock ticks since boot: a pid that was given to another process differs. Linux only. */
function startTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function watchApp(appPid: number, end: () => void): void {
  const started = startTime(appPid)
  setInterval(() => {
    if (!isAlive(appPid) || startTime(appPid) !== started) end()
  }, 250)
}

function hasPipe(): boolean {
  try {
    const stat = fstatSync(0)
    return stat.isFIFO() || stat.isSocket()
  } catch {
    return false
  }
}

/** Blocks the thread until standard input ends. */
function waitForEndOfInput(): void {
  const bytes = new Uint8Array(64)
  for (;;) {
    try {
      if (readSync(0, bytes) === 0) return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
  }
}

function endProcess(): void {
  process.kill(process.pid, 'SIGKILL')
}

function startWatching(appPid: number): void {
  const file = fileURLToPath(import.meta.url)
  new Worker(file, { workerData: { appPid, kind: 'pid' } })
  if (hasPipe()) new Worker(file, { workerData: { appPid, kind: 'pipe' } })
}

function supervise(appPid: number, command: readonly string[]): void {
  const [program, ...args] = command
  if (program === undefined) throw new Error('There is no command to supervise.')
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], windowsHide: true })
  const end = (): void => {
    child.kill('SIGKILL')
    endProcess()
  }
  watchApp(appPid, end)
  if (hasPipe()) process.stdin.on('end', end).on('error', end).resume()
  child.on('error', (error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(127)
  })
  child.on('exit', (code) => process.exit(code ?? 1))
}

function main(args: readonly string[]): void {
  const [mode, first = '', second = '', third = ''] = args
  if (mode === 'probe') return runBinding(first, ['--version'])
  if (mode === 'vacuum') return runBinding(first, ['vacuum', '--path', second, '--force'])
  if (mode === 'supervise') return supervise(Number(first), args.slice(2))
  if (mode !== 'run') throw new Error(`Unknown mode ${JSON.stringify(mode)}.`)
  startWatching(Number(third))
  runBinding(first, ['run', second])
  process.exit(1)
}

if (isMainThread) {
  main(process.argv.slice(2))
} else {
  const { appPid, kind } = watchSchema.extend({ kind: z.enum(['pid', 'pipe']) }).parse(workerData)
  if (kind === 'pid') {
    watchApp(appPid, endProcess)
  } else {
    waitForEndOfInput()
    endProcess()
  }
}
