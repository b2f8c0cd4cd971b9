import net from 'node:net'
import { WebSocket } from 'ws'
import type { AppEvent } from '../../shared/contract/events.ts'
import { decode } from '../../shared/rpc/codec.ts'
import type { AppSession, RunningApp } from './app.ts'

/** A WebSocket of a page with a session, once the server took its key. */
export async function readySocket(
  app: RunningApp,
  onEvent: (event: AppEvent) => void = () => undefined,
  as?: AppSession,
): Promise<WebSocket> {
  const session = as ?? (await app.newSession())
  const socket = new WebSocket(`ws://127.0.0.1:${app.port}/events`, { headers: { Cookie: session.cookie, Origin: app.origin } })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('open', () => socket.send(JSON.stringify({ key: session.key, page: 'test' })))
    socket.once('message', () => {
      socket.on('message', (data) => onEvent(decode(String(data)) as AppEvent))
      resolve(socket)
    })
  })
}

/** What the server answers to these bytes until it closes the connection; `end` closes this side after sending. */
export function sendRaw(port: number, bytes: string | Buffer, end = false): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    let answer = ''
    socket.setTimeout(3000, () => socket.destroy())
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
    socket.write(bytes)
    if (end) socket.end()
  })
}

/** The status of an answer's bytes, 0 where they are none. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
}

export interface SocketOutcome {
  readonly status: number
  readonly socket: WebSocket | null
}

/** Tries to open the WebSocket; a refused upgrade is told by its status. */
export function openSocket(port: number, headers: Record<string, string>): Promise<SocketOutcome> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/events`, { headers })
    socket.on('open', () => resolve({ status: 101, socket }))
    socket.on('unexpected-response', (_request, answer) => {
      answer.resume()
      resolve({ status: answer.statusCode ?? 0, socket: null })
    })
    socket.on('error', (error) => (error.message.includes('Unexpected server response') ? undefined : reject(error)))
  })
}

/** Resolves with the code with which a WebSocket was closed. */
export function closed(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.on('error', () => undefined)
    socket.once('close', (code) => resolve(code))
  })
}
