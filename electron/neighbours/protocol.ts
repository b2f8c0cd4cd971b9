import { z } from 'zod'
import { graphOptionsSchema, neighbourReportSchema } from '../../shared/contract/neighbours.ts'
import { wireErrorSchema } from '../../shared/rpc/errors.ts'
import { blockSchema, sharedBufferSchema } from '../search/protocol.ts'

/** What a worker is given that makes one graph. */
export const buildRequestSchema = z.object({
  block: blockSchema.omit({ key: true }),
  ids: z.array(z.string()),
  missing: z.number(),
  nonUnit: z.number(),
  ...graphOptionsSchema.required().shape,
  /** Graphs made before; null to keep none. */
  cache: z.object({ folder: z.string(), file: z.string(), bytes: z.number() }).nullable(),
  /** By which method; where it is open, exact unless that takes longer than `exactSeconds`. */
  method: z.enum(['open', 'exact', 'approximate']),
  exactSeconds: z.number(),
  /** Whether the native runtime may be used. */
  native: z.boolean(),
  /** One int32: not 0 where the graph is no longer wanted. */
  control: sharedBufferSchema,
  /** rows x k, int32. */
  indices: sharedBufferSchema,
  /** rows x k, float32. */
  distances: sharedBufferSchema,
})
export type BuildRequest = z.infer<typeof buildRequestSchema>

export const buildReplySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), stage: z.string(), done: z.number(), total: z.number().nullable() }),
  z.object({ type: z.literal('done'), fingerprint: z.string(), report: neighbourReportSchema }),
  z.object({ type: z.literal('failed'), error: wireErrorSchema }),
])
export type BuildReply = z.infer<typeof buildReplySchema>
