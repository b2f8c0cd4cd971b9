import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export interface OpenAiRequest {
  readonly path: string
  readonly authorization: string | null
  readonly body: { model: string; input: string[]; encoding_format?: string; dimensions?: number }
  /** Milliseconds since the server started. */
  readonly at: number
}

/** One answer in place of vectors. */
export interface OtherAnswer {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body: string
}

export interface OpenAiServer {
  readonly baseUrl: string
  readonly host: string
  readonly requests: OpenAiRequest[]
  /** Answers for the next requests, one each; then vectors again. `hang` never answers, `cut` closes the connection. */
  next: (OtherAnswer | 'hang' | 'cut')[]
  /** The vector of a text. */
  vectorOf: (text: string, dimensions: number | null) => number[]
  /** Changes the list of vectors before it is sent. */
  rearrange: (data: { index?: number; embedding: number[] }[]) => unknown
  stop(): Promise<void>
}

/** Six numbers that tell texts apart. */
function usualVector(text: string, dimensions: number | null): number[] {
  const codes = [...text].map((letter) => letter.codePointAt(0) ?? 0)
  const sum = (from: number): number => codes.reduce((total, code, at) => total + code * ((at + from) % 7), 0)
  return Array.from({ length: dimensions ?? 6 }, (_, at) => Math.sin(sum(at + 1)))
}

export function jsonError(status: number, message: string, headers: Record<string, string> = {}, code: string | null = null): OtherAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ error: { message, code } }) }
}

/** A loopback server that speaks `POST /v1/embeddings` as OpenAI does. */
export async function startOpenAi(): Promise<OpenAiServer> {
  const started = performance.now()
  const server = http.createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const state: OpenAiServer = {
    baseUrl: `http://${host}/v1`,
    host,
    requests: [],
    next: [],
    vectorOf: usualVector,
    rearrange: (data) => data,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as OpenAiRequest['body']
    const at = performance.now() - started
    state.requests.push({ path: request.url ?? '', authorization: request.headers.authorization ?? null, body, at })
    const other = state.next.shift()
    if (other === 'hang') return void (await wait(60_000, undefined, { ref: false }))
    if (other === 'cut') return void request.socket.destroy()
    if (other) return void response.writeHead(other.status, other.headers).end(other.body)
    if (request.url !== '/v1/embeddings') return void response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found')
    const data = body.input.map((text, index) => ({ object: 'embedding', index, embedding: state.vectorOf(text, body.dimensions ?? null) }))
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({ object: 'list', data: state.rearrange(data), model: body.model, usage: { prompt_tokens: 1, total_tokens: 1 } }),
    )
  }

  return state
}
