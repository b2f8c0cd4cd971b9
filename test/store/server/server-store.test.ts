import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engines, RunningEngine } from '../../../electron/store/engine/engines.ts'
import { openServerStore } from '../../../electron/store/server/server-store.ts'
import type { Store, StoreView } from '../../../electron/store/store.ts'
import type { MetadataValue } from '../../../shared/domain/metadata.ts'
import { noFilter, type Filter } from '../../../shared/domain/where.ts'
import { testEngines } from '../../support/engines.ts'
import { defaultDatabase } from '../../support/generate-store.ts'
import { serverAddress } from '../../support/server-address.ts'
import { startTokenProxy, type TokenProxy } from '../../support/token-proxy.ts'

function view(
  collectionId: string,
  filter: Partial<Filter> = {},
  sort: StoreView['sort'] = { by: { kind: 'stored' }, direction: 'ascending' },
): StoreView {
  return { collectionId, filter: { ...noFilter, ...filter }, sort }
}

const token = 'a-secret-token'
const engines = await testEngines()

describe.each(engines)('a server that runs the $name engine', (engine) => {
  let folder: string
  let manager: Engines
  let running: RunningEngine
  let proxy: TokenProxy
  let store: Store
  const ids: Record<string, string> = {}

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-server-'))
    manager = await engine.create()
    running = await manager.start(path.join(folder, 'store'), { create: true, kind: engine.kind })
    const { api } = running
    const main = await api.createCollection(defaultDatabase, {
      name: 'main',
      space: 'cosine',
      metadata: new Map<string, MetadataValue>([
        ['about', 'tests'],
        ['whole', 3n],
      ]),
    })
    ids['main'] = main.id
    const count = 2500
    const numbers = Array.from({ length: count }, (_, index) => index)
    await api.add(
      { ...defaultDatabase, id: main.id },
      {
        ids: numbers.map((number) => `id-${number}`),
        embeddings: numbers.map((number) => new Float32Array([1, number, -number])),
        documents: numbers.map((number) => (number % 10 === 9 ? null : `Document ${number % 3 === 0 ? 'THREE' : 'other'} ${number}`)),
        metadatas: numbers.map((number) => {
          const metadata = new Map<string, MetadataValue>([
            ['n', BigInt(number)],
            ['half', number / 2],
            ['group', `g${number % 7}`],
          ])
          if (number < 31) metadata.set('day', `2026-01-${String(number + 1).padStart(2, '0')}T12:00:00Z`)
          if (number % 4 === 0) metadata.set('flag', number % 8 === 0)
          if (number === 0) metadata.set('big', 9_007_199_254_740_993n).set('whole float', 3)
          return metadata
        }),
        uris: numbers.map((number) => (number === 1 ? 'file:///one' : null)),
      },
    )
    const hostile = JSON.stringify({
      embedding_function: { type: 'known', name: '../../evil.mjs', config: { api_base: 'http://127.0.0.1:9/steal' } },
    })
    ids['hostile'] = (await api.createCollection(defaultDatabase, { name: 'hostile', configuration: hostile })).id
    await api.createDatabase({ tenant: 'default_tenant', database: 'second' })
    ids['second'] = (await api.createCollection({ tenant: 'default_tenant', database: 'second' }, { name: 'in-second', space: 'ip' })).id
    await api.createTenant('somebody')
    await api.createDatabase({ tenant: 'somebody', database: 'theirs' })
    ids['theirs'] = (await api.createCollection({ tenant: 'somebody', database: 'theirs' }, { name: 'in-theirs' })).id
    proxy = await startTokenProxy(running.url, { token: { header: 'x-chroma-token', value: token }, mount: '/behind/a/path' })
    store = await openServerStore(serverAddress(proxy.url, { token }), { setIds: () => Promise.resolve(['id-9', 'id-3', 'id-2', 'gone']) })
  }, 120_000)

  afterAll(async () => {
    await store?.close()
    await proxy?.close()
    await manager?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('shows the databases of the tenant with counts, dimension and space', async () => {
    const catalog = await store.catalog()
    expect(catalog.tenants.map((tenant) => tenant.name)).toEqual(['default_tenant'])
    const databases = catalog.tenants[0]?.databases ?? []
    expect(databases.map((database) => database.name).toSorted()).toEqual(['default_database', 'second'])
    const main = databases.flatMap((database) => database.collections).find((collection) => collection.name === 'main')
    expect(main).toMatchObject({ count: 2500, dimension: 3, space: 'cosine', database: 'default_database', problem: null })
    expect(databases.find((database) => database.name === 'second')?.collections[0]).toMatchObject({
      name: 'in-second',
      space: 'ip',
      count: 0,
    })
  })

  test('shows another tenant and database once they are named', async () => {
    const theirs = await openServerStore(serverAddress(proxy.url, { token, tenant: 'somebody', database: 'theirs' }))
    const catalog = await theirs.catalog()
    expect(catalog.tenants).toMatchObject([{ name: 'somebody', databases: [{ name: 'theirs', collections: [{ name: 'in-theirs' }] }] }])
    await theirs.close()
    await expect(openServerStore(serverAddress(proxy.url, { token, database: 'no such database' }))).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  test('keeps integers, floats, large integers and missing documents apart', async () => {
    const [first] = await store.records(ids['main'] ?? '', ['id-0'])
    expect(first?.metadata?.get('n')).toBe(0n)
    expect(first?.metadata?.get('half')).toBe(0)
    expect(first?.metadata?.get('whole float')).toBe(3)
    expect(first?.metadata?.get('big')).toBe(9_007_199_254_740_993n)
    const [, ninth] = await store.records(ids['main'] ?? '', ['id-1', 'id-9', 'unknown'])
    expect(ninth).toMatchObject({ id: 'id-9', document: null })
    const detail = await store.detail(ids['main'] ?? '')
    expect(detail.metadata?.get('whole')).toBe(3n)
    expect(detail.index.state).toBe('remote')
  })

  test('pages through the stored order from both ends', async () => {
    const page = await store.page(view(ids['main'] ?? ''), 2400, 1000)
    expect(page.total).toBe(2500)
    expect(page.records.map((record) => record.id)).toEqual(Array.from({ length: 100 }, (_, index) => `id-${2400 + index}`))
    const last = await store.page(view(ids['main'] ?? '', {}, { by: { kind: 'stored' }, direction: 'descending' }), 0, 3)
    expect(last.records.map((record) => record.id)).toEqual(['id-2499', 'id-2498', 'id-2497'])
  })

  test('sorts the whole collection by a metadata key, missing values last, and finds a record in it', async () => {
    const sorted = view(ids['main'] ?? '', {}, { by: { kind: 'metadata', key: 'n' }, direction: 'descending' })
    const page = await store.page(sorted, 1000, 2)
    expect(page.records.map((record) => record.id)).toEqual(['id-1499', 'id-1498'])
    expect(await store.locate(sorted, 'id-1499')).toEqual({ index: 1000, total: 2500 })
    expect(await store.locate(sorted, 'nobody')).toEqual({ index: null, total: 2500 })
    const byFlag = view(ids['main'] ?? '', {}, { by: { kind: 'metadata', key: 'flag' }, direction: 'ascending' })
    expect(
      await store.idsAt(byFlag, [
        { from: 0, to: 1 },
        { from: 624, to: 626 },
      ]),
    ).toEqual(['id-4', 'id-2496', 'id-1'])
    const byDocument = view(ids['main'] ?? '', {}, { by: { kind: 'document' }, direction: 'ascending' })
    const documents = (await store.page(byDocument, 2248, 4)).records.map((record) => record.document)
    expect(documents).toEqual([expect.stringContaining('other'), expect.stringContaining('other'), null, null])
  })

  test('filters by where and whereDocument as the server answers, and by text in documents and ids', async () => {
    const where: Filter['where'] = {
      kind: 'and',
      clauses: [
        { kind: 'compare', key: 'group', operator: '$eq', value: 'g3' },
        { kind: 'compare', key: 'n', operator: '$lt', value: 100n },
      ],
    }
    const page = await store.page(view(ids['main'] ?? '', { where }), 0, 5)
    expect(page.total).toBe(14)
    expect(page.records.map((record) => record.id)).toEqual(['id-3', 'id-10', 'id-17', 'id-24', 'id-31'])
    const whereDocument: Filter['whereDocument'] = { kind: 'text', operator: '$regex', value: 'THREE \\d+$' }
    const both = await store.page(view(ids['main'] ?? '', { where, whereDocument }), 0, 10)
    expect(both.records.map((record) => record.id)).toEqual(['id-3', 'id-24', 'id-45', 'id-66', 'id-87'])
    const found = await store.page(view(ids['main'] ?? '', { find: 'three 2', where }), 0, 10)
    expect(found.records.map((record) => record.id)).toEqual(['id-24'])
    expect((await store.page(view(ids['main'] ?? '', { find: 'ID-249' }), 0, 20)).records.map((record) => record.id)).toEqual([
      'id-249',
      ...Array.from({ length: 10 }, (_, index) => `id-249${index}`),
    ])
  })

  test('answers fractions as they are written, where Chroma cuts them to integers', async () => {
    const where: Filter['where'] = { kind: 'compare', key: 'n', operator: '$gte', value: 2497.7 }
    expect((await store.page(view(ids['main'] ?? '', { where }), 0, 10)).records.map((record) => record.id)).toEqual(['id-2498', 'id-2499'])
    const halves: Filter['where'] = { kind: 'compare', key: 'half', operator: '$eq', value: 1.5 }
    expect((await store.page(view(ids['main'] ?? '', { where: halves }), 0, 10)).records.map((record) => record.id)).toEqual(['id-3'])
  })

  test('filters by a period of dates kept as text itself, and says that its own index cannot be asked for one', async () => {
    const periods = [{ key: 'day', from: Date.UTC(2026, 0, 3, 12), to: Date.UTC(2026, 0, 6, 12) }]
    const descending = { by: { kind: 'metadata', key: 'n' }, direction: 'descending' } as const
    const found = await store.page(view(ids['main'] ?? '', { periods }, descending), 0, 10)
    expect(found.records.map((record) => record.id)).toEqual(['id-4', 'id-3', 'id-2'])
    const where: Filter['where'] = { kind: 'compare', key: 'n', operator: '$gt', value: 2n }
    expect(
      (await store.page(view(ids['main'] ?? '', { periods, where, find: 'other' }), 0, 10)).records.map((record) => record.id),
    ).toEqual(['id-4'])
    const asked = store.query?.({ collectionId: ids['main'] ?? '', vectors: [], results: 1, filter: { ...noFilter, periods } })
    await expect(asked).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('cannot compare dates kept as text'),
    })
  })

  test('filters by a saved set itself, and says that its own index cannot be asked for one', async () => {
    const collectionId = ids['main'] ?? ''
    const found = await store.page(view(collectionId, { set: 'some' }), 0, 10)
    expect({ total: found.total, ids: found.records.map(({ id }) => id) }).toEqual({ total: 3, ids: ['id-2', 'id-3', 'id-9'] })
    const where: Filter['where'] = { kind: 'compare', key: 'n', operator: '$gt', value: 2n }
    const narrowed = await store.page(view(collectionId, { set: 'some', where }), 0, 10)
    expect(narrowed.records.map(({ id }) => id)).toEqual(['id-3', 'id-9'])
    const asked = store.query?.({ collectionId, vectors: [], results: 1, filter: { ...noFilter, set: 'some' } })
    await expect(asked).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('saved sets') })
  })

  test('refuses a filter that Chroma would refuse, in a sentence', async () => {
    const where: Filter['where'] = { kind: 'compare', key: 'group', operator: '$gt', value: 'text' }
    await expect(store.page(view(ids['main'] ?? '', { where }), 0, 10)).rejects.toMatchObject({ code: 'invalid-input' })
  })

  test('counts values and ranges over the whole view and lists the metadata keys', async () => {
    const [group, flag, n] = await store.facets(view(ids['main'] ?? ''), ['group', 'flag', 'n'], 3)
    expect(group).toMatchObject({
      kind: 'values',
      distinct: 7,
      missing: 0,
      values: [{ value: 'g0', count: 358 }, { count: 357 }, { count: 357 }],
    })
    expect(flag).toMatchObject({ kind: 'values', distinct: 2, missing: 1875 })
    expect(n).toMatchObject({ kind: 'range', encoding: 'integer', min: 0, max: 2499 })
    const filtered = await store.facets(
      view(ids['main'] ?? '', { where: { kind: 'compare', key: 'group', operator: '$eq', value: 'g3' } }),
      ['group'],
      5,
    )
    expect(filtered).toMatchObject([{ values: [{ value: 'g3', count: 357 }], others: 0 }])
    const keys = await store.keys(ids['main'] ?? '')
    expect(keys.find((key) => key.key === 'n')).toMatchObject({ count: 2500, distinct: 1000, types: [{ type: 'integer', count: 2500 }] })
    expect(keys.find((key) => key.key === 'whole float')).toMatchObject({ types: [{ type: 'float', count: 1 }] })
  })

  test('reads vectors of some records and of all in stored order', async () => {
    const { vector } = await store.vector(ids['main'] ?? '', 'id-0')
    expect(vector).toMatchObject({ dimension: 3, norm: 1, source: 'server', zeros: 2 })
    expect(await store.vector(ids['main'] ?? '', 'nobody')).toMatchObject({ vector: null, reason: expect.stringContaining('no record') })
    const progress: number[] = []
    const all = await store.vectors(ids['main'] ?? '', null, { onProgress: (_stage, done) => progress.push(done) })
    expect(all.ids).toHaveLength(2500)
    expect(all.data).toHaveLength(7500)
    expect(all.missing).toEqual([])
    expect(all.data[3 * 10 + 1]).toBeCloseTo(10, 4)
    expect(progress.at(-1)).toBe(2500)
  })

  test('stops long reading when it is no longer wanted, and answers the next time', async () => {
    const fresh = await openServerStore(serverAddress(proxy.url, { token }))
    const controller = new AbortController()
    const reading = fresh.keys(ids['main'] ?? '', { signal: controller.signal, onProgress: () => controller.abort() })
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
    expect((await fresh.keys(ids['main'] ?? '')).length).toBeGreaterThan(3)
    await fresh.close()
  })

  test('notices records added by others when asked, and shows them after a refresh', async () => {
    const collection = ids['second'] ?? ''
    expect((await store.page(view(collection), 0, 10)).total).toBe(0)
    let told = 0
    const stop = store.onChanged(() => (told += 1))
    await running.api.add(
      { tenant: 'default_tenant', database: 'second', id: collection },
      { ids: ['new'], embeddings: [new Float32Array([1, 2])], documents: ['new'] },
    )
    expect(await store.status()).toMatchObject({ access: 'remote', changedSince: true })
    expect(told).toBe(1)
    await store.refresh()
    expect(await store.status()).toMatchObject({ changedSince: false })
    expect((await store.page(view(collection), 0, 10)).records.map((record) => record.id)).toEqual(['new'])
    expect((await store.vectors(collection, null)).dimension).toBe(2)
    stop()
  })

  test('only shows what a collection names as its embedding function', async () => {
    const before = proxy.seen.length
    const detail = await store.detail(ids['hostile'] ?? '')
    expect(detail.embeddingFunction).toMatchObject({ name: '../../evil.mjs', type: 'known' })
    expect(proxy.seen.slice(before).every((line) => line.includes('/api/v2/'))).toBe(true)
  })

  test('reports the true space of a collection that keeps it in metadata', async () => {
    const { api } = running
    const made = await api.createCollection(defaultDatabase, { name: 'legacy-space', metadata: new Map([['hnsw:space', 'cosine']]) })
    await api.add(
      { ...defaultDatabase, id: made.id },
      { ids: ['a', 'b'], embeddings: [new Float32Array([3, 4]), new Float32Array([1, 0])], documents: ['a', 'b'] },
    )
    const other = await openServerStore(serverAddress(running.url))
    const answer = await api.query({ ...defaultDatabase, id: made.id }, { vectors: [new Float32Array([6, 8])], results: 1 })
    const truth = Math.abs(answer.distances?.[0]?.[0] ?? 1) < 1e-5 ? 'cosine' : 'l2'
    expect((await other.detail(made.id)).summary.space).toBe(truth)
    await other.close()
    await api.deleteCollection(defaultDatabase, 'legacy-space')
  })

  test.each([
    ['without a token', { token: null }],
    ['with a wrong token', { token: 'wrong' }],
    ['with the token in the other header', { token, tokenHeader: 'authorization' as const }],
  ])('says that access is not authorised %s', async (_name, changes) => {
    await expect(openServerStore(serverAddress(proxy.url, changes))).rejects.toMatchObject({
      code: 'unauthorised',
      remedy: expect.stringContaining('token'),
    })
  })

  test('sends the token as a bearer token where asked', async () => {
    const bearer = await startTokenProxy(running.url, { token: { header: 'authorization', value: `Bearer ${token}` } })
    const other = await openServerStore(serverAddress(bearer.url, { token, tokenHeader: 'authorization' }))
    expect((await other.catalog()).tenants).toHaveLength(1)
    await other.close()
    await bearer.close()
  })

  test('waits and asks again where the server is asked too often', async () => {
    let refusals = 2
    const busy = await startTokenProxy(running.url, {
      answer: (incoming, outgoing) => {
        if (refusals === 0 || incoming.url?.endsWith('/count') !== true) return false
        refusals -= 1
        outgoing.writeHead(429, { 'retry-after': '0' }).end('{"error":"RateLimited"}')
        return true
      },
    })
    const other = await openServerStore(serverAddress(busy.url))
    const counts = (await other.catalog()).tenants[0]?.databases.flatMap((database) =>
      database.collections.map((collection) => collection.problem),
    )
    expect(refusals).toBe(0)
    expect(counts?.every((problem) => problem === null)).toBe(true)
    await other.close()
    await busy.close()
  })
})
