import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dependenciesAreCurrent } from '../../electron/launch/dependencies.mjs'
import { findDesktop } from '../../electron/launch/desktop.mjs'
import { runChild } from '../../electron/launch/run-child.mjs'
import { temporaryFolder } from '../support/fixtures.ts'

let root: string
beforeEach(async () => {
  root = await temporaryFolder('launch')
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(root, { recursive: true })
})

const signal = new AbortController().signal
const say = (): void => undefined

async function lockfile(file: string, packages: Record<string, object>): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true })
  await writeFile(path.join(root, file), JSON.stringify({ packages }))
}

test('Dependencies count as installed only where every version is the lockfile’s; optional ones may be missing', async () => {
  const locked = { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', optional: true } }
  await lockfile('package-lock.json', locked)
  expect(dependenciesAreCurrent(root)).toBe(false)
  await lockfile('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } })
  expect(dependenciesAreCurrent(root)).toBe(true)
  await lockfile('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.9.9' } })
  expect(dependenciesAreCurrent(root)).toBe(false)
  await lockfile('node_modules/.package-lock.json', { 'node_modules/b': { version: '2.0.0' } })
  expect(dependenciesAreCurrent(root)).toBe(false)
  await writeFile(path.join(root, 'node_modules/.package-lock.json'), '{"packages":')
  expect(dependenciesAreCurrent(root)).toBe(false)
})

test('A missing lockfile is told, not worked around', () => {
  expect(() => dependenciesAreCurrent(root)).toThrow(/package-lock\.json is missing/)
})

test.runIf(process.platform === 'linux')('Without a display the reason is said', async () => {
  expect(await findDesktop({ root, env: {}, say, signal })).toEqual({
    reason: 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)',
  })
})

test.runIf(process.platform === 'linux')(
  'For root, whom Chromium’s sandbox does not protect, the sandbox is not switched off',
  async () => {
    vi.spyOn(process, 'getuid').mockReturnValue(0)
    expect(await findDesktop({ root, env: { DISPLAY: ':0' }, say, signal })).toEqual({
      reason: "Chromium's sandbox does not work for the user root",
    })
  },
)

test.runIf(process.platform === 'linux')(
  'A runtime that is present is used, in its usual place or where ELECTRON_OVERRIDE_DIST_PATH says',
  async () => {
    vi.spyOn(process, 'getuid').mockReturnValue(1000)
    const dist = path.join(root, 'node_modules/electron/dist')
    await mkdir(dist, { recursive: true })
    await writeFile(path.join(dist, 'electron'), '')
    expect(await findDesktop({ root, env: { WAYLAND_DISPLAY: 'wayland-0' }, say, signal })).toEqual({
      executable: path.join(dist, 'electron'),
    })
    const elsewhere = path.join(root, 'elsewhere')
    expect(await findDesktop({ root, env: { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: elsewhere }, say, signal })).toMatchObject({
      reason: /OVERRIDE_DIST_PATH/,
    })
    await mkdir(elsewhere)
    await writeFile(path.join(elsewhere, 'electron'), '')
    expect(await findDesktop({ root, env: { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: elsewhere }, say, signal })).toEqual({
      executable: path.join(elsewhere, 'electron'),
    })
  },
)

test.runIf(process.platform === 'linux')(
  'A runtime that is absent is fetched once where Node can, and the reason is said where it cannot',
  async () => {
    vi.spyOn(process, 'getuid').mockReturnValue(1000)
    const said: string[] = []
    const look = (): ReturnType<typeof findDesktop> => findDesktop({ root, env: { DISPLAY: ':0' }, say: (line) => said.push(line), signal })
    const versions = process.versions
    const withNode = (node: string): void => void vi.spyOn(process, 'versions', 'get').mockReturnValue({ ...versions, node })
    withNode('20.19.0')
    expect(await look()).toEqual({ reason: 'fetching its runtime needs Node 22.12 or later, and this is 20.19.0' })
    expect(said).toEqual([])

    withNode('22.12.0')
    const install = path.join(root, 'node_modules/electron/install.js')
    await mkdir(path.dirname(install), { recursive: true })
    await writeFile(install, "console.error('    at somewhere\\nRequestError: getaddrinfo ENOTFOUND'); process.exit(1)")
    expect(await look()).toEqual({ reason: 'its runtime could not be fetched (getaddrinfo ENOTFOUND)' })
    await writeFile(
      install,
      "const fs = require('fs'); fs.mkdirSync(__dirname + '/dist'); fs.writeFileSync(__dirname + '/dist/electron', '')",
    )
    expect(await look()).toEqual({ executable: path.join(root, 'node_modules/electron/dist/electron') })
    expect(said).toHaveLength(2)
  },
)

test('A program that fails at once counts as never started, one that ends well does not', async () => {
  const run = (code: string, wanted = signal): ReturnType<typeof runChild> =>
    runChild(process.execPath, ['-e', code], { cwd: root, env: process.env, signal: wanted })
  expect(await run('process.exit(3)')).toEqual({ code: 3, neverStarted: true })
  expect(await run('')).toEqual({ code: 0, neverStarted: false })
  expect(await runChild(path.join(root, 'absent'), [], { cwd: root, env: {}, signal })).toEqual({ code: 127, neverStarted: true })
})

test.runIf(process.platform !== 'win32')('A program that does not heed the request to stop is ended', async () => {
  const ready = path.join(root, 'ready')
  const deaf = path.join(root, 'deaf.mjs')
  await writeFile(
    deaf,
    `import { writeFileSync } from 'node:fs'; process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); writeFileSync(${JSON.stringify(ready)}, '')`,
  )
  const controller = new AbortController()
  const running = runChild(process.execPath, [deaf], { cwd: root, env: process.env, signal: controller.signal })
  await vi.waitFor(() => access(ready), 20_000)
  const began = Date.now()
  controller.abort()
  expect(await running).toMatchObject({ neverStarted: false })
  expect(Date.now() - began).toBeGreaterThan(5000)
})
