import { createReadStream } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { contract } from '../../shared/contract/index.ts'
import type { AppEvent } from '../../shared/contract/events.ts'
import { decode, encode } from '../../shared/rpc/codec.ts'
import type { AnyMethod } from '../../shared/rpc/define.ts'
import { AppError, toWireError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'
import { EventSockets } from './event-sockets.ts'
import { rawAnswer, readBody, Refusal, sendJson, sendText } from './http-messages.ts'
import { IdleTimer } from './idle-timer.ts'
import { isAnotherUser } from './peer-user.ts'
import { refusalOf, securityHeaders } from './request-guard.ts'
import type { Dispatch } from './router.ts'
import { sessionHeader, Sessions } from './sessions.ts'
import { findStaticFile } from './static-file.ts'

const pageHeader = 'x-mnemoscope-page'

export interface HttpOptions {
  readonly dispatch: Dispatch
  readonly onEvent: (listener: (event: AppEvent) => void) => () => void
  readonly rendererDirectory: string
  /** 0 for any free port. */
  readonly port: number
  /** The server asks to be stopped after this long without any page; 0 means never. */
  readonly idleMilliseconds: number
  readonly onIdle: () => void
  /** How often pages are asked whether they are still there. */
  readonly pingMilliseconds?: number
}

export interface HttpServer {
  readonly port: number
  /** A fresh address that starts one session. It holds a secret: it is shown to the person and logged nowhere. */
  newLink(): string
  close(): Promise<void>
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true, ipv6Only: host === '::1' }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function methodOf(name: string): AnyMethod | undefined {
  const [namespace = '', method = ''] = name.split('.')
  const methods: Readonly<Record<string, Readonly<Record<string, AnyMethod>>>> = contract
  return methods[namespace]?.[method]
}

const tokenSchema = z.object({ token: z.string().max(200) })

/**
 * Serves the renderer and the contract to browsers of this computer, and only to who was given the link:
 * `POST /session` exchanges the link's token, `POST /rpc/<name>` answers a call, `/events` is the WebSocket.
 */
export async function serveHttp(options: HttpOptions): Promise<HttpServer> {
  const primary = createServer(serverOptions)
  const port = await listen(primary, '127.0.0.1', options.port)
  const secondary = createServer(serverOptions)
  // A computer without IPv6, or with another program on that port there, is served over IPv4 alone.
  const hasSecond = await listen(secondary, '::1', port).then(
    () => true,
    () => false,
  )
  const servers = hasSecond ? [primary, secondary] : [primary]
  const sessions = new Sessions(port)
  const idle = new IdleTimer(options.idleMilliseconds, options.onIdle)
  const sockets = new EventSockets({
    isSession: (request, key) => sessions.isSession(request, key),
    onPage: options.onEvent,
    onCount: (count) => idle.present(count),
    pingMilliseconds: options.pingMilliseconds ?? 30_000,
  })

  async function call(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const text = await readBody(request)
    let input: unknown
    try {
      input = decode(text)
    } catch {
      const error = toWireError(new AppError('invalid-input', `${name} was called with a body that cannot be read.`))
      return sendJson(request, response, 400, encode({ ok: false, error }))
    }
    const controller = new AbortController()
    response.once('close', () => {
      if (!response.writableFinished) controller.abort()
    })
    const reply = await options.dispatch(name, input, { signal: controller.signal })
    sendJson(request, response, 200, encode(reply))
    const method = methodOf(name)
    if (reply.ok && method?.kind === 'mutation' && method.invalidates.length > 0) {
      const page = request.headers[pageHeader]
      sockets.sendToOthers(typeof page === 'string' ? page : undefined, { type: 'invalidate', names: [...method.invalidates] })
    }
  }

  async function exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readBody(request)
    if (await isAnotherUser(request.socket)) throw new Refusal(403, 'Only the user who started Mnemoscope may use it.')
    const given = tokenSchema.safeParse(parseJson(text))
    const session = given.success ? sessions.exchange(given.data.token) : null
    if (!session)
      throw new Refusal(
        403,
        'This link was used before, or belongs to an earlier start. Press Enter in the terminal where Mnemoscope runs for a new one.',
      )
    sendJson(request, response, 200, JSON.stringify({ key: session.key }), { 'Set-Cookie': session.setCookie })
  }

  async function post(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    if (pathname === '/session') return exchange(request, response)
    if (!sessions.isSession(request, request.headers[sessionHeader]))
      throw new Refusal(401, 'Open the link that Mnemoscope printed in the terminal.')
    const name = /^\/rpc\/([A-Za-z]+\.[A-Za-z]+)$/.exec(pathname)?.[1]
    if (name === undefined) throw new Refusal(404, 'There is nothing here.')
    return call(request, response, name)
  }

  async function get(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    const isInterface = pathname === '/session' || pathname === '/events' || pathname.startsWith('/rpc/')
    if (isInterface && !sessions.hasCookie(request)) throw new Refusal(401, 'Open the link that Mnemoscope printed in the terminal.')
    if (pathname === '/session' || pathname.startsWith('/rpc/')) throw new Refusal(405, 'Calls are made with POST.', { Allow: 'POST' })
    if (pathname === '/events') throw new Refusal(426, 'This address is for a WebSocket.', { Upgrade: 'websocket' })
    const found = await findStaticFile(options.rendererDirectory, pathname)
    if (!found) throw new Refusal(404, 'There is nothing here.')
    response.writeHead(200, { ...securityHeaders(request.headers.host), 'Content-Type': found.contentType })
    if (request.method === 'HEAD') response.end()
    else await pipeline(createReadStream(found.file), response)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const refusal = refusalOf(request, port)
      if (refusal !== null) throw new Refusal(403, refusal, { Connection: 'close' })
      const pathname = (request.url ?? '/').split('?')[0] ?? '/'
      if (request.method === 'POST') await post(request, response, pathname)
      else if (request.method === 'GET' || request.method === 'HEAD') await get(request, response, pathname)
      else throw new Refusal(405, 'This method is not used here.', { Allow: 'GET, HEAD, POST' })
    } catch (error) {
      if (error instanceof Refusal) return sendText(request, response, error.status, error.message, error.headers)
      if (response.destroyed || request.destroyed) return
      log.error('A request could not be answered', error)
      sendText(request, response, 500, 'Something went wrong inside Mnemoscope.')
    }
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    if (refusalOf(request, port) !== null) socket.end(rawAnswer(403, 'Forbidden'))
    else if (!sessions.hasCookie(request)) socket.end(rawAnswer(401, 'Unauthorized'))
    else if (request.url !== '/events') socket.end(rawAnswer(404, 'Not Found'))
    else sockets.accept(request, socket, head)
  }

  for (const server of servers) {
    server.on('request', (request, response) => void answer(request, response))
    server.on('upgrade', upgrade)
    server.on('connect', (_request, socket: Duplex) => socket.end(rawAnswer(405, 'Method Not Allowed')))
    server.on('clientError', (_error, socket: Duplex) => {
      if (socket.writable) socket.end(rawAnswer(400, 'Bad Request'))
      else socket.destroy()
    })
  }

  return {
    port,
    newLink: () => `http://127.0.0.1:${port}/#token=${sessions.newToken()}`,
    async close() {
      idle.stop()
      sockets.close()
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
      setTimeout(() => {
        sockets.terminate()
        for (const server of servers) server.closeAllConnections()
      }, 200)
      await Promise.all(closed)
    },
  }
}

/** Requests without a Host header are refused like those with a foreign one, and slow senders are cut off. */
const serverOptions = { requireHostHeader: false, headersTimeout: 10_000, requestTimeout: 60_000 } as const

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
