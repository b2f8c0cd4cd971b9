import { cp, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDirectoryStore } from '../../../electron/store/directory/directory-store.ts'
import type { Engines } from '../../../electron/store/engine/engines.ts'
import { openServerStore } from '../../../electron/store/server/server-store.ts'
import type { Store, StoreView } from '../../../electron/store/store.ts'
import type { Sort } from '../../../shared/contract/records.ts'
import { noFilter, type Filter } from '../../../shared/domain/where.ts'
import { testEngines } from '../../support/engines.ts'
import { temporaryFolder } from '../../support/fixtures.ts'
import { generateStore, type GeneratedCollection } from '../../support/generate-store.ts'
import { serverAddress } from '../../support/server-address.ts'

const engine = (await testEngines())[0]
const keys = ['kind', 'n', 'score', 'flag', 'mixed', 'with space', '__proto__', '7', 'tags', 'added', 'no such key']
const some: Filter['where'] = { kind: 'compare', key: 'n', operator: '$lt', value: 6n }

/** The same store read from its directory and through a server must look the same, wherever the work is done. */
describe.skipIf(!engine)('a store looks the same from its directory and through a server', () => {
  let folder: string
  let manager: Engines
  let directory: Store
  let server: Store
  let collections: GeneratedCollection[]

  beforeAll(async () => {
    if (!engine) return
    folder = await temporaryFolder('server-directory')
    const home = path.join(folder, 'store')
    collections = (await generateStore({ directory: home, engine, seed: 31 })).filter((collection) =>
      ['persisted-cosine', 'never-persisted'].includes(collection.name),
    )
    directory = await openDirectoryStore({ directory: home, scratch: folder })
    manager = await engine.create()
    const copy = path.join(folder, 'copy')
    await cp(home, copy, { recursive: true })
    const { url } = await manager.start(copy, { kind: engine.kind })
    server = await openServerStore(serverAddress(url))
  }, 120_000)

  afterAll(async () => {
    await server?.close()
    await directory?.close()
    await manager?.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function idsOf(store: Store, view: StoreView): Promise<string[]> {
    const { total } = await store.page(view, 0, 1)
    return store.idsAt(view, [{ from: 0, to: total }])
  }

  async function expectSameOrder(filter: Filter, sort: Sort): Promise<void> {
    for (const { id } of collections) {
      const view = { collectionId: id, filter, sort }
      expect({ sort, ids: await idsOf(server, view) }).toEqual({ sort, ids: await idsOf(directory, view) })
    }
  }

  test.each(keys)('sorted by %s', async (key) => {
    for (const direction of ['ascending', 'descending'] as const) {
      await expectSameOrder(noFilter, { by: { kind: 'metadata', key }, direction })
      await expectSameOrder({ ...noFilter, where: some }, { by: { kind: 'metadata', key }, direction })
    }
  })

  test.each(['stored', 'id', 'document'] as const)('in the order of %s', async (kind) => {
    for (const direction of ['ascending', 'descending'] as const)
      await expectSameOrder({ ...noFilter, where: some }, { by: { kind }, direction })
  })

  test.each(['CACHE', 'straße', 'ДАННЫЕ', '100%', '_', '🙂', 'l', 'COSINE-1', 'é', 'Ü', '"quoted"'])('found by %s', async (find) => {
    await expectSameOrder({ ...noFilter, find }, { by: { kind: 'stored' }, direction: 'ascending' })
    await expectSameOrder({ ...noFilter, find, where: some }, { by: { kind: 'id' }, direction: 'descending' })
  })

  test('in its facets', async () => {
    for (const { id } of collections) {
      for (const filter of [noFilter, { ...noFilter, where: some }]) {
        const view: StoreView = { collectionId: id, filter, sort: { by: { kind: 'stored' }, direction: 'ascending' } }
        expect(await server.facets(view, keys, 5)).toEqual(await directory.facets(view, keys, 5))
      }
    }
  })

  test('in its metadata keys', async () => {
    const byKey = (list: Awaited<ReturnType<Store['keys']>>): unknown[] =>
      list
        .map(({ types, ...rest }) => ({ ...rest, types: types.toSorted((a, b) => (a.type < b.type ? -1 : 1)) }))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    for (const { id } of collections) expect(byKey(await server.keys(id))).toEqual(byKey(await directory.keys(id)))
  })

  test('in its vectors and the sums of one', async () => {
    for (const { id } of collections) {
      const [mine, theirs] = [await directory.vectors(id, null), await server.vectors(id, null)]
      expect(theirs.ids).toEqual(mine.ids)
      expect(theirs.dimension).toBe(mine.dimension)
      const first = mine.ids[0] ?? ''
      const [a, b] = [await directory.vector(id, first), await server.vector(id, first)]
      expect(b.vector?.norm).toBeCloseTo(a.vector?.norm ?? NaN, 3)
    }
  })
})
