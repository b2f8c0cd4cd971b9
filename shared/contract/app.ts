import { z } from 'zod'
import { mutation, query } from '../rpc/define.ts'

export const appInfoSchema = z.object({
  version: z.string(),
  mode: z.enum(['desktop', 'browser']),
  platform: z.string(),
  /** True where the shell can show the operating system's open dialog. */
  nativeDialogs: z.boolean(),
  dataDirectory: z.string(),
  /** What the command line asked to open, as a connection to go to; null where nothing was given. */
  startConnectionId: z.string().nullable(),
})
export type AppInfo = z.infer<typeof appInfoSchema>

export const app = {
  info: query(z.object({}), appInfoSchema),
  /**
   * Asks in the system's dialog where to keep a file, and writes it there; `saved` is false where the person cancelled. `name` is what
   * the dialog proposes. Only where app.info says nativeDialogs: a browser saves files itself.
   */
  saveFile: mutation(z.object({ name: z.string().min(1).max(200), content: z.instanceof(Uint8Array) }), z.object({ saved: z.boolean() })),
}
