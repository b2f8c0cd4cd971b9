import { z } from 'zod'
import type { ElectronApi } from './electron-api.ts'

const messageSchema = z.object({ target: z.string().max(32_768).nullable() })

/**
 * True where this is the only running app. Otherwise the one that runs gets `target` (an absolute directory, a URL, or
 * null to only come to the front), and this one is to end.
 */
export function claimSingleInstance(
  app: ElectronApi['app'],
  target: string | null,
  onSecondStart: (target: string | null) => void,
): boolean {
  if (!app.requestSingleInstanceLock({ target })) return false
  app.on('second-instance', (_event, _words, _directory, message) => {
    const parsed = messageSchema.safeParse(message)
    onSecondStart(parsed.success ? parsed.data.target : null)
  })
  return true
}
