import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire, register } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { compileFunction } from 'node:vm'
import { builtFile } from '../../../electron/platform/paths.ts'
import type { Input, MutationName, Output, QueryName } from '../../../renderer/rpc/client.ts'
import { createIpcTransport } from '../../../renderer/rpc/ipc-transport.ts'
import type { AppEvent } from '../../../shared/contract/events.ts'
import { fromWireError } from '../../../shared/rpc/errors.ts'
import type { Bridge } from '../../../shared/rpc/bridge.ts'
import type * as standIn from './electron-stand-in.mjs'

export type StandIn = typeof standIn
type StandInWindow = StandIn['seen']['windows'][number]

const nativeImport = createRequire(import.meta.url)('./native-import.cjs') as (url: string) => Promise<unknown>

/** A stand-in for `electron` in this process; the built main.js gets the one of its own start. */
export async function loadStandIn(start = 0): Promise<StandIn> {
  return (await nativeImport(`${new URL('electron-stand-in.mjs', import.meta.url).href}?start=${start}`)) as StandIn
}

export interface Desktop {
  readonly electron: StandIn
  readonly window: StandInWindow
  readonly data: string
  /** What the built preload put into the window. */
  readonly world: Record<string, unknown>
  readonly bridge: Bridge
  /** Everything the window was told without asking. */
  readonly events: AppEvent[]
  /** A call of the contract from the window through the preload to the core, as the renderer makes it. */
  call<Name extends QueryName | MutationName>(name: Name, input: Input<Name>, signal?: AbortSignal): Promise<Output<Name>>
  stop(): Promise<void>
}

/** Runs the built preload as a sandbox does: CommonJS, with nothing to require but `electron`. */
export function runPreload(electron: StandIn, window: StandInWindow): Record<string, unknown> {
  const { world, electron: forPreload } = electron.createRendererModule(window.webContents)
  const requireOnly = (name: string): unknown => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`)
    return forPreload
  }
  const run = compileFunction(readFileSync(builtFile('preload.cjs'), 'utf8'), ['require', 'module', 'exports', 'process'])
  run(requireOnly, { exports: {} }, {}, undefined)
  return world
}

export async function until<Value>(look: () => Value | undefined | null | false, what: string): Promise<Value> {
  const deadline = Date.now() + 15_000
  for (;;) {
    const found = look()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

let starts = 0

export interface StartOptions {
  /** What the command line names. */
  readonly words?: readonly string[]
  /** The app's data folder; a new one, removed at the end, where absent. */
  readonly data?: string
  /** Where the app is started. */
  readonly workingDirectory?: string
  /** Sets what the stand-in answers, before main.js runs. */
  readonly prepare?: (electron: StandIn) => void
}

/** Imports the built main.js, as a start of the app does. */
export async function startMain({
  words = [],
  data,
  workingDirectory = process.cwd(),
  prepare,
}: StartOptions): Promise<{ electron: StandIn; data: string }> {
  if (starts === 0) register(new URL('electron-hook.mjs', import.meta.url))
  starts += 1
  const electron = await loadStandIn(starts)
  prepare?.(electron)
  const folder = data ?? (await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-desktop-')))
  const { argv, cwd } = process
  process.env['MNEMOSCOPE_DATA'] = folder
  process.argv = ['electron', path.resolve('.'), ...words]
  process.cwd = () => workingDirectory
  try {
    await nativeImport(`${pathToFileURL(builtFile('main.js')).href}?start=${starts}`)
  } finally {
    process.argv = argv
    if (electron.answers.isFirstInstance) await until(() => electron.seen.windows[0], 'a window')
    process.cwd = cwd
  }
  return { electron, data: folder }
}

/** Starts the app and its one window. */
export async function startDesktop(options: StartOptions = {}): Promise<Desktop> {
  const { electron, data } = await startMain(options)
  const window = await until(() => electron.seen.windows[0], 'a window')
  const world = runPreload(electron, window)
  const bridge = world['bridge'] as Bridge
  const transport = createIpcTransport(bridge)
  const events: AppEvent[] = []
  transport.onEvent((event) => events.push(event))
  return {
    electron,
    window,
    data,
    world,
    bridge,
    events,
    async call(name, input, signal) {
      const reply = await transport.call(name, input, signal)
      if (!reply.ok) throw fromWireError(reply.error)
      return reply.value as never
    },
    async stop() {
      electron.app.quit()
      await until(() => electron.seen.quits > 0, 'the app to quit')
      if (options.data === undefined) await rm(data, { recursive: true, force: true })
    },
  }
}
