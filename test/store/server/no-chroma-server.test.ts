import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createServer as createSocketServer, type AddressInfo, type Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { connect } from '../../../electron/store/server/connect.ts'
import { openServerStore } from '../../../electron/store/server/server-store.ts'
import { serverAddress } from '../../support/server-address.ts'

describe('an address that is no Chroma server', () => {
  async function serving(status: number, type: string, body: string, work: (url: string) => Promise<void>): Promise<void> {
    const server = createServer((_incoming, outgoing) => void outgoing.writeHead(status, { 'content-type': type }).end(body))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    } finally {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }

  test('is named when it answers with a web page', () =>
    serving(200, 'text/html', '<!doctype html><title>Shop</title>', async (url) => {
      await expect(openServerStore(serverAddress(url))).rejects.toMatchObject({
        code: 'not-a-store',
        message: expect.stringContaining('web page'),
      })
    }))

  test('is named when it redirects, without following', () =>
    serving(302, 'text/plain', '', async (url) => {
      await expect(openServerStore(serverAddress(url, { token: 'a-secret-token' }))).rejects.toMatchObject({ code: 'not-a-store' })
    }))

  test('is given up soon when it takes the connection and says nothing', async () => {
    const sockets: Socket[] = []
    const server = createSocketServer((socket) => void sockets.push(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      await expect(connect(serverAddress(url), { patience: 100 })).rejects.toMatchObject({
        code: 'unreachable',
        message: expect.stringContaining('did not answer'),
      })
    } finally {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  test('is named when it is broken', () =>
    serving(503, 'text/plain', 'down', async (url) => {
      await expect(openServerStore(serverAddress(url))).rejects.toMatchObject({ code: 'unreachable' })
    }))

  test('is named when it only knows the API v1', async () => {
    const server = createServer((incoming, outgoing) => {
      if (incoming.url === '/api/v1/heartbeat') return void outgoing.end('{"nanosecond heartbeat":1}')
      outgoing.writeHead(404).end('{"detail":"Not Found"}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(openServerStore(serverAddress(url))).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('API v1'),
    })
    await new Promise((resolve) => server.close(resolve))
  })

  test.each([
    ['http://127.0.0.1:1', 'unreachable'],
    ['http://no-such-host.invalid:8000', 'unreachable'],
    ['ftp://example.org', 'invalid-input'],
    ['http://user:password@localhost:8000', 'invalid-input'],
    ['http://', 'invalid-input'],
    ['', 'invalid-input'],
  ])('%s is refused with a sentence and a way out', async (url, code) => {
    await expect(openServerStore(serverAddress(url))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/\.$/),
      remedy: expect.stringMatching(/\.$/),
    })
  })

  test('is said to have a certificate that is not trusted', async ({ skip }) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-tls-'))
    const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')]
    try {
      execFileSync(
        'openssl',
        ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost', '-keyout', key, '-out', cert],
        { stdio: 'pipe' },
      )
    } catch {
      console.log('No certificate could be made: openssl is absent.')
      return skip()
    }
    const server = createSecureServer(
      { key: await readFile(key), cert: await readFile(cert) },
      (_incoming, outgoing) => void outgoing.end('{}'),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(openServerStore(serverAddress(url))).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('certificate'),
    })
    await new Promise((resolve) => server.close(resolve))
    await rm(folder, { recursive: true })
  })

  test('is said not to speak https when it does not', () =>
    serving(200, 'text/plain', '', async (url) => {
      await expect(openServerStore(serverAddress(url.replace('http:', 'https:')))).rejects.toMatchObject({
        code: 'unreachable',
        remedy: expect.stringContaining('http://'),
      })
    }))
})
