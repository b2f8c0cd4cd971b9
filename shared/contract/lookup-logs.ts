import { z } from 'zod'
import { spaceSchema } from '../domain/space.ts'
import { mutation, query } from '../rpc/define.ts'
import { collectionRefSchema } from './collections.ts'

/**
 * What a column of a log can mean. `nearestId` is the entry nearest to a lookup that missed, `cost` what the call to the model cost
 * that the lookup led to or saved, in any unit.
 */
export const logFields = [
  'time',
  'query',
  'namespace',
  'outcome',
  'entryId',
  'nearestId',
  'matchedQuery',
  'similarity',
  'distance',
  'latency',
  'threshold',
  'cost',
] as const
export const logFieldSchema = z.enum(logFields)
export type LogField = z.infer<typeof logFieldSchema>

/** How a log is read: which column holds which field, and in which units. A column inside nested JSON is named by its dotted path. */
export const logMappingSchema = z.object({
  columns: z.partialRecord(logFieldSchema, z.string()),
  latencyUnit: z.enum(['microseconds', 'milliseconds', 'seconds']),
  /** How a distance becomes a similarity: `l2` is squared and, like `ip`, taken to be between vectors of norm 1. */
  distanceSpace: spaceSchema,
})
export type LogMapping = z.infer<typeof logMappingSchema>

/** `hit` is a hit of which the log does not say whether it was exact. */
export const logOutcomeSchema = z.enum(['exact-hit', 'semantic-hit', 'hit', 'miss'])
export type LogOutcome = z.infer<typeof logOutcomeSchema>

/** What is known of a log after reading, without its name and place. */
export const logFactsSchema = z.object({
  format: z.enum(['jsonl', 'csv']),
  /** Bytes read so far. */
  bytes: z.number(),
  lookups: z.number(),
  malformed: z.number(),
  /** New lines are read as they are appended. */
  watching: z.boolean(),
  columns: z.array(z.object({ name: z.string(), sample: z.string() })),
  mapping: logMappingSchema,
  mappingGuessed: z.boolean(),
  /** The threshold most lookups name; null where none does. */
  threshold: z.number().nullable(),
  /** Memory that the lookups take, bytes, about. */
  memory: z.number(),
  /** Sentences: what was cut off and why, a file that was rotated, ... */
  notes: z.array(z.string()),
  /** Lookups with a query and without a similarity: they can be looked up again. */
  withoutSimilarity: z.number(),
  /** Lookups whose similarity is that of a replay. */
  replayed: z.number(),
})
export type LogFacts = z.infer<typeof logFactsSchema>

/** A log that was opened for a collection and not closed. It is known after a restart too, with the same id. */
export const lookupLogSchema = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  /** Null where it was not read since the app was started: see `reopen`. */
  facts: logFactsSchema.nullable(),
})
export type LookupLog = z.infer<typeof lookupLogSchema>

/** A miss at most this far below the threshold is a near miss. */
export const nearMissBand = 0.05
/** What a lookup is compared with where neither it nor the log nor a person names a threshold. */
export const assumedThreshold = 0.85

/** Which lookups of a log are meant; null does not limit. Ranges are half-open. */
export const logFilterSchema = z.object({
  outcomes: z.array(logOutcomeSchema).nullable(),
  namespace: z.object({ is: z.string().nullable() }).nullable(),
  /** Lookups that this entry answered, or to which it was the nearest. */
  entryId: z.string().nullable(),
  /** Milliseconds since 1970. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  minSimilarity: z.number().nullable(),
  maxSimilarity: z.number().nullable(),
  nearMisses: z.boolean(),
  /** What decides which misses are near ones, where neither the lookup nor the log names a threshold. */
  threshold: z.number(),
  /** Part of the query, without regard to capitals. */
  find: z.string().max(1000),
})
export type LogFilter = z.infer<typeof logFilterSchema>
export const wholeLog: LogFilter = {
  outcomes: null,
  namespace: null,
  entryId: null,
  from: null,
  to: null,
  minSimilarity: null,
  maxSimilarity: null,
  nearMisses: false,
  threshold: assumedThreshold,
  find: '',
}

export const lookupSchema = z.object({
  /** Of the file, from 1. */
  line: z.number(),
  time: z.number().nullable(),
  query: z.string().nullable(),
  namespace: z.string().nullable(),
  outcome: logOutcomeSchema.nullable(),
  /** The entry that answered, or the nearest one of a miss. */
  entryId: z.string().nullable(),
  matchedQuery: z.string().nullable(),
  similarity: z.number().nullable(),
  /** Milliseconds. */
  latency: z.number().nullable(),
  threshold: z.number().nullable(),
  cost: z.number().nullable(),
  nearMiss: z.boolean(),
})
export type Lookup = z.infer<typeof lookupSchema>

const outcomeCounts = { exact: z.number(), semantic: z.number(), unspecified: z.number(), miss: z.number(), nearMiss: z.number() }
export const outcomeCountsSchema = z.object(outcomeCounts)
/** `unspecified` are hits that are not known to be exact or semantic; `nearMiss` are among `miss`. */
export type OutcomeCounts = z.infer<typeof outcomeCountsSchema>

export const logOverviewSchema = z.object({
  lookups: z.number(),
  ...outcomeCounts,
  /** Lookups of which the log does not say how they ended. */
  unknown: z.number(),
  /** Hits of all lookups with a known outcome, 0 to 1. */
  hitRate: z.number().nullable(),
  /** Milliseconds. */
  latency: z.object({ p50: z.number(), p95: z.number(), hitP50: z.number().nullable(), missP50: z.number().nullable() }).nullable(),
  overTime: z.array(
    z.object({ from: z.number(), to: z.number(), ...outcomeCounts, latencyP50: z.number().nullable(), latencyP95: z.number().nullable() }),
  ),
  withoutTime: z.number(),
  similarity: z.array(z.object({ from: z.number(), to: z.number(), ...outcomeCounts })),
  withoutSimilarity: z.number(),
  /** Most lookups first, at most 50. */
  namespaces: z.array(z.object({ namespace: z.string().nullable(), ...outcomeCounts })),
})
export type LogOverview = z.infer<typeof logOverviewSchema>

export const lookupSortSchema = z.object({ by: z.enum(['time', 'similarity', 'latency', 'line']), descending: z.boolean() })
export type LookupSort = z.infer<typeof lookupSortSchema>

export const entryRankingSchema = z.enum(['most-hit', 'never-hit', 'near-missed'])
export type EntryRanking = z.infer<typeof entryRankingSchema>

export const rankedEntriesSchema = z.object({
  total: z.number(),
  entries: z.array(z.object({ entryId: z.string(), hits: z.number(), nearMisses: z.number(), lastHitAt: z.number().nullable() })),
})
export type RankedEntries = z.infer<typeof rankedEntriesSchema>

export const malformedLinesSchema = z.object({
  total: z.number(),
  lines: z.array(z.object({ line: z.number(), text: z.string(), reason: z.string() })),
})

const logRef = collectionRefSchema.extend({ logId: z.string() })
const window = { offset: z.number().int().min(0), limit: z.number().int().min(1).max(1000) }

/** What is calculated of logs: the evidence for thresholds, and which entries nobody hit. */
export const afterLogs = ['lookupLogs', 'thresholds', 'maps.values', 'cleanup'] as const

export const lookupLogs = {
  list: query(collectionRefSchema, z.array(lookupLogSchema)),
  /** Files of a folder that may be logs, newest first. Handles as in connections.browse. */
  files: query(
    z.object({ handle: z.string() }),
    z.array(z.object({ handle: z.string(), name: z.string(), bytes: z.number(), modifiedAt: z.number() })),
  ),
  /** Whether the collection is the sample's cache, which came with a log. */
  sample: query(collectionRefSchema, z.object({ available: z.boolean() })),
  /** Reads a file as a job whose result is the log's id. */
  open: mutation(collectionRefSchema.extend({ handle: z.string() }), z.object({ jobId: z.string() }), ['jobs']),
  openSample: mutation(collectionRefSchema, z.object({ jobId: z.string() }), ['jobs']),
  /** Null where the person cancelled. Only where app.info says nativeDialogs. */
  openWithDialog: mutation(collectionRefSchema, z.object({ jobId: z.string() }).nullable(), ['jobs']),
  /** Reads a log without facts as a job, with the columns and the watching it had; the same job where one runs already. */
  reopen: mutation(logRef, z.object({ jobId: z.string() }), ['jobs']),
  watch: mutation(logRef.extend({ watching: z.boolean() }), lookupLogSchema, ['lookupLogs']),
  /** Reads the log anew under another mapping, as a job; where it is cancelled the former one stays. */
  map: mutation(logRef.extend({ mapping: logMappingSchema }), z.object({ jobId: z.string() }), ['jobs']),
  /**
   * Looks lookups without a similarity up again, as a job, with the settings of the collection's dry run, each in its namespace
   * and at its time. Only memory changes: neither the log's file nor the store does.
   */
  replay: mutation(logRef, z.object({ jobId: z.string() }), ['jobs']),
  /** Forgets the log. Its file stays as it is. */
  close: mutation(logRef, z.object({}), afterLogs),
  /** The first lines that could not be read; `total` counts all. */
  malformed: query(logRef, malformedLinesSchema),
  overview: query(logRef.extend({ filter: logFilterSchema }), logOverviewSchema),
  lookups: query(
    logRef.extend({ filter: logFilterSchema, sort: lookupSortSchema, ...window }),
    z.object({ total: z.number(), lookups: z.array(lookupSchema) }),
  ),
  /** Entries by what lookups made of them; `never-hit` lists entries of the collection in stored order. */
  entries: query(
    logRef.extend({ ranking: entryRankingSchema, filter: logFilterSchema, offset: window.offset, limit: z.number().int().min(1).max(200) }),
    z.object({
      total: z.number(),
      entries: z.array(
        rankedEntriesSchema.shape.entries.element.extend({
          /** What the entry answers, as the collection holds it. */
          query: z.string().nullable(),
          /** Whether the collection still holds it. */
          exists: z.boolean(),
        }),
      ),
    }),
  ),
  /** Code that makes a cache write such a log. */
  snippets: query(z.object({}), z.array(z.object({ id: z.string(), title: z.string(), note: z.string(), text: z.string() }))),
}
