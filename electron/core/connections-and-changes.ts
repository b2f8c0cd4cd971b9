import path from 'node:path'
import { toWireError } from '../../shared/rpc/errors.ts'
import { Changes } from '../curation/changes.ts'
import { EditingSessions } from '../curation/editing-sessions.ts'
import { openHistorySettings } from '../curation/history-settings.ts'
import { JournalFolder } from '../curation/journal-folder.ts'
import type { RecentList } from '../features/connections/recent-list.ts'
import { Connections, type ConnectionsOptions } from '../features/connections/service.ts'
import { storePlace } from '../features/connections/store-place.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { sampleDirectory } from '../platform/paths.ts'
import type { Secrets } from '../platform/secrets.ts'
import type { Engines } from '../store/engine/engines.ts'
import type { CoreBasis } from './core-basis.ts'

interface ConnectionsAndChangesOptions extends CoreBasis {
  readonly recent: RecentList
  readonly secrets: Secrets
  /** Folder for private copies. */
  readonly scratch: string
  readonly engines: Engines
  readonly jobs: Jobs
  readonly setIds: ConnectionsOptions['setIds']
}

/** Connections, whether they are open for editing, and their changes: parts that have to know of each other. */
export function wireConnectionsAndChanges({
  data,
  tell,
  onDamaged,
  recent,
  secrets,
  scratch,
  engines,
  jobs,
  setIds,
}: ConnectionsAndChangesOptions): {
  readonly connections: Connections
  readonly sessions: EditingSessions
  readonly changes: Changes
  /** The directory of a connection; null for servers. */
  readonly directoryOf: (connectionId: string) => Promise<string | null>
} {
  const connections: Connections = new Connections({
    recent,
    secrets,
    scratch,
    sampleDirectory: sampleDirectory(data),
    tell,
    setIds,
    editing: {
      isEditing: (connectionId) => sessions.isEditing(connectionId),
      isOwnChange: (connectionId) => changes.isWriting(connectionId) || sessions.explainsChange(connectionId),
      onRead: (connectionId) => sessions.noteRead(connectionId),
      onOpened: (connectionId) => settleCutOff(connectionId),
      stop: (connectionId) => sessions.stop(connectionId),
    },
  })
  const directoryOf = async (connectionId: string): Promise<string | null> => {
    const place = await storePlace(recent, connectionId)
    return place.kind === 'directory' ? place.path : null
  }
  const journals = new JournalFolder(path.join(data, 'changes'), onDamaged)
  const sessions: EditingSessions = new EditingSessions({
    data,
    stores: connections.stores,
    engines,
    directoryOf,
    journals,
    onDamaged,
    onChange: () => tell({ type: 'invalidate', names: ['editing', 'connections', 'engine'] }),
  })
  const changes: Changes = new Changes({
    stores: connections.stores,
    sessions,
    journals,
    settings: openHistorySettings(path.join(data, 'history.json'), onDamaged),
    directoryOf,
    tell,
  })

  /** What a crash left unfinished is finished when its store is opened, and the windows are told. */
  async function settleCutOff(connectionId: string): Promise<void> {
    if ((await changes.unsettled(connectionId)) === 0) return
    jobs.start('Settle changes that were cut off', async (context) => {
      try {
        const message = await changes.settle(connectionId, context)
        if (message !== null) tell({ type: 'notice', severity: 'info', message, remedy: null })
        return message
      } catch (error) {
        const { message, remedy } = toWireError(error)
        tell({ type: 'notice', severity: 'warning', message: `A change that was cut off could not be settled yet. ${message}`, remedy })
        throw error
      }
    })
  }

  return { connections, sessions, changes, directoryOf }
}
