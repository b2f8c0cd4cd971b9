import { spawn, type ChildProcess } from 'node:child_process'
import { builtFile } from '../../platform/paths.ts'

/** A started engine process, however it was started. */
export interface EngineChild {
  readonly pid: number
  /** Output and errors as they come, in arbitrary pieces. */
  onOutput(listener: (text: string) => void): void
  /** Called once, after the process is gone. */
  onExit(listener: (reason: string) => void): void
  /** Ends it and everything it started, at once and without asking: the newest engine ignores every other signal. */
  kill(): void
}

export interface LaunchOptions {
  readonly environment: Record<string, string>
  readonly workingDirectory: string
}

/**
 * Starts the engine host script with these arguments. Under Node that is a child process; the desktop shell
 * passes one that uses utilityProcess, because its runtime does not run as plain Node.
 */
export type LaunchHost = (args: readonly string[], options: LaunchOptions) => EngineChild

function wrap(child: ChildProcess, kill: (pid: number) => void): EngineChild {
  const outputs: ((text: string) => void)[] = []
  const exits: ((reason: string) => void)[] = []
  let gone: string | null = null
  const leave = (reason: string): void => {
    if (gone !== null) return
    gone = reason
    for (const listener of exits) listener(reason)
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => outputs.forEach((listener) => listener(text)))
  }
  child.stdin?.on('error', () => undefined)
  child.on('error', (error) => leave(`could not be started (${error.message})`))
  child.on('exit', (code, signal) => {
    child.stdin?.destroy()
    leave(signal ? `ended by ${signal}` : `ended with code ${code}`)
  })
  return {
    pid: child.pid ?? 0,
    onOutput: (listener) => void outputs.push(listener),
    onExit: (listener) => void (gone === null ? exits.push(listener) : listener(gone)),
    kill: () => {
      if (gone === null && child.pid !== undefined) kill(child.pid)
    },
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** {@link LaunchHost} for plain Node: the pipe to its stdin is what tells the host that the app is gone. */
export const launchHostUnderNode: LaunchHost = (args, { environment, workingDirectory }) =>
  wrap(
    spawn(process.execPath, [builtFile('engine-host.js'), ...args], {
      env: environment,
      cwd: workingDirectory,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    }),
    killQuietly,
  )

/**
 * Runs the command given as arguments and ends its whole process group when it exits or when standard input closes,
 * which the operating system does for an app that was killed. The group is the shell's own, so nothing else is hit.
 */
const watchdog = 'exec 3<&0; "$@" </dev/null 3<&- & main=$!; (cat <&3 >/dev/null 2>&1; kill -9 0) & exec 3<&-; wait "$main"; exit "$?"'

/** Starts a command outside the app with a watchdog that needs no Node. POSIX only; elsewhere the host script supervises. */
export function launchCommand(command: readonly string[], options: LaunchOptions, launchHost: LaunchHost): EngineChild {
  if (process.platform === 'win32') return launchHost(['supervise', String(process.pid), ...command], options)
  const child = spawn('/bin/sh', ['-c', watchdog, 'mnemoscope-engine', ...command], {
    env: options.environment,
    cwd: options.workingDirectory,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  return wrap(child, (pid) => killQuietly(-pid))
}
