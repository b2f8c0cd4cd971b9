import { z } from 'zod'
import { userSortSchema } from '../../shared/contract/memories.ts'
import { thresholdWord } from './threshold-word.ts'

const words = z.string().min(1).optional().catch(undefined)

/** What the address of the memory view says; everything the view shows follows from it. */
export const memorySearchSchema = z.object({
  where: words,
  doc: words,
  find: words,
  dates: words,
  set: words,
  /** The user whose memory is shown; the first one listed where absent. */
  user: words,
  /** What names no user is shown. */
  without: z.enum(['user']).optional().catch(undefined),
  /** Part of the ids or names of users that are listed. */
  who: words,
  /** Order of the users; the one seen last first where absent. */
  users: userSortSchema.optional().catch(undefined),
  /** Place in the timeline that was gone to. */
  at: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional()
    .catch(undefined),
  /** Id of the collection with facts about users, or `none`; the most likely one where absent. */
  facts: words,
  /** What is shown where there is no room for both; the timeline where absent. */
  show: z.enum(['profile']).optional().catch(undefined),
  /** Similarity threshold of all views of the collection. */
  threshold: thresholdWord,
  /** Id of the episode, or of the fact, in the inspector. */
  record: words,
  fact: words,
})
export type MemorySearch = z.infer<typeof memorySearchSchema>
