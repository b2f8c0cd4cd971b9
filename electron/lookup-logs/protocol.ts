import { z } from 'zod'
import {
  entryRankingSchema,
  logFactsSchema,
  logFilterSchema,
  logMappingSchema,
  logOutcomeSchema,
  logOverviewSchema,
  lookupSchema,
  lookupSortSchema,
  malformedLinesSchema,
  rankedEntriesSchema,
} from '../../shared/contract/lookup-logs.ts'
import { spaceSchema } from '../../shared/domain/space.ts'
import { wireErrorSchema } from '../../shared/rpc/errors.ts'

/** What a worker is started with: one log, and how the collection measures distances. */
export const logWorkerDataSchema = z.object({ path: z.string(), space: spaceSchema })

const replayAnswerSchema = z.object({
  /** Of the query among those that are replayed. */
  place: z.number(),
  /** NaN where nothing could be compared. */
  similarity: z.number().or(z.nan()),
  threshold: z.number(),
  entryId: z.string().nullable(),
  outcome: logOutcomeSchema,
})
export type ReplayAnswer = z.infer<typeof replayAnswerSchema>

/** What the main thread asks of a log's worker. */
export const logQuestionSchema = z.discriminatedUnion('type', [
  /** Reads the whole file; the former lookups stay until it is read. Null guesses the mapping. */
  z.object({ type: z.literal('read'), mapping: logMappingSchema.nullable() }),
  z.object({ type: z.literal('watch'), watching: z.boolean() }),
  z.object({ type: z.literal('malformed') }),
  /** What can be looked up again, a part at a time; the first part takes stock anew. */
  z.object({ type: z.literal('queries'), offset: z.number(), limit: z.number() }),
  /** What a replay found out about some of these; `reading` is that of the queries. */
  z.object({ type: z.literal('replayed'), reading: z.number(), answers: z.array(replayAnswerSchema) }),
  z.object({ type: z.literal('overview'), filter: logFilterSchema }),
  z.object({ type: z.literal('lookups'), filter: logFilterSchema, sort: lookupSortSchema, offset: z.number(), limit: z.number() }),
  z.object({
    type: z.literal('entries'),
    filter: logFilterSchema,
    ranking: entryRankingSchema,
    ids: z.array(z.string()),
    offset: z.number(),
    limit: z.number(),
  }),
])
export type LogQuestion = z.infer<typeof logQuestionSchema>

export const logMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ask'), id: z.number(), question: logQuestionSchema }),
  z.object({ kind: z.literal('cancel'), id: z.number() }),
])
export type LogMessage = z.infer<typeof logMessageSchema>

/** The answer to each type of question. */
export const logAnswerSchemas = {
  read: logFactsSchema,
  watch: logFactsSchema,
  malformed: malformedLinesSchema,
  queries: z.object({
    /** Which reading of the file they are of. */
    reading: z.number(),
    /** Lookups of all parts. */
    total: z.number(),
    queries: z.array(
      z.object({
        query: z.string(),
        namespace: z.string().nullable(),
        /** Milliseconds since 1970; null where the log does not tell. */
        time: z.number().nullable(),
        /** How many asked the same. */
        lookups: z.number(),
      }),
    ),
  }),
  replayed: logFactsSchema,
  overview: logOverviewSchema,
  lookups: z.object({ total: z.number(), lookups: z.array(lookupSchema) }),
  entries: rankedEntriesSchema,
}
export type ReplayedQuery = z.infer<typeof logAnswerSchemas.queries>['queries'][number]
export type LogAnswer<Type extends LogQuestion['type']> = z.infer<(typeof logAnswerSchemas)[Type]>

export const logReplySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), id: z.number(), value: z.unknown() }),
  z.object({ kind: z.literal('failed'), id: z.number(), error: wireErrorSchema }),
  z.object({ kind: z.literal('progress'), id: z.number(), done: z.number(), total: z.number() }),
  /** Lines were appended. */
  z.object({ kind: z.literal('grown'), facts: logFactsSchema }),
])
export type LogReply = z.infer<typeof logReplySchema>
