import type { StoredRecord } from '../../../shared/domain/record.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { RecordPage, StoreOptions, StoreStatus, StoreView } from '../store.ts'
import { readCatalog } from './catalog.ts'
import { storeBytes } from './folder-bytes.ts'
import { readRecords } from './read-records.ts'
import { Session } from './session.ts'
import { bindText } from './sqlite.ts'
import { firstPage, viewRows } from './view-rows.ts'

export type CallOptions = StoreOptions
type ReaderMethod = (options: CallOptions, ...values: never[]) => Promise<unknown>

export interface ReaderOptions {
  readonly directory: string
  readonly scratch: string
  readonly onChanged: () => void
}

/** What runs inside the worker: the current session and the methods of the store over it. */
export class Reader {
  readonly #options: ReaderOptions
  #session: Session | null = null

  constructor(options: ReaderOptions) {
    this.#options = options
  }

  /** The methods by their names; arguments are those of Store after the options. */
  methods(): Readonly<Record<string, (options: CallOptions, ...values: unknown[]) => Promise<unknown>>> {
    const methods: Record<string, ReaderMethod> = {
      open: (options: CallOptions) => this.refresh(options),
      refresh: (options: CallOptions) => this.refresh(options),
      status: () => this.status(),
      catalog: () => this.#use(readCatalog),
      page: (options: CallOptions, view: StoreView, offset: number, limit: number) => this.page(options, view, offset, limit),
      records: (options: CallOptions, collectionId: string, ids: string[]) => this.records(options, collectionId, ids),
      close: () => this.close(),
    }
    return methods as Record<string, (options: CallOptions, ...values: unknown[]) => Promise<unknown>>
  }

  async refresh({ signal }: CallOptions): Promise<void> {
    const { directory, scratch } = this.#options
    const next = await Session.open({ directory, scratch, ...(signal ? { signal } : {}) })
    const previous = this.#session
    this.#session = next
    await previous?.retire()
  }

  async status(): Promise<StoreStatus> {
    return this.#use(async (session) => ({
      access: 'read-only',
      reader: 'own reader',
      formatVersion: null,
      snapshotAt: session.copy.takenAt,
      changedSince: false,
      openedBy: [],
      bytesOnDisk: await storeBytes(session.directory),
      findings: [],
    }))
  }

  async page({ signal }: CallOptions, view: StoreView, offset: number, limit: number): Promise<RecordPage> {
    return this.#use(async (session) => {
      const early = firstPage(session, view, offset, limit)
      if (early) return { total: early.total, offset, records: readRecords(session.database, session.schema, early.rows) }
      const rows = await viewRows(session, view, signal)
      return { total: rows.length, offset, records: readRecords(session.database, session.schema, rows.subarray(offset, offset + limit)) }
    })
  }

  async records(_: CallOptions, collectionId: string, ids: readonly string[]): Promise<StoredRecord[]> {
    return this.#use(async (session) => {
      const { metadataSegment } = session.collection(collectionId)
      const rows = new Set<number>()
      for (const id of ids) {
        const row = session.database.first(
          'SELECT id FROM embeddings WHERE segment_id = CAST(? AS TEXT) AND embedding_id = CAST(? AS TEXT)',
          [bindText(metadataSegment ?? ''), bindText(id)],
        )
        if (row) rows.add(Number(row['id']))
      }
      return readRecords(session.database, session.schema, Float64Array.from(rows).toSorted())
    })
  }

  async close(): Promise<void> {
    const session = this.#session
    this.#session = null
    await session?.retire()
  }

  async #use<Value>(work: (session: Session) => Promise<Value>): Promise<Value> {
    if (!this.#session) await this.refresh({})
    const session = this.#session
    if (!session) throw new AppError('cancelled', 'The store was closed.')
    return session.use(work)
  }
}
