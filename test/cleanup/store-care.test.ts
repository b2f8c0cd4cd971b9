import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testEngines } from '../support/engines.ts'
import { fixturePath, haveFixtures } from '../support/fixtures.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { openConnection } from '../support/open-connection.ts'
import { transports, type Reached } from '../support/reach-core.ts'
import { treeHash } from '../support/tree-hash.ts'
import { openSampleCore } from './sample-core.ts'

describe.skipIf(!haveFixtures)('index folders of nobody', () => {
  let home: string
  let directory: string
  let reached: Reached
  let connectionId: string
  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-home-'))
    directory = path.join(home, 'store')
    await cp(fixturePath('chroma', 'cache-llm-gateway'), directory, { recursive: true })
    reached = await transports[0].reach({ home, directory, data: path.join(home, 'data') })
    connectionId = (await reached.call('app.info', {})).startConnectionId ?? ''
  })
  afterEach(async () => {
    await reached.stop()
    await rm(home, { recursive: true, force: true })
  })

  test('go to the trash and come back as they were; folders of collections are refused', async () => {
    const before = await treeHash(directory)
    const folders = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name)
    const care = await reached.call('cleanup.store', { connectionId })
    expect(care).toMatchObject({ refusal: null, trash: [] })
    const names = care?.orphans.map(({ name }) => name) ?? []
    expect(names).toHaveLength(2)
    const used = folders.find((name) => !names.includes(name)) ?? ''
    await expect(reached.call('cleanup.removeOrphans', { connectionId, names: [names[0] ?? '', used] })).rejects.toMatchObject({
      code: 'stale',
    })
    await expect(reached.call('cleanup.removeOrphans', { connectionId, names: ['../store'] })).rejects.toMatchObject({ code: 'stale' })
    expect(await treeHash(directory)).toBe(before)
    const contents = await Promise.all(names.map((name) => treeHash(path.join(directory, name))))

    expect((await reached.call('cleanup.removeOrphans', { connectionId, names })).bytes).toBeGreaterThan(0)
    const after = await reached.call('cleanup.store', { connectionId })
    expect(after?.orphans).toEqual([])
    expect(after?.trash.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
    for (const { id } of after?.trash ?? []) await reached.call('cleanup.restoreOrphan', { connectionId, id })
    expect(await Promise.all(names.map((name) => treeHash(path.join(directory, name))))).toEqual(contents)
  })
})

test('a write-ahead queue that holds more than Chroma leaves there is told', { timeout: 120_000 }, async ({ skip }) => {
  const [engine] = await testEngines()
  if (!engine) return skip()
  const home = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-home-'))
  const queued = path.join(home, 'store')
  const engines = await engine.create()
  const { api } = await engines.start(queued, { create: true, kind: engine.kind })
  const configuration = JSON.stringify({ hnsw: { space: 'l2', sync_threshold: 5000 } })
  const { id } = await api.createCollection(defaultDatabase, { name: 'queued', configuration, metadata: null })
  const add = (from: number, to: number): Promise<void> => {
    const ids = Array.from({ length: to - from }, (_, index) => `record-${from + index}`)
    return api.add({ ...defaultDatabase, id }, { ids, embeddings: ids.map((_, index) => Float32Array.of(from + index, 1)) })
  }
  const reached = await transports[0].reach({ home, directory: queued, data: path.join(home, 'data') })
  try {
    const { connectionId } = await openConnection(reached)
    const queueOf = async () => (await reached.call('cleanup.store', { connectionId }))?.queue
    await add(0, 2000)
    await api.settled()
    expect(await queueOf()).toMatchObject({ operations: 2000, large: false })
    await add(2000, 2001)
    await api.settled()
    expect(await queueOf()).toMatchObject({ operations: 2001, large: true })
  } finally {
    await reached.stop()
    await engines.close()
    await rm(home, { recursive: true, force: true })
  }
})

test('a store is compacted by the engine’s own command after a copy, and keeps every record', { timeout: 120_000 }, async ({ skip }) => {
  const core = await openSampleCore()
  if (!core) return skip()
  try {
    const { connectionId } = core
    const { collectionId } = core.ref('support_cache')
    const before = await core.call('collections.detail', { connectionId, collectionId })
    const said = await core.done((await core.call('cleanup.compact', { connectionId })).jobId)
    expect(said).toMatch(/^The store took .* and takes .* now\. A copy of it as it was is in /)
    const after = await core.call('collections.detail', { connectionId, collectionId })
    expect(after.summary.count).toBe(before.summary.count)
    expect((await core.call('cleanup.store', { connectionId }))?.database.freeBytes).toBe(0)
    await core.done((await core.call('editing.start', { connectionId, snapshot: false, migrate: false })).jobId)
    const refused = core.done((await core.call('cleanup.compact', { connectionId })).jobId)
    await expect(refused).rejects.toThrow(/engine runs on this directory/i)
  } finally {
    await core.stop()
  }
})
