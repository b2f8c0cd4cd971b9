import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { decode, encode } from '../../shared/rpc/codec.ts'
import { fromWireError } from '../../shared/rpc/errors.ts'
import type { Input, MutationName, Output, QueryName } from '../../renderer/rpc/client.ts'
import { builtFile } from '../../electron/platform/paths.ts'

export interface StartOptions {
  /** Opened at the start. */
  readonly directory?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** The app's data folder; a new one, removed at the end, where absent. */
  readonly data?: string
}

export interface HttpReply {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

export interface AppSession {
  readonly cookie: string
  readonly key: string
}

export interface RunningApp {
  /** A link whose token was not used yet. */
  readonly url: string
  readonly origin: string
  readonly port: number
  readonly pid: number
  readonly data: string
  /** Everything it wrote to standard output and error so far. */
  output(): string
  newLink(): Promise<string>
  /** A session of its own, as another browser would have. */
  newSession(): Promise<AppSession>
  /** A call of the contract; throws AppError as the renderer's client does. */
  call<Name extends QueryName | MutationName>(name: Name, input: Input<Name>, signal?: AbortSignal): Promise<Output<Name>>
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>
  stop(): Promise<void>
}

/** One HTTP request with exactly these headers, over any address of the server. */
export function request(
  port: number,
  options: { method?: string; path?: string; headers?: http.OutgoingHttpHeaders; body?: string; host?: string; signal?: AbortSignal },
): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', path: target = '/', headers = {}, body, host = '127.0.0.1', signal } = options
    const sent = http.request(
      { host, port, method, path: target, headers, signal, agent: false, setHost: headers['Host'] === undefined },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString('utf8') }),
        )
        answer.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

function tokenOf(link: string): string {
  return link.split('#token=')[1] ?? ''
}

export async function exchange(port: number, token: string): Promise<HttpReply> {
  return request(port, {
    method: 'POST',
    path: '/session',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token }),
  })
}

async function sessionFor(port: number, link: string): Promise<AppSession> {
  const reply = await exchange(port, tokenOf(link))
  if (reply.status !== 200) throw new Error(`No session: ${reply.status} ${reply.body}`)
  const { key } = JSON.parse(reply.body) as { key: string }
  return { cookie: (reply.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '', key }
}

function sessionHeaders({ cookie, key }: AppSession): http.OutgoingHttpHeaders {
  return { 'Content-Type': 'application/json', Cookie: cookie, 'X-Mnemoscope-Session': key }
}

async function firstLink(child: ChildProcess, output: () => string): Promise<string> {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    const link = /http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+/.exec(output())?.[0]
    if (link !== undefined) return link
    if (child.exitCode !== null) break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`The server did not start:\n${output()}`)
}

/** Starts the built browser-mode server with a data folder of its own. */
export async function startApp({ directory, args = [], env = {}, data }: StartOptions = {}): Promise<RunningApp> {
  const folder = data ?? (await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-data-')))
  const words = [...(directory === undefined ? [] : [directory]), '--no-open', ...args]
  const child = fork(builtFile('server.js'), words, {
    env: { ...process.env, MNEMOSCOPE_DATA: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
  const output = (): string => text
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const url = await firstLink(child, output)
  const origin = new URL(url).origin
  const port = Number(new URL(url).port)

  const newLink = (): Promise<string> =>
    new Promise((resolve) => {
      child.once('message', (message) => resolve((message as { link: string }).link))
      child.send('new-link')
    })
  const newSession = async (): Promise<AppSession> => sessionFor(port, await newLink())
  const session = await newSession()

  return {
    url,
    origin,
    port,
    pid: child.pid ?? 0,
    data: folder,
    output,
    newLink,
    newSession,
    ended,
    async call(name, input, signal) {
      const answer = await request(port, {
        method: 'POST',
        path: `/rpc/${name}`,
        headers: sessionHeaders(session),
        body: encode(input),
        signal,
      })
      if (answer.status !== 200) throw new Error(`${name}: HTTP ${answer.status} ${answer.body}`)
      const reply = decode(answer.body) as { ok: true; value: unknown } | { ok: false; error: unknown }
      if (!reply.ok) throw fromWireError(reply.error)
      return reply.value as never
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
      if (data === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}
