import { z } from 'zod'
import { query } from '../rpc/define.ts'

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
}
