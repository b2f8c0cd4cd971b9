import { z } from 'zod'
import { cleanupRuleSchema, scopeRoleSchema } from '../domain/cleanup/rule.ts'
import { metadataTypeSchema } from '../domain/metadata.ts'
import { recordSchema } from '../domain/record.ts'
import { mutation, query } from '../rpc/define.ts'
import { wireErrorSchema } from '../rpc/errors.ts'
import { afterChange } from './changes.ts'
import { collectionRefSchema } from './collections.ts'

const connectionRef = z.object({ connectionId: z.string() })
const job = z.object({ jobId: z.string() })
const count = z.number().int().min(0)
export const cleanupPageSize = 100
/** Members of a group that are listed; `size` counts all. */
export const listedMembers = 100
const page = { offset: count, limit: z.number().int().min(1).max(cleanupPageSize) }
const rules = z.array(cleanupRuleSchema).min(1).max(30)

export const findingSummarySchema = z.object({
  /** With the settings it was looked for with. */
  rule: cleanupRuleSchema,
  /** Records that are concerned; of groups all but those that stay. */
  records: count,
  /** Groups they stand in; null where there are none. */
  groups: count.nullable(),
  /** Metadata keys that are the matter, each with the type that most records have; empty for rules about something else. */
  keys: z.array(z.object({ key: z.string(), type: metadataTypeSchema, records: count })),
  examples: z.array(z.object({ id: z.string(), text: z.string().nullable() })),
})
export type FindingSummary = z.infer<typeof findingSummarySchema>

/** Similarities of each record to its nearest other one. */
const nearestSchema = z.object({
  /** The threshold that the data suggest, by the median of the nearest distances. */
  suggested: z.number(),
  /** Similarity below which pairs were not looked at. */
  floor: z.number(),
  medianDistance: z.number(),
  /** Equal bins from `floor` to 1. */
  bins: z.array(count),
  /** Records with more similar ones than were compared. */
  crowded: count,
  /** The threshold that fits best what people said about pairs; null while too few were judged. */
  judged: z.object({ threshold: z.number(), wrong: count, judged: count }).nullable(),
})
export type Nearest = z.infer<typeof nearestSchema>

export const findingsSchema = z.object({
  records: count,
  /** Roles that the collection's profile knows, so that records are kept apart by them. */
  scope: z.array(scopeRoleSchema),
  nearest: nearestSchema.nullable(),
  /** Every rule that could be looked for, with those that found nothing. */
  findings: z.array(findingSummarySchema),
  /** Rules that could not be looked for, and why. */
  skipped: z.array(z.object({ rule: z.string(), reason: z.string() })),
  /** Milliseconds since 1970. */
  at: z.number(),
})
export type Findings = z.infer<typeof findingsSchema>

export const decisionSchema = z.enum(['keep', 'delete'])
export const cleanupGroupSchema = z.object({
  size: count,
  /** The first one stays, unless it was decided otherwise. */
  members: z.array(
    z.object({
      id: z.string(),
      /** To the first record of the group; null where vectors were not compared. */
      similarity: z.number().nullable(),
      /** What a person said about it. */
      decision: decisionSchema.nullable(),
      /** Whether applying the rule removes it. */
      removed: z.boolean(),
    }),
  ),
})
export type CleanupGroup = z.infer<typeof cleanupGroupSchema>

const cleanupPreviewSchema = z.object({
  /** Records that would be removed, and records that stay with other metadata. */
  removed: count,
  changed: count,
  /** Records that each rule removes or changes and none before it did. */
  rules: z.array(z.object({ rule: cleanupRuleSchema, records: count })),
  /** By namespace, user and session, most first, at most 100. */
  scopes: z.array(z.object({ scope: z.string(), records: count })),
  sample: z.array(z.object({ id: z.string(), before: recordSchema, after: recordSchema.nullable() })),
  /** What is kept for undoing takes about so many bytes. */
  bytes: count,
  /** Names what was looked at: `apply` is refused where it is different by then. */
  state: z.string(),
})
export type CleanupPreview = z.infer<typeof cleanupPreviewSchema>

export const cleanupPolicySchema = z.object({
  id: z.string(),
  name: z.string().min(1).max(100),
  rules,
  /** Milliseconds since 1970. */
  savedAt: z.number(),
})
export type CleanupPolicy = z.infer<typeof cleanupPolicySchema>

/** What is to be forgotten, in every collection of a store whose profile knows such a field. */
export const forgetTargetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), value: z.string() }),
  z.object({ kind: z.literal('session'), value: z.string() }),
  z.object({ kind: z.literal('namespace'), value: z.string() }),
  /** Half-open, milliseconds since 1970; null leaves an end open. */
  z.object({ kind: z.literal('time'), from: z.number().nullable(), to: z.number().nullable() }),
])
export type ForgetTarget = z.infer<typeof forgetTargetSchema>

const forgetPreviewSchema = z.object({
  collections: z.array(
    z.object({
      collectionId: z.string(),
      name: z.string(),
      /** Records that would be removed. */
      records: count,
      total: count,
      /** The field that says whose it is; null where the collection has none, so that nothing of it is removed. */
      field: z.string().nullable(),
      sample: z.array(recordSchema),
    }),
  ),
  records: count,
  state: z.string(),
})
export type ForgetPreview = z.infer<typeof forgetPreviewSchema>

/** What was removed by a cleanup or a request to forget: ids and counts, without contents. */
export const cleanupReportSchema = z.object({
  kind: z.enum(['cleanup', 'forget']),
  /** Milliseconds since 1970. */
  at: z.number(),
  title: z.string(),
  store: z.string(),
  /** The change in History. */
  changeId: z.string(),
  collections: z.array(
    z.object({
      collectionId: z.string(),
      name: z.string(),
      rules: z.array(z.string()),
      changed: z.array(z.string()),
      removed: z.array(z.string()),
    }),
  ),
})
export type CleanupReport = z.infer<typeof cleanupReportSchema>

export const storeCareSchema = z.object({
  /** Index folders that no segment of the database names. */
  orphans: z.array(z.object({ name: z.string(), bytes: count, files: count })),
  /** Folders that were moved to the app's trash. */
  trash: z.array(z.object({ id: z.string(), name: z.string(), bytes: count, at: z.number() })),
  /** The write-ahead queue of all collections; `large` where it holds more than Chroma would leave in it. */
  queue: z.object({ operations: count, purges: z.boolean(), large: z.boolean() }),
  /** The database file, and the bytes in it that hold nothing. */
  database: z.object({ bytes: count, freeBytes: count }),
  /** Why folders cannot be moved and the store not be compacted now; null where both can. */
  refusal: wireErrorSchema.nullable(),
})
export type StoreCare = z.infer<typeof storeCareSchema>

const ofRule = collectionRefSchema.extend({ rule: cleanupRuleSchema })

/** Findings are looked for once for each state of a store; looking changes nothing. What removes records needs `editing.start`. */
export const cleanup = {
  findings: query(collectionRefSchema, findingsSchema),
  /** One rule with settings of one's own. */
  finding: query(ofRule, findingSummarySchema),
  /** Largest groups first for duplicates, most similar first for conflicts. */
  groups: query(ofRule.extend(page), z.object({ total: count, removed: count, groups: z.array(cleanupGroupSchema) })),
  /** Records of a rule without groups, with what is the matter with each. */
  records: query(
    ofRule.extend(page),
    z.object({ total: count, records: z.array(z.object({ id: z.string(), reason: z.string().nullable() })) }),
  ),
  /** Every id of a rule, with those that stay in its groups: to select or change them elsewhere. Of one metadata key where one is named. */
  ids: query(ofRule.extend({ key: z.string().nullable().default(null) }), z.array(z.string())),
  /** How many records a near-duplicates rule would remove at each threshold from `floor` to 1 in equal steps. */
  curve: query(ofRule, z.object({ floor: z.number(), step: z.number(), records: z.array(count), groups: z.array(count) })),
  /** Keeps what a person said about two records, or with null takes it back. */
  judgePair: mutation(
    collectionRefSchema.extend({
      ids: z.tuple([z.string(), z.string()]),
      verdict: z.enum(['same', 'different']).nullable(),
      similarity: z.number(),
    }),
    z.object({}),
    ['cleanup', 'maps.values'],
  ),
  /** Keeps what is to become of records, or with null leaves it to the rules. */
  decide: mutation(
    collectionRefSchema.extend({ ids: z.array(z.string()).min(1).max(10_000), decision: decisionSchema.nullable() }),
    z.object({}),
    ['cleanup', 'maps.values'],
  ),
  preview: query(collectionRefSchema.extend({ rules }), cleanupPreviewSchema),
  /** As a job whose result is the id of the change, which has a report and can be undone in History. */
  apply: mutation(collectionRefSchema.extend({ rules, state: z.string() }), job, afterChange),
  policies: query(collectionRefSchema, z.array(cleanupPolicySchema)),
  /** A name that exists is saved anew. */
  savePolicy: mutation(collectionRefSchema.extend(cleanupPolicySchema.pick({ name: true, rules: true }).shape), cleanupPolicySchema, [
    'cleanup.policies',
  ]),
  removePolicy: mutation(collectionRefSchema.extend({ id: z.string() }), z.object({}), ['cleanup.policies']),
  /** Users, sessions or namespaces that the collections of a store name, most records first, at most 500. */
  forgettable: query(connectionRef.extend({ kind: scopeRoleSchema }), z.array(z.object({ value: z.string(), records: count }))),
  forgetPreview: query(connectionRef.extend({ target: forgetTargetSchema }), forgetPreviewSchema),
  /** As `apply`. */
  forget: mutation(connectionRef.extend({ target: forgetTargetSchema, state: z.string() }), job, afterChange),
  /** What a change of cleanup or forgetting removed. */
  report: query(z.object({ changeId: z.string() }), z.object({ report: cleanupReportSchema, text: z.string() })),
  /** Of a directory; null for servers. */
  store: query(connectionRef, storeCareSchema.nullable()),
  /** Moves folders that belong to no collection to the app's trash. Only while nobody has the store open. */
  removeOrphans: mutation(connectionRef.extend({ names: z.array(z.string()).min(1).max(10_000) }), z.object({ bytes: count }), [
    'cleanup.store',
    'connections',
  ]),
  /** Puts a folder back from the trash. */
  restoreOrphan: mutation(connectionRef.extend({ id: z.string() }), z.object({}), ['cleanup.store', 'connections']),
  /**
   * Lets Chroma's own `vacuum` purge the queue and shrink the database, after a copy of the whole store, as a job whose result says
   * in a sentence what it gained and where the copy is.
   */
  compact: mutation(connectionRef, job, afterChange),
}
