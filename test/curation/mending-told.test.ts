import { stat, truncate } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { testEngines } from '../support/engines.ts'
import { endedJob } from '../support/ended-job.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { openConnection } from '../support/open-connection.ts'
import { makePersistedStore } from '../support/persisted-store.ts'
import { type Reached, transports } from '../support/reach-core.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { cutEnding } from './cut-ending.ts'

const engine = (await testEngines()).find(({ name }) => name === 'compat')
const { reach } = transports[0]

test.skipIf(!engine)(
  'an index that an own engine left torn is mended when the store is opened, and that is said',
  { timeout: 120_000 },
  async () => {
    if (!engine) return
    const { directory, index } = await makePersistedStore(engine)
    const [home, data] = [await temporaryFolder('home'), await temporaryFolder('data')]
    let app: Reached = await reach({ data, directory, home })
    const filter = { where: null, whereDocument: null, periods: [], set: null, find: '' }
    const sort = { by: { kind: 'stored' }, direction: 'ascending' } as const
    try {
      const { connectionId, collections } = await openConnection(app)
      const ref = { connectionId, collectionId: collections.get('persisted') ?? '' }
      const view = { ...ref, filter, sort }
      await endedJob(app, (await app.call('editing.start', { connectionId, snapshot: false, migrate: false })).jobId)
      const { records } = await app.call('records.page', { view, offset: 0, limit: 1 })
      const edits = records.map((seen) => ({ id: seen.id, seen, document: 'Edited', vector: { kind: 'keep' } as const }))
      await endedJob(app, (await app.call('curation.edit', { ...ref, edits })).jobId)
      const { changes } = await app.call('changes.list', { connectionId, collectionId: null, offset: 0, limit: 1 })
      await app.stop()

      await cutEnding(path.join(data, 'changes', connectionId, `${changes[0]?.id}.journal`))
      const pickle = path.join(index, 'index_metadata.pickle')
      await truncate(pickle, Math.floor((await stat(pickle)).size / 3))
      app = await reach({ data, directory, home })
      await openConnection(app)
      const told = (): unknown => app.events.find(({ type }) => type === 'notice')
      await expect
        .poll(told, { timeout: 30_000 })
        .toMatchObject({ severity: 'info', message: expect.stringMatching(/index of persisted; it was mended.*was cut off/) })
      expect((await app.call('editing.outlook', ref)).refusal).toBeNull()
      expect((await app.call('records.page', { view, offset: 0, limit: 1 })).records[0]?.document).toBe('Edited')
      expect((await app.call('records.vector', { ...ref, id: 'record-33' })).vector).not.toBeNull()
    } finally {
      await app.stop()
      await removeTemporary(home, data, directory)
    }
  },
)
