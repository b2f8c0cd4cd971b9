import { stringify } from 'lossless-json'
import type { Catalog, CollectionDetail, CollectionSummary } from '../../../shared/contract/collections.ts'
import type { Space } from '../../../shared/domain/space.ts'
import { AppError, toWireError } from '../../../shared/rpc/errors.ts'
import { findSpace } from '../directory/find-space.ts'
import type { StoreOptions } from '../store.ts'
import type { ApiCollection, ApiDatabase } from './api-schemas.ts'
import type { ApiCollectionRef } from './api.ts'
import type { Connected } from './connect.ts'

export interface ServerCollection extends ApiCollectionRef {
  readonly stored: ApiCollection
  readonly space: Space
  readonly spaceSource: string
}

const parallelCounts = 6

function jsonText(value: unknown): string | null {
  return value === null || value === undefined ? null : (stringify(value, undefined, 2) ?? null)
}

/** Tenant, databases and collections of a server, as they were when last looked at. */
export class ServerCatalog {
  readonly #connected: Connected
  #collections: Map<string, ServerCollection> | null = null
  #databases: ApiDatabase[] = []

  constructor(connected: Connected) {
    this.#connected = connected
  }

  forget(): void {
    this.#collections = null
  }

  /** @throws AppError 'not-found' */
  async collection(id: string, options: StoreOptions = {}): Promise<ServerCollection> {
    const found = (await this.#load(options)).get(id)
    if (!found) throw new AppError('not-found', 'The server has no such collection any more.', 'Refresh the view.')
    return found
  }

  async catalog(options: StoreOptions = {}): Promise<Catalog> {
    const collections = [...(await this.#load(options)).values()]
    const summaries = new Map<string, CollectionSummary>()
    const waiting = [...collections]
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        summaries.set(next.id, await this.#summary(next, options))
        options.onProgress?.('Counting records', summaries.size, collections.length)
      }
    }
    await Promise.all(Array.from({ length: parallelCounts }, work))
    const databases = this.#databases.map(({ id, name }) => ({
      id,
      name,
      collections: collections
        .filter((item) => item.database === name)
        .map((item) => summaries.get(item.id))
        .filter((item) => item !== undefined),
    }))
    return { tenants: [{ name: this.#connected.tenant, databases }] }
  }

  async detail(id: string, options: StoreOptions = {}): Promise<CollectionDetail> {
    const collection = await this.collection(id, options)
    const { stored } = collection
    return {
      summary: await this.#summary(collection, options),
      metadata: stored.metadata,
      spaceSource: collection.spaceSource,
      configuration: jsonText(stored.configuration_json),
      schema: jsonText(stored.schema),
      embeddingFunction: embeddingFunctionOf(stored),
      index: {
        state: 'remote',
        folder: null,
        elements: null,
        deletedElements: null,
        capacity: null,
        parameters: parametersOf(stored),
        bytes: null,
      },
      queue: null,
      records: null,
    }
  }

  async #load(options: StoreOptions): Promise<Map<string, ServerCollection>> {
    if (this.#collections) return this.#collections
    const { api, tenant } = this.#connected
    const databases = await this.#connected.databases(options)
    const found = new Map<string, ServerCollection>()
    for (const database of databases) {
      const scope = { tenant, database: database.name }
      for (const stored of await api.collections(scope, options)) {
        const ref = { ...scope, id: stored.id }
        found.set(stored.id, { ...ref, stored, ...(await this.#space(ref, stored, options)) })
      }
    }
    this.#databases = databases
    this.#collections = found
    return found
  }

  async #summary(collection: ServerCollection, options: StoreOptions): Promise<CollectionSummary> {
    const { id, tenant, database, stored, space } = collection
    const base = { id, name: stored.name, tenant, database, dimension: stored.dimension, space, bytes: null }
    try {
      return { ...base, count: await this.#connected.api.count(collection, options), problem: null }
    } catch (error) {
      const { code, message } = toWireError(error)
      if (code === 'cancelled') throw error
      return { ...base, count: null, problem: message }
    }
  }

  /**
   * Servers report the space of old collections as l2 although their distances follow `hnsw:space` of the metadata. Where
   * the two differ, one query tells: a record's own vector, doubled, has distance |v|^2, 0 or 1 - 2|v|^2.
   */
  async #space(ref: ApiCollectionRef, stored: ApiCollection, options: StoreOptions): Promise<{ space: Space; spaceSource: string }> {
    const told = findSpace({
      schema: jsonText(stored.schema),
      configuration: jsonText(stored.configuration_json),
      metadata: null,
      segmentMetadata: null,
    })
    const named = findSpace({ schema: null, configuration: null, metadata: stored.metadata, segmentMetadata: null })
    if (!stored.metadata?.has('hnsw:space') || named.space === told.space) return told
    const measured = await this.#measureSpace(ref, options)
    return measured === null ? named : measured === told.space ? told : { space: measured, spaceSource: named.spaceSource }
  }

  async #measureSpace(ref: ApiCollectionRef, options: StoreOptions): Promise<Space | null> {
    const { api } = this.#connected
    try {
      const { ids, vectors } = await api.vectors(ref, { limit: 20, offset: 0 }, options)
      const at = vectors.findIndex((candidate) => candidate?.some((value) => value !== 0))
      const vector = vectors[at]
      if (!vector) return null
      const answer = await api.query(ref, { vectors: [vector.map((value) => 2 * value)], results: 20 }, options)
      const place = answer.ids[0]?.indexOf(ids[at] ?? '') ?? -1
      const distance = answer.distances?.[0]?.[place]
      if (distance === null || distance === undefined) return null
      const norm2 = vector.reduce((sum, value) => sum + value * value, 0)
      const expected: [Space, number][] = [
        ['l2', norm2],
        ['cosine', 0],
        ['ip', 1 - 2 * norm2],
      ]
      const near = expected.filter(([, value]) => Math.abs(value - distance) <= 1e-3 * Math.max(1, Math.abs(value)))
      return near.length === 1 ? (near[0]?.[0] ?? null) : null
    } catch (error) {
      if (error instanceof AppError && (error.code === 'engine-failed' || error.code === 'invalid-input')) return null
      throw error
    }
  }
}

function objectAt(value: unknown, ...keys: readonly string[]): Record<string, unknown> | null {
  let found = value
  for (const key of [null, ...keys]) {
    if (key !== null) found = (found as Record<string, unknown>)[key]
    if (typeof found !== 'object' || found === null) return null
  }
  return found as Record<string, unknown>
}

function embeddingFunctionOf(stored: ApiCollection): CollectionDetail['embeddingFunction'] {
  const found =
    objectAt(stored.configuration_json, 'embedding_function') ??
    objectAt(stored.schema, 'keys', '#embedding', 'float_list', 'vector_index', 'config', 'embedding_function')
  if (!found) return null
  const { name, type, config } = found
  return { name: typeof name === 'string' ? name : '', type: typeof type === 'string' ? type : 'unknown', configuration: jsonText(config) }
}

function parametersOf(stored: ApiCollection): { name: string; value: string }[] {
  const hnsw = objectAt(stored.configuration_json, 'hnsw')
  const spann = objectAt(stored.configuration_json, 'spann')
  return Object.entries(hnsw ?? spann ?? {})
    .filter(([, value]) => value !== null && typeof value !== 'object')
    .map(([name, value]) => ({ name, value: String(value) }))
}
