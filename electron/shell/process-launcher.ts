import { builtFile } from '../platform/paths.ts'
import type { EngineChild, LaunchHost } from '../store/engine/engine-child.ts'

function killNow(child: Electron.UtilityProcess): void {
  if (child.pid === undefined) return
  try {
    // UtilityProcess.kill() sends SIGTERM, which the newest engine ignores.
    process.kill(child.pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * Starts the engine host in a utility process, which works where Electron may not run as plain Node. Such a process
 * has no standard input, so the host watches the app by its process id, which it gets as an argument.
 */
export function createUtilityLauncher(utilityProcess: typeof Electron.UtilityProcess): LaunchHost {
  return (args, { environment, workingDirectory }): EngineChild => {
    const child = utilityProcess.fork(builtFile('engine-host.js'), [...args], {
      env: environment,
      cwd: workingDirectory,
      stdio: ['ignore', 'pipe', 'pipe'],
      serviceName: 'Chroma engine',
    })
    let gone: string | null = null
    let wanted = true
    const exits: ((reason: string) => void)[] = []
    child.once('spawn', () => {
      if (!wanted) killNow(child)
    })
    child.once('exit', (code) => {
      gone = `ended with code ${code}`
      for (const listener of exits) listener(gone)
    })
    return {
      get pid() {
        return child.pid ?? 0
      },
      onOutput(listener) {
        for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece: Buffer) => listener(piece.toString('utf8')))
      },
      onExit: (listener) => void (gone === null ? exits.push(listener) : listener(gone)),
      kill() {
        wanted = false
        if (gone === null) killNow(child)
      },
    }
  }
}
