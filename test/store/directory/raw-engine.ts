import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { ChromaApi } from '../../../electron/store/server/api.ts'

/** A Chroma process without anything around it, so that a test can kill it whenever it likes. */
export interface RawEngine {
  readonly api: ChromaApi
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
}

const program =
  "require('chromadb-compat-linux-x64-gnu').cli(['chroma', 'run', '--path', process.argv[1], '--port', process.argv[2], '--host', '127.0.0.1'])"

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('No port is free.')
  return address.port
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** Starts the compat engine on a directory; null where it does not run on this machine, which is said in a printed line. */
export async function startRawEngine(directory: string): Promise<RawEngine | null> {
  const port = await freePort()
  const child = spawn(process.execPath, ['-e', program, directory, String(port)], { stdio: 'ignore' })
  const api = new ChromaApi({ url: `http://127.0.0.1:${port}` })
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await wait(50)) {
    if (child.exitCode !== null || child.signalCode !== null) break
    const answers = await api.heartbeat().then(
      () => true,
      () => false,
    )
    if (answers) return { api, kill: () => end(child) }
  }
  await end(child)
  console.log('Skipped: no engine runs here to make a store with.')
  return null
}
