import type { Metadata } from '../../shared/domain/metadata.ts'
import { createHashingEmbedder } from '../embedder/hashing.ts'
import { makeChatMemory } from './chat-memory.ts'
import { findLookalikes } from './lookalikes.ts'
import { makeLookupLog, type LookupLine } from './lookup-log.ts'
import { createRandom } from './random.ts'
import { sampleThreshold } from './reference-lookup.ts'
import type { SampleRecord } from './sample-record.ts'
import { cacheMetadata, entriesByGroup, makeSupportCache, referenceTime, type SupportCache } from './support-cache.ts'
import type { SampleTruth } from './truth.ts'
import { dot, rounded, row, type VectorRows } from './vectors.ts'

export interface SampleCollection {
  readonly name: string
  readonly metadata: Metadata
  readonly records: readonly SampleRecord[]
  /** One row per record. */
  readonly vectors: VectorRows
}

export interface SampleContent {
  readonly collections: readonly SampleCollection[]
  readonly lookups: readonly LookupLine[]
  readonly truth: SampleTruth
}

/** Retyped questions this similar are near-duplicates rather than other wordings. */
const nearDuplicate = 0.93

function planted(cache: SupportCache, vectors: VectorRows): SampleTruth['supportCache'] {
  const indexById = new Map(cache.entries.map((entry, index) => [entry.id, index]))
  const byGroup = entriesByGroup(cache.entries)
  const groups = cache.groups.flatMap(({ id, namespace, topic }) => {
    const members = byGroup.get(id) ?? []
    const ids = members.map((entry) => entry.id)
    return members.length === 0
      ? []
      : [{ id, namespace, topic, ids, outdated: members.filter((entry) => entry.outdated).map((entry) => entry.id) }]
  })
  const nearDuplicates = cache.retyped.flatMap((ids) => {
    const [a, b] = ids.map((id) => row(vectors, indexById.get(id) ?? 0))
    const similarity = a === undefined || b === undefined ? 0 : dot(a, b)
    return similarity >= nearDuplicate ? [{ ids, similarity: rounded(similarity) }] : []
  })
  return {
    groups,
    exactDuplicates: [...cache.exactDuplicates],
    nearDuplicates,
    conflicts: groups
      .filter(({ outdated }) => outdated.length > 0)
      .map(({ id, ids, outdated }) => ({ group: id, current: ids.filter((entry) => !outdated.includes(entry)), outdated })),
    expired: cache.entries.filter(({ expiresAt }) => expiresAt !== null && expiresAt <= referenceTime).map(({ id }) => id),
    lookalikes: findLookalikes(cache.entries, cache.groups, vectors),
  }
}

/** Entries with the hits of the log, and some from before it, the older the more. */
function cacheRecords(cache: SupportCache, hits: ReadonlyMap<string, readonly number[]>): SampleRecord[] {
  const random = createRandom(7)
  const logStart = referenceTime - 14 * 86_400_000
  return cache.entries.map((entry) => {
    const logged = hits.get(entry.id) ?? []
    const age = logStart - entry.createdAt
    const earlier = age > 86_400_000 ? Math.floor(random.next() ** 4 * (age / 86_400_000)) : 0
    const earlierAt = earlier === 0 ? null : Math.min(entry.createdAt + Math.floor(random.next() * age), entry.expiresAt ?? Infinity)
    const metadata = cacheMetadata(entry, { count: earlier + logged.length, lastAt: logged.at(-1) ?? earlierAt })
    return { id: entry.id, document: entry.query, metadata }
  })
}

/**
 * The content of the sample store: a support assistant's semantic cache with a log of lookups, its memory of conversations,
 * and what it knows about people. The same bytes on every call; what was planted is in `truth`.
 * @throws AppError 'cancelled' after the signal.
 */
export async function makeSampleContent(signal: AbortSignal): Promise<SampleContent> {
  const embedder = createHashingEmbedder(384)
  const { name, dimension } = embedder
  const rows = async (records: readonly SampleRecord[]): Promise<VectorRows> => {
    const texts = records.map(({ document }) => document)
    return { dimension, data: await embedder.embed(texts, { signal, purpose: 'document' }) }
  }
  const described = (description: string): Metadata =>
    new Map<string, string | bigint>([
      ['description', description],
      ['embedding_model', name],
      ['embedding_dimension', BigInt(dimension)],
      ['hnsw:space', 'cosine'],
    ])
  const cache = makeSupportCache()
  const cacheVectors: VectorRows = {
    dimension,
    data: await embedder.embed(
      cache.entries.map(({ query }) => query),
      { signal, purpose: 'document' },
    ),
  }
  const log = await makeLookupLog(cache, cacheVectors, embedder, signal)
  const memory = makeChatMemory()
  const collections: SampleCollection[] = [
    {
      name: 'support_cache',
      metadata: described('Semantic cache of the support assistant: question -> answer'),
      records: cacheRecords(cache, log.hits),
      vectors: cacheVectors,
    },
    {
      name: 'chat_memory',
      metadata: described('What customers said and what the assistant answered'),
      records: memory.episodes,
      vectors: await rows(memory.episodes),
    },
    {
      name: 'user_facts',
      metadata: described('What the assistant knows about customers'),
      records: memory.facts,
      vectors: await rows(memory.facts),
    },
  ]
  const truth: SampleTruth = {
    referenceTime,
    threshold: sampleThreshold,
    embedder: { name, dimension },
    supportCache: planted(cache, cacheVectors),
    lookups: [...log.truth],
    facts: memory.truth,
  }
  return { collections, lookups: log.lines, truth }
}
