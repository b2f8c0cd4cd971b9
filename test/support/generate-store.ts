import type { ApiCollectionRef, ApiRecords, ChromaApi, DatabaseRef } from '../../electron/store/server/api.ts'
import type { Metadata, MetadataValue } from '../../shared/domain/metadata.ts'
import type { Space } from '../../shared/domain/space.ts'
import type { TestEngine } from './engines.ts'
import { seededRandom, type Random } from './random.ts'

export interface GeneratedCollection extends ApiCollectionRef {
  readonly name: string
  readonly space: Space
  readonly dimension: number
}

export interface GenerateOptions {
  /** An empty or absent directory. */
  readonly directory: string
  readonly engine: TestEngine
  readonly seed: number
  /** Records added at first to each of the persisted collections; at least 1,100, so that the index is written. */
  readonly records?: number
  /** Spaces of the persisted collections; all three where absent. */
  readonly spaces?: readonly Space[]
}

export const defaultDatabase: DatabaseRef = { tenant: 'default_tenant', database: 'default_database' }

const words =
  'cache refund invoice password reset délai über naïve Straße 東京 データ мир שלום سلام 🙂 👩‍👩‍👧 100% under_score back\\slash "quoted" new\nline\ttab'.split(
    ' ',
  )
const integers = [0n, 1n, -1n, 2n, 3n, 42n, 9_007_199_254_740_993n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n]
const floats = [0, 1, 2, 2.5, 2.7, -2.5, 0.1, 1e300, -1e-300, 5e-324, 3]
const keys = ['kind', 'n', 'score', 'flag', 'mixed', 'with space', 'dotted.key', 'clé', '__proto__', '7'] as const

function text(random: Random, longest: number): string {
  return Array.from({ length: random.below(longest + 1) }, () => random.pick(words)).join(' ')
}

function scalar(random: Random): string | bigint | number | boolean {
  switch (random.below(4)) {
    case 0:
      return text(random, 3)
    case 1:
      return random.chance(0.5) ? random.pick(integers) : BigInt(random.below(10))
    case 2:
      return random.chance(0.5) ? random.pick(floats) : random.below(20) / 2
    default:
      return random.chance(0.5)
  }
}

function array(random: Random): MetadataValue {
  const length = 1 + random.below(4)
  const kind = random.below(4)
  if (kind === 0) return Array.from({ length }, () => random.pick(words))
  if (kind === 1) return Array.from({ length }, () => random.pick(integers))
  if (kind === 2) return Array.from({ length }, () => random.pick(floats))
  return Array.from({ length }, () => random.chance(0.5))
}

function metadataOf(random: Random, arrays: boolean): Metadata | null {
  if (random.chance(0.08)) return null
  const metadata: Metadata = new Map()
  if (random.chance(0.9)) metadata.set('kind', random.pick(['question', 'answer', 'note', '']))
  if (random.chance(0.8)) metadata.set('n', BigInt(random.below(12)))
  if (random.chance(0.8)) metadata.set('score', random.below(24) / 4)
  if (random.chance(0.5)) metadata.set('flag', random.chance(0.5))
  if (random.chance(0.5)) metadata.set('mixed', scalar(random))
  for (const key of keys.slice(5)) if (random.chance(0.15)) metadata.set(key, scalar(random))
  if (arrays && random.chance(0.4)) metadata.set('tags', array(random))
  return metadata.size === 0 ? null : metadata
}

function vectorOf(random: Random, dimension: number): Float32Array {
  const scale = random.pick([0.01, 1, 1, 40])
  return Float32Array.from({ length: dimension }, () => random.normal() * scale)
}

function documentOf(random: Random): string | null {
  if (random.chance(0.1)) return null
  return random.chance(0.03) ? '' : text(random, 14)
}

function recordsFor(ids: readonly string[], random: Random, dimension: number, arrays: boolean): ApiRecords {
  return {
    ids,
    embeddings: ids.map(() => vectorOf(random, dimension)),
    documents: ids.map(() => documentOf(random)),
    metadatas: ids.map(() => metadataOf(random, arrays)),
    uris: ids.map(() => (random.chance(0.15) ? `file:///pictures/${random.below(100)}.png` : null)),
  }
}

function newIds(prefix: string, from: number, count: number): string[] {
  const shapes = ['', ' spaced id', '-ü', '/slash', '-🙂', '%20', "'quote", '-long'.repeat(30)]
  return Array.from(
    { length: count },
    (_, index) => `${prefix}${from + index}${(from + index) % 9 === 0 ? (shapes[((from + index) / 9) % shapes.length] ?? '') : ''}`,
  )
}

function sample(random: Random, ids: readonly string[], share: number): string[] {
  return ids.filter(() => random.chance(share))
}

async function inBatches(ids: readonly string[], size: number, work: (batch: string[]) => Promise<void>): Promise<void> {
  for (let at = 0; at < ids.length; at += size) await work(ids.slice(at, at + size))
}

/** Changes of every kind to a part of the collection; returns the ids that were deleted. */
async function change(
  api: ChromaApi,
  collection: GeneratedCollection,
  random: Random,
  ids: readonly string[],
  share: number,
  arrays: boolean,
): Promise<string[]> {
  const { dimension } = collection
  const options = { size: 150 }
  await inBatches(sample(random, ids, share), options.size, (batch) =>
    api.update(collection, { ids: batch, embeddings: batch.map(() => vectorOf(random, dimension)) }),
  )
  await inBatches(sample(random, ids, share), options.size, (batch) =>
    api.update(collection, {
      ids: batch,
      metadatas: batch.map(
        () =>
          new Map<string, MetadataValue | null>([
            ['kind', random.chance(0.5) ? null : 'changed'],
            ['n', BigInt(random.below(12))],
            ['added', scalar(random)],
          ]),
      ),
    }),
  )
  await inBatches(sample(random, ids, share), options.size, (batch) =>
    api.update(collection, {
      ids: batch,
      embeddings: batch.map(() => vectorOf(random, dimension)),
      documents: batch.map(() => text(random, 9)),
    }),
  )
  const deleted = sample(random, ids, share)
  await inBatches(deleted, options.size, (batch) => api.delete(collection, batch))
  const again = sample(random, deleted, 0.4)
  await inBatches(again, options.size, (batch) => api.add(collection, recordsFor(batch, random, dimension, arrays)))
  const upserted = [...sample(random, ids, share / 2), ...newIds('upserted-', random.below(1000), 12)]
  await inBatches(upserted, options.size, (batch) => api.upsert(collection, recordsFor(batch, random, dimension, arrays)))
  // Ids that exist are left as they are by an add, and unknown ones by an update.
  await api.add(collection, recordsFor(ids.slice(-7), random, dimension, arrays))
  await api.update(collection, { ids: ['unknown id'], documents: ['never seen'], embeddings: [vectorOf(random, dimension)] })
  return deleted
}

async function makeCollection(
  api: ChromaApi,
  scope: DatabaseRef,
  name: string,
  space: Space,
  dimension: number,
  metadata: Metadata | null,
): Promise<GeneratedCollection> {
  const made = await api.createCollection(scope, { name, space, metadata })
  return { ...scope, id: made.id, name, space, dimension }
}

async function fillPersisted(
  api: ChromaApi,
  collection: GeneratedCollection,
  random: Random,
  records: number,
  arrays: boolean,
): Promise<void> {
  const ids = newIds(`${collection.space}-`, 0, records)
  await inBatches(ids, 250, (batch) => api.add(collection, recordsFor(batch, random, collection.dimension, arrays)))
  await change(api, collection, random, ids, 0.1, arrays)
  await change(api, collection, random, ids, 0.03, arrays)
  await api.add(collection, recordsFor(newIds('tail-', 0, 40), random, collection.dimension, arrays))
}

/**
 * Writes a store through a real engine and kills the engine: the same seed makes the same records. It holds collections of
 * all three spaces whose index was persisted and which have newer operations in the queue only, one that was never
 * persisted, one without documents, an empty one, one that was deleted, and one in another tenant and database.
 */
export async function generateStore(options: GenerateOptions): Promise<GeneratedCollection[]> {
  const random = seededRandom(options.seed)
  const arrays = options.engine.name === 'newest'
  const engines = await options.engine.create()
  try {
    const { api } = await engines.start(options.directory, { create: true, kind: options.engine.kind })
    const collections: GeneratedCollection[] = []
    for (const [index, space] of (options.spaces ?? (['l2', 'cosine', 'ip'] as const)).entries()) {
      const about: Metadata = new Map<string, MetadataValue>([
        ['made for', `tests of ${space}`],
        ['whole', 3n],
        ['float', 3],
        ['flag', true],
      ])
      const collection = await makeCollection(api, defaultDatabase, `persisted-${space}`, space, 6 + 5 * index, about)
      await fillPersisted(api, collection, random, options.records ?? 1100, arrays)
      collections.push(collection)
    }
    const young = await makeCollection(api, defaultDatabase, 'never-persisted', 'cosine', 4, null)
    await api.add(young, recordsFor(newIds('young-', 0, 60), random, 4, arrays))
    await change(api, young, random, newIds('young-', 0, 60), 0.2, arrays)
    const bare = await makeCollection(api, defaultDatabase, 'without-documents', 'l2', 3, null)
    const bareIds = newIds('bare-', 0, 30)
    await api.add(bare, { ids: bareIds, embeddings: bareIds.map(() => vectorOf(random, 3)) })
    const empty = await makeCollection(api, defaultDatabase, 'empty', 'l2', 0, null)
    const gone = await makeCollection(api, defaultDatabase, 'deleted', 'l2', 2, null)
    await api.add(gone, { ids: ['a'], embeddings: [vectorOf(random, 2)], documents: ['left behind'] })
    await api.deleteCollection(defaultDatabase, 'deleted')
    const elsewhere = { tenant: 'other-tenant', database: 'other-database' }
    await api.createTenant(elsewhere.tenant)
    await api.createDatabase(elsewhere)
    const foreign = await makeCollection(api, elsewhere, 'elsewhere', 'ip', 5, null)
    await api.add(foreign, recordsFor(newIds('foreign-', 0, 25), random, 5, arrays))
    return [...collections, young, bare, empty, foreign]
  } finally {
    await engines.close()
  }
}
