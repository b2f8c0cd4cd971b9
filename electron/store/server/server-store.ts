import type { Catalog, CollectionDetail, MetadataKey } from '../../../shared/contract/collections.ts'
import type { ServerAddress } from '../../../shared/contract/connections.ts'
import type { Facet, Range, VectorSummary } from '../../../shared/contract/records.ts'
import { computeFacet } from '../../../shared/domain/facets.ts'
import type { Metadata, MetadataValue } from '../../../shared/domain/metadata.ts'
import { periodsBeyondChroma } from '../../../shared/domain/period.ts'
import { setsBeyondChroma } from '../../../shared/domain/where.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { validateWhere, validateWhereDocument } from '../../../shared/domain/where-evaluate.ts'
import { printWhere, printWhereDocument } from '../../../shared/domain/where-json.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { metadataKeys } from '../metadata-keys.ts'
import {
  noSets,
  type RecordPage,
  type SetReader,
  type Store,
  type StoredVectors,
  type StoreNeighbours,
  type StoreOptions,
  type StoreQuery,
  type StoreStatus,
  type StoreView,
} from '../store.ts'
import { vectorSummary } from '../vector-summary.ts'
import type { ChromaApi } from './api.ts'
import { connect, type Connected } from './connect.ts'
import { ServerCatalog, type ServerCollection } from './server-catalog.ts'
import { changedMeanwhile, ServerRecords } from './server-records.ts'
import { isStoredOrder, ServerViews, type ViewOrder } from './server-views.ts'

const remoteFinding = {
  severity: 'info',
  code: 'remote-changes',
  message: 'Changes that others make on the server are noticed only by a changed number of records.',
  remedy: 'Refresh to see the newest state.',
  collectionId: null,
} as const

class ServerStore implements Store {
  readonly kind = 'server'
  readonly #connected: Connected
  readonly #catalog: ServerCatalog
  readonly #records: ServerRecords
  readonly #views: ServerViews
  readonly #counts = new Map<string, Promise<number>>()
  readonly #listeners = new Set<() => void>()
  #snapshotAt = Date.now()
  #changed = false

  constructor(connected: Connected, isCloud: boolean, setIds: SetReader) {
    this.#connected = connected
    this.#catalog = new ServerCatalog(connected)
    this.#records = new ServerRecords(connected.api, isCloud)
    this.#views = new ServerViews(this.#records, setIds)
  }

  get writer(): ChromaApi {
    return this.#connected.api
  }

  /** Counts the collections that were looked at again; a different number is the only change a server lets be seen. */
  async changedSince(): Promise<boolean> {
    for (const [id, known] of this.#counts) {
      if (this.#changed) break
      const now = await this.#connected.api.count(await this.#catalog.collection(id))
      if (now !== (await known)) this.#tellChanged()
    }
    return this.#changed
  }

  async status(): Promise<StoreStatus> {
    return {
      access: 'remote',
      reader: `server ${this.#connected.version}`,
      formatVersion: null,
      snapshotAt: this.#snapshotAt,
      changedSince: await this.changedSince(),
      openedBy: [],
      openedByUnknown: null,
      bytesOnDisk: null,
      findings: [remoteFinding],
    }
  }

  snapshot(): Promise<string> {
    return Promise.resolve(String(this.#snapshotAt))
  }

  catalog(options?: StoreOptions): Promise<Catalog> {
    return this.#catalog.catalog(options)
  }

  detail(collectionId: string, options?: StoreOptions): Promise<CollectionDetail> {
    return this.#catalog.detail(collectionId, options)
  }

  async keys(collectionId: string, options: StoreOptions = {}): Promise<MetadataKey[]> {
    const collection = await this.#catalog.collection(collectionId, options)
    return metadataKeys((await this.#views.scan(collection, options)).metadatas)
  }

  async page(view: StoreView, offset: number, limit: number, options: StoreOptions = {}): Promise<RecordPage> {
    const collection = await this.#catalog.collection(view.collectionId, options)
    if (isStoredOrder(view)) return this.#storedPage(collection, view, offset, limit, options)
    const { ids } = await this.#views.order(collection, view, options)
    const wanted = ids.slice(offset, offset + limit)
    const found = new Map((await this.#records.byIds(collection, wanted, options)).map((record) => [record.id, record]))
    const records = wanted.map((id) => found.get(id)).filter((record) => record !== undefined)
    if (records.length < wanted.length) throw this.#stale()
    return { total: ids.length, offset, records }
  }

  async records(collectionId: string, ids: readonly string[], options: StoreOptions = {}): Promise<StoredRecord[]> {
    const collection = await this.#catalog.collection(collectionId, options)
    return this.#records.byIds(collection, [...new Set(ids)], options)
  }

  async locate(view: StoreView, id: string, options: StoreOptions = {}): Promise<{ index: number | null; total: number }> {
    const order = await this.#order(view, options)
    return { index: order.placeOf(id), total: order.ids.length }
  }

  async idsAt(view: StoreView, ranges: readonly Range[], options: StoreOptions = {}): Promise<string[]> {
    const { ids } = await this.#order(view, options)
    return ranges.flatMap(({ from, to }) => ids.slice(from, to))
  }

  async facets(view: StoreView, keys: readonly string[], values: number, options: StoreOptions = {}): Promise<Facet[]> {
    const metadatas = await this.#metadatas(view, options)
    return keys.map((key) => {
      const counts = new Map<string, [MetadataValue, number]>()
      let missing = 0
      for (const metadata of metadatas) {
        const value = metadata?.get(key)
        if (value === undefined) {
          missing += 1
          continue
        }
        const name = countKey(value)
        const known = counts.get(name)
        if (known) known[1] += 1
        else counts.set(name, [value, 1])
      }
      return computeFacet(key, counts.values(), missing, values)
    })
  }

  async vector(
    collectionId: string,
    id: string,
    options: StoreOptions = {},
  ): Promise<{ vector: VectorSummary | null; reason: string | null }> {
    const collection = await this.#catalog.collection(collectionId, options)
    const { ids, vectors } = await this.#connected.api.vectors(collection, { ids: [id] }, options)
    const vector = vectors[0]
    if (vector) return { vector: vectorSummary(vector, 'server'), reason: null }
    return {
      vector: null,
      reason: ids.length === 0 ? 'The server has no record with this id any more.' : 'The server has no vector for this record.',
    }
  }

  async vectors(collectionId: string, ids: readonly string[] | null, options: StoreOptions = {}): Promise<StoredVectors> {
    const collection = await this.#catalog.collection(collectionId, options)
    const { dimension } = collection.stored
    if (dimension !== null) return this.#records.vectors(collection, ids, dimension, options)
    // A collection gets its dimension with its first record, which may have come after the catalog was read.
    const first = await this.#connected.api.vectors(collection, { limit: 1, offset: 0 }, options)
    return this.#records.vectors(collection, ids, first.vectors[0]?.length ?? 0, options)
  }

  async query({ collectionId, vectors, results, filter }: StoreQuery, options: StoreOptions = {}): Promise<StoreNeighbours[]> {
    const collection = await this.#catalog.collection(collectionId, options)
    validateWhere(filter.where)
    validateWhereDocument(filter.whereDocument)
    if (filter.set !== null) throw new AppError('unsupported', setsBeyondChroma.message, setsBeyondChroma.remedy)
    if (filter.periods.length > 0) throw new AppError('unsupported', periodsBeyondChroma.message, periodsBeyondChroma.remedy)
    const where = filter.where && printWhere(filter.where, 'compact')
    const whereDocument = filter.whereDocument && printWhereDocument(filter.whereDocument, 'compact')
    const answer = await this.#connected.api.query(collection, { vectors, results, where, whereDocument }, options)
    return answer.ids.map((ids, index) => ({ ids, distances: ids.map((_, place) => answer.distances?.[index]?.[place] ?? null) }))
  }

  async refresh(options: StoreOptions = {}): Promise<void> {
    this.#catalog.forget()
    this.#views.forget()
    this.#counts.clear()
    this.#snapshotAt = Date.now()
    this.#changed = false
    await this.#catalog.catalog(options)
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): Promise<void> {
    this.#listeners.clear()
    this.#connected.api.close()
    return Promise.resolve()
  }

  async #storedPage(
    collection: ServerCollection,
    view: StoreView,
    offset: number,
    limit: number,
    options: StoreOptions,
  ): Promise<RecordPage> {
    const total = await this.#count(collection, options)
    const ascending = view.sort.direction === 'ascending'
    const size = Math.max(0, Math.min(limit, total - offset))
    const records = await this.#records.range(collection, ascending ? offset : total - offset - size, size, options)
    if (records.length < size) throw this.#stale()
    return { total, offset, records: ascending ? records : records.toReversed() }
  }

  #count(collection: ServerCollection, options: StoreOptions): Promise<number> {
    const known = this.#counts.get(collection.id)
    if (known) return known
    const asked = this.#connected.api.count(collection, options)
    this.#counts.set(collection.id, asked)
    asked.catch(() => this.#counts.delete(collection.id))
    return asked
  }

  async #order(view: StoreView, options: StoreOptions): Promise<ViewOrder> {
    return this.#views.order(await this.#catalog.collection(view.collectionId, options), view, options)
  }

  /** Metadata of a view's records, in any order: from the scan where there is one, else only what the filter leaves. */
  async #metadatas(view: StoreView, options: StoreOptions): Promise<readonly (Metadata | null)[]> {
    const collection = await this.#catalog.collection(view.collectionId, options)
    if (isStoredOrder(view)) return (await this.#views.scan(collection, options)).metadatas
    const { ids } = await this.#order({ ...view, sort: { by: { kind: 'stored' }, direction: 'ascending' } }, options)
    const few = ids.length * 4 < (await this.#count(collection, options))
    if (few && !this.#views.hasScan(collection)) return this.#records.metadatasOf(collection, ids, options)
    const scan = await this.#views.scan(collection, options)
    const shown = new Set(ids)
    return scan.metadatas.filter((_, index) => shown.has(scan.ids[index] ?? ''))
  }

  #stale(): AppError {
    this.#tellChanged()
    return changedMeanwhile()
  }

  #tellChanged(): void {
    if (this.#changed) return
    this.#changed = true
    for (const listener of this.#listeners) listener()
  }
}

function countKey(value: MetadataValue): string {
  return Array.isArray(value) ? `[${value.map(countKey).join()}]` : `${typeof value} ${String(value)}`
}

/**
 * Opens a Chroma server, or Chroma Cloud, through its HTTP API v2. Nothing that a database names is ever loaded or fetched.
 * @throws AppError 'invalid-input' (the address), 'unreachable', 'unauthorised', 'unsupported' (API v1 only), 'not-a-store', 'not-found', 'cancelled'
 */
export async function openServerStore(address: ServerAddress, options: StoreOptions & { setIds?: SetReader } = {}): Promise<Store> {
  const { setIds = noSets, ...others } = options
  return new ServerStore(await connect(address, others), address.kind === 'cloud', setIds)
}
