import { stat } from 'node:fs/promises'
import { AppError } from '../../../shared/rpc/errors.ts'
import { Kept } from '../kept.ts'
import { readCollections, readDatabases, readTenants, type StoredCollection, type StoredDatabase } from './collections.ts'
import { type IndexStamps, segmentFolder, stampIndex } from './index-files.ts'
import { Findings } from './findings.ts'
import { readFormatVersion } from './format-version.ts'
import { countMembers, largestRow, type Members, readMembers } from './members.ts'
import { type Replay, replayMetadata } from './metadata-replay.ts'
import { MetadataSource } from './metadata-source.ts'
import { type PrivateCopy, takePrivateCopy } from './private-copy.ts'
import type { RowSet } from './row-set.ts'
import { salvage } from './salvage.ts'
import { adaptSchema, type Schema } from './schema.ts'
import { Sqlite } from './sqlite.ts'
import { readValueColumn, type ValueColumn } from './value-column.ts'
import { readVectorIndex, type VectorIndex } from './vector-index.ts'

export interface SessionOptions {
  readonly directory: string
  readonly scratch: string
  readonly signal?: AbortSignal
}

/** One moment of a store: the private copy, what is known about it, and what was worked out from it. */
export class Session {
  readonly directory: string
  readonly copy: PrivateCopy
  readonly database: Sqlite
  readonly schema: Schema
  readonly tenants: readonly string[]
  readonly databases: readonly StoredDatabase[]
  readonly collections: ReadonlyMap<string, StoredCollection>
  readonly rowLimit: number
  /** What was applied to the copy from the write-ahead queue. */
  readonly replay: Replay
  readonly findings = new Findings()
  readonly formatVersion: string | null
  readonly metadata: MetadataSource
  /** Orders of views, and sets of filters, that were used last. */
  readonly orders = new Kept<Float64Array>({ most: 12 })
  readonly filters = new Kept<RowSet>({ most: 24 })
  /** Rows by the ids that were asked for last, or by all ids of the collection. */
  knownRows: { readonly collectionId: string; readonly rows: ReadonlyMap<string, number>; readonly areAll: boolean } | null = null
  readonly #columns = new Kept<ValueColumn>({ most: 8 })
  readonly #vectors = new Kept<VectorIndex>({ most: 4 })
  /** The index files of each collection as they were when the copy was taken. */
  readonly indexStamps: ReadonlyMap<string, IndexStamps>
  readonly #members = new Kept<Members>({ most: Infinity })
  readonly #knownMembers = new Set<string>()
  readonly #counts = new Map<string, number>()
  #uses = 0
  #retired = false

  private constructor(directory: string, copy: PrivateCopy, database: Sqlite, indexStamps: Map<string, IndexStamps>) {
    this.indexStamps = indexStamps
    this.directory = directory
    this.copy = copy
    this.database = database
    this.schema = adaptSchema(database)
    this.tenants = readTenants(database)
    this.databases = readDatabases(database)
    this.collections = new Map(readCollections(database).map((collection) => [collection.id, collection]))
    this.replay = this.#replay()
    this.formatVersion = readFormatVersion(database)
    this.rowLimit = largestRow(database)
    this.metadata = new MetadataSource(database, this.schema, this.rowLimit)
  }

  /**
   * Takes a view of the store. Where the database is lost or beyond reading, it is made up from what the segment folders tell.
   * @throws AppError as {@link takePrivateCopy} and {@link adaptSchema} do
   */
  static async open({ directory, scratch, signal }: SessionOptions): Promise<Session> {
    const copy = await takePrivateCopy(directory, scratch, signal)
    try {
      return await Session.#onCopy(directory, copy, copy.file)
    } catch (error) {
      try {
        const isHopeless = error instanceof AppError && (error.code === 'damaged' || error.code === 'not-a-store')
        const session = isHopeless ? await Session.#salvaged(directory, copy, error) : null
        if (session) return session
      } catch (again) {
        await copy.remove()
        throw again
      }
      await copy.remove()
      throw error
    }
  }

  static async #onCopy(directory: string, copy: PrivateCopy, file: string): Promise<Session> {
    const { size } = await stat(file)
    const database = new Sqlite(file, { readOnly: !copy.isCopy && file === copy.file, bytes: size })
    try {
      const indexStamps = new Map<string, IndexStamps>()
      const session = new Session(directory, copy, database, indexStamps)
      for (const { id, vectorSegment } of session.collections.values()) {
        const folder = vectorSegment ? segmentFolder(directory, vectorSegment.id) : null
        if (folder) indexStamps.set(id, await stampIndex(folder))
      }
      return session
    } catch (error) {
      database.close()
      throw error
    }
  }

  static async #salvaged(directory: string, copy: PrivateCopy, reason: AppError): Promise<Session | null> {
    const findings = new Findings()
    const file = await salvage(directory, copy.folder, findings)
    if (!file) return null
    const session = await Session.#onCopy(directory, copy, file)
    session.findings.add(
      'error',
      'database-lost',
      `The database cannot be used: ${reason.message} Ids and vectors are shown as far as the index folders hold them.`,
      'Look for a backup of chroma.sqlite3. Do not start an engine on this folder: it would begin with an empty database.',
    )
    for (const { severity, code, message, remedy, collectionId } of findings.list())
      session.findings.add(severity, code, message, remedy, collectionId)
    return session
  }

  #replay(): Replay {
    const nothing = { applied: 0, refused: [] }
    if (!this.copy.isCopy) return { ...nothing, problem: null }
    try {
      return replayMetadata(this.database, this.schema, this.collections.values())
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return { ...nothing, problem: error.message }
    }
  }

  /** @throws AppError 'not-found' */
  collection(collectionId: string): StoredCollection {
    const collection = this.collections.get(collectionId)
    if (!collection) {
      throw new AppError('not-found', 'The store has no such collection.', 'It may have been deleted or renamed since; choose another one.')
    }
    return collection
  }

  count(collection: StoredCollection): number {
    const count = this.#counts.get(collection.id) ?? countMembers(this.database, collection.metadataSegment)
    this.#counts.set(collection.id, count)
    return count
  }

  /** Kept once read. */
  members(collection: StoredCollection, signal?: AbortSignal): Promise<Members> {
    return this.#members.get(collection.id, signal, async () => {
      const members = await readMembers(this.database, collection, this.rowLimit, signal)
      this.#knownMembers.add(collection.id)
      return members
    })
  }

  /** Whether `members` answers at once. */
  knowsMembers(collection: StoredCollection): boolean {
    return this.#knownMembers.has(collection.id)
  }

  /** All values of a metadata key, kept for a while. */
  column(members: Members, key: string, signal?: AbortSignal): Promise<ValueColumn> {
    return this.#columns.get(`${members.collectionId} ${key}`, signal, () => readValueColumn(this, members, key, signal))
  }

  /** Where the vectors of a collection are, kept for a while. */
  vectorIndex(collection: StoredCollection, signal?: AbortSignal): Promise<VectorIndex> {
    return this.#vectors.get(collection.id, signal, async () =>
      readVectorIndex(this, collection, await this.members(collection, signal), signal),
    )
  }

  /** Keeps the session alive while `work` runs, even if a newer one takes its place meanwhile. */
  async use<Value>(work: (session: Session) => Promise<Value>): Promise<Value> {
    this.#uses += 1
    try {
      return await work(this)
    } finally {
      this.#uses -= 1
      await this.#endIfUnused()
    }
  }

  /** Closes the database and removes the copy as soon as nothing uses them. */
  async retire(): Promise<void> {
    this.#retired = true
    await this.#endIfUnused()
  }

  async #endIfUnused(): Promise<void> {
    if (!this.#retired || this.#uses > 0) return
    this.#uses = Number.NaN
    this.database.close()
    await this.copy.remove()
  }
}
