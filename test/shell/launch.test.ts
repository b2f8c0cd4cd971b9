import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../support/fixtures.ts'

const root = path.resolve(import.meta.dirname, '../..')
const launcher = path.join(root, 'electron/launch.mjs')
let folder: string
beforeAll(async () => {
  folder = await temporaryFolder('launch')
  await mkdir(path.join(folder, 'store'))
})
afterAll(() => rm(folder, { recursive: true }))

interface Started {
  readonly child: ChildProcess
  output(): string
  readonly ended: Promise<number | null>
}

function start(command: string, words: readonly string[], cwd = folder): Started {
  const env = { ...process.env, MNEMOSCOPE_DATA: path.join(folder, 'data'), DISPLAY: '', WAYLAND_DISPLAY: '', NODE_OPTIONS: '' }
  for (const name of Object.keys(env)) if (/^npm_|^INIT_CWD$/i.test(name)) delete (env as Record<string, string | undefined>)[name]
  const child = spawn(command, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  return { child, output: () => text, ended: new Promise((resolve) => child.once('close', resolve)) }
}

async function whenOpen({ child, output }: Started): Promise<URL> {
  const deadline = Date.now() + 90_000
  while (Date.now() < deadline && child.exitCode === null) {
    const link = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(output())?.[0]
    if (link !== undefined) return new URL(link)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`It did not start:\n${output()}`)
}

/** Every live process that descends from `pid`, by /proc. */
function descendants(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It ended meanwhile.
    }
  }
  const found = [pid]
  for (const known of found) for (const [child, parent] of parents) if (parent === known) found.push(child)
  return found.slice(1)
}

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}

async function expectAllGone(pids: readonly number[]): Promise<void> {
  const deadline = Date.now() + 8000
  while (pids.some(isAlive) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50))
  expect(pids.filter(isAlive)).toEqual([])
}

test.runIf(process.platform === 'linux')(
  'npm start without a display says in one line why not Electron, opens browser mode, and Ctrl-C ends every process',
  async () => {
    const started = start('npm', ['--prefix', root, 'start', '--silent', '--', 'store', '--no-open'])
    await whenOpen(started)
    expect(
      started
        .output()
        .split('\n')
        .filter((line) => line.includes('Electron')),
    ).toEqual(['Electron is not used, because there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set); opening browser mode.'])
    const all = descendants(started.child.pid!)
    expect(all.length).toBeGreaterThanOrEqual(2)
    process.kill(-started.child.pid!, 'SIGINT')
    await started.ended
    await expectAllGone(all)
  },
  120_000,
)

test.runIf(process.platform === 'linux')(
  'Options written without two dashes work, and an npm that is ended takes every process along',
  async () => {
    const probe = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => probe.once('listening', resolve))
    const { port } = probe.address() as net.AddressInfo
    await new Promise((resolve) => probe.close(resolve))
    const started = start('npm', ['--prefix', root, 'start', '--silent', 'store', '--browser', '--port', String(port), '--no-open'])
    expect((await whenOpen(started)).port).toBe(String(port))
    expect(started.output()).not.toContain('Electron')
    const all = descendants(started.child.pid!)
    process.kill(started.child.pid!, 'SIGTERM')
    await started.ended
    await expectAllGone(all)
  },
  120_000,
)

test.runIf(process.platform === 'linux')(
  'A launcher that is killed takes the server along',
  async () => {
    const started = start(process.execPath, [launcher, 'store', '--browser', '--no-open'])
    await whenOpen(started)
    const all = descendants(started.child.pid!)
    process.kill(started.child.pid!, 'SIGKILL')
    await started.ended
    await expectAllGone(all)
  },
  120_000,
)

test('A port that is taken is told in a sentence', async () => {
  const taken = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as net.AddressInfo
  const started = start(process.execPath, [launcher, '--browser', '--no-open', '--port', String(port)])
  expect(await started.ended).toBe(1)
  expect(started.output()).toContain(`Port ${port} is used by another program.`)
  expect(started.output()).not.toMatch(/\n\s+at /)
  await new Promise((resolve) => taken.close(resolve))
}, 120_000)

test('A directory that is not there and an unknown option end the start with a sentence', async () => {
  const missing = start(process.execPath, [launcher, 'nowhere'])
  expect(await missing.ended).toBe(1)
  expect(missing.output()).toBe(`There is no directory ${path.join(folder, 'nowhere')}.\n`)
  const unknown = start(process.execPath, [launcher, '--sudo'])
  expect(await unknown.ended).toBe(1)
  expect(unknown.output()).toMatch(/^There is no option --sudo\.\n\nnpm start \[DIRECTORY\|URL\]/)
})

test.each(['18.20.4', '20.18.3', '21.7.3', '22.11.0'])('Node %s is refused with a sentence', async (version) => {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`
  const started = start(process.execPath, ['--import', pretend, launcher])
  expect(await started.ended).toBe(1)
  expect(started.output()).toContain(`This is Node ${version}, and Mnemoscope needs Node 20.19 or later`)
  expect(started.output()).not.toMatch(/\n\s+at /)
})

test('--help prints how to call it', async () => {
  const started = start(process.execPath, [launcher, '--help'])
  expect(await started.ended).toBe(0)
  expect(started.output()).toMatch(/^npm start \[DIRECTORY\|URL\] \[--browser\] \[--port N\] \[--no-open\]/)
})
