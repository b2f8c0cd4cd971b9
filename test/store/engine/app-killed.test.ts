import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build } from 'vite'
import { createEngines } from '../../../electron/store/engine/engines.ts'
import { testEngines } from '../../support/engines.ts'
import { temporaryFolder } from '../../support/fixtures.ts'
import { isQuick } from '../../support/quick.ts'
import { seededRandom } from '../../support/random.ts'
import { processesNaming, until } from './processes.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const outDir = path.join(root, 'test-results/app-process')
const engines = await testEngines()

/** The app as a program of its own, so that it can be killed. */
async function buildApp(): Promise<string> {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    ssr: { noExternal: ['lossless-json', 'zod'] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rollupOptions: { input: { app: 'test/store/engine/app-process.ts' }, output: { format: 'es', entryFileNames: '[name].mjs' } },
    },
  })
  return path.join(outDir, 'app.mjs')
}

describe.skipIf(process.platform !== 'linux')('no engine outlives an app that was killed', () => {
  let app: string
  let folder: string

  beforeAll(async () => {
    app = await buildApp()
    folder = await temporaryFolder('killed')
  })

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
    await rm(outDir, { recursive: true, force: true })
  })

  /** Starts the app, kills it after it said that its engine runs, or after a while whether or not it does. */
  function startAndKill(name: string, command: string, killAfter: number | null): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const [data, directory] = [path.join(folder, `${name}-data`), path.join(folder, `${name}-store`)]
      const child = spawn(process.execPath, [app, data, directory, command], { stdio: ['ignore', 'pipe', 'pipe'] })
      let ran = false
      let errors = ''
      child.stderr.on('data', (text: Buffer) => (errors += text.toString()))
      child.stdout.once('data', () => {
        ran = true
        child.kill('SIGKILL')
      })
      if (killAfter !== null) setTimeout(() => child.kill('SIGKILL'), killAfter)
      child.on('exit', (_code, signal) => (signal === 'SIGKILL' ? resolve(ran) : reject(new Error(errors))))
    })
  }

  async function killMany(times: number, parallel: number, command: string): Promise<number> {
    const random = seededRandom(100)
    let next = 0
    let ran = 0
    const work = async (): Promise<void> => {
      while (next < times) {
        const number = (next += 1)
        // Every fourth is killed at some moment of its start.
        const killAfter = number % 4 === 0 ? 100 + random.below(1500) : null
        if (await startAndKill(`${command === '' ? 'binding' : 'command'}-${number}`, command, killAfter)) ran += 1
      }
    }
    await Promise.all(Array.from({ length: parallel }, work))
    return ran
  }

  const kills = isQuick ? 8 : 100
  test(`${kills} kills of the app leave none of its engines`, async () => {
    const ran = await killMany(kills, 4, '')
    expect(ran).toBeGreaterThanOrEqual(0.75 * kills)
    expect(await until(() => processesNaming(folder).length === 0, 20_000)).toBe(true)
  }, 400_000)

  test.skipIf(!engines.some((engine) => engine.kind === 'configured'))(
    'nor do engines that are commands of their own',
    async () => {
      const newest = await engines.find((engine) => engine.kind === 'configured')?.create()
      const command = (await newest?.candidates())?.[0]?.label ?? ''
      expect(await killMany(12, 3, command)).toBeGreaterThanOrEqual(9)
      expect(await until(() => processesNaming(folder).length === 0, 20_000)).toBe(true)
    },
    200_000,
  )

  test('the store of an app that was killed can be started again at once', async () => {
    expect(await startAndKill('again', '', null)).toBe(true)
    expect(await until(() => processesNaming(path.join(folder, 'again')).length === 0, 20_000)).toBe(true)
    const manager = createEngines({ dataFolder: path.join(folder, 'again-data'), environment: {} })
    const running = await manager.start(path.join(folder, 'again-store'), { kind: 'compat-binding' })
    expect(running.status().state).toBe('running')
    await manager.close()
  })
})
