import { AppError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'
import type { Store } from './store.ts'

export interface OpenedStore {
  readonly store: Store
  /** Removes what was made for this store, once it is closed. */
  readonly cleanUp: () => Promise<void>
}

export interface OpenStoresOptions {
  /** Opens the store of a known connection. */
  readonly open: (connectionId: string, signal: AbortSignal) => Promise<OpenedStore>
  /** The store was changed by somebody else. */
  readonly onChanged: (connectionId: string) => void
}

interface Entry {
  readonly opened: Promise<OpenedStore>
  readonly controller: AbortController
  ready: boolean
  /** How many wait for it now. */
  waiting: number
  stopListening: () => void
}

function untilAborted<Value>(value: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return value
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new AppError('cancelled', 'The operation was cancelled.'))
    signal.addEventListener('abort', abort, { once: true })
    value.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

async function closeStore({ store, cleanUp }: OpenedStore): Promise<void> {
  await store.close().catch((error: unknown) => log.warn('A store could not be closed', error))
  await cleanUp().catch((error: unknown) => log.warn('The private copy of a store could not be removed', error))
}

/**
 * The stores that are open now, one per connection, however many ask for it at once.
 * Asking for a known connection that is not open opens it, so that links work after a restart.
 */
export class OpenStores {
  readonly #options: OpenStoresOptions
  readonly #entries = new Map<string, Entry>()
  readonly #closing = new Map<string, Promise<void>>()
  #ended = false

  constructor(options: OpenStoresOptions) {
    this.#options = options
  }

  isOpen(connectionId: string): boolean {
    return this.#entries.get(connectionId)?.ready ?? false
  }

  /**
   * The store of a connection, opened where needed. `signal` ends the wait, and the opening where nobody else waits.
   * @throws AppError as the store's opening does, and 'cancelled' after the signal.
   */
  async get(connectionId: string, signal?: AbortSignal): Promise<Store> {
    const entry = this.#entries.get(connectionId) ?? this.#start(connectionId)
    entry.waiting += 1
    try {
      return (await untilAborted(entry.opened, signal)).store
    } finally {
      entry.waiting -= 1
      const isAbandoned = entry.waiting === 0 && !entry.ready && this.#entries.get(connectionId) === entry
      if (isAbandoned) this.#end(connectionId, entry)
    }
  }

  /** Closes one store. Nothing happens where it is not open. */
  async close(connectionId: string): Promise<void> {
    const entry = this.#entries.get(connectionId)
    if (entry) this.#end(connectionId, entry)
    await this.#closing.get(connectionId)
  }

  /** Closes every store and opens none again. */
  async closeAll(): Promise<void> {
    this.#ended = true
    for (const [connectionId, entry] of this.#entries) this.#end(connectionId, entry)
    await Promise.all(this.#closing.values())
  }

  #start(connectionId: string): Entry {
    if (this.#ended) throw new AppError('cancelled', 'The app is closing.')
    const controller = new AbortController()
    const entry: Entry = {
      opened: this.#open(connectionId, controller.signal),
      controller,
      ready: false,
      waiting: 0,
      stopListening: () => undefined,
    }
    this.#entries.set(connectionId, entry)
    entry.opened.then(
      ({ store }) => {
        if (this.#entries.get(connectionId) !== entry) return
        entry.ready = true
        entry.stopListening = store.onChanged(() => this.#options.onChanged(connectionId))
      },
      () => {
        if (this.#entries.get(connectionId) === entry) this.#entries.delete(connectionId)
      },
    )
    return entry
  }

  async #open(connectionId: string, signal: AbortSignal): Promise<OpenedStore> {
    await this.#closing.get(connectionId)
    return this.#options.open(connectionId, signal)
  }

  #end(connectionId: string, entry: Entry): void {
    this.#entries.delete(connectionId)
    entry.controller.abort()
    entry.stopListening()
    const closed = entry.opened
      .then(closeStore, () => undefined)
      .finally(() => {
        if (this.#closing.get(connectionId) === closed) this.#closing.delete(connectionId)
      })
    this.#closing.set(connectionId, closed)
  }
}
