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
  /** Fewest characters of a text that is not very short. */
  characters: whole,
  /** Robust z from which a record is an outlier. */
  z: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,3})?$/)
    .refine((text) => Number(text) >= 2 && Number(text) <= 100)
    .optional()
    .catch(undefined),
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
    ...(search.days === undefined ? {} : { days: Math.min(100_000, Number(search.days)) }),
    ...(search.characters === undefined ? {} : { characters: Math.min(10_000, Number(search.characters)) }),
    ...(search.z === undefined ? {} : { z: Number(search.z) }),
    ...(rule === 'quota' ? { most: Number(search.most ?? usualQuota) } : {}),
    ...(search.evict === undefined ? {} : { evict: search.evict }),
  })
}

/** The part of an address that says a rule's settings. */
export function searchOfRule(rule: CleanupRule): Partial<CleanupSearch> {
  switch (rule.rule) {
    case 'exact-duplicates':
    case 'near-duplicates':
      return {
        ...(rule.rule === 'near-duplicates' ? { similarity: rule.threshold === null ? undefined : String(rule.threshold) } : {}),
        keep: rule.keep === 'newest' ? undefined : rule.keep,
        merge: rule.merge ? 'yes' : undefined,
      }
    case 'older-than':
    case 'never-hit':
      return { days: String(rule.days) }
    case 'short':
      return { characters: String(rule.characters) }
    case 'outliers':
      return { z: String(rule.z) }
    case 'quota':
      return { most: String(rule.most), evict: rule.evict === 'lru' ? undefined : rule.evict }
    default:
      return {}
  }
}
