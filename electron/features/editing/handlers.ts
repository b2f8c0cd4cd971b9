import type { editing, EditingOutlook, EditingStatus } from '../../../shared/contract/editing.ts'
import type { AppEvent } from '../../../shared/contract/events.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { toWireError } from '../../../shared/rpc/errors.ts'
import type { Changes } from '../../curation/changes.ts'
import { directoryOutlook, serverOutlook } from '../../curation/editing-outlook.ts'
import type { EditingSessions } from '../../curation/editing-sessions.ts'
import { lockedConnection, mendedIndex } from '../../curation/refusals.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import type { Engines } from '../../store/engine/engines.ts'

export interface EditingParts {
  readonly sessions: EditingSessions
  readonly changes: Changes
  readonly engines: Engines
  readonly jobs: Jobs
  /** The app's data folder. */
  readonly data: string
  /** The directory of a connection; null for servers. */
  readonly directoryOf: (connectionId: string) => Promise<string | null>
  readonly tell: (event: AppEvent) => void
}

export function editingHandlers({ sessions, changes, engines, jobs, data, directoryOf, tell }: EditingParts): Handlers<typeof editing> {
  const status = async (connectionId: string): Promise<EditingStatus> => ({
    ...(await sessions.status(connectionId)),
    unsettled: await changes.unsettled(connectionId),
  })
  return {
    status: ({ connectionId }) => status(connectionId),
    async outlook({ connectionId }, { signal }): Promise<EditingOutlook> {
      const directory = await directoryOf(connectionId)
      const ownPid = sessions.enginePid(connectionId)
      const outlook = directory === null ? serverOutlook : await directoryOutlook(directory, { engines, data, ownPid, signal })
      return (await sessions.isLocked(connectionId)) ? { ...outlook, refusal: toWireError(lockedConnection()) } : outlook
    },
    start: ({ connectionId, snapshot, migrate }) => ({
      jobId: jobs.start('Start editing', async (context) => {
        const mended = (await changes.unsettled(connectionId)) > 0 ? await sessions.mend(connectionId) : []
        const copy = await sessions.start(connectionId, { snapshot, migrate }, context)
        const settled = await changes.settle(connectionId, context)
        const told = [...mended.map(mendedIndex), ...(settled === null ? [] : [settled])]
        if (told.length > 0) tell({ type: 'notice', severity: 'info', message: told.join(' '), remedy: null })
        return copy
      }),
    }),
    async stop({ connectionId }) {
      changes.refuseWhileWriting(connectionId)
      await sessions.stop(connectionId)
      return status(connectionId)
    },
    async lock({ connectionId, locked }) {
      await sessions.lock(connectionId, locked)
      return status(connectionId)
    },
  }
}
