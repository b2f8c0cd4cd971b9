import { z } from 'zod'
import { mutation, query } from '../rpc/define.ts'
import { wireErrorSchema } from '../rpc/errors.ts'
import { engineCandidateSchema } from './engine.ts'

const connectionRef = z.object({ connectionId: z.string() })

/** Whether a connection may be changed now. Every connection opens read-only; servers too are changed only after they were allowed to be. */
export const editingStatusSchema = z.object({
  state: z.enum(['read-only', 'starting', 'editing', 'stopping']),
  /** The person has forbidden changes on this connection; `start` is refused until it is unlocked. */
  locked: z.boolean(),
  /** What carries the changes out; null while none runs, and for servers. */
  engine: engineCandidateSchema.nullable(),
  /** Changes that were cut off and could not be finished yet; nothing else can be changed before they are settled. */
  unsettled: z.number(),
})
export type EditingStatus = z.infer<typeof editingStatusSchema>

/** What starting to edit would mean, found by looking: nothing was started for it. */
export const editingOutlookSchema = z.object({
  kind: z.enum(['directory', 'server']),
  /** The engine that would be started; null for servers and where none can be. */
  engine: engineCandidateSchema.nullable(),
  /** Other processes that have the store open: "python (pid 812)". */
  openedBy: z.array(z.string()),
  /** Why there may be others, as a sentence; null where that is known. */
  openedByUnknown: z.string().nullable(),
  /** The engine would change the format of the store for good, so that older Chroma versions no longer open it. */
  migrates: z.boolean(),
  /** Size of a copy of the whole store, and the space there is for it, in bytes; null for servers. */
  snapshot: z.object({ bytes: z.number(), freeBytes: z.number() }).nullable(),
  /** Why editing cannot begin; null where it can. */
  refusal: wireErrorSchema.nullable(),
})
export type EditingOutlook = z.infer<typeof editingOutlookSchema>

export const editing = {
  status: query(connectionRef, editingStatusSchema),
  outlook: query(connectionRef, editingOutlookSchema),
  /**
   * Begins to edit, as a job: a copy of the store where asked for or needed (a migration needs one), then the engine. Cut-off changes
   * are settled first. The job's result is the path of the copy, or null.
   */
  start: mutation(connectionRef.extend({ snapshot: z.boolean(), migrate: z.boolean() }), z.object({ jobId: z.string() }), [
    'editing',
    'jobs',
  ]),
  /** Ends the engine once what is under way is done; the connection is read-only again. */
  stop: mutation(connectionRef, editingStatusSchema, ['editing', 'connections', 'engine']),
  /** Forbids changes on this connection, also after a restart, or allows them again. */
  lock: mutation(connectionRef.extend({ locked: z.boolean() }), editingStatusSchema, ['editing', 'connections']),
}
