import { z } from 'zod'

/** What wrong answers are counted among: all lookups (the error rate), or hits only (the false-hit share). */
export const guaranteeOfSchema = z.enum(['lookups', 'hits'])

/** What is to be promised of a threshold: wrong answers are at most `bound` of all lookups or of all hits, with `confidence`. */
export const guaranteeSchema = z.object({
  of: guaranteeOfSchema,
  bound: z.number().gt(0).lt(1),
  confidence: z.number().gt(0).lt(1),
})
export type Guarantee = z.infer<typeof guaranteeSchema>
