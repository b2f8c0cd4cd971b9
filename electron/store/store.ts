import type { Catalog, CollectionDetail, MetadataKey } from '../../shared/contract/collections.ts'
import type { Finding } from '../../shared/contract/connections.ts'
import type { Facet, Range, RecordView, VectorSummary } from '../../shared/contract/records.ts'
import type { StoredRecord } from '../../shared/domain/record.ts'
import type { Filter } from '../../shared/domain/where.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { ChromaApi } from './server/api.ts'

/** A view within a known store. */
export type StoreView = Omit<RecordView, 'connectionId'>

/** Ids of the records of a saved set. @throws AppError 'not-found' where it is not kept */
export type SetReader = (collectionId: string, setId: string) => Promise<readonly string[]>

/** For a store that is opened where no sets are kept. */
export const noSets: SetReader = () =>
  Promise.reject(
    new AppError(
      'not-found',
      'This saved set is no longer kept.',
      'Take it out of the filter. The records themselves are where they were.',
    ),
  )

export interface RecordPage {
  readonly total: number
  readonly offset: number
  readonly records: StoredRecord[]
}

export interface StoreStatus {
  readonly access: 'read-only' | 'remote'
  readonly reader: string
  readonly formatVersion: string | null
  /** Milliseconds since 1970. */
  readonly snapshotAt: number
  readonly changedSince: boolean
  /** Other processes that have it open: "python (pid 812)". */
  readonly openedBy: string[]
  /** Why there may be others, as a sentence; null where that is known. */
  readonly openedByUnknown: string | null
  readonly bytesOnDisk: number | null
  readonly findings: Finding[]
}

/** Vectors in stored order, row-major: `data[i * dimension + j]` belongs to `ids[i]`. Records without a vector are in `missing`. */
export interface StoredVectors {
  readonly ids: string[]
  readonly dimension: number
  readonly data: Float32Array
  readonly missing: string[]
}

export interface StoreQuery {
  readonly collectionId: string
  readonly vectors: readonly Float32Array[]
  readonly results: number
  readonly filter: Filter
}

export interface StoreNeighbours {
  readonly ids: string[]
  /** Null where the server names none. */
  readonly distances: (number | null)[]
}

export interface StoreOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (stage: string, done: number, total: number | null) => void
}

/**
 * Vector memory that can be read. Every method throws AppError: 'not-found' for an unknown collection,
 * 'invalid-input' for a filter Chroma would refuse, 'damaged' where bytes cannot be read, 'stale' where
 * the files changed under a view in a way that needs refresh(), 'unreachable' / 'unauthorised' for servers,
 * 'cancelled' after the signal.
 */
export interface Store {
  readonly kind: 'directory' | 'server'
  /** What carries out changes on a server, with the connection's own token; absent for directories, which only an engine may write. */
  readonly writer?: ChromaApi
  status(): Promise<StoreStatus>
  /** Whether somebody changed the store since the view was taken. Unlike `status` it starts no checks, which would be in a change's way. */
  changedSince(): Promise<boolean>
  /** Names the state that answers come from: another name after refresh(), and wherever the store was read anew. */
  snapshot(): Promise<string>
  catalog(options?: StoreOptions): Promise<Catalog>
  detail(collectionId: string, options?: StoreOptions): Promise<CollectionDetail>
  keys(collectionId: string, options?: StoreOptions): Promise<MetadataKey[]>
  page(view: StoreView, offset: number, limit: number, options?: StoreOptions): Promise<RecordPage>
  /** Records with these ids in stored order; unknown ids are left out. */
  records(collectionId: string, ids: readonly string[], options?: StoreOptions): Promise<StoredRecord[]>
  locate(view: StoreView, id: string, options?: StoreOptions): Promise<{ index: number | null; total: number }>
  /** Ids at these places of a view, in the view's order. */
  idsAt(view: StoreView, ranges: readonly Range[], options?: StoreOptions): Promise<string[]>
  facets(view: StoreView, keys: readonly string[], values: number, options?: StoreOptions): Promise<Facet[]>
  vector(collectionId: string, id: string, options?: StoreOptions): Promise<{ vector: VectorSummary | null; reason: string | null }>
  /** Vectors of the given ids, or of the whole collection where ids is null. */
  vectors(collectionId: string, ids: readonly string[] | null, options?: StoreOptions): Promise<StoredVectors>
  /**
   * Nearest records of each vector by the server's own index, with Chroma's distances, nearest first; fewer where the index
   * finds fewer. Absent where no engine runs. `find` of the filter must be ''.
   * @throws AppError 'invalid-input' for another dimension
   */
  query?(request: StoreQuery, options?: StoreOptions): Promise<StoreNeighbours[]>
  /** Takes a new view of the store; earlier pages may differ. */
  refresh(options?: StoreOptions): Promise<void>
  /** Tells when somebody else changed the store after the view was taken. Returns how to stop listening. */
  onChanged(listener: () => void): () => void
  close(): Promise<void>
}
