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
