import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rendererDirectory } from '../../electron/platform/paths.ts'
import { contract } from '../../shared/contract/index.ts'
import { decode, encode } from '../../shared/rpc/codec.ts'
import { exchange, request, startApp, type RunningApp } from '../support/app.ts'
import { openSocket, sendRaw, statusOf } from '../support/sockets.ts'
import { json, startSession, type StartedSession } from './start-session.ts'

/** What a session may ask browser mode for, and what is told without one: assertions 27 to 31 of the list of threats, by their numbers. */
let app: RunningApp
let host: string
let withSession: StartedSession['withSession']

beforeAll(async () => {
  ;({ app, host, withSession } = await startSession())
})
afterAll(async () => {
  await app?.stop()
})

test('27: a call is a POST of declared JSON with the key', async () => {
  for (const type of [undefined, 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonp', '']) {
    const { 'Content-Type': _declared, ...headers } = withSession()
    const reply = await request(app.port, {
      method: 'POST',
      path: '/rpc/settings.setPreferences',
      headers: type === undefined ? headers : { ...headers, 'Content-Type': type },
      body: '{"theme":"dark"}',
    })
    expect([type, reply.status]).toEqual([type, 415])
    const session415 = await request(app.port, {
      method: 'POST',
      path: '/session',
      headers: type === undefined ? {} : { 'Content-Type': type },
      body: '{}',
    })
    expect([type, session415.status]).toEqual([type, 415])
  }
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const reply = await request(app.port, { method, path: '/rpc/settings.setPreferences', headers: withSession() })
    expect([method, reply.status]).toEqual([method, 405])
  }
  expect((await app.call('settings.preferences', {})).theme).toBe('system')
})

test('28: every call and the WebSocket answer 401 without a session, and assets need none', async () => {
  const names = Object.entries(contract).flatMap(([namespace, methods]) => Object.keys(methods).map((method) => `${namespace}.${method}`))
  expect(names.length).toBeGreaterThan(25)
  for (const target of [...names.map((name) => `/rpc/${name}`), '/rpc/no.method', '/anything']) {
    const reply = await request(app.port, { method: 'POST', path: target, headers: json, body: '{}' })
    expect([target, reply.status]).toEqual([target, 401])
  }
  for (const target of ['/rpc/app.info', '/session', '/events']) {
    const reply = await request(app.port, { path: target })
    expect([target, reply.status]).toEqual([target, 401])
  }
  expect((await openSocket(app.port, { Origin: app.origin })).status).toBe(401)
  expect((await openSocket(app.port, { Origin: app.origin, Cookie: `mnemoscope-${app.port}=${'A'.repeat(43)}` })).status).toBe(401)

  const { status, body } = await request(app.port, {})
  expect(status).toBe(200)
  expect(body).toBe(await readFile(path.join(rendererDirectory(), 'index.html'), 'utf8'))
})

test('29: every answer carries the security headers', async () => {
  const replies = [
    await request(app.port, {}),
    await request(app.port, { method: 'HEAD' }),
    await request(app.port, { path: '/missing.js' }),
    await request(app.port, { method: 'PUT' }),
    await request(app.port, { headers: { Host: 'attacker.example' } }),
    await request(app.port, { method: 'POST', path: '/rpc/app.info', headers: json, body: '{}' }),
    await request(app.port, { method: 'POST', path: '/rpc/app.info', headers: withSession(), body: '{}' }),
    await request(app.port, { method: 'POST', path: '/rpc/app.info', headers: withSession(), body: '{' }),
    await exchange(app.port, 'wrong'),
  ]
  for (const { status, headers } of replies) {
    const policy = String(headers['content-security-policy'])
    expect([status, policy.split('; ').toSorted()]).toEqual([
      status,
      expect.arrayContaining([
        "default-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ]),
    ])
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';")
    expect(policy).not.toMatch(/script-src[^;]*'unsafe-inline'|'unsafe-eval'|https?:|\*/)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    })
  }
  expect(String(replies[0]?.headers['content-security-policy'])).toContain(`connect-src 'self' ws://${host};`)
  for (const malformed of [
    'NONSENSE\r\n\r\n',
    `GET / HTTP/9.9\r\nHost: ${host}\r\n\r\n`,
    `CONNECT attacker.example:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  ]) {
    const answer = await sendRaw(app.port, malformed)
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400)
    expect(answer).toContain("default-src 'none'")
  }
})

test('30: what is told of an engine leaves out where it listens', () => {
  const engine = { state: 'running', candidate: null, pid: 1, restarts: 0, message: null, connectionId: null }
  const told = contract.engine.status.output.parse([{ ...engine, url: 'http://127.0.0.1:51234', port: 51234, address: '127.0.0.1' }])
  expect(told).toEqual([engine])
})

test('31: static files outside the renderer are not served', async () => {
  const targets = [
    '/../electron/server.js',
    '/..%2felectron/server.js',
    '/%2e%2e/electron/server.js',
    '/assets/../../electron/server.js',
    '/assets/..%5c..%5celectron/server.js',
    '/..\\electron\\server.js',
    '//etc/passwd',
    '/etc/passwd',
    '/%2fetc/passwd',
    '/index.html%00.js',
    '/index.html/',
    '/./index.html',
    '/.index.html',
    '/assets',
    '/assets/',
    '/package.json',
    '/C:/windows/win.ini',
    '/%c0%ae%c0%ae/package.json',
    '/index.html;.js',
    '/..;/package.json',
  ]
  for (const target of targets) {
    const answer = await sendRaw(app.port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    expect([target, [400, 403, 404].includes(statusOf(answer))]).toEqual([target, true])
  }
})

test('31: the picker offers folders inside the roots alone, by handles, and follows no link outside', async () => {
  const base = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-places-'))
  const [home, work, outside] = ['home', 'work', 'outside'].map((name) => path.join(base, name)) as [string, string, string]
  for (const folder of [path.join(home, 'inside'), path.join(home, '.hidden'), work, path.join(outside, 'secret')])
    await mkdir(folder, { recursive: true })
  await symlink(path.join(outside, 'secret'), path.join(home, 'escape'))
  await symlink(path.join(home, 'inside'), path.join(home, 'shortcut'))
  const own = await startApp({ env: { HOME: home, INIT_CWD: work } })
  try {
    const roots = await own.call('connections.places', {})
    expect(roots.map((place) => place.path)).toEqual([work, home])
    const atHome = await own.call('connections.browse', { handle: roots[1]?.handle ?? '' })
    expect(atHome.parent).toBeNull()
    expect(atHome.children.map(({ name }) => name)).toEqual(['inside', 'shortcut', '.hidden'])
    expect(atHome.note).toContain('1 link')
    const inside = await own.call('connections.browse', { handle: atHome.children[0]?.handle ?? '' })
    expect(inside.parent?.handle).toBe(roots[1]?.handle)
    for (const handle of [outside, '/', `${home}/../outside`, '..', '', `${roots[0]?.handle}/..`]) {
      await expect(own.call('connections.browse', { handle })).rejects.toMatchObject({ code: 'stale' })
      await expect(own.call('connections.openPlace', { handle })).rejects.toMatchObject({ code: 'stale' })
    }
    // A folder that became a link after it was listed leads nowhere either.
    await rm(path.join(home, 'inside'), { recursive: true })
    await symlink(path.join(outside, 'secret'), path.join(home, 'inside'))
    await expect(own.call('connections.openPlace', { handle: inside.place.handle })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(own.call('connections.browse', { handle: inside.place.handle })).rejects.toMatchObject({ code: 'forbidden' })
  } finally {
    await own.stop()
    await rm(base, { recursive: true, force: true })
  }
})

test('31: a page cannot name a program to run; the command of the engine comes from the command line', async () => {
  const program = '/no/such/program --from a page'
  const input = encode({ command: program })
  const reply = await request(app.port, {
    method: 'POST',
    path: '/rpc/engine.setCommand',
    headers: { Host: host, ...withSession() },
    body: input,
  })
  expect(decode(reply.body)).toMatchObject({ ok: false, error: { code: 'forbidden', remedy: expect.stringContaining('--engine') } })
  expect((await app.call('engine.candidates', {})).map(({ label }) => label)).not.toContain(program)
  expect(await app.call('engine.setCommand', { command: null })).toEqual(await app.call('engine.candidates', {}))

  const started = await startApp({ args: ['--engine', '/no/such/chroma'] })
  expect((await started.call('engine.candidates', {}))[0]).toMatchObject({ kind: 'configured', label: '/no/such/chroma', usable: false })
  await started.stop()
})
