import { wholeLog, type LogFilter, type LogOutcome, type Lookup, type OutcomeCounts } from '../../../shared/contract/lookup-logs.ts'
import { formatCount, formatTime } from '../../lib/format.ts'

export const hitOutcomes: LogOutcome[] = ['exact-hit', 'semantic-hit', 'hit']

const words: Readonly<Record<LogOutcome, string>> = {
  'exact-hit': 'exact hit',
  'semantic-hit': 'semantic hit',
  hit: 'hit',
  miss: 'miss',
}

/** How a lookup ended, in words, with the tone that goes with it. */
export function outcomeOf({ outcome, nearMiss }: Pick<Lookup, 'outcome' | 'nearMiss'>): {
  word: string
  tone: 'hit' | 'miss' | 'near' | 'neutral'
} {
  if (outcome === null) return { word: 'unknown', tone: 'neutral' }
  if (nearMiss) return { word: 'near miss', tone: 'near' }
  return { word: words[outcome], tone: outcome === 'miss' ? 'miss' : 'hit' }
}

export function hitsOf({ exact, semantic, unspecified }: OutcomeCounts): number {
  return exact + semantic + unspecified
}

/** 0 to 1, or null where no outcome is known. */
export function hitRateOf(counts: OutcomeCounts): number | null {
  const hits = hitsOf(counts)
  return hits + counts.miss === 0 ? null : hits / (hits + counts.miss)
}

export function countsInWords(bin: OutcomeCounts): string {
  return `${formatCount(hitsOf(bin))} hits, ${formatCount(bin.nearMiss)} near misses, ${formatCount(bin.miss - bin.nearMiss)} other misses`
}

export function formatPercent(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}

export function formatLatency(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds).toLocaleString('en-US')} ms`
}

export function formatSimilarity(similarity: number): string {
  return similarity.toFixed(3)
}

function rangeInWords(from: number | null, to: number | null, inWords: (value: number) => string): string {
  if (from !== null && to !== null) return `${inWords(from)} to ${inWords(to)}`
  return from === null ? `below ${inWords(to ?? 0)}` : `${inWords(from)} and more`
}

export interface FilterPart {
  readonly id: string
  readonly text: string
  /** The filter without this part. */
  readonly without: LogFilter
}

/** The parts of a filter in words, each with what is left when it is taken away. */
export function filterParts(filter: LogFilter): FilterPart[] {
  const { outcomes, namespace, entryId, from, to, minSimilarity, maxSimilarity, nearMisses, find } = filter
  const parts: FilterPart[] = []
  const add = (id: string, text: string, cleared: Partial<LogFilter>): void =>
    void parts.push({ id, text, without: { ...filter, ...cleared } })
  if (outcomes !== null) {
    const isHits = outcomes.length === hitOutcomes.length && outcomes.every((outcome) => hitOutcomes.includes(outcome))
    add('outcomes', isHits ? 'hits' : outcomes.map((outcome) => words[outcome]).join(' or '), { outcomes: wholeLog.outcomes })
  }
  if (nearMisses) add('nearMisses', 'near misses', { nearMisses: false })
  if (namespace !== null) add('namespace', namespace.is === null ? 'without a namespace' : `namespace ${namespace.is}`, { namespace: null })
  if (entryId !== null) add('entryId', `entry ${entryId}`, { entryId: null })
  if (from !== null || to !== null) add('time', rangeInWords(from, to, formatTime), { from: null, to: null })
  if (minSimilarity !== null || maxSimilarity !== null)
    add('similarity', `similarity ${rangeInWords(minSimilarity, maxSimilarity, formatSimilarity)}`, {
      minSimilarity: null,
      maxSimilarity: null,
    })
  if (find !== '') add('find', `“${find}”`, { find: '' })
  return parts
}
