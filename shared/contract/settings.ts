import { z } from 'zod'
import { mutation, query } from '../rpc/define.ts'
import { collectionRefSchema } from './collections.ts'

export const preferencesSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['compact', 'comfortable']),
})
export type Preferences = z.infer<typeof preferencesSchema>

/** A column of the records table: `id`, `document`, `role:<role>` of the profile, or `key:<metadata key>`. */
export const columnSchema = z.object({ id: z.string(), width: z.number().min(40).max(2000) })
/** Columns in order; those not listed are hidden. Kept per collection. */
export const tableLayoutSchema = z.object({ columns: z.array(columnSchema).max(500) })
export type TableLayout = z.infer<typeof tableLayoutSchema>

export const settings = {
  preferences: query(z.object({}), preferencesSchema),
  setPreferences: mutation(preferencesSchema.partial(), preferencesSchema, ['settings.preferences']),
  tableLayout: query(collectionRefSchema, tableLayoutSchema.nullable()),
  setTableLayout: mutation(collectionRefSchema.extend({ layout: tableLayoutSchema.nullable() }), z.object({}), ['settings.tableLayout']),
}
