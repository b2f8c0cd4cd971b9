import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { createEngines, type Engines, type EnginesOptions } from '../../electron/store/engine/engines.ts'
import type { EngineCandidate } from '../../shared/contract/engine.ts'

/** An engine that tests can run: the newest one, or the compat binding. */
export interface TestEngine {
  readonly name: 'newest' | 'compat'
  readonly kind: EngineCandidate['kind']
  /** The command that starts it; null for the binding, which needs none. */
  readonly command: string | null
  /** A manager that starts only this engine, with a data folder of its own. Close it at the end. */
  create(options?: Partial<EnginesOptions>): Promise<Engines>
}

const repository = path.resolve(import.meta.dirname, '../..')
const bindingPackage = 'chromadb-js-bindings-linux-x64-gnu'

/** Makes the newest engine runnable on a system whose glibc is older than it wants; kept between runs. */
function newestCommand(): string | null {
  const tool = path.resolve(repository, '../shared/tools/newest-engine')
  const folder = path.join(process.env['MNEMOSCOPE_TEST_KEPT'] ?? os.tmpdir(), 'mnemoscope-test-newest-engine')
  const command = path.join(folder, 'chroma')
  try {
    const require = createRequire(import.meta.url)
    const home = path.dirname(require.resolve(`${bindingPackage}/package.json`))
    const binding = readdirSync(home).find((name) => name.endsWith('.node'))
    if (binding === undefined) throw new Error(`${bindingPackage} has no binding`)
    if (existsSync(path.join(folder, 'complete')) && existsSync(command)) return command
    if (!existsSync(tool)) throw new Error('../shared/tools/newest-engine is absent')
    waitForTurn(folder, () => {
      if (!existsSync(command)) execFileSync(tool, [folder, path.join(home, binding)], { stdio: 'pipe' })
    })
    return command
  } catch (error) {
    console.log(`Tests run without the newest engine: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
    return null
  }
}

/** Test files run in several processes; the first one prepares the engine and the others wait. */
function waitForTurn(folder: string, work: () => void): void {
  const lock = `${folder}.lock`
  const limit = Date.now() + 120_000
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if (Date.now() > limit) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    }
  }
  try {
    work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** A manager whose data folder is a new one, removed when it is closed. */
async function managerWith(options: Partial<EnginesOptions>): Promise<Engines> {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-engines-'))
  const engines = createEngines({ dataFolder, environment: {}, ...options })
  const close = engines.close.bind(engines)
  engines.close = async () => {
    await close()
    rmSync(dataFolder, { recursive: true, force: true })
  }
  return engines
}

let found: Promise<TestEngine[]> | null = null

async function findTestEngines(): Promise<TestEngine[]> {
  const engines: TestEngine[] = []
  const newest = newestCommand()
  if (newest !== null) {
    engines.push({
      name: 'newest',
      kind: 'configured',
      command: newest,
      create: (options) => managerWith({ ...options, command: newest }),
    })
  }
  const compat: TestEngine = {
    name: 'compat',
    kind: 'compat-binding',
    command: null,
    create: (options) => managerWith(options ?? {}),
  }
  const probe = await compat.create()
  const candidate = (await probe.candidates()).find((item) => item.kind === 'compat-binding')
  await probe.close()
  if (candidate?.usable) engines.push(compat)
  else console.log(`Tests run without the compat engine: ${candidate?.note ?? 'not found'}`)
  return engines
}

/** The engines that can run here, newest first. What cannot be had is said in a printed line and left out. */
export function testEngines(): Promise<TestEngine[]> {
  found ??= findTestEngines()
  return found
}
