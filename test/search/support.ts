import { rm } from 'node:fs/promises'
import { temporaryFolder } from '../support/fixtures.ts'
import { openConnection } from '../support/open-connection.ts'
import { type Reached, transports } from '../support/reach-core.ts'

export interface OpenedStore {
  readonly call: Reached['call']
  readonly ref: (collection: string) => { connectionId: string; collectionId: string }
  stop(): Promise<void>
}

/** The core in this process with one store open. */
export async function openInCore(directory: string): Promise<OpenedStore> {
  const home = await temporaryFolder('home')
  const [inProcess] = transports
  const reached = await inProcess.reach({ directory, home })
  const { connectionId, collections } = await openConnection(reached)
  return {
    call: reached.call,
    ref: (collection) => ({ connectionId, collectionId: collections.get(collection) ?? '' }),
    async stop() {
      await reached.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}
