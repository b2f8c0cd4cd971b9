import type { app, AppInfo } from '../../../shared/contract/app.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'

/** `startConnection` answers once what the command line named has opened, or could not be. */
export function appHandlers(
  facts: Omit<AppInfo, 'startConnectionId'>,
  startConnection: () => Promise<string | null>,
): Handlers<typeof app> {
  return { info: async () => ({ ...facts, startConnectionId: await startConnection() }) }
}
