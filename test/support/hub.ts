import { createHash } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export interface HubRequest {
  readonly method: string
  readonly path: string
  readonly range: string | null
}

/** How the hub misbehaves; may be changed while it runs. Names are those of files, such as `onnx/model.onnx`. */
export interface HubFaults {
  /** Closes the connection after so many bytes of an answer, for as many answers as `times`. */
  cut?: { name: string; after: number; times: number }
  /** Sends these bytes instead of the file's. */
  instead?: { name: string; contents: Buffer; status?: number }
  /** Sends a part and then nothing more. */
  stall?: { name: string; after: number }
  /** Waits between pieces of so many bytes. */
  slow?: { name: string; piece: number; milliseconds: number }
  /** Sends the whole file whatever range is asked for. */
  ignoreRanges?: boolean
  /** Leads large files elsewhere, as the hub does, where only the length is told. */
  redirectLarge?: boolean
  /** Leads to an address like this one. */
  redirectTo?: string
  status?: number
}

export interface Hub {
  readonly url: string
  readonly host: string
  readonly requests: HubRequest[]
  faults: HubFaults
  /** Another version of a file. */
  replace(name: string, contents: Buffer): void
  stop(): Promise<void>
}

/** A loopback server that serves one model as the Hugging Face hub does: `/OWNER/NAME/resolve/main/FILE`. */
export async function startHub(model: string, contents: ReadonlyMap<string, Buffer>): Promise<Hub> {
  const files = new Map(contents)
  const requests: HubRequest[] = []
  const sockets = new Set<Socket>()
  const hub = { faults: {} as HubFaults }

  async function send(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { faults } = hub
    const path = decodeURIComponent(request.url ?? '')
    requests.push({ method: request.method ?? '', path, range: request.headers.range ?? null })
    const elsewhere = path.startsWith('/elsewhere/')
    const base = elsewhere ? '/elsewhere/' : `/${model}/resolve/main/`
    const name = path.startsWith(base) ? path.slice(base.length) : null
    const file = name === null ? undefined : files.get(name)
    if (faults.status !== undefined) return void response.writeHead(faults.status).end()
    if (faults.redirectTo !== undefined) return void response.writeHead(302, { location: faults.redirectTo }).end()
    if (name === null || file === undefined) return void response.writeHead(404, { 'content-type': 'text/plain' }).end('Entry not found')
    const digest = createHash('sha256').update(file).digest('hex')
    if (faults.redirectLarge && !elsewhere && name.endsWith('.onnx')) {
      const headers = { location: `/elsewhere/${name}`, 'x-linked-size': file.length, 'x-linked-etag': `"${digest}"` }
      return void response.writeHead(302, headers).end()
    }
    const instead = faults.instead?.name === name ? faults.instead : null
    const body = instead?.contents ?? file
    const start = faults.ignoreRanges ? 0 : Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    response.writeHead(start > 0 ? 206 : (instead?.status ?? 200), {
      'content-length': body.length - start,
      'accept-ranges': 'bytes',
      ...(elsewhere ? {} : { etag: `"${digest.slice(0, 32)}"` }),
      ...(start > 0 ? { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` } : {}),
    })
    if (request.method === 'HEAD') return void response.end()
    const rest = body.subarray(start)
    const { cut, stall, slow } = faults
    if (cut?.name === name && cut.times > 0) {
      cut.times -= 1
      response.write(rest.subarray(0, cut.after), () => setTimeout(() => request.socket.destroy(), 20))
    } else if (stall?.name === name) {
      response.write(rest.subarray(0, stall.after))
    } else if (slow?.name === name) {
      for (let at = 0; at < rest.length && !response.destroyed; at += slow.piece) {
        response.write(rest.subarray(at, at + slow.piece))
        await wait(slow.milliseconds)
      }
      response.end()
    } else response.end(rest)
  }

  const server = http.createServer((request, response) => void send(request, response))
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(hub, {
    url: `http://${host}`,
    host,
    requests,
    replace: (name: string, next: Buffer) => void files.set(name, next),
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
