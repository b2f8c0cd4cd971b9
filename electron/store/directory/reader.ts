import { setTimeout as wait } from 'node:timers/promises'
import type { CollectionDetail, MetadataKey } from '../../../shared/contract/collections.ts'
import type { Facet, Range } from '../../../shared/contract/records.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { log } from '../../platform/log.ts'
import { Kept } from '../kept.ts'
import type { StoreOptions, StoreStatus } from '../store.ts'
import { readCatalog } from './catalog.ts'
import { readDetail } from './collection-detail.ts'
import { readFacets } from './facets.ts'
import { storeBytes } from './folder-bytes.ts'
import { checkQuickly } from './health.ts'
import { checkThoroughly } from './health-thorough.ts'
import { readKeys } from './keys.ts'
import { Openers } from './openers.ts'
import { packRecords } from './pack-records.ts'
import type { PackedRecords } from './packed-records.ts'
import type { PackedPage, ReaderView } from './protocol.ts'
import { readIds, rowOfId, rowsOfIds } from './read-ids.ts'
import { Session } from './session.ts'
import { readVector, readVectors } from './vectors.ts'
import { earlyPage, filteredSet, viewRows } from './view-rows.ts'
import { StoreWatch } from './watch.ts'

/** The first records come first. */
const checkDelay = 300
/** Who jumps to another place at once does not wait for what later pages need. */
const prepareDelay = 150

export type CallOptions = StoreOptions
type ReaderMethod = (options: CallOptions, ...values: never[]) => Promise<unknown>

export interface ReaderOptions {
  readonly directory: string
  readonly scratch: string
  /** Another state of the store takes the place of the one before. */
  readonly onRefreshed: () => void
  /** Somebody else changed the store. */
  readonly onChanged: () => void
}

/** What runs inside the worker: the current session and the methods of the store over it. */
export class Reader {
  readonly #options: ReaderOptions
  readonly #openers: Openers
  readonly #details = new Kept<CollectionDetail>({ most: 64 })
  readonly #keys = new Kept<MetadataKey[]>({ most: 64 })
  #session: Session | null = null
  #watch: StoreWatch | null = null
  #checking = new AbortController()
  #isChecked = false

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#openers = new Openers(options.directory)
  }

  /** The methods by their names; arguments are those of Store after the options. */
  methods(): Readonly<Record<string, (options: CallOptions, ...values: unknown[]) => Promise<unknown>>> {
    const methods: Record<string, ReaderMethod> = {
      open: (options: CallOptions) => this.refresh(options),
      refresh: (options: CallOptions) => this.refresh(options),
      status: () => this.status(),
      changedSince: () => this.#use(async () => (await this.#watch?.look()) ?? false),
      snapshot: () => this.#use(async ({ copy }) => String(copy.takenAt)),
      catalog: () => this.#use(readCatalog),
      page: (options: CallOptions, asked: ReaderView, offset: number, limit: number) => this.page(options, asked, offset, limit),
      records: (options: CallOptions, collectionId: string, ids: string[]) => this.records(options, collectionId, ids),
      locate: (options: CallOptions, asked: ReaderView, id: string) => this.locate(options, asked, id),
      idsAt: (options: CallOptions, asked: ReaderView, ranges: Range[]) => this.idsAt(options, asked, ranges),
      keys: (options: CallOptions, collectionId: string) => this.keys(options, collectionId),
      facets: (options: CallOptions, asked: ReaderView, keys: string[], values: number) => this.facets(options, asked, keys, values),
      detail: (options: CallOptions, collectionId: string) => this.detail(options, collectionId),
      vector: (options: CallOptions, collectionId: string, id: string) =>
        this.#use((session) => readVector(session, collectionId, id, options)),
      vectors: (options: CallOptions, collectionId: string, ids: string[] | null) =>
        this.#use((session) => readVectors(session, collectionId, ids, options)),
      close: () => this.close(),
    }
    return methods as Record<string, (options: CallOptions, ...values: unknown[]) => Promise<unknown>>
  }

  async refresh({ signal, onProgress }: CallOptions): Promise<void> {
    const { directory, scratch, onRefreshed, onChanged } = this.#options
    onProgress?.('Taking a private copy of the database', 0, null)
    const next = await Session.open({ directory, scratch, ...(signal ? { signal } : {}) })
    onProgress?.('Looking at the collections', 0, null)
    await next.use((session) => checkQuickly(session, session.findings))
    const previous = this.#session
    this.#session = next
    onRefreshed()
    this.#checking.abort()
    this.#checking = new AbortController()
    this.#isChecked = false
    if (this.#watch) this.#watch.restart(next.copy.stamp)
    else this.#watch = new StoreWatch(directory, next.copy.stamp, onChanged)
    await previous?.retire()
  }

  async status(): Promise<StoreStatus> {
    return this.#use(async (session) => {
      this.#checkLater(session)
      return {
        access: 'read-only',
        reader: 'own reader',
        formatVersion: session.formatVersion,
        snapshotAt: session.copy.takenAt,
        changedSince: (await this.#watch?.look()) ?? false,
        ...(await this.#openers.look()),
        bytesOnDisk: await storeBytes(session.directory),
        findings: session.findings.list(),
      }
    })
  }

  /** Starts the checks that read everything, once for each session; their findings are in the statuses that follow. */
  #checkLater(session: Session): void {
    if (this.#isChecked) return
    this.#isChecked = true
    const { signal } = this.#checking
    const check = session.use(async () => {
      await wait(checkDelay, undefined, { signal })
      await checkThoroughly(session, session.findings, signal)
    })
    check.catch((error: unknown) => {
      if (!signal.aborted) log.warn('A store could not be checked', error)
    })
  }

  async page({ signal }: CallOptions, asked: ReaderView, offset: number, limit: number): Promise<PackedPage> {
    return this.#use(async (session) => {
      const early = earlyPage(session, asked.view, offset, limit)
      if (early) {
        this.#prepare(session, asked.view.collectionId)
        return { total: early.total, offset, records: packRecords(session.database, session.schema, early.rows) }
      }
      const rows = await viewRows(session, asked, signal)
      return { total: rows.length, offset, records: packRecords(session.database, session.schema, rows.subarray(offset, offset + limit)) }
    })
  }

  /** Reads what later pages, sorts and filters need, while the first page is looked at. */
  #prepare(session: Session, collectionId: string): void {
    const prepare = async (): Promise<void> => {
      await wait(prepareDelay)
      if (this.#session !== session) return
      await session.use(async () => {
        await session.members(session.collection(collectionId))
        await session.metadata.owners()
      })
    }
    prepare().catch((error: unknown) => log.warn('A collection could not be prepared for later pages', error))
  }

  async locate({ signal }: CallOptions, asked: ReaderView, id: string): Promise<{ index: number | null; total: number }> {
    return this.#use(async (session) => {
      const row = rowOfId(session, asked.view.collectionId, id)
      const rows = await viewRows(session, asked, signal)
      const index = row === null ? -1 : rows.indexOf(row)
      return { index: index < 0 ? null : index, total: rows.length }
    })
  }

  async idsAt({ signal }: CallOptions, asked: ReaderView, ranges: readonly Range[]): Promise<string[]> {
    return this.#use(async (session) => {
      const rows = await viewRows(session, asked, signal)
      const ids: string[] = []
      // Spread into one call, hundreds of thousands of ids would be too many arguments.
      for (const { from, to } of ranges) for (const id of await readIds(session.database, rows.subarray(from, to), signal)) ids.push(id)
      return ids
    })
  }

  async keys({ signal }: CallOptions, collectionId: string): Promise<MetadataKey[]> {
    return this.#use((session) =>
      this.#keys.get(`${session.copy.takenAt}/${collectionId}`, signal, async () =>
        readKeys(session, await session.members(session.collection(collectionId), signal), signal),
      ),
    )
  }

  async facets({ signal }: CallOptions, asked: ReaderView, keys: readonly string[], values: number): Promise<Facet[]> {
    return this.#use(async (session) => {
      const members = await session.members(session.collection(asked.view.collectionId), signal)
      return readFacets(session, members, await filteredSet(session, asked, signal), keys, values, signal)
    })
  }

  /** Read once for each state of the store: searches ask for it again and again, and it looks at every record. */
  async detail({ signal }: CallOptions, collectionId: string): Promise<CollectionDetail> {
    return this.#use((session) =>
      this.#details.get(`${session.copy.takenAt}/${collectionId}`, signal, () => readDetail(session, collectionId, signal)),
    )
  }

  async records(_: CallOptions, collectionId: string, ids: readonly string[]): Promise<PackedRecords> {
    return this.#use(async (session) => {
      const rows = rowsOfIds(session, collectionId, ids)
      return packRecords(session.database, session.schema, rows)
    })
  }

  async close(): Promise<void> {
    const session = this.#session
    this.#session = null
    this.#checking.abort()
    this.#watch?.stop()
    this.#watch = null
    await session?.retire()
  }

  async #use<Value>(work: (session: Session) => Promise<Value>): Promise<Value> {
    if (!this.#session) await this.refresh({})
    const session = this.#session
    if (!session) throw new AppError('cancelled', 'The store was closed.')
    return session.use(work)
  }
}
