import { z } from 'zod'

const pairSchema = z.tuple([z.string(), z.string()])

export const lookalikeKindSchema = z.enum(['negation', 'number', 'unit', 'entity', 'order'])
export type LookalikeKind = z.infer<typeof lookalikeKindSchema>

export const lookupOutcomeSchema = z.enum(['hit_exact', 'hit_semantic', 'miss'])
export type LookupOutcome = z.infer<typeof lookupOutcomeSchema>

/** Everything that was planted in the sample, so that what the app finds can be compared with what is there. */
export const truthSchema = z.object({
  /** Milliseconds since 1970: the moment at which entries count as expired or not. */
  referenceTime: z.number(),
  /** Similarity at and above which the log's lookups were hits. */
  threshold: z.number(),
  embedder: z.object({ name: z.string(), dimension: z.number() }),
  supportCache: z.object({
    /** Entries that ask the same; `outdated` are those whose answer is no longer right. */
    groups: z.array(
      z.object({ id: z.string(), namespace: z.string(), topic: z.string(), ids: z.array(z.string()), outdated: z.array(z.string()) }),
    ),
    /** The same question twice: letter for letter, or but for capitals, spaces and punctuation. */
    exactDuplicates: z.array(z.object({ ids: pairSchema, kind: z.enum(['identical', 'normalised']) })),
    /** The same question typed a little differently, with the same answer. */
    nearDuplicates: z.array(z.object({ ids: pairSchema, similarity: z.number() })),
    /** The same question with answers that contradict each other. */
    conflicts: z.array(z.object({ group: z.string(), current: z.array(z.string()), outdated: z.array(z.string()) })),
    /** Entries past their expiry at the reference time. */
    expired: z.array(z.string()),
    /** Entries of one namespace that look alike and mean different things. */
    lookalikes: z.array(z.object({ kind: lookalikeKindSchema, ids: pairSchema, similarity: z.number() })),
  }),
  lookups: z.array(
    z.object({
      id: z.string(),
      /** The group whose question was asked; null where the cache never held an answer. */
      group: z.string().nullable(),
      /** Whether a perfect cache would have answered. */
      should: z.enum(['hit', 'miss']),
      /** Entries that were alive and right at that moment. */
      correct: z.array(z.string()),
      outcome: lookupOutcomeSchema,
      /** The entry that the layered lookup must give, null for a miss. */
      winner: z.string().nullable(),
      verdict: z.enum(['correct', 'wrong', 'missed', 'correct-miss']),
    }),
  ),
  facts: z.object({
    duplicates: z.array(pairSchema),
    /** The second fact replaced the first. */
    superseded: z.array(pairSchema),
  }),
})
export type SampleTruth = z.infer<typeof truthSchema>
