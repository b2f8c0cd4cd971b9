import type { app, AppInfo } from '../../../shared/contract/app.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { Dialogs } from '../../platform/dialog-interface.ts'
import { saveFile } from './save-file.ts'

/** `startConnection` answers once what the command line named has opened, or could not be. */
export function appHandlers(
  facts: Omit<AppInfo, 'startConnectionId'>,
  startConnection: () => Promise<string | null>,
  dialogs: Dialogs | null,
): Handlers<typeof app> {
  return {
    info: async () => ({ ...facts, startConnectionId: await startConnection() }),
    saveFile: ({ name, content }) => saveFile(dialogs, name, content),
  }
}
