import { z } from 'zod'
import { wireErrorSchema } from '../../shared/rpc/errors.ts'

export const storeCareDataSchema = z.object({ directory: z.string(), scratch: z.string() })

/** What a database says about itself. */
const storeFactsSchema = z.object({
  /** Ids of all segments: a folder with another name belongs to nothing. */
  segments: z.array(z.string()),
  collections: z.number(),
  queued: z.number(),
  purges: z.boolean(),
  bytes: z.number(),
  freeBytes: z.number(),
})
export type StoreFacts = z.infer<typeof storeFactsSchema>

export const storeCareReplySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('done'), facts: storeFactsSchema }),
  z.object({ type: z.literal('failed'), error: wireErrorSchema }),
])
export type StoreCareReply = z.infer<typeof storeCareReplySchema>
