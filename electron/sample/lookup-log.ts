import { AppError } from '../../shared/rpc/errors.ts'
import type { Embedder } from '../embedder/embedder.ts'
import { novelQuestions } from './novel-questions.ts'
import { respace, retype } from './phrasing.ts'
import { createRandom, type Random } from './random.ts'
import { ReferenceLookup, sampleThreshold, type LookupResult } from './reference-lookup.ts'
import { isoTime, stableHex } from './sample-record.ts'
import {
  cacheNamespaces,
  entriesByGroup,
  referenceTime,
  type CacheEntry,
  type CacheNamespace,
  type QuestionGroup,
  type SupportCache,
} from './support-cache.ts'
import type { LookupOutcome, SampleTruth } from './truth.ts'
import { rounded, row, type VectorRows } from './vectors.ts'

/** One line of the log, as the assistant writes it. */
export interface LookupLine {
  readonly id: string
  /** ISO 8601 in UTC. */
  readonly time: string
  readonly namespace: CacheNamespace
  readonly query: string
  readonly outcome: LookupOutcome
  readonly matched_id: string | null
  /** Of the entry served, or of the nearest living one for a miss. */
  readonly similarity: number | null
  readonly threshold: number
  readonly latency_ms: number
  /** The nearest living entry of a miss, and whether it was just below the threshold. */
  readonly nearest_id: string | null
  readonly near_miss: boolean
  /** The entry that would have been served, had it not expired. */
  readonly expired_id: string | null
}

export interface LookupLog {
  readonly lines: readonly LookupLine[]
  readonly truth: SampleTruth['lookups']
  /** When each entry was served, oldest first, by entry id. */
  readonly hits: ReadonlyMap<string, readonly number[]>
}

const lookupCount = 3000
const windowDays = 14
const nearMissBand = 0.05
/** Lookups between two looks at the signal, so that the core can answer others meanwhile. */
const lookupsAtOnce = 50
/** How lookups come about; the rest are questions that nobody has asked before. */
const shares = { repeated: 0.33, reworded: 0.4, sibling: 0.07 }

interface Asked {
  readonly namespace: CacheNamespace
  readonly query: string
  readonly group: string | null
}

/** Traffic is light at night and on weekends. */
function timesOfDay(random: Random): number[] {
  const start = referenceTime - windowDays * 86_400_000
  const times: number[] = []
  while (times.length < lookupCount) {
    const time = start + Math.floor((random.next() * windowDays * 86_400_000) / 1000) * 1000
    const date = new Date(time)
    const hour = date.getUTCHours()
    const busy = (hour >= 7 && hour < 18 ? 1 : 0.15) * (date.getUTCDay() % 6 === 0 ? 0.3 : 1)
    if (random.chance(busy)) times.push(time)
  }
  return times.toSorted((a, b) => a - b)
}

function questionSource({ entries, groups }: SupportCache, random: Random): () => Asked {
  const byGroup = entriesByGroup(entries)
  const cached = random.shuffled(groups.filter((group) => byGroup.has(group.id)))
  const heldOut = groups.filter((group) => group.heldOut)
  const fromGroup = (group: QuestionGroup, query: string): Asked => ({ namespace: group.namespace, query, group: group.id })
  return () => {
    const kind = random.next()
    if (kind < shares.repeated) {
      const group = random.pickPopular(cached, 12)
      const entry = random.pick(byGroup.get(group.id) as CacheEntry[])
      return fromGroup(group, random.chance(0.6) ? entry.query : respace(entry.query, random))
    }
    if (kind < shares.repeated + shares.reworded) {
      const group = random.pickPopular(cached, 12)
      const once = retype(random.pick(group.wordings), random)
      return fromGroup(group, random.chance(0.3) ? retype(once, random) : once)
    }
    if (kind < shares.repeated + shares.reworded + shares.sibling) {
      const group = random.pick(heldOut)
      return fromGroup(group, random.pick(group.wordings))
    }
    const namespace = random.pick(cacheNamespaces)
    const query = random.pick(novelQuestions[namespace])
    return { namespace, query: random.chance(0.5) ? query : retype(query, random), group: null }
  }
}

function latency({ outcome }: LookupResult, random: Random): number {
  const tail = random.chance(0.03) ? 3 : 1
  if (outcome === 'hit_exact') return Math.round((2 + random.next() * 5) * tail)
  if (outcome === 'hit_semantic') return Math.round((22 + random.next() * 38) * tail)
  return Math.round((850 + random.next() ** 2 * 3600) * tail)
}

function verdictOf(result: LookupResult, correct: readonly string[]): SampleTruth['lookups'][number]['verdict'] {
  if (result.winner === null) return correct.length === 0 ? 'correct-miss' : 'missed'
  return correct.includes(result.winner.id) ? 'correct' : 'wrong'
}

/**
 * Two weeks of lookups against the cache, answered by the reference lookup on the very vectors that are stored.
 * @param vectors one row per entry of the cache
 * @throws AppError 'cancelled' after the signal.
 */
export async function makeLookupLog(cache: SupportCache, vectors: VectorRows, embedder: Embedder, signal: AbortSignal): Promise<LookupLog> {
  const random = createRandom(3000)
  const times = timesOfDay(random)
  const ask = questionSource(cache, random)
  const asked = times.map(() => ask())
  const queries: VectorRows = {
    dimension: embedder.dimension,
    data: await embedder.embed(
      asked.map(({ query }) => query),
      { signal, purpose: 'query' },
    ),
  }
  const lookup = new ReferenceLookup(cache.entries, vectors)
  const byGroup = entriesByGroup(cache.entries)
  const hits = new Map<string, number[]>()
  const lines: LookupLine[] = []
  const truth: SampleTruth['lookups'] = []
  for (const [index, { namespace, query, group }] of asked.entries()) {
    if (index % lookupsAtOnce === 0) {
      await new Promise((resolve) => setImmediate(resolve))
      if (signal.aborted) throw new AppError('cancelled', 'The operation was cancelled.')
    }
    const time = times[index] ?? referenceTime
    const result = lookup.find(namespace, query, row(queries, index), time)
    const id = `lk_${stableHex(`${index} ${query}`)}`
    const living = (byGroup.get(group ?? '') ?? []).filter(
      (entry) => entry.createdAt <= time && (entry.expiresAt === null || entry.expiresAt > time),
    )
    const correct = living.filter((entry) => !entry.outdated).map((entry) => entry.id)
    if (result.winner !== null) hits.set(result.winner.id, [...(hits.get(result.winner.id) ?? []), time])
    const similarity = result.nearest?.similarity ?? null
    lines.push({
      id,
      time: isoTime(time),
      namespace,
      query,
      outcome: result.outcome,
      matched_id: result.winner?.id ?? null,
      similarity: similarity === null ? null : rounded(similarity),
      threshold: sampleThreshold,
      latency_ms: latency(result, random),
      nearest_id: result.outcome === 'miss' ? (result.nearest?.entry.id ?? null) : null,
      near_miss: result.outcome === 'miss' && similarity !== null && similarity >= sampleThreshold - nearMissBand,
      expired_id: result.expired?.entry.id ?? null,
    })
    truth.push({
      id,
      group,
      should: correct.length > 0 ? 'hit' : 'miss',
      correct,
      outcome: result.outcome,
      winner: result.winner?.id ?? null,
      verdict: verdictOf(result, correct),
    })
  }
  return { lines, truth, hits }
}
