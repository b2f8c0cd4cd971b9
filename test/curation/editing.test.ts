import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { transact } from '../../electron/curation/durable-sqlite.ts'
import type { StoredRecord } from '../../shared/domain/record.ts'
import { testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { openConnection } from '../support/open-connection.ts'
import { type Reached, transports } from '../support/reach-core.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { makeSmallStore } from '../support/small-store.ts'
import { treeHash } from '../support/tree-hash.ts'
import { cutEnding } from './cut-ending.ts'

const { reach } = transports[0]
const compat = (await testEngines()).find(({ name }) => name === 'compat')

let home: string
let data: string
let directory: string
let app: Reached
let ref: { connectionId: string; collectionId: string }

async function openApp(): Promise<Reached> {
  const reached = await reach({ data, directory, home })
  const { connectionId, collections } = await openConnection(reached)
  ref = { connectionId, collectionId: collections.get('answers') ?? '' }
  return reached
}

async function ended(jobId: string): Promise<{ state: string; error: { code: string } | null; result: string | null }> {
  await expect.poll(async () => (await app.call('jobs.list', {})).find(({ id }) => id === jobId)?.state).not.toBe('running')
  const job = (await app.call('jobs.list', {})).find(({ id }) => id === jobId)
  if (!job) throw new Error('The job is gone.')
  return job
}

async function recordOf(id: string): Promise<StoredRecord> {
  const filter = { where: null, whereDocument: null, periods: [], set: null, find: '' }
  const sort = { by: { kind: 'stored' }, direction: 'ascending' } as const
  const { records } = await app.call('records.page', { view: { ...ref, filter, sort }, offset: 0, limit: 30 })
  const found = records.find((record) => record.id === id)
  if (!found) throw new Error(`There is no ${id}.`)
  return found
}

async function edit(id: string, document: string): Promise<void> {
  const seen = await recordOf(id)
  const { jobId } = await app.call('curation.edit', { ...ref, edits: [{ id, seen, document, vector: { kind: 'keep' } }] })
  expect(await ended(jobId)).toMatchObject({ state: 'done' })
}

beforeAll(async () => {
  if (!compat) return
  home = await temporaryFolder('home')
  data = await temporaryFolder('data')
  directory = (await makeSmallStore(20, compat))?.directory ?? ''
  app = await openApp()
})

afterAll(async () => {
  if (!compat) return
  await app.stop()
  await removeTemporary(home, data, directory)
})

test.skipIf(!compat)('what editing would mean is found by looking, and nothing is written for it', async () => {
  const hash = await treeHash(directory)
  expect(await app.call('editing.status', ref)).toEqual({ state: 'read-only', locked: false, engine: null, unsettled: 0 })
  const outlook = await app.call('editing.outlook', ref)
  expect(outlook).toMatchObject({ kind: 'directory', openedBy: [], migrates: false, refusal: null })
  expect(outlook.engine?.usable).toBe(true)
  expect(outlook.snapshot?.bytes).toBeGreaterThan(100_000)
  expect(await treeHash(directory)).toBe(hash)
})

test.skipIf(!compat)('a connection that is locked is not edited, and the lock lasts', async () => {
  await app.call('editing.lock', { ...ref, locked: true })
  await app.stop()
  app = await openApp()
  expect((await app.call('editing.status', ref)).locked).toBe(true)
  expect((await app.call('editing.outlook', ref)).refusal?.code).toBe('forbidden')
  const { jobId } = await app.call('editing.start', { ...ref, snapshot: false, migrate: false })
  expect(await ended(jobId)).toMatchObject({ state: 'failed', error: { code: 'forbidden' } })
  await app.call('editing.lock', { ...ref, locked: false })
})

test.skipIf(!compat)('changes of the app itself are no news, those of others are', async () => {
  const { jobId } = await app.call('editing.start', { ...ref, snapshot: true, migrate: false })
  const started = await ended(jobId)
  expect(started.state).toBe('done')
  expect(path.dirname(started.result ?? '')).toBe(path.join(data, 'snapshots'))
  expect(await app.call('connections.status', ref)).toMatchObject({ access: 'editing', changedSince: false, openedBy: [] })
  await edit('answer-1', 'Edited by the app')
  expect((await recordOf('answer-1')).document).toBe('Edited by the app')
  await new Promise((resolve) => setTimeout(resolve, 1800))
  expect((await app.call('connections.status', ref)).changedSince).toBe(false)
  expect(app.events.filter(({ type }) => type === 'store-changed')).toEqual([])
  expect(await app.call('editing.stop', ref)).toMatchObject({ state: 'read-only' })
  const manager = await compat?.create()
  await manager?.start(directory, { kind: 'compat-binding' })
  await manager?.close()
  await expect.poll(() => app.events.some(({ type }) => type === 'store-changed')).toBe(true)
})

test.skipIf(!compat)('a second app with the same data cannot edit what the first one edits', async () => {
  const { jobId } = await app.call('editing.start', { ...ref, snapshot: false, migrate: false })
  expect((await ended(jobId)).state).toBe('done')
  const first = app
  app = await reach({ data, directory, home })
  await openConnection(app)
  const second = await app.call('editing.start', { ...ref, snapshot: false, migrate: false })
  expect(await ended(second.jobId)).toMatchObject({ state: 'failed', error: { code: 'busy' } })
  await app.stop()
  app = first
  await edit('answer-2', 'Still edited')
})

test.skipIf(!compat)('a change that was cut off before it was marked as done is settled when its store is opened, and said', async () => {
  const { changes } = await app.call('changes.list', { connectionId: ref.connectionId, collectionId: null, offset: 0, limit: 1 })
  const [newest] = changes
  await app.stop()
  const file = path.join(data, 'changes', ref.connectionId, `${newest?.id}.journal`)
  await cutEnding(file)
  app = await openApp()
  await expect
    .poll(() => app.events.find((event) => event.type === 'notice'))
    .toMatchObject({ severity: 'info', message: expect.stringContaining('was cut off after everything had been applied') as string })
  const after = await app.call('changes.list', { connectionId: ref.connectionId, collectionId: null, offset: 0, limit: 1 })
  expect(after.changes[0]).toMatchObject({ id: newest?.id, state: 'done' })
  expect((await app.call('editing.status', ref)).unsettled).toBe(0)
})

test.skipIf(!compat)('a store that no engine may open any more is refused with the copy of it to go back to', async () => {
  await app.call('editing.stop', ref)
  await transact(path.join(directory, 'chroma.sqlite3'), async (transaction) => {
    // The index was written, it says, and there is none.
    transaction.run("INSERT OR REPLACE INTO max_seq_id (segment_id, seq_id) SELECT id, 5 FROM segments WHERE scope = 'VECTOR'", [])
    return true
  })
  const [snapshot] = (await readdir(path.join(data, 'snapshots'))).filter((name) => !name.endsWith('.json'))
  const named = expect.stringContaining(path.join(data, 'snapshots', snapshot ?? 'none')) as string
  expect((await app.call('editing.outlook', ref)).refusal).toMatchObject({ code: 'damaged', remedy: named })
  const { jobId } = await app.call('editing.start', { ...ref, snapshot: false, migrate: false })
  expect(await ended(jobId)).toMatchObject({ state: 'failed', error: { code: 'damaged', remedy: named } })
})
