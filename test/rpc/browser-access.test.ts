import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import os from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exchange, request, type AppSession, type RunningApp } from '../support/app.ts'
import { closed, openSocket, sendRaw, statusOf } from '../support/sockets.ts'
import { json, startSession, type StartedSession } from './start-session.ts'

/** Who may use browser mode: assertions 22 to 26 of the list of threats, by their numbers. */
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

const foreignHosts = (port: number): string[] => [
  'attacker.example',
  `attacker.example:${port}`,
  `127.0.0.1.nip.io:${port}`,
  `127.0.0.1.:${port}`,
  `localhost.:${port}`,
  `127.0.0.1:${port + 1}`,
  '127.0.0.1',
  'localhost',
  `LOCALHOST:${port}`,
  `[::]:${port}`,
  `0.0.0.0:${port}`,
  `127.1:${port}`,
  `127.0.0.1:${port}@attacker.example`,
  '',
]

test('22: the server listens on the loopback addresses alone', async () => {
  const ports = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map(async (table) => (await readFile(table, 'utf8').catch(() => '')).split('\n')),
  )
  const listening = ports.flat().flatMap((line) => {
    const [address, port, state] = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ ([0-9A-F]{2})/.exec(line)?.slice(1) ?? []
    return state === '0A' && parseInt(port ?? '', 16) === app.port ? [address] : []
  })
  if (process.platform === 'linux') {
    expect(listening).toContain('0100007F')
    for (const address of listening) expect(['0100007F', '00000000000000000000000001000000']).toContain(address)
  }
  const others = Object.values(os.networkInterfaces()).flatMap((all) => (all ?? []).filter(({ internal }) => !internal))
  for (const { address } of others) {
    if (address.startsWith('fe80')) continue
    await expect(request(app.port, { host: address, headers: { Host: host }, signal: AbortSignal.timeout(2000) })).rejects.toThrow()
  }
  expect((await request(app.port, { headers: { Host: host } })).status).not.toBe(403)
})

test('23: a request for another host is refused, also where it is none', async () => {
  for (const name of foreignHosts(app.port)) {
    for (const [method, target] of [
      ['GET', '/'],
      ['POST', '/rpc/app.info'],
      ['POST', '/session'],
    ] as const) {
      const reply = await request(app.port, {
        method,
        path: target,
        headers: withSession({ Host: name }),
        ...(method === 'POST' ? { body: '{}' } : {}),
      })
      expect([name, method, reply.status]).toEqual([name, method, 403])
    }
  }
  expect(statusOf(await sendRaw(app.port, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'))).toBe(403)
  expect(statusOf(await sendRaw(app.port, 'GET / HTTP/1.0\r\n\r\n'))).toBe(403)
  expect(
    statusOf(await sendRaw(app.port, `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: attacker.example\r\nConnection: close\r\n\r\n`)),
  ).not.toBe(200)
  expect(statusOf(await sendRaw(app.port, `GET http://attacker.example/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`))).toBe(403)
})

test('23: a WebSocket for another host is refused', async () => {
  for (const name of foreignHosts(app.port)) {
    const upgrade = `GET /events HTTP/1.1\r\nHost: ${name}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nCookie: ${session.cookie}\r\n\r\n`
    expect([name, statusOf(await sendRaw(app.port, upgrade))]).toEqual([name, 403])
  }
})

test('23: its own names are answered', async () => {
  for (const name of [host, `localhost:${app.port}`, `[::1]:${app.port}`]) {
    const reply = await request(app.port, {
      method: 'POST',
      path: '/rpc/app.info',
      headers: withSession({ Host: name, Origin: `http://${name}` }),
      body: '{}',
    })
    expect([name, reply.status]).toEqual([name, 200])
  }
})

const foreignOrigins = (port: number): string[] => [
  'null',
  'http://attacker.example',
  `https://127.0.0.1:${port}`,
  `http://127.0.0.1:${port + 1}`,
  'http://127.0.0.1',
  `http://localhost:${port}`,
  `http://127.0.0.1:${port}.attacker.example`,
  `http://127.0.0.1:${port}/`,
  'file://',
  'chrome-extension://abcdefghijklmnop',
]

test('24: a foreign Origin is refused on every method and on the WebSocket', async () => {
  for (const origin of foreignOrigins(app.port)) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const reply = await request(app.port, { method, path: '/rpc/app.info', headers: withSession({ Host: host, Origin: origin }) })
      expect([origin, method, reply.status]).toEqual([origin, method, 403])
    }
    const { status } = await openSocket(app.port, { Cookie: session.cookie, Origin: origin })
    expect([origin, status]).toEqual([origin, 403])
  }
})

test('24: what a browser marks as sent by another site is refused', async () => {
  for (const site of ['cross-site', 'same-site', 'anything']) {
    const reply = await request(app.port, { headers: { Host: host, 'Sec-Fetch-Site': site } })
    expect([site, reply.status]).toEqual([site, 403])
    const { status } = await openSocket(app.port, { Cookie: session.cookie, 'Sec-Fetch-Site': site })
    expect([site, status]).toEqual([site, 403])
  }
  for (const site of ['same-origin', 'none']) {
    const reply = await request(app.port, {
      method: 'POST',
      path: '/rpc/app.info',
      headers: withSession({ 'Sec-Fetch-Site': site }),
      body: '{}',
    })
    expect([site, reply.status]).toEqual([site, 200])
  }
})

test('24: a WebSocket without an Origin needs cookie and key like any other', async () => {
  expect((await openSocket(app.port, {})).status).toBe(401)
  const { socket } = await openSocket(app.port, { Cookie: session.cookie })
  if (!socket) throw new Error('The WebSocket was refused.')
  const ended = closed(socket)
  socket.send(JSON.stringify({ key: 'wrong', page: 'test' }))
  expect(await ended).toBe(4401)
})

test('25: no answer allows other origins, and OPTIONS is not answered', async () => {
  const replies = [
    await request(app.port, { headers: { Origin: app.origin } }),
    await request(app.port, {
      method: 'OPTIONS',
      path: '/rpc/app.info',
      headers: { Origin: app.origin, 'Access-Control-Request-Method': 'POST' },
    }),
    await request(app.port, { method: 'OPTIONS', headers: { Origin: 'http://attacker.example' } }),
    await request(app.port, { method: 'POST', path: '/rpc/app.info', headers: withSession({ Origin: app.origin }), body: '{}' }),
    await request(app.port, { path: '/nothing' }),
  ]
  for (const reply of replies) expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  expect([replies[1]?.status, replies[2]?.status]).toEqual([405, 403])
})

test('26: the token has 256 bits, differs each time, stands in the fragment, and works once', async () => {
  const links = [await app.newLink(), await app.newLink(), app.url]
  const tokens = links.map((link) => new URL(link).hash.replace('#token=', ''))
  expect(new Set(tokens).size).toBe(3)
  for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  for (const link of links) expect(new URL(link).search).toBe('')

  const [first = ''] = tokens
  expect((await exchange(app.port, first)).status).toBe(200)
  expect((await exchange(app.port, first)).status).toBe(403)
  for (const wrong of ['', 'x', first.slice(0, -1), `${first}A`, first.toLowerCase()])
    expect((await exchange(app.port, wrong)).status).toBe(403)
})

test('26: the cookie is HttpOnly, SameSite=Strict, named after the port, and is worth nothing without the key', async () => {
  const reply = await exchange(app.port, new URL(await app.newLink()).hash.replace('#token=', ''))
  const [setCookie = ''] = reply.headers['set-cookie'] ?? []
  const [pair = '', ...attributes] = setCookie.split('; ')
  expect(pair.split('=')[0]).toBe(`mnemoscope-${app.port}`)
  expect(new Set(attributes)).toEqual(new Set(['HttpOnly', 'SameSite=Strict', 'Path=/']))
  expect(Buffer.from(pair.split('=')[1] ?? '', 'base64url')).toHaveLength(32)

  const { key } = JSON.parse(reply.body) as { key: string }
  const tryWith = async (headers: Record<string, string>): Promise<number> =>
    (await request(app.port, { method: 'POST', path: '/rpc/app.info', headers: { ...json, ...headers }, body: '{}' })).status
  expect(await tryWith({ Cookie: pair, 'X-Mnemoscope-Session': key })).toBe(200)
  expect(await tryWith({ Cookie: pair })).toBe(401)
  expect(await tryWith({ 'X-Mnemoscope-Session': key })).toBe(401)
  // The halves of two sessions do not make one.
  expect(await tryWith({ Cookie: pair, 'X-Mnemoscope-Session': session.key })).toBe(401)
  expect(await tryWith({ Cookie: session.cookie, 'X-Mnemoscope-Session': key })).toBe(401)
})

test('26: no more than five unused tokens stay good', async () => {
  const links: string[] = []
  for (let count = 0; count < 6; count += 1) links.push(await app.newLink())
  const statuses: number[] = []
  for (const link of links) statuses.push((await exchange(app.port, new URL(link).hash.replace('#token=', ''))).status)
  expect(statuses).toEqual([403, 200, 200, 200, 200, 200])
})

test('26: another user of this computer cannot use a token that stands in the list of processes', async () => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return console.log('Skipped: acting as another user takes an administrator on Linux.')
  const link = await app.newLink()
  const script = `fetch(${JSON.stringify(`${app.origin}/session`)}, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: process.argv[1] }).then((answer) => console.log(answer.status))`
  const statusAs = (uid: number): string =>
    execFileSync(process.execPath, ['-e', script, JSON.stringify({ token: link.split('#token=')[1] })], {
      uid,
      encoding: 'utf8',
      cwd: '/',
    }).trim()
  expect(statusAs(12_345)).toBe('403')
  expect(statusAs(0)).toBe('200')
})
