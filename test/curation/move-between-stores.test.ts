import path from 'node:path'
import { expect, test } from 'vitest'
import { type TestEngine, testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { openConnection } from '../support/open-connection.ts'
import { openElsewhere } from '../support/open-elsewhere.ts'
import { type Reached, transports } from '../support/reach-core.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { makeSmallStore } from '../support/small-store.ts'
import { serverAddress } from '../support/server-address.ts'
import { storeStates } from '../support/store-contents.ts'
import { expectSame } from './expect-same.ts'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { noFilter } from '../../shared/domain/where.ts'

const engine = (await testEngines()).find(({ name }) => name === 'compat')

async function ended(app: Reached, jobId: string): Promise<{ state: string; error: { code: string } | null }> {
  await expect
    .poll(async () => (await app.call('jobs.list', {})).find(({ id }) => id === jobId)?.state, { timeout: 60_000 })
    .not.toBe('running')
  const job = (await app.call('jobs.list', {})).find(({ id }) => id === jobId)
  if (!job) throw new Error('The job is gone.')
  return job
}

async function edit(app: Reached, connectionId: string): Promise<void> {
  expect(await ended(app, (await app.call('editing.start', { connectionId, snapshot: false, migrate: false })).jobId)).toMatchObject({
    state: 'done',
  })
}

async function openOther(app: Reached, url: string): Promise<CollectionRef> {
  const { id: connectionId } = await app.call('connections.openServer', serverAddress(url))
  const { tenants } = await app.call('collections.catalog', { connectionId })
  const [first] = tenants.flatMap(({ databases }) => databases.flatMap(({ collections }) => collections))
  return { connectionId, collectionId: first?.id ?? '' }
}

async function undoNewest(app: Reached, connectionId: string): Promise<void> {
  const { changes } = await app.call('changes.list', { connectionId, collectionId: null, offset: 0, limit: 1 })
  const { jobId } = await app.call('changes.undo', { changeId: changes[0]?.id ?? '', overwrite: [] })
  expect(await ended(app, jobId)).toMatchObject({ state: 'done' })
}

async function withTwoStores(
  using: TestEngine,
  work: (app: Reached, here: CollectionRef, there: CollectionRef, directory: string) => Promise<void>,
): Promise<void> {
  const [home, data] = [await temporaryFolder('home'), await temporaryFolder('data')]
  const [directory, served] = [(await makeSmallStore(24, using))?.directory ?? '', (await makeSmallStore(6, using))?.directory ?? '']
  const server = await using.create()
  const { url } = await server.start(served, { kind: using.kind })
  const app = await transports[0].reach({ data, directory: path.resolve(directory), home })
  try {
    const { connectionId, collections } = await openConnection(app)
    await work(app, { connectionId, collectionId: collections.get('answers') ?? '' }, await openOther(app, url), directory)
  } finally {
    await app.stop()
    await server.close()
    await removeTemporary(home, data, directory, served)
  }
}

test.skipIf(!engine)(
  'records move from a directory to a server, whole or not at all, and both sides are taken back',
  async () => {
    if (!engine) return
    await withTwoStores(engine, async (app, here, there, directory) => {
      const [before, beforeThere] = [await storeStates(app, here), await storeStates(app, there)]
      const scope = { kind: 'filter' as const, filter: noFilter }
      const operation = { kind: 'copy' as const, to: there, move: true, existing: 'leave' as const }
      const move = async (): Promise<{ state: string; error: { code: string } | null }> => {
        const { state } = await app.call('curation.preview', { ...here, scope, operation })
        return ended(app, (await app.call('curation.apply', { ...here, scope, operation, state, rule: null })).jobId)
      }
      await edit(app, there.connectionId)
      expect(await move()).toMatchObject({ state: 'failed', error: { code: 'forbidden' } })
      expectSame(await storeStates(app, there), beforeThere)

      await edit(app, here.connectionId)
      if (process.platform === 'linux') {
        // Somebody else opens the directory, so that nothing may be removed there after all has arrived on the server.
        const pid = await openElsewhere(path.join(directory, 'chroma.sqlite3'))
        try {
          expect(await move()).toMatchObject({ state: 'failed', error: { code: 'busy' } })
        } finally {
          process.kill(pid, 'SIGKILL')
        }
        expectSame(await storeStates(app, there), beforeThere)
        expectSame(await storeStates(app, here), before)
        const listed = { connectionId: there.connectionId, collectionId: null, offset: 0, limit: 9 }
        const [undo, copy] = (await app.call('changes.list', listed)).changes
        expect([undo?.undoes, undo?.state, copy?.undoneBy]).toEqual([copy?.id, 'done', undo?.id])
      }
      const preview = await app.call('curation.preview', { ...here, scope, operation })
      expect(preview).toMatchObject({ records: 24, changed: 18, refused: [{ count: 6 }] })
      expect(await move()).toMatchObject({ state: 'done' })
      const [left, arrived] = [await storeStates(app, here), await storeStates(app, there)]
      expect([...left.keys()].toSorted()).toEqual([...beforeThere.keys()].toSorted())
      expectSame(arrived, before)

      await undoNewest(app, here.connectionId)
      await undoNewest(app, there.connectionId)
      expectSame(await storeStates(app, here), before)
      expectSame(await storeStates(app, there), beforeThere)
    })
  },
  120_000,
)
