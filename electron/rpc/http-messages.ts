import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { securityHeaders } from './request-guard.ts'

const mostBytesIn = 8_000_000

/** Thrown to answer with something else than what was asked for. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: OutgoingHttpHeaders

  constructor(status: number, sentence: string, headers: OutgoingHttpHeaders = {}) {
    super(sentence)
    this.status = status
    this.headers = headers
  }
}

/**
 * The text of a request's body.
 * @throws Refusal 415 unless it is declared as JSON, which no page of another site can send unasked; 413 beyond 8 MB.
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw new Refusal(415, 'The body must be declared as application/json.', { Connection: 'close' })
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostBytesIn) throw new Refusal(413, 'The body is too large.', { Connection: 'close' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: OutgoingHttpHeaders
}

function send(request: IncomingMessage, response: ServerResponse, { status, type, body, headers }: Answer): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, {
    ...securityHeaders(request.headers.host),
    ...headers,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

export function sendText(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: string,
  headers?: OutgoingHttpHeaders,
): void {
  send(request, response, { status, type: 'text/plain; charset=utf-8', body, ...(headers ? { headers } : {}) })
}

export function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: string,
  headers?: OutgoingHttpHeaders,
): void {
  send(request, response, { status, type: 'application/json; charset=utf-8', body, ...(headers ? { headers } : {}) })
}

/** A whole answer as bytes, for connections that never became a proper request. */
export function rawAnswer(status: number, reason: string): string {
  const headers = Object.entries(securityHeaders(undefined)).map(([name, value]) => `${name}: ${String(value)}\r\n`)
  return `HTTP/1.1 ${status} ${reason}\r\n${headers.join('')}Connection: close\r\nContent-Length: 0\r\n\r\n`
}
