import type { AppEvent } from '../../shared/contract/events.ts'
import { decode } from '../../shared/rpc/codec.ts'
import { parseEvent } from './transport.ts'

const firstWait = 500
const longestWait = 10_000
/** The server closes with this code where it does not know the key. */
const refused = 4401

export interface EventSocketOptions {
  /** A name for this page, so that it is not told what it caused itself. */
  readonly page: string
  /** The session's key, other than the one the server refused. */
  readonly key: (refused?: string) => Promise<string>
  readonly onEvent: (event: AppEvent) => void
  readonly onConnection: (connected: boolean) => void
}

/** The WebSocket on which the core tells its events, connected again whenever it is lost. */
export class EventSocket {
  readonly #options: EventSocketOptions
  #socket: WebSocket | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #wait = firstWait
  #started = false
  #refusedKey: string | undefined

  constructor(options: EventSocketOptions) {
    this.#options = options
  }

  /** Connects, once. */
  start(): void {
    if (this.#started) return
    this.#started = true
    void this.#connect()
  }

  /** Tries again now, with a new session. */
  reconnect(): void {
    if (!this.#started) return
    this.#wait = firstWait
    this.#refusedKey = undefined
    clearTimeout(this.#timer)
    if (this.#socket) this.#socket.close()
    else void this.#connect()
  }

  async #connect(): Promise<void> {
    let key: string
    try {
      key = await this.#options.key(this.#refusedKey)
    } catch {
      this.#lost()
      return
    }
    const socket = new WebSocket(`ws://${location.host}/events`)
    this.#socket = socket
    socket.addEventListener('open', () => socket.send(JSON.stringify({ key, page: this.#options.page })))
    socket.addEventListener('message', (message) => this.#receive(String(message.data)))
    socket.addEventListener('close', ({ code }) => {
      this.#socket = null
      if (code === refused) this.#refusedKey = key
      this.#lost()
    })
  }

  /** The first message says that the server took the key; all others are events. */
  #receive(text: string): void {
    const value = decode(text)
    if (typeof value === 'object' && value !== null && 'ready' in value) {
      this.#wait = firstWait
      this.#options.onConnection(true)
      return
    }
    const event = parseEvent(value)
    if (event) this.#options.onEvent(event)
  }

  #lost(): void {
    this.#options.onConnection(false)
    this.#timer = setTimeout(() => void this.#connect(), this.#wait)
    this.#wait = Math.min(longestWait, this.#wait * 2)
  }
}
