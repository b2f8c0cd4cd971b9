import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ProxyRules {
  /** Requests without this header value get 401. */
  readonly token?: { readonly header: string; readonly value: string }
  /** The server is mounted below this path, such as `/chroma`. */
  readonly mount?: string
  /** Answers a request itself; true where it did. */
  readonly answer?: (incoming: IncomingMessage, outgoing: ServerResponse) => boolean
  /** Whether the answer to a request that was carried out gets lost on its way. */
  readonly losesAnswer?: (incoming: IncomingMessage) => boolean
}

export interface TokenProxy {
  readonly url: string
  /** Method and path of every request that was let through. */
  readonly seen: string[]
  close(): Promise<void>
}

/** A small reverse proxy before a real engine that demands a token, as a hosted Chroma does. */
export async function startTokenProxy(target: string, rules: ProxyRules = {}): Promise<TokenProxy> {
  const seen: string[] = []
  const mount = rules.mount ?? ''
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/'
    if (!path.startsWith(mount)) return void outgoing.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Nothing here</h1>')
    if (rules.token && incoming.headers[rules.token.header] !== rules.token.value) {
      return void outgoing.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"AuthError","message":"Unauthorized"}')
    }
    seen.push(`${incoming.method} ${path.slice(mount.length)}`)
    if (rules.answer?.(incoming, outgoing)) return
    const isLost = rules.losesAnswer?.(incoming) === true
    const onward = request(new URL(path.slice(mount.length), target), { method: incoming.method, headers: incoming.headers }, (answer) => {
      if (isLost) return void answer.resume().once('end', () => outgoing.destroy())
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${mount}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
