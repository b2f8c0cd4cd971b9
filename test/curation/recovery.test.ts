import { copyFile, cp, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecordState } from '../../electron/curation/change.ts'
import { requeueIndex } from '../../electron/curation/requeue-index.ts'
import { Session } from '../../electron/store/directory/session.ts'
import { mendInWorker } from '../../electron/curation/mend-in-worker.ts'
import { parseIndexMetadata } from '../../electron/store/directory/format/pickle.ts'
import { writeIndexMetadata } from '../../electron/store/directory/format/pickle-writer.ts'
import { preflight } from '../../electron/store/engine/preflight.ts'
import { testEngines, type TestEngine } from '../support/engines.ts'
import { everyOther, mostlyOne } from '../support/quick.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { treeHash } from '../support/tree-hash.ts'
import { serverAddress } from '../support/server-address.ts'
import { startTokenProxy } from '../support/token-proxy.ts'
import { expectSame } from './expect-same.ts'
import { openWorkbench, recordsPlan } from './workbench.ts'

const engines = await testEngines()

/** A vector of its own for each record. */
function vectorOf(index: number): Float32Array {
  return Float32Array.of(Math.sin(index), Math.cos(index * 7), Math.sin(index * index), 1 + (index % 5))
}

interface Persisted {
  readonly directory: string
  readonly pickle: string
  /** The pickle as it was after the first thousand records. */
  readonly older: string
}

/** 2,000 records in an index that was written twice, and 30 in the queue only, which also has the right vectors of the first nine. */
async function makePersisted(engine: TestEngine): Promise<Persisted> {
  const directory = await temporaryFolder('persisted')
  const manager = await engine.create()
  const findPickle = async (): Promise<string> => {
    for (const name of await readdir(directory)) {
      const file = path.join(directory, name, 'index_metadata.pickle')
      if (await stat(file).catch(() => null)) return file
    }
    throw new Error('The index was not written.')
  }
  const older = path.join(await temporaryFolder('older'), 'index_metadata.pickle')
  try {
    const { api } = await manager.start(directory, { create: true, kind: engine.kind })
    const { id } = await api.createCollection(defaultDatabase, { name: 'many', space: 'l2', metadata: null })
    const add = (from: number, to: number): Promise<void> => {
      const ids = Array.from({ length: to - from }, (_, index) => from + index)
      return api.add(
        { ...defaultDatabase, id },
        { ids: ids.map((index) => `many-${index}`), embeddings: ids.map((index) => vectorOf(index < 9 ? index + 5000 : index)) },
      )
    }
    await add(0, 1000)
    await copyFile(await findPickle(), older)
    await add(1000, 2000)
    await add(2000, 2030)
    const first = Array.from({ length: 9 }, (_, index) => index)
    await api.update({ ...defaultDatabase, id }, { ids: first.map((index) => `many-${index}`), embeddings: first.map(vectorOf) })
  } finally {
    await manager.close()
  }
  return { directory, pickle: await findPickle(), older }
}

/** A copy that may be damaged. */
async function copyOf({ directory, pickle, older }: Persisted): Promise<Persisted> {
  const copy = await temporaryFolder('damaged')
  await cp(directory, copy, { recursive: true })
  return { directory: copy, pickle: path.join(copy, path.relative(directory, pickle)), older }
}

/** Starts an engine, which has to know all 2,030 records by their vectors, and to take another one. */
async function expectAllVectors(engine: TestEngine, directory: string): Promise<void> {
  const manager = await engine.create()
  try {
    const { api } = await manager.start(directory, { kind: engine.kind })
    const [collection] = await api.collections(defaultDatabase)
    const ref = { ...defaultDatabase, id: collection?.id ?? '' }
    expect(await api.count(ref)).toBe(2030)
    const { ids, vectors } = await api.vectors(ref, { limit: 3000 })
    expect(ids.length).toBe(2030)
    for (const [place, id] of ids.entries()) expect(vectors[place]).toEqual(vectorOf(Number(id.slice(5))))
    await api.add(ref, { ids: ['new'], embeddings: [Float32Array.of(9, 9, 9, 9)] })
    const answer = await api.query(ref, { vectors: [Float32Array.of(9, 9, 9, 9), vectorOf(1500)], results: 1 })
    expect(answer.ids).toEqual([['new'], ['many-1500']])
  } finally {
    await manager.close()
  }
}

/** Contents of every file of a store, by name. */
async function filesOf(directory: string): Promise<Map<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  const read = files.map(async (file) => [path.relative(directory, file), (await readFile(file)).toString('base64')] as const)
  return new Map((await Promise.all(read)).toSorted())
}

async function countTwice(header: string): Promise<void> {
  const bytes = await readFile(header)
  bytes.writeBigUInt64LE(2n * bytes.readBigUInt64LE(20), 20)
  await writeFile(header, bytes)
}

async function removeBoth(folder: string): Promise<void> {
  await rm(path.join(folder, 'link_lists.bin'))
  await rm(path.join(folder, 'length.bin'))
}

describe.each(mostlyOne(engines, 'compat'))(
  'after an engine was ended in the middle, with the $name engine',
  { timeout: 120_000 },
  (engine) => {
    let persisted: Persisted

    beforeAll(async () => {
      persisted = await makePersisted(engine)
    })
    afterAll(() => removeTemporary(persisted.directory, path.dirname(persisted.older)))

    test.each(
      everyOther<[string, (store: Persisted) => Promise<void>]>([
        ['torn', async ({ pickle }) => truncate(pickle, Math.floor((await stat(pickle)).size / 3))],
        ['empty', ({ pickle }) => truncate(pickle, 0)],
        ['older than the index', ({ pickle, older }) => copyFile(older, pickle)],
      ]),
    )('an index_metadata.pickle that is %s is made anew, and the engine has every vector under its id', async (_what, damage) => {
      const store = await copyOf(persisted)
      const data = await temporaryFolder('mending')
      const whole = parseIndexMetadata(await readFile(store.pickle))
      await damage(store)
      const scratch = path.join(data, 'scratch')
      expect((await preflight(store.directory, { scratch })).findings.some(({ severity }) => severity === 'error')).toBe(true)
      expect(await mendInWorker(store.directory, scratch, data)).toEqual(['many'])
      expect((await preflight(store.directory, { scratch })).findings.filter(({ severity }) => severity === 'error')).toEqual([])
      const mended = parseIndexMetadata(await readFile(store.pickle))
      expect(new Map(mended.idToLabel)).toEqual(new Map(whole.idToLabel))
      expect(mended.totalAdded).toBe(whole.totalAdded)
      await expectAllVectors(engine, store.directory)
      await removeTemporary(store.directory, data)
    })

    test.each(
      everyOther<[string, (folder: string) => Promise<void>]>([
        ['header.bin is torn', (folder) => truncate(path.join(folder, 'header.bin'), 40)],
        ['header.bin counts what is not there', (folder) => countTwice(path.join(folder, 'header.bin'))],
        ['link_lists.bin ends early', async (folder) => truncate(path.join(folder, 'link_lists.bin'), 2000)],
        ['link_lists.bin and length.bin are gone', (folder) => removeBoth(folder)],
      ]),
    )('an index whose %s is made anew from the vectors that it holds', async (_what, damage) => {
      const store = await copyOf(persisted)
      const data = await temporaryFolder('mending')
      const folder = path.dirname(store.pickle)
      await damage(folder)
      const scratch = path.join(data, 'scratch')
      expect((await preflight(store.directory, { scratch })).findings.some(({ code }) => code === 'index-damaged')).toBe(true)
      expect(await mendInWorker(store.directory, scratch, data)).toEqual(['many'])
      expect((await preflight(store.directory, { scratch })).findings.filter(({ severity }) => severity === 'error')).toEqual([])
      const [kept = ''] = (await readdir(data)).filter((name) => name.startsWith('replaced-'))
      expect(await readdir(path.join(data, kept))).toEqual([path.basename(folder), 'chroma.sqlite3'].toSorted())
      await expectAllVectors(engine, store.directory)
      await removeTemporary(store.directory, data)
    })

    test('an index into which an update went last is made anew, by cosine too', async () => {
      const directory = await temporaryFolder('turned')
      const data = await temporaryFolder('mending')
      let manager = await engine.create()
      const made = (await manager.start(directory, { create: true, kind: engine.kind })).api
      const { id } = await made.createCollection(defaultDatabase, { name: 'turned', space: 'cosine', metadata: null })
      const ref = { ...defaultDatabase, id }
      const ids = Array.from({ length: 999 }, (_, index) => `many-${index}`)
      await made.add(ref, { ids, embeddings: ids.map((_, index) => vectorOf(index)) })
      // The thousandth operation has the index written.
      await made.update(ref, { ids: ['many-7'], embeddings: [vectorOf(5000)] })
      await manager.close()
      const scratch = path.join(data, 'scratch')
      const session = await Session.open({ directory, scratch: data })
      const { vectorSegment, vectorSequence, metadataSequence } = session.collection(id)
      await session.retire()
      expect([vectorSequence, vectorSegment === null]).toEqual([metadataSequence, false])
      await truncate(path.join(directory, vectorSegment?.id ?? '', 'link_lists.bin'), 20)
      expect(await mendInWorker(directory, scratch, data)).toEqual(['turned'])
      manager = await engine.create()
      const { api } = await manager.start(directory, { kind: engine.kind })
      const { ids: found, vectors } = await api.vectors(ref, { limit: 2000 })
      await manager.close()
      expect(found).toHaveLength(999)
      for (const [place, each] of found.entries()) {
        const given = vectorOf(each === 'many-7' ? 5000 : Number(each.slice(5)))
        for (const [at, value] of (vectors[place] ?? []).entries()) expect(value).toBeCloseTo(given[at] ?? 0, 5)
      }
      await removeTemporary(directory, data)
    })

    test('an index whose mending was interrupted before its files went is mended the next time', async () => {
      const store = await copyOf(persisted)
      const data = await temporaryFolder('mending')
      const folder = path.dirname(store.pickle)
      await truncate(path.join(folder, 'link_lists.bin'), 2000)
      const scratch = path.join(data, 'scratch')
      expect(await mendInWorker(store.directory, scratch, data)).toEqual(['many'])
      const [kept = ''] = (await readdir(data)).filter((name) => name.startsWith('replaced-'))
      await cp(path.join(data, kept, path.basename(folder)), folder, { recursive: true })
      expect(await mendInWorker(store.directory, scratch, data)).toEqual(['many'])
      await expectAllVectors(engine, store.directory)
      await removeTemporary(store.directory, data)
    })

    test('an index that cannot be read back once it was made anew is put back as it was, and mended another time', async () => {
      const store = await copyOf(persisted)
      const data = await temporaryFolder('mending')
      await truncate(path.join(path.dirname(store.pickle), 'link_lists.bin'), 2000)
      const before = await filesOf(store.directory)
      const scratch = path.join(data, 'scratch')
      const [reading, none] = [path.join(data, 'reading'), path.join(data, 'none')]
      await Promise.all([mkdir(reading), writeFile(none, '')])
      const session = await Session.open({ directory: store.directory, scratch: reading })
      try {
        const [collection] = session.collections.values()
        if (!collection) throw new Error('The store is empty.')
        await expect(requeueIndex(session, collection, data, none)).rejects.toThrow()
      } finally {
        await session.retire()
      }
      expect(await filesOf(store.directory)).toEqual(before)
      expect(await mendInWorker(store.directory, scratch, data)).toEqual(['many'])
      await expectAllVectors(engine, store.directory)
      await removeTemporary(store.directory, data)
    })

    test('an index that lost vectors is left as it is', async () => {
      const store = await copyOf(persisted)
      const data = await temporaryFolder('mending')
      const level = path.join(path.dirname(store.pickle), 'data_level0.bin')
      await truncate(level, 50_000)
      const before = await treeHash(store.directory)
      expect(await mendInWorker(store.directory, path.join(data, 'scratch'), data)).toEqual([])
      expect(await treeHash(store.directory)).toEqual(before)
      await removeTemporary(store.directory, data)
    })

    test('a server is edited with the token of its connection, and what others change there is a conflict', async () => {
      const [directory, data] = [await temporaryFolder('served'), await temporaryFolder('serving')]
      const manager = await engine.create()
      const { api, url } = await manager.start(directory, { create: true, kind: engine.kind })
      const { id } = await api.createCollection(defaultDatabase, { name: 'remote', space: 'cosine', metadata: null })
      const ref = { ...defaultDatabase, id }
      const ids = Array.from({ length: 20 }, (_, index) => `r-${index}`)
      await api.add(ref, { ids, embeddings: ids.map((_, index) => vectorOf(index)), documents: ids.map((each) => `Text of ${each}`) })
      const proxy = await startTokenProxy(url, { token: { header: 'x-chroma-token', value: 'secret' } })
      const place = serverAddress(proxy.url, { token: 'secret' })
      const bench = await openWorkbench({ data, engines: await engine.create(), place })
      try {
        const collection = await bench.collection('remote')
        const before = await bench.all('remote')
        const changes = [...before.values()].slice(0, 6).map((state, index) => ({
          id: state.id,
          before: state,
          after: index < 3 ? null : ({ ...state, document: 'changed', metadata: new Map([['n', BigInt(index)]]) } satisfies RecordState),
        }))
        await expect(bench.apply(recordsPlan(collection, changes))).rejects.toMatchObject({ code: 'forbidden' })
        await bench.edit()
        const change = await bench.apply(recordsPlan(collection, changes))
        expect((await bench.all('remote')).size).toBe(17)
        expect((await bench.all('remote')).get('r-4')).toMatchObject({ document: 'changed', metadata: new Map([['n', 4n]]) })
        await api.update(ref, { ids: ['r-5'], documents: ['by somebody else'] })
        await bench.undo(change)
        const now = await bench.all('remote')
        expect(now.get('r-5')?.document).toBe('by somebody else')
        await bench.undo(change, ['r-5'])
        expectSame(await bench.all('remote'), before)
        await bench.sessions.stop('connection-1')
        await expect(bench.apply(recordsPlan(collection, changes))).rejects.toMatchObject({ code: 'forbidden' })
      } finally {
        await bench.close()
        await proxy.close()
        await manager.close()
        await removeTemporary(directory, data)
      }
    })
  },
)

test('a pickle that is written is read back, whatever the ids are', () => {
  const ids = ['', 'a', '日本語 🙂', 'nul\0', '__proto__', 'x'.repeat(5000), ...Array.from({ length: 2500 }, (_, index) => `id ${index}`)]
  const labels = new Map(ids.map((id, index) => [id, index + 1]))
  const { idToLabel, totalAdded, problem } = parseIndexMetadata(writeIndexMetadata(labels, 9000))
  expect(problem).toBeNull()
  expect(totalAdded).toBe(9000)
  expect(new Map(idToLabel)).toEqual(labels)
})
