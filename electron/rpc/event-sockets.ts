import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { z } from 'zod'
import type { AppEvent } from '../../shared/contract/events.ts'
import { encode } from '../../shared/rpc/codec.ts'

const helloSchema = z.object({ key: z.string().max(200), page: z.string().max(100) })
const mostBytesIn = 4096
const mostBytesWaiting = 16_000_000
const mostSockets = 64
const helloMilliseconds = 5000

/** Reasons for which a socket is closed, beyond those of the protocol. */
const refused = 4401
const notExpected = 1008

export interface EventSocketsOptions {
  /** Whether this key belongs to the session whose cookie the request carried. */
  readonly isSession: (request: IncomingMessage, key: string) => boolean
  /** A page became reachable: what is told to `send` reaches it until the returned function is called. */
  readonly onPage: (send: (event: AppEvent) => void) => () => void
  /** The number of pages changed. */
  readonly onCount: (count: number) => void
  readonly pingMilliseconds: number
}

/**
 * Events to the pages. The first and only message a page sends is `{ key, page }`: the session's key, since a
 * browser cannot send it as a header here, and a name by which the page is told apart from the others.
 */
export class EventSockets {
  readonly #options: EventSocketsOptions
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: mostBytesIn, perMessageDeflate: false, clientTracking: true })
  readonly #pages = new Map<WebSocket, string>()
  readonly #alive = new WeakSet<WebSocket>()
  readonly #pings: NodeJS.Timeout

  constructor(options: EventSocketsOptions) {
    this.#options = options
    this.#pings = setInterval(() => this.#ping(), options.pingMilliseconds)
    this.#pings.unref()
  }

  /** Takes over a connection whose request was already checked. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#greet(request, webSocket))
  }

  /** Sends an event to every page but the one named. */
  sendToOthers(page: string | undefined, event: AppEvent): void {
    for (const [webSocket, name] of this.#pages) if (name !== page) this.#send(webSocket, event)
  }

  close(): void {
    clearInterval(this.#pings)
    for (const webSocket of this.#server.clients) webSocket.close(1001)
    this.#server.close()
  }

  terminate(): void {
    for (const webSocket of this.#server.clients) webSocket.terminate()
  }

  #greet(request: IncomingMessage, webSocket: WebSocket): void {
    this.#alive.add(webSocket)
    // A malformed frame ends this socket; the library has closed it by the time the error is told.
    webSocket.on('error', () => webSocket.terminate())
    webSocket.on('pong', () => this.#alive.add(webSocket))
    if (this.#server.clients.size > mostSockets) {
      webSocket.close(1013)
      return
    }
    const silence = setTimeout(() => webSocket.close(refused), helloMilliseconds)
    webSocket.once('close', () => clearTimeout(silence))
    webSocket.once('message', (data, isBinary) => {
      clearTimeout(silence)
      const hello = isBinary ? null : parseHello(String(data))
      if (!hello || !this.#options.isSession(request, hello.key)) {
        webSocket.close(refused)
        return
      }
      this.#admit(webSocket, hello.page)
    })
  }

  #admit(webSocket: WebSocket, page: string): void {
    webSocket.on('message', () => webSocket.close(notExpected))
    webSocket.send('{"ready":true}')
    this.#pages.set(webSocket, page)
    const leave = this.#options.onPage((event) => this.#send(webSocket, event))
    this.#options.onCount(this.#pages.size)
    webSocket.once('close', () => {
      leave()
      this.#pages.delete(webSocket)
      this.#options.onCount(this.#pages.size)
    })
  }

  #send(webSocket: WebSocket, event: AppEvent): void {
    // A page that does not read is dropped instead of kept in memory; it connects again when it wakes.
    if (webSocket.bufferedAmount > mostBytesWaiting) webSocket.terminate()
    else webSocket.send(encode(event))
  }

  #ping(): void {
    for (const webSocket of this.#server.clients) {
      if (!this.#alive.delete(webSocket)) webSocket.terminate()
      else webSocket.ping()
    }
  }
}

function parseHello(text: string): z.infer<typeof helloSchema> | null {
  try {
    return helloSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
