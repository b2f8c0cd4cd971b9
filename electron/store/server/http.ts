import { request as requestPlain, Agent as PlainAgent, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestSecure, Agent as SecureAgent } from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import { AppError } from '../../../shared/rpc/errors.ts'

export interface HttpOptions {
  /** Without query, fragment or credentials; a path before `/api/v2` is kept. */
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Milliseconds without a byte after which a server counts as gone. */
  readonly idleTimeout: number
}

export interface HttpAnswer {
  readonly status: number
  readonly type: string
  readonly text: string
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'
  /** Path and query, already encoded. */
  readonly path: string
  readonly body?: string
  /** Instead of that of the server. */
  readonly idleTimeout?: number
  readonly signal?: AbortSignal | undefined
}

/** A JavaScript string cannot be longer than 512 MiB; answers are kept well below. */
const largestAnswer = 400 * 1024 * 1024
const patienceWhenBusy = 4
const longestRetryWait = 20_000

const unreachableReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name is unknown',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'the network is not reachable',
  EADDRNOTAVAIL: 'the address cannot be used from this computer',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak https',
  EPROTO: 'it does not speak https',
  HPE_INVALID_CONSTANT: 'it does not speak http',
}

const certificateProblem = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT)/

function networkError(error: NodeJS.ErrnoException, host: string): AppError {
  const code = error.code ?? ''
  if (certificateProblem.test(code)) {
    const sentence = `The certificate of ${host} is not trusted (${error.message}).`
    return new AppError(
      'unreachable',
      sentence,
      'Check the address; for a private authority start Mnemoscope with NODE_EXTRA_CA_CERTS naming its certificate.',
      { cause: error },
    )
  }
  const reason = unreachableReasons[code] ?? error.message
  const remedy = /https/.test(reason) ? 'Try the address with http:// instead.' : 'Check the address, and that the server runs.'
  return new AppError('unreachable', `${host} could not be reached: ${reason}.`, remedy, { cause: error })
}

function cancelled(): AppError {
  return new AppError('cancelled', 'The operation was cancelled.')
}

/** Sends requests to one server over kept connections, and turns every network failure into a sentence. */
export class Http {
  readonly #options: HttpOptions
  readonly #agent: PlainAgent
  readonly #secure: boolean

  constructor(options: HttpOptions) {
    this.#options = options
    this.#secure = options.url.protocol === 'https:'
    const settings = { keepAlive: true, maxSockets: 8 }
    this.#agent = this.#secure ? new SecureAgent(settings) : new PlainAgent(settings)
  }

  get host(): string {
    return this.#options.url.host
  }

  /**
   * Sends a request, waiting and trying again where the server answers 429.
   * @throws AppError 'unreachable', 'cancelled', 'busy' (429 again and again) or 'unsupported' (an answer too large).
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      const { answer, retryAfter } = await this.#once(request)
      if (answer.status !== 429) return answer
      const delay = retryAfter ?? 500 * 2 ** attempt
      if (attempt === patienceWhenBusy || delay > longestRetryWait) {
        throw new AppError('busy', `${this.host} asks to send fewer requests.`, 'Wait a while, then try again.')
      }
      await wait(delay, undefined, { signal: request.signal }).catch(() => {
        throw cancelled()
      })
    }
  }

  close(): void {
    this.#agent.destroy()
  }

  #once(request: HttpRequest): Promise<{ answer: HttpAnswer; retryAfter: number | null }> {
    const { url, headers } = this.#options
    const idleTimeout = request.idleTimeout ?? this.#options.idleTimeout
    const body = request.body === undefined ? undefined : Buffer.from(request.body, 'utf8')
    return new Promise((resolve, reject) => {
      if (request.signal?.aborted) return reject(cancelled())
      const options: RequestOptions = {
        agent: this.#agent,
        method: request.method,
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port === '' ? (this.#secure ? 443 : 80) : Number(url.port),
        path: url.pathname.replace(/\/+$/, '') + request.path,
        headers: {
          ...headers,
          accept: 'application/json',
          'accept-encoding': 'gzip',
          ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.byteLength }),
        },
        ...(request.signal ? { signal: request.signal } : {}),
      }
      const fail = (error: NodeJS.ErrnoException): void => {
        if (error.name === 'AbortError') reject(cancelled())
        else reject(error instanceof AppError ? error : networkError(error, this.host))
      }
      try {
        const sent = (this.#secure ? requestSecure : requestPlain)(options, (message) => {
          readText(message).then((text) => resolve({ answer: answerOf(message, text), retryAfter: retryDelay(message) }), fail)
        })
        sent.setTimeout(idleTimeout, () => {
          const seconds = Math.round(idleTimeout / 1000)
          sent.destroy(
            new AppError(
              'unreachable',
              `${this.host} did not answer within ${seconds} seconds.`,
              'Check the address, and what the server is busy with, then try again.',
            ),
          )
        })
        sent.on('error', fail)
        sent.end(body)
      } catch (error) {
        reject(
          new AppError(
            'invalid-input',
            `The request cannot be sent: ${error instanceof Error ? error.message : String(error)}.`,
            'Check the headers and the token.',
          ),
        )
      }
    })
  }
}

function answerOf(message: IncomingMessage, text: string): HttpAnswer {
  return { status: message.statusCode ?? 0, type: message.headers['content-type'] ?? '', text }
}

function retryDelay(message: IncomingMessage): number | null {
  const seconds = Number(message.headers['retry-after'] ?? Number.NaN)
  return Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : null
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  const zipped = message.headers['content-encoding'] === 'gzip'
  const stream = zipped ? message.pipe(createGunzip()) : message
  if (zipped) message.on('error', (error) => stream.destroy(error))
  for await (const chunk of stream) {
    const bytes = chunk as Buffer
    size += bytes.byteLength
    if (size > largestAnswer) {
      message.destroy()
      throw new AppError('unsupported', 'The server sent an answer of more than 400 MB.', 'Ask for fewer records at once.')
    }
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}
