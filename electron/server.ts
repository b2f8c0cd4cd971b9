import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import packageFile from '../package.json' with { type: 'json' }
import { createCore } from './core.ts'
import { log } from './platform/log.ts'
import { dataDirectory, rendererDirectory } from './platform/paths.ts'
import { serveHttp } from './rpc/http.ts'
import { refuseCommands } from './rpc/refuse-commands.ts'

const usage = 'Usage: server.js [DIRECTORY|URL] [--port N] [--no-open] [--engine COMMAND] [--stop-after MINUTES]'
const defaultStopAfter = 30

interface ServerArguments {
  readonly target: string | null
  readonly port: number
  readonly open: boolean
  /** The command that starts Chroma, in the place of the one in the settings; null where none was given. */
  readonly engine: string | null
  /** Minutes without any window after which the server stops; 0 means never. */
  readonly stopAfter: number
}

function numberOf(name: string, text: string, max: number): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= max))
    throw new Error(`--${name} takes a number from 0 to ${max}, not ${JSON.stringify(text)}.`)
  return value
}

function readArguments(words: readonly string[]): ServerArguments {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { port: { type: 'string' }, 'no-open': { type: 'boolean' }, engine: { type: 'string' }, 'stop-after': { type: 'string' } },
  })
  if (positionals.length > 1) throw new Error('Only one directory or URL can be opened at the start.')
  const port = numberOf('port', values.port ?? '0', 65_535)
  if (!Number.isInteger(port)) throw new Error('--port takes a whole number.')
  return {
    target: positionals[0] ?? null,
    port,
    open: !values['no-open'],
    engine: values.engine ?? null,
    stopAfter: numberOf('stop-after', values['stop-after'] ?? String(defaultStopAfter), 100_000),
  }
}

/** Opens the person's own browser. Where there is none, the printed link is the way. */
function openBrowser(link: string): void {
  const [command, ...words] =
    process.platform === 'darwin'
      ? ['open', link]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', link]
        : ['xdg-open', link]
  const child = spawn(command as string, words, { stdio: 'ignore', detached: true })
  child.on('error', () => process.stdout.write('No browser could be opened. Open the link above in one.\n'))
  child.unref()
}

async function run({ target, port, open, engine, stopAfter }: ServerArguments): Promise<void> {
  const data = dataDirectory()
  const core = await createCore({
    mode: 'browser',
    version: packageFile.version,
    data,
    workingDirectory: process.env['INIT_CWD'] ?? process.cwd(),
    dialogs: null,
    engineCommand: engine,
  })
  log.keepIn(data)
  let stopping = false
  const stop = async (reason: string): Promise<void> => {
    if (stopping) return
    stopping = true
    process.stdout.write(`${reason}\n`)
    await Promise.all([server.close(), core.close()])
    process.exit(0)
  }
  const server = await serveHttp({
    dispatch: refuseCommands(core.dispatch),
    onEvent: core.onEvent,
    rendererDirectory: rendererDirectory(),
    port,
    idleMilliseconds: stopAfter * 60_000,
    onIdle: () => void stop(`Mnemoscope stops, because no window was open for ${stopAfter} minutes.`),
  })
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.error('Mnemoscope ends because of a mistake of its own', error)
      process.exit(1)
    })
  }
  process.on('SIGINT', () => void stop('Mnemoscope stops.'))
  process.on('SIGTERM', () => void stop('Mnemoscope stops.'))
  process.on('SIGHUP', () => void stop('Mnemoscope stops.'))
  // A parent that started it with a channel takes it along when it ends, however it ends, and may ask for more links.
  if (process.send) {
    process.on('disconnect', () => void stop('Mnemoscope stops with the program that started it.'))
    process.on('message', (message) => message === 'new-link' && process.send?.({ link: server.newLink() }))
  }

  void core.openFromCommandLine(target)
  const link = server.newLink()
  const ending = stopAfter > 0 ? ` It stops ${stopAfter} minutes after its last window was closed, or with Ctrl-C.` : ' Ctrl-C stops it.'
  process.stdout.write(
    `Mnemoscope is open at ${link}\nThe link works once.${process.stdin.isTTY ? ' Press Enter for another.' : ''}${ending}\n`,
  )
  if (process.stdin.isTTY) createInterface({ input: process.stdin }).on('line', () => process.stdout.write(`${server.newLink()}\n`))
  if (open) openBrowser(link)
}

function explain(error: unknown, port: number): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    return `Port ${port} is used by another program. Choose another with --port, or leave it out.`
  if (error instanceof Error && 'code' in error && error.code === 'EACCES')
    return `Port ${port} may not be used. Choose one above 1023 with --port, or leave it out.`
  return error instanceof Error ? error.message : String(error)
}

let request: ServerArguments | null = null
try {
  request = readArguments(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${explain(error, 0)}\n${usage}\n`)
  process.exitCode = 2
}
if (request) {
  const { port } = request
  run(request).catch((error: unknown) => {
    process.stderr.write(`Mnemoscope cannot start: ${explain(error, port)}\n`)
    process.exit(1)
  })
}
