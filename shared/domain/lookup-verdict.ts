import { z } from 'zod'

export const missReasonSchema = z.enum(['below-threshold', 'expired', 'other-namespace', 'dimension', 'bypass', 'empty'])
export type MissReason = z.infer<typeof missReasonSchema>

/** One change that would make a lookup come out otherwise. */
export const flipSchema = z.object({
  change: z.enum(['threshold', 'expiry', 'namespace', 'layer', 'embedder']),
  message: z.string(),
  /** For another threshold: the similarity at which it flips. */
  threshold: z.number().nullable(),
  /** The entry that would answer then, or would no longer; null where none is known. */
  entryId: z.string().nullable(),
  /** For another namespace: which. */
  namespace: z.string().nullable(),
})
export type Flip = z.infer<typeof flipSchema>

/** What a layered cache makes of a lookup. */
export const verdictSchema = z.object({
  outcome: z.enum(['exact-hit', 'semantic-hit', 'miss']),
  /** The entry that answers; null for a miss. */
  entryId: z.string().nullable(),
  missReason: missReasonSchema.nullable(),
  /** The verdict in a sentence. */
  message: z.string(),
  /** What would make it come out otherwise, nearest change first. */
  flips: z.array(flipSchema),
})
export type Verdict = z.infer<typeof verdictSchema>
