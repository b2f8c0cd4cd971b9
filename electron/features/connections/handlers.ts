import type { connections as connectionsContract } from '../../../shared/contract/connections.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { Dialogs } from '../../platform/dialog-interface.ts'
import type { Places } from './places.ts'
import type { Sample } from './sample.ts'
import type { Connections } from './service.ts'

export interface ConnectionsParts {
  readonly connections: Connections
  readonly places: Places
  readonly sample: Sample
  readonly dialogs: Dialogs | null
}

export function connectionsHandlers({ connections, places, sample, dialogs }: ConnectionsParts): Handlers<typeof connectionsContract> {
  return {
    list: () => connections.list(),
    status: ({ connectionId }, { signal }) => connections.status(connectionId, signal),
    places: () => places.roots(),
    browse: ({ handle }) => places.browse(handle),
    open: ({ connectionId }, { signal }) => connections.open(connectionId, signal),
    openPlace: async ({ handle }, { signal }) => connections.openDirectory(await places.pathOf(handle), signal),
    openWithDialog: async (_input, { signal }) => {
      if (!dialogs)
        throw new AppError(
          'unsupported',
          'The browser cannot show the system dialog for folders.',
          'Choose the folder from the list of places.',
        )
      const directory = await dialogs.openDirectory()
      return directory === null ? null : connections.openDirectory(directory, signal)
    },
    openServer: (address, { signal }) => connections.openServer(address, signal),
    openSample: () => ({ jobId: sample.open() }),
    refresh: ({ connectionId }, { signal }) => connections.refresh(connectionId, signal),
    close: async ({ connectionId }) => {
      await connections.close(connectionId)
      return {}
    },
    pin: async ({ connectionId, pinned }) => {
      await connections.pin(connectionId, pinned)
      return {}
    },
    forget: async ({ connectionId }) => {
      await connections.forget(connectionId)
      return {}
    },
  }
}
