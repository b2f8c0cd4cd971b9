import { z } from 'zod'
import { wireErrorSchema } from '../../shared/rpc/errors.ts'
import { blockSchema, sharedBufferSchema } from '../search/protocol.ts'

/** What a worker is given that compares many queries with the vectors of a collection. */
export const nearestRequestSchema = z.object({
  block: blockSchema.omit({ key: true }),
  /** Float32, row-major, each of the block's dimension. */
  queries: sharedBufferSchema,
  /** Queries, by their places, and the rows that each of these is compared with. */
  groups: z.array(z.object({ queries: z.instanceof(Int32Array), rows: z.instanceof(Int32Array) })),
  limit: z.number(),
  /** One int32: not 0 where the answer is no longer wanted. */
  control: sharedBufferSchema,
  /** queries x limit, int32: rows by similarity, highest first; -1 where there are fewer. */
  places: sharedBufferSchema,
})
export type NearestRequest = z.infer<typeof nearestRequestSchema>

export const nearestReplySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number(), total: z.number() }),
  /** Whether the native runtime could be used; where not, nothing was compared. */
  z.object({ type: z.literal('done'), native: z.boolean() }),
  z.object({ type: z.literal('failed'), error: wireErrorSchema }),
])
export type NearestReply = z.infer<typeof nearestReplySchema>
