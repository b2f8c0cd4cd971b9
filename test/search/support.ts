import { rm } from 'node:fs/promises'
import path from 'node:path'
import { makeSample } from '../../electron/sample/make-sample.ts'
import { testEngines } from '../support/engines.ts'
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
  const { connectionId, collections } = await openConnection(reached as never)
  return {
    call: reached.call,
    ref: (collection) => ({ connectionId, collectionId: collections.get(collection) ?? '' }),
    async stop() {
      await reached.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** The sample store in a new folder; null where no engine runs here. */
export async function makeSampleStore(): Promise<string | null> {
  const engine = (await testEngines()).at(-1)
  if (!engine) return null
  const directory = path.join(await temporaryFolder('sample'), 'chroma')
  const engines = await engine.create()
  try {
    await makeSample({ directory, engines, signal: new AbortController().signal, progress: () => undefined })
  } finally {
    await engines.close()
  }
  return directory
}
