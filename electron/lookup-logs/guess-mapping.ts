import type { LogField, LogMapping } from '../../shared/contract/lookup-logs.ts'
import type { Space } from '../../shared/domain/space.ts'
import { readCost, readNumber, readOutcome, readTime } from './log-values.ts'

export interface SampledColumn {
  readonly name: string
  readonly samples: readonly string[]
}

/** Names that caches and their callers give to a field, without punctuation and capitals, the surest first. */
const spellings: Readonly<Record<LogField, readonly string[]>> = {
  outcome: [
    'outcome',
    'cachehit',
    'hit',
    'ishit',
    'fromcache',
    'cached',
    'cachestatus',
    'cacheresult',
    'hitormiss',
    'hitmiss',
    'verdict',
    'lookupresult',
    'result',
    'status',
    'cache',
    'event',
  ],
  time: ['time', 'timestamp', 'ts', 'datetime', 'loggedat', 'createdat', 'eventtime', 'asctime', 'at', 'date', 'when', 'created'],
  query: [
    'query',
    'prompt',
    'question',
    'querytext',
    'userquery',
    'userprompt',
    'inputtext',
    'input',
    'q',
    'text',
    'request',
    'message',
    'content',
  ],
  namespace: ['namespace', 'ns', 'tenant', 'scope', 'partition', 'cachename', 'collection', 'category', 'app', 'locale'],
  entryId: [
    'entryid',
    'matchedid',
    'matchid',
    'hitid',
    'cacheid',
    'cachedid',
    'cachekey',
    'cacheentryid',
    'documentid',
    'docid',
    'recordid',
    'entry',
    'key',
  ],
  nearestId: ['nearestid', 'nearestentryid', 'closestid', 'neighbourid', 'neighborid', 'topid', 'bestid', 'candidateid'],
  matchedQuery: [
    'matchedquery',
    'matchedprompt',
    'matchedquestion',
    'cachedquery',
    'cachedprompt',
    'cachedquestion',
    'matchedtext',
    'entryquery',
    'nearestquery',
    'matched',
  ],
  similarity: ['similarity', 'similarityscore', 'cosinesimilarity', 'sim', 'matchscore', 'topscore', 'score', 'cosine', 'confidence'],
  distance: ['distance', 'vectordistance', 'cosinedistance', 'dist', 'l2distance', 'topdistance'],
  latency: [
    'latencyms',
    'latency',
    'lookupms',
    'lookuptimems',
    'durationms',
    'elapsedms',
    'tookms',
    'responsetimems',
    'latencyseconds',
    'latencys',
    'latencysec',
    'latencyus',
    'durationseconds',
    'durations',
    'duration',
    'elapsedseconds',
    'elapsed',
    'took',
    'responsetime',
    'timems',
    'ms',
  ],
  threshold: ['threshold', 'similaritythreshold', 'scorethreshold', 'cutoff', 'minsimilarity', 'minscore'],
  cost: [
    'callcost',
    'llmcost',
    'modelcost',
    'cost',
    'costusd',
    'callcostusd',
    'llmcostusd',
    'totalcost',
    'totalcostusd',
    'requestcost',
    'responsecost',
    'completioncost',
    'apicost',
    'estimatedcost',
    'costsaved',
    'savedcost',
    'costsavings',
    'price',
    'spend',
  ],
}

const fits: Readonly<Partial<Record<LogField, (sample: string) => boolean>>> = {
  time: (sample) => !Number.isNaN(readTime(sample)),
  outcome: (sample) => readOutcome(sample) !== null,
  similarity: (sample) => Math.abs(readNumber(sample)) <= 1.0001,
  distance: (sample) => readNumber(sample) >= -1e-6,
  latency: (sample) => readNumber(sample) >= 0,
  threshold: (sample) => Math.abs(readNumber(sample)) <= 1.0001,
  cost: (sample) => readCost(sample) >= 0,
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

/** How well a column's name says a field, smaller is better; Infinity where it does not. A nested column counts by its last name too. */
function nameRank(field: LogField, name: string): number {
  const whole = spellings[field].indexOf(plain(name))
  if (whole !== -1) return whole
  const last = name.split('.').findLast((step) => !/^\d+$/.test(step)) ?? name
  const nested = spellings[field].indexOf(plain(last))
  return nested === -1 ? Infinity : nested + 0.5 + (name.includes('.') ? 10 : 0)
}

function latencyUnitOf(column: SampledColumn | undefined): LogMapping['latencyUnit'] {
  if (column === undefined) return 'milliseconds'
  const name = column.name.toLowerCase()
  if (/ms$|milli/.test(name)) return 'milliseconds'
  if (/us$|µs$|micro/.test(name)) return 'microseconds'
  if (/[_.-]s$|sec(?:onds?|s)?$/.test(name)) return 'seconds'
  const values = column.samples.map(readNumber)
  // A cache answers in milliseconds; times below one everywhere are fractions of a second.
  return values.length > 0 && values.every((value) => value < 30 && !Number.isInteger(value)) ? 'seconds' : 'milliseconds'
}

/** Which column holds which field, by the names of columns and by whether their values fit. */
export function guessMapping(columns: readonly SampledColumn[], distanceSpace: Space): LogMapping {
  const taken = new Set<string>()
  const found: LogMapping['columns'] = {}
  for (const field of Object.keys(spellings) as LogField[]) {
    const fit = fits[field]
    const [best] = columns
      .filter(({ name, samples }) => !taken.has(name) && (fit === undefined || samples.every(fit)))
      .map(({ name }) => ({ name, rank: nameRank(field, name) }))
      .filter(({ rank }) => rank !== Infinity)
      .toSorted((a, b) => a.rank - b.rank)
    if (best === undefined) continue
    found[field] = best.name
    taken.add(best.name)
  }
  const latencyUnit = latencyUnitOf(columns.find(({ name }) => name === found.latency))
  return { columns: found, latencyUnit, distanceSpace }
}
