import { AppError } from '../../shared/rpc/errors.ts'

const storageName = 'mnemoscope-session'
const tokenFragment = /^#token=([A-Za-z0-9_-]+)(.*)$/

/** Takes the start token out of the address, where nobody shall see or bookmark it; the route behind it stays. */
function takeToken(): string | null {
  const [, token, route] = tokenFragment.exec(location.hash) ?? []
  if (token === undefined) return null
  history.replaceState(history.state, '', `${location.pathname}${location.search}#${route || '/'}`)
  return token
}

function storedKey(): string | null {
  try {
    return localStorage.getItem(storageName)
  } catch {
    return null
  }
}

function storeKey(key: string): void {
  try {
    localStorage.setItem(storageName, key)
  } catch {
    // Without storage the session lasts as long as this page, which is enough to work.
  }
}

async function keyFor(token: string): Promise<string | null> {
  const answer = await fetch('/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  if (answer.status === 403) return null
  const body: unknown = await answer.json()
  return typeof body === 'object' && body !== null && 'key' in body && typeof body.key === 'string' ? body.key : null
}

/**
 * This page's right to use the server. The token of the link is exchanged once for a cookie and a key. The key is kept
 * in storage that belongs to this origin alone, so that a reload and a second tab have it, and other ports do not.
 */
export class BrowserSession {
  #key: string | null = null
  #exchange: Promise<void>
  readonly #onRenewed: () => void

  /** `onRenewed` is called when a new link was put into the address bar of this very page. */
  constructor(onRenewed: () => void) {
    this.#onRenewed = onRenewed
    this.#exchange = this.#use(takeToken())
    addEventListener('hashchange', () => {
      const token = takeToken()
      if (token !== null) this.#exchange = this.#use(token).then(this.#onRenewed)
    })
  }

  /**
   * The key to send. `refused` is one that the server did not take: then only another one is of use, which another
   * tab may have got in the meantime.
   * @throws AppError 'unauthorised' where there is none.
   */
  async key(refused?: string): Promise<string> {
    await this.#exchange
    if (this.#key === null || this.#key === refused) this.#key = storedKey()
    if (this.#key === null || this.#key === refused) {
      throw new AppError(
        'unauthorised',
        'This page has no access to Mnemoscope: the link was used before, or Mnemoscope was started again since.',
        'Open the link in the terminal where Mnemoscope runs; press Enter there for a new one.',
      )
    }
    return this.#key
  }

  async #use(token: string | null): Promise<void> {
    if (token === null) return
    // A server that cannot be reached now is told about by the call that follows.
    const key = await keyFor(token).catch(() => null)
    if (key === null) return
    this.#key = key
    storeKey(key)
  }
}
