import { z } from 'zod'
import { recordSchema } from '../domain/record.ts'
import { mutation, query } from '../rpc/define.ts'
import { wireErrorSchema } from '../rpc/errors.ts'

/** What a change was for. */
export const changeKindSchema = z.enum(['edit', 'bulk-edit', 'add', 'delete', 'copy', 'collection', 'cleanup', 'forget', 'undo'])
export type ChangeKind = z.infer<typeof changeKindSchema>

/**
 * `applying` while it runs; `done` once it was read back; `failed` where it stopped and was taken back; `cut-off` where it stopped and
 * could be neither finished nor taken back yet.
 */
export const changeStateSchema = z.enum(['applying', 'done', 'failed', 'cut-off'])

export const changeSummarySchema = z.object({
  id: z.string(),
  connectionId: z.string(),
  /** The collection that was changed; null where a change concerns several or none. */
  collectionId: z.string().nullable(),
  collectionName: z.string().nullable(),
  /** Milliseconds since 1970. */
  at: z.number(),
  title: z.string(),
  /** The rule, filter or finding that chose the records, in words; null where they were picked by hand. */
  rule: z.string().nullable(),
  kind: changeKindSchema,
  /** Records that it touches. */
  records: z.number(),
  state: changeStateSchema,
  /** The change that this one takes back. */
  undoes: z.string().nullable(),
  /** The latest change that takes this one back. */
  undoneBy: z.string().nullable(),
  /** Size of what is kept to take it back. */
  bytes: z.number(),
  /** What was done after a cut-off, or why it failed, in a sentence. */
  note: z.string().nullable(),
  problem: wireErrorSchema.nullable(),
})
export type ChangeSummary = z.infer<typeof changeSummarySchema>

/** One record before or after a change; null where there was none. */
const stateSchema = recordSchema.extend({ hasVector: z.boolean() }).nullable()
export const changedRecordSchema = z.object({
  id: z.string(),
  collectionName: z.string(),
  before: stateSchema,
  after: stateSchema,
  /** Whether the vector differs between the two. */
  vectorChanged: z.boolean(),
})
export type ChangedRecord = z.infer<typeof changedRecordSchema>

/** A record that is no longer as a change left it. */
export const conflictSchema = z.object({
  id: z.string(),
  collectionName: z.string(),
  /** As the change left it, which undoing starts from. */
  expected: stateSchema,
  /** As it is now. */
  current: stateSchema,
  /** As it would be after undoing. */
  restored: stateSchema,
})
export type Conflict = z.infer<typeof conflictSchema>

export const changesPageSize = 200
const changeRef = z.object({ changeId: z.string() })
const page = { offset: z.number().int().min(0), limit: z.number().int().min(1).max(changesPageSize) }
/** What a change makes out of date. */
export const afterChange = [
  'changes',
  'collections',
  'records',
  'connections',
  'profiles',
  'maps',
  'memories',
  'neighbours',
  'cleanup',
  'curation',
  'jobs',
] as const

export const changes = {
  /** Newest first; of one collection where one is named. `bytes` of all that is kept, `limit` as set in the settings. */
  list: query(
    z.object({ connectionId: z.string(), collectionId: z.string().nullable(), ...page }),
    z.object({ total: z.number(), changes: z.array(changeSummarySchema), bytes: z.number(), limit: z.number() }),
  ),
  records: query(changeRef.extend(page), z.object({ total: z.number(), records: z.array(changedRecordSchema) })),
  /** Records that were changed by others, or by a later change, since; undoing asks what to do with them. At most 1,000 are listed. */
  conflicts: query(changeRef, z.object({ total: z.number(), conflicts: z.array(conflictSchema) })),
  /**
   * Takes a change back, as a job whose result is the id of a new change; undoing that one is redoing. Records in conflict are left as
   * they are, or restored where their ids are in `overwrite`.
   */
  undo: mutation(changeRef.extend({ overwrite: z.array(z.string()).max(1000) }), z.object({ jobId: z.string() }), afterChange),
  /** Tries again to finish or take back changes that were cut off. A job; its result says what was done. */
  settle: mutation(z.object({ connectionId: z.string() }), z.object({ jobId: z.string() }), afterChange),
  /** Drops what is kept to undo these changes. They can then no longer be undone. */
  forget: mutation(z.object({ changeIds: z.array(z.string()).max(10_000) }), z.object({}), ['changes']),
  /** Most bytes that History may keep; a change that would exceed it is refused, nothing is dropped by itself. */
  setLimit: mutation(z.object({ bytes: z.number().int().min(1_048_576) }), z.object({}), ['changes']),
}
