import type { z } from 'zod'
import type { Metadata, MetadataValue } from '../../../shared/domain/metadata.ts'
import type { Space } from '../../../shared/domain/space.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { answerError } from './answer-error.ts'
import * as schemas from './api-schemas.ts'
import type { ApiCollection, ApiDatabase, GetAnswer, QueryAnswer } from './api-schemas.ts'
import { Http, type HttpRequest } from './http.ts'
import { parseLossless, printLossless, RawJson } from './lossless-json.ts'

/** Whether a request changes nothing, so that it does not matter how far it came. */
function isRead(method: HttpRequest['method'], path: string): boolean {
  return method === 'GET' || /\/(?:get|query|count|search)$/.test(path)
}

export interface ApiOptions {
  /** Address of the server, before `/api/v2`. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds without a byte before a request fails; 120,000 where left out. */
  readonly idleTimeout?: number
}

export interface DatabaseRef {
  readonly tenant: string
  readonly database: string
}

export interface ApiCollectionRef extends DatabaseRef {
  readonly id: string
}

/** Records to write, column by column; all columns have the length of `ids`. */
export interface ApiRecords {
  readonly ids: readonly string[]
  /** Row-major is not needed here: one typed array per record, null where the vector stays as it is (update only). */
  readonly embeddings?: readonly (Float32Array | null)[] | undefined
  readonly documents?: readonly (string | null)[] | undefined
  /** In an update or upsert a null value removes the key. */
  readonly metadatas?: readonly (ReadonlyMap<string, MetadataValue | null> | null)[] | undefined
  readonly uris?: readonly (string | null)[] | undefined
}

export interface GetRequest {
  readonly ids?: readonly string[] | undefined
  /** JSON text of `where` and `where_document`. */
  readonly where?: string | null | undefined
  readonly whereDocument?: string | null | undefined
  readonly limit?: number | undefined
  readonly offset?: number | undefined
  readonly include: readonly ('documents' | 'metadatas' | 'uris')[]
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

export interface NewCollection {
  readonly name: string
  readonly metadata?: Metadata | null
  readonly space?: Space
  /** JSON text of a whole configuration; stands in for `space`. */
  readonly configuration?: string
  readonly getOrCreate?: boolean
}

const segment = encodeURIComponent

function rawOrNothing(text: string | null | undefined): RawJson | undefined {
  return text === null || text === undefined ? undefined : new RawJson(text)
}

/**
 * Chroma's HTTP API v2, with a JSON codec that keeps integers, floats and 64-bit numbers apart (the JavaScript client
 * of Chroma does not, and imports modules named by the database). Every answer is validated. Methods throw AppError:
 * 'unreachable', 'unauthorised', 'not-found', 'invalid-input' (Chroma refused the values), 'conflict', 'not-a-store'
 * (no Chroma answers there), 'engine-failed' (Chroma failed; the operation may or may not have been done), 'cancelled'.
 */
export class ChromaApi {
  readonly #http: Http
  readonly #calls = new Set<Promise<unknown>>()
  #base64: Promise<boolean> | null = null

  constructor(options: ApiOptions) {
    this.#http = new Http({ url: new URL(options.url), headers: options.headers ?? {}, idleTimeout: options.idleTimeout ?? 120_000 })
  }

  get host(): string {
    return this.#http.host
  }

  /** Resolves once every call has been answered, with all the requests it consists of. */
  async settled(): Promise<void> {
    while (this.#calls.size > 0) await Promise.allSettled(this.#calls)
  }

  close(): void {
    this.#http.close()
  }

  /** Status and text of a request below the server's address, whatever they are. */
  raw(request: HttpRequest): Promise<{ status: number; type: string; text: string }> {
    return this.#http.send(request)
  }

  version(options?: CallOptions): Promise<string> {
    return this.#ask('GET', '/version', schemas.versionSchema, undefined, options)
  }

  async heartbeat(options?: CallOptions): Promise<void> {
    await this.#ask('GET', '/heartbeat', schemas.anythingSchema, undefined, options)
  }

  async preFlight(options?: CallOptions): Promise<{ maxBatchSize: number; base64: boolean }> {
    const answer = await this.#ask('GET', '/pre-flight-checks', schemas.preFlightSchema, undefined, options)
    return { maxBatchSize: answer.max_batch_size ?? 300, base64: answer.supports_base64_encoding ?? false }
  }

  /** Tenant and databases the token stands for. */
  async identity(options?: CallOptions): Promise<{ tenant: string | null; databases: string[] }> {
    const answer = await this.#ask('GET', '/auth/identity', schemas.identitySchema, undefined, options)
    return { tenant: answer.tenant ?? null, databases: answer.databases ?? [] }
  }

  async createTenant(name: string, options?: CallOptions): Promise<void> {
    await this.#ask('POST', '/tenants', schemas.anythingSchema, { name }, options)
  }

  tenant(name: string, options?: CallOptions): Promise<{ name: string }> {
    return this.#ask('GET', `/tenants/${segment(name)}`, schemas.tenantSchema, undefined, options)
  }

  databases(tenant: string, options?: CallOptions): Promise<ApiDatabase[]> {
    return this.#all(`/tenants/${segment(tenant)}/databases`, schemas.databaseSchema, options)
  }

  database({ tenant, database }: DatabaseRef, options?: CallOptions): Promise<ApiDatabase> {
    return this.#ask('GET', `/tenants/${segment(tenant)}/databases/${segment(database)}`, schemas.databaseSchema, undefined, options)
  }

  async createDatabase({ tenant, database }: DatabaseRef, options?: CallOptions): Promise<void> {
    await this.#ask('POST', `/tenants/${segment(tenant)}/databases`, schemas.anythingSchema, { name: database }, options)
  }

  collections(scope: DatabaseRef, options?: CallOptions): Promise<ApiCollection[]> {
    return this.#all(`${this.#scope(scope)}/collections`, schemas.collectionSchema, options)
  }

  /** A collection by its name. */
  collection(scope: DatabaseRef, name: string, options?: CallOptions): Promise<ApiCollection> {
    return this.#ask('GET', `${this.#scope(scope)}/collections/${segment(name)}`, schemas.collectionSchema, undefined, options)
  }

  createCollection(scope: DatabaseRef, collection: NewCollection, options?: CallOptions): Promise<ApiCollection> {
    const configuration = collection.configuration ?? (collection.space ? JSON.stringify({ hnsw: { space: collection.space } }) : null)
    const body = {
      name: collection.name,
      metadata: collection.metadata ?? undefined,
      configuration: rawOrNothing(configuration),
      get_or_create: collection.getOrCreate ?? false,
    }
    return this.#ask('POST', `${this.#scope(scope)}/collections`, schemas.collectionSchema, body, options)
  }

  /** Deletes a collection, named by its name (not its id). */
  async deleteCollection(scope: DatabaseRef, name: string, options?: CallOptions): Promise<void> {
    await this.#ask('DELETE', `${this.#scope(scope)}/collections/${segment(name)}`, schemas.anythingSchema, undefined, options)
  }

  /** Changes a collection; what is left out stays. Metadata replaces all there was, and cannot be empty. */
  async modifyCollection(
    collection: ApiCollectionRef,
    { name, metadata }: { readonly name?: string | undefined; readonly metadata?: Metadata | undefined },
    options?: CallOptions,
  ): Promise<void> {
    const body = { new_name: name, new_metadata: metadata }
    await this.#ask('PUT', this.#records(collection), schemas.anythingSchema, body, options)
  }

  count(collection: ApiCollectionRef, options?: CallOptions): Promise<number> {
    return this.#ask('GET', `${this.#records(collection)}/count`, schemas.countSchema, undefined, options)
  }

  get(collection: ApiCollectionRef, request: GetRequest, options?: CallOptions): Promise<GetAnswer> {
    return this.#ask('POST', `${this.#records(collection)}/get`, schemas.getAnswerSchema, this.#getBody(request, request.include), options)
  }

  /** Vectors as float32; null for a record without one. Components that are not finite come as NaN. */
  async vectors(
    collection: ApiCollectionRef,
    request: Omit<GetRequest, 'include'>,
    options?: CallOptions,
  ): Promise<{ ids: string[]; vectors: (Float32Array<ArrayBuffer> | null)[] }> {
    const body = this.#getBody(request, ['embeddings'])
    const answer = await this.#ask('POST', `${this.#records(collection)}/get`, schemas.vectorsAnswerSchema, body, options, JSON.parse)
    const vectors = answer.ids.map((_, index) => {
      const numbers = answer.embeddings?.[index]
      return numbers ? Float32Array.from(numbers, (value) => value ?? Number.NaN) : null
    })
    return { ids: answer.ids, vectors }
  }

  /** Nearest records of each vector, with Chroma's own distances. */
  query(
    collection: ApiCollectionRef,
    request: { vectors: readonly Float32Array[]; results: number; where?: string | null; whereDocument?: string | null },
    options?: CallOptions,
  ): Promise<QueryAnswer> {
    const body = {
      query_embeddings: request.vectors.map((vector) => Array.from(vector)),
      n_results: request.results,
      where: rawOrNothing(request.where),
      where_document: rawOrNothing(request.whereDocument),
      include: ['distances', 'documents', 'metadatas'],
    }
    return this.#ask('POST', `${this.#records(collection)}/query`, schemas.queryAnswerSchema, body, options)
  }

  /** Adds records; those whose id exists are silently left as they are, as Chroma does. */
  add(collection: ApiCollectionRef, records: ApiRecords, options?: CallOptions): Promise<void> {
    return this.#tracked(this.#write(collection, 'add', records, options))
  }

  upsert(collection: ApiCollectionRef, records: ApiRecords, options?: CallOptions): Promise<void> {
    return this.#tracked(this.#write(collection, 'upsert', records, options))
  }

  update(collection: ApiCollectionRef, records: ApiRecords, options?: CallOptions): Promise<void> {
    return this.#tracked(this.#write(collection, 'update', records, options))
  }

  /** Deletes by id only: Chroma's filters match more than they say, so a filter never deletes. */
  async delete(collection: ApiCollectionRef, ids: readonly string[], options?: CallOptions): Promise<void> {
    if (ids.length === 0) return
    await this.#ask('POST', `${this.#records(collection)}/delete`, schemas.anythingSchema, { ids }, options)
  }

  #scope({ tenant, database }: DatabaseRef): string {
    return `/tenants/${segment(tenant)}/databases/${segment(database)}`
  }

  #records(collection: ApiCollectionRef): string {
    return `${this.#scope(collection)}/collections/${segment(collection.id)}`
  }

  #getBody(request: Omit<GetRequest, 'include'>, include: readonly string[]): Record<string, unknown> {
    return {
      ids: request.ids,
      where: rawOrNothing(request.where),
      where_document: rawOrNothing(request.whereDocument),
      limit: request.limit,
      offset: request.offset,
      include,
    }
  }

  async #write(collection: ApiCollectionRef, verb: 'add' | 'upsert' | 'update', records: ApiRecords, options?: CallOptions): Promise<void> {
    if (records.ids.length === 0) return
    this.#base64 ??= this.preFlight(options).then((answer) => answer.base64)
    const base64 = await this.#base64.catch((error: unknown) => {
      this.#base64 = null
      throw error
    })
    const body = { ...records, embeddings: records.embeddings?.map((vector) => (vector === null ? null : embeddingOnWire(vector, base64))) }
    await this.#ask('POST', `${this.#records(collection)}/${verb}`, schemas.anythingSchema, body, options)
  }

  async #all<Item>(path: string, schema: z.ZodType<Item>, options?: CallOptions): Promise<Item[]> {
    const pageSize = 1000
    const found: Item[] = []
    for (;;) {
      const page = await this.#ask('GET', `${path}?limit=${pageSize}&offset=${found.length}`, schema.array(), undefined, options)
      found.push(...page)
      if (page.length < pageSize) return found
    }
  }

  #tracked<Output>(call: Promise<Output>): Promise<Output> {
    this.#calls.add(call)
    const done = (): void => void this.#calls.delete(call)
    call.then(done, done)
    return call
  }

  #ask<Output>(
    method: HttpRequest['method'],
    path: string,
    schema: z.ZodType<Output>,
    body: unknown,
    options?: CallOptions,
    parse: (text: string) => unknown = parseLossless,
  ): Promise<Output> {
    return this.#tracked(this.#exchange(method, path, schema, body, options, parse))
  }

  async #exchange<Output>(
    method: HttpRequest['method'],
    path: string,
    schema: z.ZodType<Output>,
    body: unknown,
    options: CallOptions | undefined,
    parse: (text: string) => unknown,
  ): Promise<Output> {
    const request = {
      method,
      path: `/api/v2${path}`,
      signal: options?.signal,
      ...(body === undefined ? {} : { body: printLossless(body) }),
    }
    const answer = await this.#http.send(request)
    if (answer.status < 200 || answer.status > 299) throw answerError(answer, this.host, isRead(method, path))
    const parsed = schema.safeParse(parseBody(answer.text, this.host, parse))
    if (!parsed.success) throw notChroma(this.host, parsed.error)
    return parsed.data
  }
}

function parseBody(text: string, host: string, parse: (text: string) => unknown): unknown {
  try {
    return text === '' ? null : parse(text)
  } catch (error) {
    throw notChroma(host, error)
  }
}

function notChroma(host: string, cause: unknown): AppError {
  return new AppError('not-a-store', `${host} answers, but not as a Chroma server does.`, 'Check the address and the path of the server.', {
    cause,
  })
}

/** Base64 of little-endian float32 where the server reads it: exact and a third of the size. */
function embeddingOnWire(vector: Float32Array, base64: boolean): string | number[] {
  if (!vector.every(Number.isFinite)) {
    throw new AppError('invalid-input', 'A vector holds a number that is not finite.', 'Replace or leave out this vector.')
  }
  if (!base64) return Array.from(vector)
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')
}
