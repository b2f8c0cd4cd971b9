import type { Connection } from '../../shared/contract/connections.ts'
import { toWireError } from '../../shared/rpc/errors.ts'
import type { Core } from '../core.ts'

/** Opens what the menu, a dropped file or a second start names, and takes the window there. */
export interface OpenRequests {
  /** An absolute directory, or a file in it, or a URL. */
  openTarget(target: string): Promise<void>
  openRecent(connectionId: string): Promise<void>
}

export function createOpenRequests(core: Pick<Core, 'tell' | 'openFromCommandLine' | 'openDirectoryByPath' | 'openRecent'>): OpenRequests {
  async function show(opening: Promise<Connection | null>): Promise<void> {
    try {
      const connection = await opening
      if (!connection) return
      core.tell({ type: 'invalidate', names: ['connections'] })
      core.tell({ type: 'navigate', to: `/s/${encodeURIComponent(connection.id)}` })
    } catch (error) {
      const { message, remedy } = toWireError(error)
      core.tell({ type: 'notice', severity: 'error', message, remedy })
    }
  }

  return {
    openTarget: (target) => show(/^https?:\/\//i.test(target) ? core.openFromCommandLine(target) : core.openDirectoryByPath(target)),
    openRecent: (connectionId) => show(core.openRecent(connectionId)),
  }
}
