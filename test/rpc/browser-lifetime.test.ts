import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { builtFile, rendererDirectory } from '../../electron/platform/paths.ts'
import { serveHttp } from '../../electron/rpc/http.ts'
import { decode } from '../../shared/rpc/codec.ts'
import { exchange, request, startApp, type AppSession, type RunningApp } from '../support/app.ts'
import { closed, openSocket, readySocket, sendRaw } from '../support/sockets.ts'
import { startSession, type StartedSession } from './start-session.ts'

/** What browser mode bears, when it ends and what it tells: assertions 32 to 34 of the list of threats, by their numbers. */
let app: RunningApp
let session: AppSession
let host: string
let withSession: StartedSession['withSession']

beforeAll(async () => {
  ;({ app, session, host, withSession } = await startSession())
})
afterAll(async () => {
  await app?.stop()
})

test('32: a WebSocket that says nothing, too much, or something unexpected is closed', async () => {
  const { socket: silent } = await openSocket(app.port, { Cookie: session.cookie, Origin: app.origin })
  const silence = closed(silent as WebSocket)

  const { socket: loud } = await openSocket(app.port, { Cookie: session.cookie, Origin: app.origin })
  const loudness = closed(loud as WebSocket)
  loud?.send('x'.repeat(100_000))
  expect(await loudness).toBe(1009)

  const talkative = await readySocket(app)
  const talk = closed(talkative)
  talkative.send('{"name":"connections.forget"}')
  expect(await talk).toBe(1008)

  expect(await silence).toBe(4401)
})

test('32: a page that no longer answers pings is dropped', async () => {
  let reached = 0
  const server = await serveHttp({
    dispatch: async () => ({ ok: true, value: null }),
    onEvent: () => {
      reached += 1
      return () => void (reached -= 1)
    },
    rendererDirectory: rendererDirectory(),
    port: 0,
    idleMilliseconds: 0,
    onIdle: () => undefined,
    pingMilliseconds: 100,
  })
  const reply = await exchange(server.port, new URL(server.newLink()).hash.replace('#token=', ''))
  const { key } = JSON.parse(reply.body) as { key: string }
  const open = (autoPong: boolean): Promise<WebSocket> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/events`, {
        autoPong,
        headers: { Cookie: reply.headers['set-cookie']?.[0]?.split(';')[0] ?? '' },
      })
      socket.once('open', () => socket.send(JSON.stringify({ key, page: String(autoPong) })))
      socket.once('message', () => resolve(socket))
    })
  const awake = await open(true)
  const asleep = await open(false)
  expect(reached).toBe(2)
  await closed(asleep)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect([awake.readyState, reached]).toEqual([WebSocket.OPEN, 1])
  awake.close()
  await server.close()
})

test('32: a thousand malformed frames end their own sockets and nothing else', async () => {
  const witness = await readySocket(app)
  const key = randomBytes(16).toString('base64')
  const upgrade = `GET /events HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nCookie: ${session.cookie}\r\n\r\n`
  const seeded = (seed: number): Buffer => {
    const blocks = Array.from({ length: 4 }, (_, block) => createHash('sha512').update(`${seed}:${block}`).digest())
    return Buffer.concat(blocks).subarray(0, 1 + (seed % 200))
  }
  for (let at = 0; at < 1000; at += 20) {
    await Promise.all(
      Array.from({ length: 20 }, (_, offset) => sendRaw(app.port, Buffer.concat([Buffer.from(upgrade), seeded(at + offset)]), true)),
    )
  }
  expect(witness.readyState).toBe(WebSocket.OPEN)
  expect((await app.call('app.info', {})).mode).toBe('browser')
  witness.close()
})

test('32: a body that is too large is refused', async () => {
  const reply = await request(app.port, {
    method: 'POST',
    path: '/rpc/app.info',
    headers: withSession(),
    body: JSON.stringify('x'.repeat(9_000_000)),
  }).catch(() => null)
  // The server may close before all was sent; either way nothing was taken in.
  if (reply) expect(reply.status).toBe(413)
  expect((await app.call('app.info', {})).mode).toBe('browser')
})

test('32: bodies that are no messages are refused and change nothing', async () => {
  const bodies = [
    '',
    'null',
    '{',
    '"',
    '[[[[',
    '{"$":"Float32Array","v":"***"}',
    '{"$":"m","v":[1]}',
    '{"$":"x","v":""}',
    '{"__proto__":{"view":1}}',
    '['.repeat(100_000),
    '\u0000'.repeat(100),
    ...Array.from({ length: 200 }, (_, seed) => createHash('sha512').update(`body ${seed}`).digest().toString('latin1')),
  ]
  for (const body of bodies) {
    const reply = await request(app.port, { method: 'POST', path: '/rpc/records.page', headers: withSession(), body })
    expect([200, 400]).toContain(reply.status)
    expect(decode(reply.body)).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
  }
  expect(({} as { view?: unknown }).view).toBeUndefined()
})

test('33: the server stops by itself once nobody was there for a while, but not while a page is open', async () => {
  const own = await startApp({ args: ['--stop-after', '0.02'] })
  const socket = await readySocket(own)
  await new Promise((resolve) => setTimeout(resolve, 2500))
  expect((await own.call('app.info', {})).mode).toBe('browser')
  socket.close()
  expect(await own.ended).toBe(0)
  expect(own.output()).toContain('stops')
  await rm(own.data, { recursive: true, force: true })
})

test('33: Ctrl-C stops the server at once and leaves no private copies', async () => {
  const own = await startApp()
  const began = Date.now()
  process.kill(own.pid, 'SIGINT')
  expect(await own.ended).toBe(0)
  expect(Date.now() - began).toBeLessThan(2000)
  expect(await readdir(path.join(own.data, 'scratch'))).toEqual([])
  await rm(own.data, { recursive: true, force: true })
})

test('33: a program that was started with a channel ends when its parent is killed', async () => {
  const data = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-data-'))
  const script = `const child = require('node:child_process').fork(${JSON.stringify(builtFile('server.js'))}, ['--no-open']); console.log(child.pid)`
  const parent = spawn(process.execPath, ['-e', script], {
    env: { ...process.env, MNEMOSCOPE_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  parent.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await expect.poll(() => text).toContain('#token=')
  const pid = Number(text.split('\n')[0])
  parent.kill('SIGKILL')
  const isRunning = (): boolean => {
    try {
      process.kill(pid, 0)
      return true
    } catch {
      return false
    }
  }
  await expect.poll(isRunning).toBe(false)
  await rm(data, { recursive: true, force: true })
})

test('26: Enter in the terminal prints a fresh link that works', async ({ skip }) => {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/script')) return skip()
  const data = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-data-'))
  const command = `${process.execPath} ${builtFile('server.js')} --no-open`
  const terminal = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, MNEMOSCOPE_DATA: data },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let text = ''
  terminal.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const links = (): string[] => text.match(/http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}/g) ?? []
  await expect.poll(() => text).toContain('Press Enter for another.')
  terminal.stdin.write('\r')
  await expect.poll(() => new Set(links()).size).toBe(2)
  for (const link of links()) expect((await exchange(Number(new URL(link).port), link.split('#token=')[1] ?? '')).status).toBe(200)
  terminal.stdin.write('\u0003')
  await new Promise((resolve) => terminal.once('close', resolve))
  expect(text).toContain('Mnemoscope stops.')
  await rm(data, { recursive: true, force: true })
})

test('34: neither tokens nor paths are logged', async () => {
  const data = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-private-name-'))
  const own = await startApp({ data, directory: path.join(data, 'no-such-store') })
  try {
    const other = await own.newLink()
    const ownSession = await own.newSession()
    await exchange(own.port, 'wrong')
    await own.call('connections.status', { connectionId: 'unknown' }).catch(() => undefined)
    await rm(path.join(data, 'settings.json'), { recursive: true, force: true })
    await mkdir(path.join(data, 'settings.json'))
    await expect(own.call('settings.preferences', {})).rejects.toMatchObject({ code: 'internal' })
    const logged = own.output().replace(own.url, '') + (await readFile(path.join(data, 'mnemoscope.log'), 'utf8'))
    expect(logged).toContain('settings.preferences failed')
    for (const secret of [own.url, other].map((link) => new URL(link).hash.slice(7))) expect(logged).not.toContain(secret)
    expect(logged).not.toContain(ownSession.key)
    expect(logged).not.toContain(ownSession.cookie.split('=')[1])
    expect(logged).not.toContain('mnemoscope-private-name')
    expect(logged).not.toContain(path.dirname(builtFile('server.js')))
  } finally {
    await own.stop()
    await rm(data, { recursive: true, force: true })
  }
})
