import { z } from 'zod'
import { cleanupRuleSchema, keeperPolicySchema, type CleanupRule, type CleanupRuleName } from '../../shared/domain/cleanup/rule.ts'
import { thresholdWord } from './threshold-word.ts'

const words = z.string().min(1).optional().catch(undefined)
const whole = z
  .string()
  .regex(/^[1-9]\d{0,6}$/)
  .optional()
  .catch(undefined)

/** What the address of the cleanup page says; everything the page shows follows from it. */
export const cleanupSearchSchema = z.object({
  /** Name of the finding, `quota`, or `store`; the first one that found something where absent. */
  finding: words,
  /** Similarity from which records are near-duplicates; what the data suggest where absent. */
  similarity: thresholdWord,
  keep: keeperPolicySchema.optional().catch(undefined),
  merge: z.enum(['yes']).optional().catch(undefined),
  days: whole,
  /** Most records of a namespace. */
  most: whole,
  evict: z.enum(['least-useful']).optional().catch(undefined),
  threshold: thresholdWord,
  /** Id of the record in the inspector. */
  record: words,
})
export type CleanupSearch = z.infer<typeof cleanupSearchSchema>

/** Most records of a namespace where nothing is said. */
export const usualQuota = 500

/** A rule with the settings of an address; what the rule has no use for is left out. */
export function ruleOfSearch(rule: CleanupRuleName, search: CleanupSearch): CleanupRule {
  return cleanupRuleSchema.parse({
    rule,
    ...(search.similarity === undefined || rule === 'conflicts' ? {} : { threshold: Number(search.similarity) }),
    ...(search.keep === undefined ? {} : { keep: search.keep }),
    ...(search.merge === undefined ? {} : { merge: true }),
    ...(search.days === undefined ? {} : { days: Number(search.days) }),
    ...(rule === 'quota' ? { most: Number(search.most ?? usualQuota) } : {}),
    ...(search.evict === undefined ? {} : { evict: search.evict }),
  })
}
