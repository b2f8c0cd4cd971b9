import type { AppEvent } from '../../shared/contract/events.ts'
import { decode, encode } from '../../shared/rpc/codec.ts'
import { AppError, toWireError } from '../../shared/rpc/errors.ts'
import { BrowserSession } from './browser-session.ts'
import { EventSocket } from './event-socket.ts'
import type { Reply, Transport } from './transport.ts'

const page = crypto.randomUUID()

/** What may have changed unheard while this page was cut off. */
const missed: AppEvent = { type: 'invalidate', names: ['app', 'connections', 'jobs', 'engine', 'settings'] }
/** What may have changed between the first questions of this page and its first event. */
const early: AppEvent = { type: 'invalidate', names: ['jobs'] }

function readReply(text: string): Reply {
  const reply = decode(text)
  if (typeof reply === 'object' && reply !== null && 'ok' in reply) {
    if (reply.ok === true && 'value' in reply) return { ok: true, value: reply.value }
    if (reply.ok === true) return { ok: true, value: undefined }
    if (reply.ok === false && 'error' in reply) return { ok: false, error: reply.error }
  }
  throw new AppError('internal', 'The application sent an answer that could not be read.')
}

/** Reaches the core over HTTP and a WebSocket on this computer. */
export function createHttpTransport(): Transport {
  const eventListeners = new Set<(event: AppEvent) => void>()
  const connectionListeners = new Set<(connected: boolean) => void>()
  const tellAll = (event: AppEvent): void => eventListeners.forEach((listener) => listener(event))
  let connected: boolean | null = null

  const session = new BrowserSession(() => {
    socket.reconnect()
    tellAll(missed)
  })
  const socket = new EventSocket({
    page,
    key: (refused) => session.key(refused),
    onEvent: tellAll,
    onConnection: (now) => {
      const before = connected
      connected = now
      connectionListeners.forEach((listener) => listener(now))
      if (now && before !== true) tellAll(before === null ? early : missed)
    },
  })

  async function post(name: string, body: string, key: string, signal: AbortSignal | undefined): Promise<Response> {
    try {
      return await fetch(`/rpc/${name}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Mnemoscope-Session': key, 'X-Mnemoscope-Page': page },
        body,
        signal,
      })
    } catch (cause) {
      if (signal?.aborted) throw new AppError('cancelled', 'The operation was cancelled.', null, { cause })
      throw new AppError(
        'unreachable',
        'Mnemoscope does not answer; it may have been stopped.',
        'Start it again in the terminal and open the link it prints.',
        { cause },
      )
    }
  }

  async function call(name: string, input: unknown, signal?: AbortSignal): Promise<Reply> {
    try {
      const body = encode(input)
      let key = await session.key()
      let answer = await post(name, body, key, signal)
      while (answer.status === 401) {
        key = await session.key(key)
        answer = await post(name, body, key, signal)
      }
      if (answer.ok || answer.status === 400) return readReply(await answer.text())
      throw new AppError('internal', `Mnemoscope refused a call (HTTP ${answer.status}): ${await answer.text()}`)
    } catch (error) {
      return { ok: false, error: toWireError(signal?.aborted ? new AppError('cancelled', 'The operation was cancelled.') : error) }
    }
  }

  return {
    call,
    onEvent(listener) {
      eventListeners.add(listener)
      socket.start()
      return () => void eventListeners.delete(listener)
    },
    onConnection(listener) {
      connectionListeners.add(listener)
      if (connected !== null) listener(connected)
      return () => void connectionListeners.delete(listener)
    },
    openDropped: null,
  }
}
