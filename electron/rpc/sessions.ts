import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Name of the header that carries a session's key. */
export const sessionHeader = 'x-mnemoscope-session'
const mostUnusedTokens = 5

interface Session {
  readonly cookie: Buffer
  readonly key: Buffer
}

export interface NewSession {
  /** Sent by the browser on its own, unreadable for scripts. */
  readonly setCookie: string
  /** Kept by the page under its own origin and sent as a header. */
  readonly key: string
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/**
 * Who may use the server. A start token of 256 random bits is exchanged once for a session, which has two halves:
 * a cookie, and a key that the page sends as a header. Cookies are shared between all ports of a computer, so the
 * cookie alone opens nothing: another server on 127.0.0.1 may be sent it. Only digests are kept and compared.
 */
export class Sessions {
  readonly #cookieName: string
  #tokens: Buffer[] = []
  readonly #sessions: Session[] = []

  constructor(port: number) {
    this.#cookieName = `mnemoscope-${port}`
  }

  /** A token that starts one session. The newest few that were not used stay good. */
  newToken(): string {
    const token = secret()
    this.#tokens = [...this.#tokens, digest(token)].slice(-mostUnusedTokens)
    return token
  }

  /** A session for a start token, which is used up by it; null where it is unknown or used. */
  exchange(token: string): NewSession | null {
    const given = digest(token)
    const remaining = this.#tokens.filter((known) => !timingSafeEqual(known, given))
    if (remaining.length === this.#tokens.length) return null
    this.#tokens = remaining
    const cookie = secret()
    const key = secret()
    this.#sessions.push({ cookie: digest(cookie), key: digest(key) })
    return { setCookie: `${this.#cookieName}=${cookie}; HttpOnly; SameSite=Strict; Path=/`, key }
  }

  /** Whether a request has the cookie of some session. */
  hasCookie(request: IncomingMessage): boolean {
    return this.#withCookieOf(request).length > 0
  }

  /** Whether a request's cookie and this key are halves of the same session. */
  isSession(request: IncomingMessage, key: unknown): boolean {
    if (typeof key !== 'string') return false
    const given = digest(key)
    return this.#withCookieOf(request).some((session) => timingSafeEqual(session.key, given))
  }

  #withCookieOf(request: IncomingMessage): Session[] {
    const values = (request.headers.cookie ?? '').split(';').flatMap((pair) => {
      const [name, ...value] = pair.trim().split('=')
      return name === this.#cookieName ? [digest(value.join('='))] : []
    })
    return this.#sessions.filter((session) => values.some((value) => timingSafeEqual(session.cookie, value)))
  }
}
