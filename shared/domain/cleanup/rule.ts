import { z } from 'zod'

/** Which record of a group stays. Records that a person chose to keep stay before all others. */
export const keeperPolicySchema = z.enum(['newest', 'oldest', 'longest', 'most-hits'])
export type KeeperPolicy = z.infer<typeof keeperPolicySchema>

/** Roles whose values set records apart: records that differ in one of them are never compared. */
export const scopeRoleSchema = z.enum(['namespace', 'user', 'session'])
export type ScopeRole = z.infer<typeof scopeRoleSchema>
export const scopeRoles: readonly ScopeRole[] = scopeRoleSchema.options

const similaritySchema = z.number().min(-1).max(1)
const scope = z.array(scopeRoleSchema).default([...scopeRoles])
/** Milliseconds since 1970; null for the moment at which the rule is looked at. */
const at = z.number().nullable().default(null)
const keeping = { scope, keep: keeperPolicySchema.default('newest'), merge: z.boolean().default(false) }
/** Null for the threshold that the data suggest. */
const threshold = similaritySchema.nullable().default(null)

/** One thing to look for, with its settings: plain data, so that it can be saved and run again. */
export const cleanupRuleSchema = z.discriminatedUnion('rule', [
  z.object({ rule: z.literal('exact-duplicates'), ...keeping }),
  z.object({ rule: z.literal('near-duplicates'), threshold, ...keeping }),
  z.object({ rule: z.literal('conflicts'), threshold, scope }),
  z.object({ rule: z.literal('same-vectors'), scope }),
  z.object({ rule: z.literal('expired'), at }),
  z.object({ rule: z.literal('older-than'), days: z.number().positive().max(100_000).default(365), at }),
  /** Only records that are older than so many days: what is new had no chance yet. */
  z.object({ rule: z.literal('never-hit'), days: z.number().min(0).max(100_000).default(30), at }),
  z.object({ rule: z.literal('empty') }),
  z.object({ rule: z.literal('short'), characters: z.number().int().min(1).max(10_000).default(8) }),
  z.object({ rule: z.literal('repeated') }),
  /** Keys that at least this share of the records has, and the others lack. */
  z.object({ rule: z.literal('missing-keys'), share: z.number().min(0.5).max(1).default(0.95) }),
  /** Values whose type is not that of at least this share of the key's values. */
  z.object({ rule: z.literal('mistyped-keys'), share: z.number().min(0.5).max(1).default(0.9) }),
  z.object({ rule: z.literal('zero-vectors') }),
  z.object({ rule: z.literal('broken-vectors') }),
  z.object({ rule: z.literal('missing-vectors') }),
  z.object({ rule: z.literal('wrong-norm') }),
  /** Robust z of the mean distance to the neighbours. */
  z.object({ rule: z.literal('outliers'), z: z.number().min(2).max(100).default(6) }),
  z.object({
    rule: z.literal('quota'),
    by: scopeRoleSchema.default('namespace'),
    most: z.number().int().min(1).max(10_000_000),
    evict: z.enum(['lru', 'least-useful']).default('lru'),
  }),
])
export type CleanupRule = z.output<typeof cleanupRuleSchema>
export type CleanupRuleName = CleanupRule['rule']
export type RuleOf<Name extends CleanupRuleName> = Extract<CleanupRule, { rule: Name }>

/** Rules whose records stand in groups. */
export type GroupedRule = RuleOf<'exact-duplicates' | 'near-duplicates' | 'conflicts' | 'same-vectors'>

export function isGrouped(rule: CleanupRule): rule is GroupedRule {
  return ['exact-duplicates', 'near-duplicates', 'conflicts', 'same-vectors'].includes(rule.rule)
}

/**
 * What applying a rule does: `delete` removes its records, `convert` changes values, `decided` removes only what a person decided
 * on, `look` does nothing: what is found has to be judged elsewhere.
 */
export function effectOf(rule: CleanupRuleName): 'delete' | 'convert' | 'decided' | 'look' {
  switch (rule) {
    case 'conflicts':
      return 'decided'
    case 'mistyped-keys':
      return 'convert'
    case 'same-vectors':
    case 'missing-keys':
    case 'wrong-norm':
      return 'look'
    default:
      return 'delete'
  }
}

/** Every rule that needs no number of a person's own, with its usual settings, in the order in which they are listed. */
export const usualRules: readonly CleanupRule[] = [
  'exact-duplicates',
  'near-duplicates',
  'conflicts',
  'expired',
  'never-hit',
  'older-than',
  'empty',
  'short',
  'repeated',
  'missing-keys',
  'mistyped-keys',
  'zero-vectors',
  'broken-vectors',
  'missing-vectors',
  'wrong-norm',
  'same-vectors',
  'outliers',
].map((rule) => cleanupRuleSchema.parse({ rule }))
