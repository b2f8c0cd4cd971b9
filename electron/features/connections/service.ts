import { mkdtemp, realpath, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { Connection, ConnectionStatus, ServerAddress } from '../../../shared/contract/connections.ts'
import type { AppEvent } from '../../../shared/contract/events.ts'
import { AppError, toWireError } from '../../../shared/rpc/errors.ts'
import { log } from '../../platform/log.ts'
import type { Secret, Secrets } from '../../platform/secrets.ts'
import { openDirectoryStore } from '../../store/directory/directory-store.ts'
import { OpenStores, type OpenedStore } from '../../store/open-stores.ts'
import { openServerStore } from '../../store/server/server-store.ts'
import type { SetReader, Store } from '../../store/store.ts'
import { directoryEntry, serverEntry } from './connection-identity.ts'
import type { RecentEntry, RecentList } from './recent-list.ts'

export interface ConnectionsOptions {
  readonly recent: RecentList
  readonly secrets: Secrets
  /** Where private copies go. */
  readonly scratch: string
  /** Where the sample is, or will be. */
  readonly sampleDirectory: string
  readonly tell: (event: AppEvent) => void
  readonly editing: ConnectionEditing
  /** Ids of the records of a saved set. */
  readonly setIds: (ref: CollectionRef, setId: string) => Promise<readonly string[]>
}

/** What becomes of a connection while it is being edited. */
export interface ConnectionEditing {
  readonly isEditing: (connectionId: string) => boolean
  /** Whether the store was written by this app, and not by somebody else. */
  readonly isOwnChange: (connectionId: string) => boolean
  /** The store was read anew. */
  readonly onRead: (connectionId: string) => void
  readonly onOpened: (connectionId: string) => Promise<void>
  readonly stop: (connectionId: string) => Promise<void>
}

/** Opens stores and remembers them. The stores that are open are shared with the other features through `stores`. */
export class Connections {
  readonly stores: OpenStores
  readonly #options: ConnectionsOptions
  /** What is being opened for the first time, or with another secret, and is remembered once it did open. */
  readonly #newcomers = new Map<string, { entry: RecentEntry; secret: Secret | null }>()

  constructor(options: ConnectionsOptions) {
    this.#options = options
    this.stores = new OpenStores({
      open: (connectionId, signal) => this.#openStore(connectionId, signal),
      onChanged: (connectionId) => void this.#changed(connectionId),
    })
  }

  async list(): Promise<Connection[]> {
    return (await this.#options.recent.all()).map((entry) => this.#describe(entry))
  }

  /** Opens a remembered connection. @throws AppError 'not-found' where the id is not remembered. */
  async open(connectionId: string, signal?: AbortSignal): Promise<Connection> {
    await this.stores.get(connectionId, signal)
    return this.#describe(await this.#known(connectionId))
  }

  /**
   * Opens a directory by its path, which must not come from the renderer. A path of a file inside, such as
   * chroma.sqlite3, means its folder.
   * @throws AppError 'not-found', 'not-a-store', 'damaged', as the reader finds it.
   */
  async openDirectory(directory: string, signal?: AbortSignal): Promise<Connection> {
    const real = await realFolder(directory)
    const sample = await realpath(this.#options.sampleDirectory).catch(() => null)
    return this.#openNew(directoryEntry(real, real === sample), null, signal)
  }

  /** Opens a server. Its token and headers are kept apart from everything else. */
  async openServer(address: ServerAddress, signal?: AbortSignal): Promise<Connection> {
    const entry = serverEntry(address)
    await this.close(entry.id)
    return this.#openNew(entry, { token: address.token, headers: address.headers }, signal)
  }

  /** Opens a server by its address alone, with what is remembered of it. */
  async openServerByUrl(url: string, signal?: AbortSignal): Promise<Connection> {
    const address: ServerAddress = {
      kind: 'server',
      url,
      tenant: null,
      database: null,
      token: null,
      tokenHeader: 'x-chroma-token',
      headers: [],
      title: null,
    }
    const known = await this.#options.recent.find(serverEntry(address).id)
    return known ? this.open(known.id, signal) : this.openServer(address, signal)
  }

  async status(connectionId: string, signal?: AbortSignal): Promise<ConnectionStatus> {
    const store = await this.stores.get(connectionId, signal)
    const { access, reader, formatVersion, snapshotAt, changedSince, openedBy, openedByUnknown, bytesOnDisk, findings } =
      await store.status()
    const connection = this.#describe(await this.#known(connectionId))
    const { editing } = this.#options
    return {
      connection,
      access: editing.isEditing(connectionId) ? 'editing' : access,
      reader,
      formatVersion,
      snapshotAt,
      changedSince: changedSince && !editing.isOwnChange(connectionId),
      openedBy,
      openedByUnknown,
      bytesOnDisk,
      findings,
    }
  }

  async refresh(connectionId: string, signal?: AbortSignal): Promise<ConnectionStatus> {
    const store = await this.stores.get(connectionId, signal)
    await store.refresh({ signal })
    void this.#count(connectionId, store)
    return this.status(connectionId, signal)
  }

  async close(connectionId: string): Promise<void> {
    await this.#options.editing.stop(connectionId)
    await this.stores.close(connectionId)
  }

  async pin(connectionId: string, pinned: boolean): Promise<void> {
    await this.#known(connectionId)
    await this.#options.recent.modify(connectionId, { pinned })
  }

  /** Closes a connection and forgets it with its secrets. The store itself stays as it is. */
  async forget(connectionId: string): Promise<void> {
    await this.close(connectionId)
    await this.#options.secrets.remove(connectionId)
    await this.#options.recent.remove(connectionId)
  }

  /** Tells that somebody else changed a store; what the own engine wrote is read anew without a word. */
  async #changed(connectionId: string): Promise<void> {
    const { editing, tell } = this.#options
    if (!editing.isOwnChange(connectionId)) return tell({ type: 'store-changed', connectionId })
    try {
      if (this.stores.isOpen(connectionId)) await (await this.stores.get(connectionId)).refresh()
      editing.onRead(connectionId)
    } catch (error) {
      log.warn('A store could not be read anew', error)
    }
  }

  async #openNew(entry: RecentEntry, secret: Secret | null, signal: AbortSignal | undefined): Promise<Connection> {
    this.#newcomers.set(entry.id, { entry, secret })
    try {
      await this.stores.get(entry.id, signal)
    } finally {
      if (this.#newcomers.get(entry.id)?.entry === entry) this.#newcomers.delete(entry.id)
    }
    return this.#describe((await this.#options.recent.find(entry.id)) ?? entry)
  }

  async #openStore(connectionId: string, signal: AbortSignal): Promise<OpenedStore> {
    const newcomer = this.#newcomers.get(connectionId)
    const entry = newcomer?.entry ?? (await this.#known(connectionId))
    const secret = newcomer?.secret ?? (entry.address === null ? null : await this.#options.secrets.get(connectionId))
    const setIds: SetReader = (collectionId, setId) => this.#options.setIds({ connectionId, collectionId }, setId)
    const opened =
      entry.address === null
        ? await this.#openCopy(entry.location, setIds, signal)
        : await openRemote(entry.address, secret, { title: entry.title, setIds, signal })
    await this.#remember({ ...entry, lastOpenedAt: Date.now() }, newcomer?.secret ?? null)
    void this.#count(connectionId, opened.store)
    this.#options.editing.onOpened(connectionId).catch((error: unknown) => log.warn('Cut-off changes could not be looked for', error))
    return opened
  }

  /** Opens a directory with a folder of its own for private copies, which goes even where the reader ended badly. */
  async #openCopy(directory: string, setIds: SetReader, signal: AbortSignal): Promise<OpenedStore> {
    const scratch = await mkdtemp(path.join(this.#options.scratch, 'store-'))
    const cleanUp = (): Promise<void> => rm(scratch, { recursive: true, force: true })
    try {
      return { store: await openDirectoryStore({ directory, scratch, setIds, signal }), cleanUp }
    } catch (error) {
      await cleanUp()
      throw error
    }
  }

  /** A store that opened stays open even where the list of recent connections cannot be written. */
  async #remember(entry: RecentEntry, secret: Secret | null): Promise<void> {
    try {
      if (secret) await this.#options.secrets.set(entry.id, secret)
      await this.#options.recent.remember(entry)
    } catch (error) {
      log.warn('The recent connections could not be saved', error)
      const { message, remedy } = toWireError(error)
      this.#options.tell({
        type: 'notice',
        severity: 'warning',
        message: `${entry.title} will not be among the recent connections. ${message}`,
        remedy,
      })
    }
  }

  /** Notes what the store holds, for the list. It may take a while, and nobody waits for it. */
  async #count(connectionId: string, store: Store): Promise<void> {
    try {
      const { tenants } = await store.catalog()
      const collections = tenants.flatMap((tenant) => tenant.databases).flatMap((database) => database.collections)
      const holds = { collections: collections.length, records: collections.reduce((sum, { count }) => sum + (count ?? 0), 0) }
      await this.#options.recent.modify(connectionId, { holds })
      this.#options.tell({ type: 'invalidate', names: ['connections.list'] })
    } catch (error) {
      if (this.stores.isOpen(connectionId)) log.warn('What a store holds could not be counted', error)
    }
  }

  async #known(connectionId: string): Promise<RecentEntry> {
    const entry = (await this.#options.recent.find(connectionId)) ?? this.#newcomers.get(connectionId)?.entry
    if (!entry) {
      throw new AppError(
        'not-found',
        'This link names a connection that is not among the recent ones.',
        'Open its directory or server from the welcome page.',
      )
    }
    return entry
  }

  #describe({ id, kind, title, location, isSample, pinned, lastOpenedAt, holds, address }: RecentEntry): Connection {
    const server = address && { url: address.url, tenant: address.tenant, database: address.database, tokenHeader: address.tokenHeader }
    return { id, kind, title, location, isSample, server, isOpen: this.stores.isOpen(id), pinned, lastOpenedAt, holds }
  }
}

async function openRemote(
  address: NonNullable<RecentEntry['address']>,
  secret: Secret | null,
  { title, setIds, signal }: { title: string; setIds: SetReader; signal: AbortSignal },
): Promise<OpenedStore> {
  const named = { ...address, token: secret?.token ?? null, headers: secret?.headers ?? [], title }
  const store = await openServerStore(named, { setIds, signal })
  return { store, cleanUp: async () => undefined }
}

async function realFolder(directory: string): Promise<string> {
  try {
    const real = await realpath(directory)
    return (await stat(real)).isDirectory() ? real : path.dirname(real)
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    throw missing
      ? new AppError('not-found', `The folder ${directory} does not exist.`, 'Check the path, or choose another folder.', { cause })
      : new AppError('forbidden', `The folder ${directory} cannot be reached.`, 'Check its permissions, or choose another folder.', {
          cause,
        })
  }
}
