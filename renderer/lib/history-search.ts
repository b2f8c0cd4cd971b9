import { z } from 'zod'

/** What the address of History says. */
export const historySearchSchema = z.object({
  /** Id of the collection whose changes are listed; those of all where absent. */
  collection: z.string().min(1).optional().catch(undefined),
  /** Id of the change whose records are shown. */
  change: z.string().min(1).optional().catch(undefined),
})
export type HistorySearch = z.infer<typeof historySearchSchema>
