import type { Metadata } from '../../../shared/domain/metadata.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { StoreOptions, StoredVectors } from '../store.ts'
import type { GetAnswer } from './api-schemas.ts'
import type { ApiCollectionRef, ChromaApi, GetRequest } from './api.ts'

/** Ids of a collection in stored order with their metadata, as read in pages. */
export interface Scan {
  readonly ids: readonly string[]
  readonly metadatas: readonly (Metadata | null)[]
}

interface PageSizes {
  readonly records: number
  readonly ids: number
}

/** Cloud gives at most a few hundred records at once; a server of one's own takes thousands. */
const cloudPages: PageSizes = { records: 250, ids: 250 }
const serverPages: PageSizes = { records: 2000, ids: 10_000 }
const bytesPerVectorPage = 16_000_000

function recordsOf(answer: GetAnswer): StoredRecord[] {
  return answer.ids.map((id, index) => ({
    id,
    document: answer.documents?.[index] ?? null,
    metadata: answer.metadatas?.[index] ?? null,
    uri: answer.uris?.[index] ?? null,
  }))
}

/** Says that records came or went while they were read. */
export function changedMeanwhile(): AppError {
  return new AppError('stale', 'Records were added or deleted on the server since this view was taken.', 'Refresh the view.')
}

/** Reads many records of a server in pages of a size that it takes. */
export class ServerRecords {
  readonly #api: ChromaApi
  readonly #pages: PageSizes

  constructor(api: ChromaApi, isCloud: boolean) {
    this.#api = api
    this.#pages = isCloud ? cloudPages : serverPages
  }

  /** Records at these places of the stored order. */
  async range(collection: ApiCollectionRef, offset: number, limit: number, options: StoreOptions): Promise<StoredRecord[]> {
    const found: StoredRecord[] = []
    while (found.length < limit) {
      const size = Math.min(this.#pages.records, limit - found.length)
      const answer = await this.#api.get(
        collection,
        { limit: size, offset: offset + found.length, include: ['documents', 'metadatas', 'uris'] },
        options,
      )
      found.push(...recordsOf(answer))
      if (answer.ids.length < size) break
    }
    return found
  }

  /** Records with these ids, in stored order within each page of ids. */
  async byIds(collection: ApiCollectionRef, ids: readonly string[], options: StoreOptions): Promise<StoredRecord[]> {
    const found: StoredRecord[] = []
    for (let at = 0; at < ids.length; at += this.#pages.records) {
      const page = ids.slice(at, at + this.#pages.records)
      found.push(...recordsOf(await this.#api.get(collection, { ids: page, include: ['documents', 'metadatas', 'uris'] }, options)))
    }
    return found
  }

  async metadatasOf(collection: ApiCollectionRef, ids: readonly string[], options: StoreOptions): Promise<(Metadata | null)[]> {
    const found: (Metadata | null)[] = []
    for (let at = 0; at < ids.length; at += this.#pages.records) {
      const answer = await this.#api.get(collection, { ids: ids.slice(at, at + this.#pages.records), include: ['metadatas'] }, options)
      found.push(...answer.ids.map((_, index) => answer.metadatas?.[index] ?? null))
      options.onProgress?.('Reading metadata', Math.min(ids.length, at + this.#pages.records), ids.length)
    }
    return found
  }

  /** Ids that match the server's own filters, in stored order. */
  async matchingIds(
    collection: ApiCollectionRef,
    filter: Pick<GetRequest, 'where' | 'whereDocument'>,
    options: StoreOptions,
  ): Promise<string[]> {
    const ids: string[] = []
    await this.#each(
      collection,
      filter,
      [],
      this.#pages.ids,
      'Filtering on the server',
      null,
      options,
      (answer) => void ids.push(...answer.ids),
    )
    return ids
  }

  /** All ids and metadata. @throws AppError 'stale' where the collection changes faster than it can be read */
  async scan(collection: ApiCollectionRef, options: StoreOptions): Promise<Scan> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const before = await this.#api.count(collection, options)
      const ids: string[] = []
      const metadatas: (Metadata | null)[] = []
      await this.#each(collection, {}, ['metadatas'], this.#pages.records, 'Reading metadata', before, options, (answer) => {
        ids.push(...answer.ids)
        metadatas.push(...answer.ids.map((_, index) => answer.metadatas?.[index] ?? null))
      })
      // Paging by offset skips or repeats records when others are deleted or added meanwhile.
      if (ids.length === before && new Set(ids).size === before) return { ids, metadatas }
    }
    throw changedMeanwhile()
  }

  /** Calls `visit` with every id and document in stored order. */
  async documents(
    collection: ApiCollectionRef,
    options: StoreOptions,
    visit: (id: string, document: string | null) => void,
  ): Promise<void> {
    const total = await this.#api.count(collection, options)
    await this.#each(collection, {}, ['documents'], this.#pages.records, 'Reading documents', total, options, (answer) => {
      for (const [index, id] of answer.ids.entries()) visit(id, answer.documents?.[index] ?? null)
    })
  }

  /** Vectors in stored order; where ids is null, those of the whole collection. */
  async vectors(
    collection: ApiCollectionRef,
    ids: readonly string[] | null,
    dimension: number,
    options: StoreOptions,
  ): Promise<StoredVectors> {
    const total = ids?.length ?? (await this.#api.count(collection, options))
    const size = Math.max(1, Math.min(this.#pages.records, Math.floor(bytesPerVectorPage / Math.max(1, dimension * 4))))
    const found: string[] = []
    const missing: string[] = []
    const data = new Float32Array(total * dimension)
    for (let offset = 0; offset < total; offset += size) {
      const request = ids === null ? { limit: size, offset } : { ids: ids.slice(offset, offset + size) }
      const page = await this.#api.vectors(collection, request, options)
      for (const [index, id] of page.ids.entries()) {
        const vector = page.vectors[index]
        if (!vector || vector.length !== dimension || found.length >= total) {
          missing.push(id)
          continue
        }
        data.set(vector, found.length * dimension)
        found.push(id)
      }
      options.onProgress?.('Reading vectors', Math.min(total, offset + size), total)
    }
    return { ids: found, dimension, data: data.subarray(0, found.length * dimension), missing }
  }

  async #each(
    collection: ApiCollectionRef,
    filter: Pick<GetRequest, 'where' | 'whereDocument'>,
    include: GetRequest['include'],
    size: number,
    stage: string,
    total: number | null,
    options: StoreOptions,
    visit: (answer: GetAnswer) => void,
  ): Promise<void> {
    for (let offset = 0; ; offset += size) {
      const answer = await this.#api.get(collection, { ...filter, include, limit: size, offset }, options)
      visit(answer)
      options.onProgress?.(stage, offset + answer.ids.length, total)
      if (answer.ids.length < size) return
    }
  }
}
