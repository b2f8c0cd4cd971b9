import { AppError } from '../../shared/rpc/errors.ts'
import { isLoopback, networkFailure } from './network-failure.ts'

export interface HubFileFacts {
  /** Bytes; null where the hub does not tell. */
  readonly size: number | null
  /** Names the version of the file. */
  readonly etag: string | null
  /** SHA-256 in hex, where the hub tells it. */
  readonly digest: string | null
}

export interface HubFileOptions {
  readonly host: string
  readonly model: string
  /** Relative to the model, with slashes. */
  readonly name: string
  /** What a person can do without the hub, such as "put config.json into ...", for messages. */
  readonly byHand: string
  readonly signal: AbortSignal
  readonly idleTimeout: number
}

const mostRedirects = 5

/** Aborts when it was not touched for a while, and with the given signal. */
class Patience {
  readonly #controller = new AbortController()
  readonly #milliseconds: number
  readonly #outer: AbortSignal
  readonly #abort = (): void => this.#controller.abort()
  #timer: NodeJS.Timeout | undefined

  constructor(milliseconds: number, outer: AbortSignal) {
    this.#milliseconds = milliseconds
    this.#outer = outer
    if (outer.aborted) this.#abort()
    outer.addEventListener('abort', this.#abort, { once: true })
    this.touch()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  touch(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#abort, this.#milliseconds)
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#outer.removeEventListener('abort', this.#abort)
  }
}

function lengthOf(headers: Headers): number | null {
  const text = headers.get('x-linked-size') ?? headers.get('content-length')
  const size = text === null ? NaN : Number(text)
  return Number.isSafeInteger(size) && size >= 0 ? size : null
}

/** A file of a model as the Hugging Face hub and its mirrors serve it: `HOST/MODEL/resolve/main/NAME`. */
export class HubFile {
  readonly #options: HubFileOptions
  readonly #url: URL

  constructor(options: HubFileOptions) {
    this.#options = options
    if (!/^https?:\/\//i.test(options.host) || !URL.canParse(options.host)) {
      throw new AppError(
        'invalid-input',
        `${JSON.stringify(options.host)} is no address of a model hub.`,
        'Correct or remove HF_ENDPOINT, then start Mnemoscope again.',
      )
    }
    this.#url = new URL(`${options.host.replace(/\/+$/, '')}/${options.model}/resolve/main/${options.name}`)
  }

  get name(): string {
    return this.#options.name
  }

  get host(): string {
    return this.#url.host
  }

  /** Size and version, without fetching the file. Errors as in {@link read}. */
  async facts(): Promise<HubFileFacts> {
    const patience = new Patience(this.#options.idleTimeout, this.#options.signal)
    try {
      // The hub tells size and checksum of large files in the answer that leads elsewhere, not where it leads to.
      const { answer, first } = await this.#fetch('HEAD', {}, patience)
      const told = first.get('x-linked-etag') === null ? answer.headers : first
      const etag = (told.get('x-linked-etag') ?? told.get('etag'))?.replace(/^W\//, '').replaceAll('"', '') ?? null
      const digest = told.get('x-linked-etag') !== null && etag !== null && /^[0-9a-f]{64}$/.test(etag) ? etag : null
      return { size: lengthOf(told), etag, digest }
    } finally {
      patience.end()
    }
  }

  /**
   * The contents from a byte on. `from` of the answer is 0 where the hub sends the whole file whatever is asked.
   * @throws AppError 'unreachable', 'not-found', 'unauthorised', 'cancelled'; while reading also.
   */
  async read(from: number): Promise<{ from: number; chunks: AsyncIterable<Uint8Array> }> {
    const patience = new Patience(this.#options.idleTimeout, this.#options.signal)
    try {
      const { answer } = await this.#fetch('GET', from > 0 ? { range: `bytes=${from}-` } : {}, patience)
      const range = /^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '')
      const start = answer.status === 206 && range ? Number(range[1]) : 0
      if (start !== 0 && start !== from) throw this.#failure(new Error('it sent another part of the file than was asked for'))
      return { from: start, chunks: this.#chunks(answer, patience) }
    } catch (error) {
      patience.end()
      throw error
    }
  }

  async *#chunks(answer: Response, patience: Patience): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of answer.body ?? []) {
        patience.touch()
        yield chunk as Uint8Array
      }
    } catch (error) {
      throw this.#failure(error, patience)
    } finally {
      patience.end()
    }
  }

  async #fetch(method: string, headers: Record<string, string>, patience: Patience): Promise<{ answer: Response; first: Headers }> {
    let url = this.#url
    let first: Headers | null = null
    for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
      const answer = await fetch(url, {
        method,
        redirect: 'manual',
        signal: patience.signal,
        // A compressed answer has another length, and its parts cannot be asked for.
        headers: { ...headers, 'accept-encoding': 'identity' },
      }).catch((error: unknown) => {
        throw this.#failure(error, patience)
      })
      first ??= answer.headers
      const location = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null
      if (location === null) return { answer: this.#expectFile(answer), first }
      await answer.body?.cancel()
      const next = new URL(location, url)
      const isSafe = next.protocol === 'https:' || (next.protocol === 'http:' && (url.protocol === 'http:' || isLoopback(next.hostname)))
      if (!isSafe) throw this.#failure(new Error(`it leads to ${next.origin}, which is not safe`))
      url = next
    }
    throw this.#failure(new Error('it leads from one address to the next without end'))
  }

  #expectFile(answer: Response): Response {
    if (answer.ok) return answer
    void answer.body?.cancel()
    const { model, name } = this.#options
    if (answer.status === 404) {
      throw new AppError(
        'not-found',
        `The model ${model} at ${this.host} has no file ${name}.`,
        'Choose another dtype, or a model that was converted for transformers.js, such as those of Xenova and onnx-community.',
      )
    }
    if (answer.status === 401 || answer.status === 403) {
      throw new AppError(
        'unauthorised',
        `${this.host} does not give ${model} to everyone: it does not exist there, or needs an account.`,
        `Check the name. Where an account is needed, fetch the files with it: ${this.#options.byHand}.`,
      )
    }
    throw new AppError(
      'unreachable',
      `${this.host} answered with status ${answer.status} instead of ${name}.`,
      'Try again later: the download goes on where it stopped.',
    )
  }

  #failure(error: unknown, patience?: Patience): unknown {
    if (error instanceof AppError) return error
    const { signal, idleTimeout, byHand } = this.#options
    if (signal.aborted) return new AppError('cancelled', 'The download was cancelled.')
    const remedy = `Try again: the download goes on where it stopped. Without a network, ${byHand}.`
    if (patience?.signal.aborted) {
      return new AppError('unreachable', `${this.host} sent nothing for ${Math.round(idleTimeout / 1000)} seconds.`, remedy)
    }
    return networkFailure(error, this.host, remedy)
  }
}
