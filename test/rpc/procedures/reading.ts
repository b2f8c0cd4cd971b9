import net from 'node:net'
import { expect, test } from 'vitest'
import type { ServerAddress } from '../../../shared/contract/connections.ts'
import { noFilter, type Where } from '../../../shared/domain/where.ts'
import { smallMetadata } from '../../support/small-store.ts'
import type { UnderTest } from './under-test.ts'

function serverAt(url: string): ServerAddress {
  return { kind: 'server', url, tenant: null, database: null, token: 'secret', tokenHeader: 'x-chroma-token', headers: [], title: null }
}

/** Procedures that open connections and read collections and records. */
export function readingProcedures(at: () => UnderTest): void {
  test('app.info says what it is and what was asked to be opened', async () => {
    const { transport, store, call } = at()
    const info = await call('app.info', {})
    expect(info).toMatchObject({
      mode: transport === 'over HTTP' ? 'browser' : 'desktop',
      nativeDialogs: transport !== 'over HTTP',
      platform: process.platform,
    })
    expect(info.startConnectionId === null).toBe(store === null)
  })

  test('the connection is listed, open, read-only, pinned, closed and opened again', async ({ skip }) => {
    const { store, connectionId, call } = at()
    if (!store) return skip()
    expect(await call('connections.status', { connectionId })).toMatchObject({
      access: 'read-only',
      connection: { id: connectionId, isOpen: true, kind: 'directory' },
    })
    expect(await call('connections.refresh', { connectionId })).toMatchObject({ changedSince: false })
    await call('connections.pin', { connectionId, pinned: true })
    await expect
      .poll(async () => (await call('connections.list', {}))[0])
      .toMatchObject({ id: connectionId, pinned: true, holds: { collections: 1, records: store?.count } })
    await call('connections.close', { connectionId })
    expect((await call('connections.list', {}))[0]).toMatchObject({ id: connectionId, isOpen: false })
    expect(await call('connections.open', { connectionId })).toMatchObject({ id: connectionId, isOpen: true })
  })

  test('places lead to folders by handles', async () => {
    const { home, call } = at()
    const [root] = await call('connections.places', {})
    expect(root?.path).toBe(home)
    expect(await call('connections.browse', { handle: root?.handle ?? '' })).toMatchObject({
      place: { path: home, kind: 'folder' },
      parent: null,
      children: [],
      note: null,
    })
    await expect(call('connections.openPlace', { handle: root?.handle ?? '' })).rejects.toMatchObject({ code: 'not-a-store' })
  })

  test('the dialog exists on the desktop alone, and nothing is opened where it is cancelled', async () => {
    const { transport, call } = at()
    if (transport === 'over HTTP') await expect(call('connections.openWithDialog', {})).rejects.toMatchObject({ code: 'unsupported' })
    else expect(await call('connections.openWithDialog', {})).toBeNull()
  })

  test('a file is saved by the system’s dialog on the desktop, and by the browser elsewhere', async () => {
    const { transport, call } = at()
    const file = { name: 'labels.jsonl', content: Uint8Array.of(1, 2) }
    if (transport === 'over HTTP') await expect(call('app.saveFile', file)).rejects.toMatchObject({ code: 'unsupported' })
    else expect(await call('app.saveFile', file)).toEqual({ saved: false })
  })

  test('a server that does not answer is told as unreachable and is not remembered', async () => {
    const { call } = at()
    await expect(call('connections.openServer', serverAt('http://127.0.0.1:9'))).rejects.toMatchObject({ code: 'unreachable' })
    expect((await call('connections.list', {})).filter(({ kind }) => kind === 'server')).toEqual([])
  })

  test('a call that is given up ends what it was waiting for', async () => {
    const { call } = at()
    const sockets = new Set<net.Socket>()
    const silent = net.createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
      socket.resume()
    })
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(silent.address() as net.AddressInfo).port}`
    const controller = new AbortController()
    const opening = call('connections.openServer', serverAt(url), controller.signal)
    const outcome = expect(opening).rejects.toThrow(/abort|cancel/i)
    await expect.poll(() => sockets.size).toBeGreaterThan(0)
    controller.abort()
    await outcome
    await expect.poll(() => sockets.size).toBe(0)
    await new Promise((resolve) => silent.close(resolve))
  })

  test('a collection tells its details and metadata keys', async ({ skip }) => {
    const { store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    const detail = await call('collections.detail', { connectionId, collectionId })
    expect(detail.summary).toMatchObject({ name: 'answers', count: store.count, dimension: 3, space: 'cosine' })
    const keys = await call('collections.keys', { connectionId, collectionId })
    expect(keys.map(({ key, count }) => [key, count])).toEqual(
      expect.arrayContaining([
        ['hits', store.count],
        ['score', store.count],
        ['topic', store.count],
      ]),
    )
  })

  test('a collection reads as memory, also one that names no users', async ({ skip }) => {
    const { store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    const ref = { connectionId, collectionId, filter: noFilter }
    const users = await call('memories.users', { ...ref, find: '', sort: 'episodes', offset: 0, limit: 10 })
    expect(users).toMatchObject({ total: 1, everyone: 1, episodes: store.count, hasUsers: false, timeKey: null })
    expect(await call('memories.user', { ...ref, user: null })).toMatchObject({ episodes: store.count, where: null, activity: null })
    expect(await call('memories.user', { ...ref, user: 'nobody' })).toBeNull()
    const { sessions } = await call('memories.sessions', { ...ref, user: null, offset: 0, limit: 10 })
    expect(sessions).toEqual([{ session: null, episodes: store.count, first: null, last: null, at: 0 }])
    const page = await call('memories.timeline', { ...ref, user: null, order: 'sessions', offset: 6, limit: 2 })
    expect(page.episodes.map(({ id, turns }) => [id, turns.map(({ text }) => text)])).toEqual([
      ['answer-6', ['Answer number 6']],
      ['answer-7', []],
    ])
    expect(await call('memories.ids', { ...ref, user: null })).toHaveLength(store.count)
    expect(await call('memories.factsCollections', { connectionId, collectionId })).toEqual([])
    const part = await call('memories.exportPart', { ...ref, user: null, factsCollectionId: null, format: 'json', part: 0 })
    expect(part).toMatchObject({ next: null, done: store.count, total: store.count })
    expect((JSON.parse(part.text) as { episodes: { id: string }[] }).episodes.map(({ id }) => id)).toContain('answer-29')
  })

  test('records come in pages, by id, by place, with vector, facets and as text', async ({ skip }) => {
    const { store, connectionId, collectionId, view, call } = at()
    if (!store) return skip()
    const page = await call('records.page', { view: view(), offset: 5, limit: 4 })
    expect(page).toMatchObject({ total: store.count, offset: 5 })
    expect(page.records.map(({ id }) => id)).toEqual(['answer-5', 'answer-6', 'answer-7', 'answer-8'])
    expect(new Map([...(page.records[0]?.metadata ?? [])].toSorted())).toEqual(new Map([...smallMetadata(5)].toSorted()))
    expect(page.records[2]?.document).toBeNull()

    const found = await call('records.get', { connectionId, collectionId, ids: ['answer-9', 'none', 'answer-2'] })
    expect(found.map(({ id }) => id)).toEqual(['answer-2', 'answer-9'])

    const refunds = view({
      filter: { ...noFilter, where: { kind: 'compare', key: 'topic', operator: '$eq', value: 'refund' } },
      sort: { by: { kind: 'metadata', key: 'hits' }, direction: 'descending' },
    })
    expect(await call('records.locate', { view: refunds, id: 'answer-0' })).toEqual({ index: 9, total: 10 })
    expect(await call('records.locate', { view: refunds, id: 'answer-1' })).toEqual({ index: null, total: 10 })

    const { vector } = await call('records.vector', { connectionId, collectionId, id: 'answer-2' })
    expect(vector).toMatchObject({ dimension: 3, norm: 3 })
    expect([...(vector?.values ?? [])]).toEqual([1, 2, -2])

    const [topics] = await call('records.facets', { view: view(), keys: ['topic'], values: 10 })
    expect(topics).toMatchObject({ kind: 'values', key: 'topic', distinct: 3, missing: 0 })

    const places = [
      { from: 0, to: 2 },
      { from: 9, to: 99 },
    ]
    expect(await call('records.ids', { view: refunds, ranges: places })).toEqual(['answer-27', 'answer-24', 'answer-0'])
    await expect(call('records.ids', { view: refunds, ranges: [{ from: 0, to: 2_000_000 }] })).rejects.toMatchObject({
      code: 'invalid-input',
    })
    const copied = await call('records.copy', {
      selection: { view: refunds, ranges: [{ from: 0, to: 2 }], ids: ['answer-1'] },
      format: 'jsonl',
      columns: ['hits'],
    })
    expect(copied.count).toBe(3)
    expect(
      copied.text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { id: string }).id),
    ).toEqual(['answer-27', 'answer-24', 'answer-1'])
    await expect(
      call('records.copy', { selection: { view: view(), ranges: [{ from: 0, to: 10_001 }], ids: [] }, format: 'csv', columns: null }),
    ).rejects.toMatchObject({ code: 'invalid-input' })
  })

  test('a filter that Chroma refuses is an invalid input, and a limit beyond a page never reaches the store', async ({ skip }) => {
    const { transport, store, view, call } = at()
    if (!store) return skip()
    const deep = Array.from({ length: transport === 'in the process' ? 10_000 : 500 }).reduce<Where>(
      (clause) => ({ kind: 'and', clauses: [clause] }),
      {
        kind: 'compare',
        key: 'hits',
        operator: '$eq',
        value: 1n,
      },
    )
    const tooDeep = call('records.page', { view: view({ filter: { ...noFilter, where: deep } }), offset: 0, limit: 1 })
    await expect(tooDeep).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining('at most 100 levels') })
    const bad = view({ filter: { ...noFilter, whereDocument: { kind: 'text', operator: '$regex', value: '(' } } })
    await expect(call('records.page', { view: bad, offset: 0, limit: 1 })).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(call('records.page', { view: view(), offset: 0, limit: 1001 })).rejects.toMatchObject({ code: 'invalid-input' })
  })
}
