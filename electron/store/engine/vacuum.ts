import { AppError } from '../../../shared/rpc/errors.ts'
import { engineEnvironment } from './engine-environment.ts'
import { launchCommand, type LaunchHost } from './engine-child.ts'
import type { EngineProgram } from './engine-program.ts'

export interface VacuumOptions {
  readonly program: EngineProgram
  readonly directory: string
  readonly launchHost: LaunchHost
  /** A private folder in which the program is started. */
  readonly workingDirectory: string
  readonly environment: NodeJS.ProcessEnv
  readonly signal: AbortSignal | undefined
}

/**
 * Runs Chroma's own `vacuum` on a store that nobody has open, and waits for its end. What it does is one transaction of SQLite after
 * another, so a cancelled one leaves a sound store.
 * @throws AppError 'engine-failed' where it ends with an error, 'cancelled' after the signal
 */
export function runVacuum({ program, directory, launchHost, workingDirectory, environment, signal }: VacuumOptions): Promise<void> {
  const options = { environment: engineEnvironment(environment, program.kind === 'command'), workingDirectory }
  const child =
    program.kind === 'binding'
      ? launchHost(['vacuum', program.file, directory], options)
      : launchCommand([...program.command, 'vacuum', '--path', directory, '--force'], options, launchHost)
  return new Promise((resolve, reject) => {
    let output = ''
    const cancel = (): void => child.kill()
    if (signal?.aborted) cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    child.onOutput((text) => {
      output = (output + text).slice(-100_000)
    })
    child.onExit((ending) => {
      signal?.removeEventListener('abort', cancel)
      if (signal?.aborted) reject(new AppError('cancelled', 'The operation was cancelled.'))
      else if (ending === 'ended with code 0') resolve()
      else {
        const said = output
          .split('\n')
          .map((line) => line.trim())
          .findLast((line) => line !== '')
        reject(
          new AppError(
            'engine-failed',
            `Chroma’s vacuum ${ending}${said === undefined ? '' : `: ${said.slice(0, 200)}`}.`,
            'The copy that was made before is complete. The store can be read as it is.',
          ),
        )
      }
    })
  })
}
