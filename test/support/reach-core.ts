import { rm } from 'node:fs/promises'
import { createCore } from '../../electron/core.ts'
import type { AppEvent } from '../../shared/contract/events.ts'
import { fromWireError } from '../../shared/rpc/errors.ts'
import { startDesktop } from '../shell/support/desktop.ts'
import type { RunningApp } from './app.ts'
import { startApp } from './app.ts'
import { temporaryFolder } from './fixtures.ts'
import { readySocket } from './sockets.ts'

/** The core behind one of its transports. */
export interface Reached {
  readonly call: RunningApp['call']
  /** Everything it told without being asked. */
  readonly events: AppEvent[]
  stop(): Promise<void>
}

export interface ReachOptions {
  readonly data?: string
  readonly directory?: string
  readonly home: string
}

/** The core in this process, as the desktop shell has it, with a dialog in which nobody chooses anything. */
async function inProcess({ data, directory, home }: ReachOptions): Promise<Reached> {
  const folder = data ?? (await temporaryFolder('data'))
  const core = await createCore({
    mode: 'desktop',
    version: '0.0.0',
    data: folder,
    workingDirectory: home,
    home,
    dialogs: { openDirectory: async () => null, openFile: async () => null, saveFile: async () => null },
  })
  const events: AppEvent[] = []
  void core.openFromCommandLine(directory ?? null)
  core.onEvent((event) => events.push(event))
  return {
    events,
    async call(name, input, signal) {
      const reply = await core.dispatch(name, input, { signal: signal ?? new AbortController().signal })
      if (!reply.ok) throw fromWireError(reply.error)
      return reply.value as never
    },
    async stop() {
      await core.close()
      if (data === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The built main.js and preload as a window of the desktop app reaches them, on a stand-in for Electron. */
async function overIpc({ data, directory, home }: ReachOptions): Promise<Reached> {
  const { HOME } = process.env
  process.env['HOME'] = home
  try {
    const desktop = await startDesktop({
      words: directory === undefined ? [] : [directory],
      workingDirectory: home,
      ...(data === undefined ? {} : { data }),
    })
    return { events: desktop.events, call: desktop.call, stop: desktop.stop }
  } finally {
    process.env['HOME'] = HOME
  }
}

/** The built server and its HTTP interface. */
async function overHttp({ home, ...options }: ReachOptions): Promise<Reached> {
  const app = await startApp({ ...options, env: { HOME: home, INIT_CWD: home } })
  const events: AppEvent[] = []
  const socket = await readySocket(app, (event) => events.push(event))
  return {
    events,
    call: app.call,
    async stop() {
      socket.close()
      await app.stop()
    },
  }
}

export const transports = [
  { transport: 'in the process', reach: inProcess },
  { transport: 'over HTTP', reach: overHttp },
  { transport: 'over IPC', reach: overIpc },
] as const
