import { z } from 'zod'
import { cleanupGroupSchema, decisionSchema, findingsSchema, findingSummarySchema } from '../../shared/contract/cleanup.ts'
import { cleanupRuleSchema } from '../../shared/domain/cleanup/rule.ts'
import { metadataTypeSchema } from '../../shared/domain/metadata.ts'
import { profileMappingSchema } from '../../shared/domain/profiles/profile.ts'
import { recordSchema } from '../../shared/domain/record.ts'
import { wireErrorSchema } from '../../shared/rpc/errors.ts'
import { blockSchema, sharedBufferSchema } from '../search/protocol.ts'

export const cleanupWorkerDataSchema = z.object({ mapping: profileMappingSchema })

/** What people said, and when it is: what answers depend on beside the records. */
const contextSchema = z.object({
  /** Milliseconds since 1970. */
  now: z.number(),
  decisions: z.map(z.string(), decisionSchema),
  judged: z.array(z.object({ ids: z.tuple([z.string(), z.string()]), verdict: z.enum(['same', 'different']), similarity: z.number() })),
  /** Ids that no lookup of the collection's logs hit; null where no log is open. */
  neverHit: z.set(z.string()).nullable(),
})
export type CleanupContext = z.infer<typeof contextSchema>

/** What the main thread asks of the worker that holds a collection. Records and vectors come first. */
const cleanupQuestionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('records'), records: z.array(recordSchema) }),
  z.object({
    type: z.literal('vectors'),
    block: blockSchema.omit({ key: true }),
    ids: z.array(z.string()),
    k: z.number(),
    /** rows x k, int32 and float32: see the neighbour graph. */
    indices: sharedBufferSchema,
    distances: sharedBufferSchema,
  }),
  z.object({ type: z.literal('findings'), context: contextSchema }),
  z.object({ type: z.literal('finding'), context: contextSchema, rule: cleanupRuleSchema }),
  z.object({ type: z.literal('groups'), context: contextSchema, rule: cleanupRuleSchema, offset: z.number(), limit: z.number() }),
  z.object({ type: z.literal('rows'), context: contextSchema, rule: cleanupRuleSchema, offset: z.number(), limit: z.number() }),
  z.object({ type: z.literal('ids'), context: contextSchema, rule: cleanupRuleSchema, key: z.string().nullable() }),
  z.object({ type: z.literal('duplicates'), context: contextSchema }),
  z.object({ type: z.literal('curve'), context: contextSchema, rule: cleanupRuleSchema }),
  z.object({ type: z.literal('resolve'), context: contextSchema, rules: z.array(cleanupRuleSchema) }),
])
export type CleanupQuestion = z.infer<typeof cleanupQuestionSchema>

export const cleanupAskSchema = z.object({ id: z.number(), question: cleanupQuestionSchema })

/** What rules come to: by record ids. */
const resolutionSchema = z.object({
  removed: z.array(z.object({ id: z.string(), rule: z.number() })),
  /** Records that stay and take over metadata of those removed. */
  merged: z.array(z.object({ id: z.string(), from: z.array(z.string()), rule: z.number() })),
  converted: z.array(z.object({ id: z.string(), key: z.string(), type: metadataTypeSchema, rule: z.number() })),
  scopes: z.array(z.object({ scope: z.string(), records: z.number() })),
  /** Characters of the texts of everything that is removed or changed. */
  characters: z.number(),
})
export type Resolution = z.infer<typeof resolutionSchema>

export const cleanupAnswerSchemas = {
  records: z.null(),
  vectors: z.null(),
  findings: findingsSchema,
  finding: findingSummarySchema,
  groups: z.object({ total: z.number(), removed: z.number(), groups: z.array(cleanupGroupSchema) }),
  rows: z.object({ total: z.number(), records: z.array(z.object({ id: z.string(), reason: z.string().nullable() })) }),
  ids: z.array(z.string()),
  /** Most records first; the first of a group is the one that stays. No record is in two. */
  duplicates: z.array(z.object({ ids: z.array(z.string()), text: z.string().nullable() })),
  curve: z.object({ floor: z.number(), step: z.number(), records: z.array(z.number()), groups: z.array(z.number()) }),
  resolve: resolutionSchema,
}
export type CleanupAnswer<Type extends CleanupQuestion['type']> = z.infer<(typeof cleanupAnswerSchemas)[Type]>

export const cleanupReplySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), id: z.number(), value: z.unknown() }),
  z.object({ kind: z.literal('progress'), stage: z.string(), done: z.number(), total: z.number() }),
  z.object({ kind: z.literal('failed'), id: z.number(), error: wireErrorSchema }),
])
export type CleanupReply = z.infer<typeof cleanupReplySchema>
