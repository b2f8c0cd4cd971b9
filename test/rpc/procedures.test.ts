import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MutationName, QueryName } from '../../renderer/rpc/client.ts'
import type { ServerAddress } from '../../shared/contract/connections.ts'
import { contract } from '../../shared/contract/index.ts'
import { wholeLog } from '../../shared/contract/lookup-logs.ts'
import { defaultMapSettings } from '../../shared/contract/maps.ts'
import { storedOrder, type RecordView } from '../../shared/contract/records.ts'
import { cleanupRuleSchema } from '../../shared/domain/cleanup/rule.ts'
import { thresholdReportSchema, usualThresholdSettings } from '../../shared/domain/thresholds/experiment.ts'
import { noFilter, type Where } from '../../shared/domain/where.ts'
import { transports, type Reached } from '../support/reach-core.ts'
import { makeSmallStore, smallMetadata, type SmallStore } from '../support/small-store.ts'
import { treeHash } from '../support/tree-hash.ts'

let store: SmallStore | null
let hash: string

beforeAll(async () => {
  store = await makeSmallStore()
  if (store) hash = await treeHash(store.directory)
})
afterAll(async () => {
  if (!store) return
  expect(await treeHash(store.directory)).toBe(hash)
  await rm(store.directory, { recursive: true, force: true })
})

function serverAt(url: string): ServerAddress {
  return { kind: 'server', url, tenant: null, database: null, token: 'secret', tokenHeader: 'x-chroma-token', headers: [], title: null }
}

describe.each(transports)('every procedure answers $transport', ({ transport, reach }) => {
  let reached: Reached
  let home: string
  const asked = new Set<string>()
  let connectionId = ''
  let collectionId = ''
  const call: Reached['call'] = (name, input, signal) => {
    asked.add(name)
    return reached.call(name, input, signal)
  }
  const view = (part: Partial<RecordView> = {}): RecordView => ({
    connectionId,
    collectionId,
    filter: noFilter,
    sort: storedOrder,
    ...part,
  })

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-home-'))
    reached = await reach({ home, ...(store ? { directory: store.directory } : {}) })
    if (!store) return
    connectionId = (await call('app.info', {})).startConnectionId ?? ''
    collectionId = (await call('collections.catalog', { connectionId })).tenants[0]?.databases[0]?.collections[0]?.id ?? ''
  })
  afterAll(async () => {
    await reached?.stop()
    await rm(home, { recursive: true, force: true })
  })

  test('app.info says what it is and what was asked to be opened', async () => {
    const info = await call('app.info', {})
    expect(info).toMatchObject({
      mode: transport === 'over HTTP' ? 'browser' : 'desktop',
      nativeDialogs: transport !== 'over HTTP',
      platform: process.platform,
    })
    expect(info.startConnectionId === null).toBe(store === null)
  })

  test('the connection is listed, open, read-only, pinned, closed and opened again', async ({ skip }) => {
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
    if (transport === 'over HTTP') await expect(call('connections.openWithDialog', {})).rejects.toMatchObject({ code: 'unsupported' })
    else expect(await call('connections.openWithDialog', {})).toBeNull()
  })

  test('a file is saved by the system’s dialog on the desktop, and by the browser elsewhere', async () => {
    const file = { name: 'labels.jsonl', content: Uint8Array.of(1, 2) }
    if (transport === 'over HTTP') await expect(call('app.saveFile', file)).rejects.toMatchObject({ code: 'unsupported' })
    else expect(await call('app.saveFile', file)).toEqual({ saved: false })
  })

  test('a server that does not answer is told as unreachable and is not remembered', async () => {
    await expect(call('connections.openServer', serverAt('http://127.0.0.1:9'))).rejects.toMatchObject({ code: 'unreachable' })
    expect((await call('connections.list', {})).filter(({ kind }) => kind === 'server')).toEqual([])
  })

  test('a call that is given up ends what it was waiting for', async () => {
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

  test('a profile is recognised, can be corrected, and the correction taken back', async ({ skip }) => {
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    const before = await call('profiles.get', ref)
    expect(before).toMatchObject({ corrected: false, mapping: before.match.mapping })
    const mapping = {
      kind: 'cache',
      fields: { query: { from: 'document' }, namespace: { from: 'metadata', key: 'topic', path: null } },
    } as const
    await call('profiles.set', { ...ref, mapping })
    expect(await call('profiles.get', ref)).toEqual({ ...before, corrected: true, mapping })
    await call('profiles.set', { ...ref, mapping: null })
    expect(await call('profiles.get', ref)).toEqual(before)
  })

  test('the engine says what could be started, what runs, what it wrote, and takes a command', async () => {
    const candidates = await call('engine.candidates', {})
    for (const { label } of candidates) expect(label).not.toBe('')
    expect(await call('engine.status', {})).toEqual([])
    expect(await call('engine.logs', {})).toBeInstanceOf(Array)
    const setting = call('engine.setCommand', { command: '/no/such/chroma' })
    // A page in a browser may take a command away, but only the command line sets one.
    if (transport === 'over HTTP') await expect(setting).rejects.toMatchObject({ code: 'forbidden' })
    else expect((await setting)[0]).toMatchObject({ kind: 'configured', usable: false })
    expect((await call('engine.setCommand', { command: null })).some(({ kind }) => kind === 'configured')).toBe(false)
  })

  test('embedders are listed, set up, tried, given a key and removed', async () => {
    expect((await call('embedders.list', { dimension: 3 })).map(({ id }) => id)).toEqual(['lexical-3', 'all-minilm-l6-v2'])
    expect(await call('embedders.test', { id: 'lexical-3' })).toMatchObject({ dimension: 3 })
    const config = {
      kind: 'openai',
      baseUrl: 'http://127.0.0.1:9/v1',
      model: 'm',
      dimensions: null,
      queryPrefix: '',
      documentPrefix: '',
    } as const
    const { id } = await call('embedders.save', { id: null, title: 'Remote', config })
    expect((await call('embedders.setKey', { id, key: 'k' })).keptIn).toMatch(
      transport === 'in the process' ? /secrets\.json/ : /secrets\.json|keychain/,
    )
    await expect(call('embedders.test', { id })).rejects.toMatchObject({ code: 'unreachable' })
    await expect(call('embedders.download', { id })).rejects.toMatchObject({ code: 'invalid-input' })
    await call('embedders.remove', { id })
    expect(await call('embedders.models', {})).toMatchObject({ bytes: 0, downloads: [], local: [] })
    await expect(call('embedders.removeDownload', { model: 'a/b' })).rejects.toMatchObject({ code: 'not-found' })
    const [root] = await call('connections.places', {})
    await expect(call('embedders.addLocalModel', { handle: root?.handle ?? '' })).rejects.toMatchObject({ code: 'not-found' })
    if (transport === 'over HTTP')
      await expect(call('embedders.addLocalModelWithDialog', {})).rejects.toMatchObject({ code: 'unsupported' })
    else expect(await call('embedders.addLocalModelWithDialog', {})).toBeNull()
    await expect(call('embedders.removeLocalModel', { id: 'none' })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('an embedder is chosen for the collection and compared with its vectors', async ({ skip }) => {
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    expect(await call('embedders.choice', ref)).toMatchObject({ chosenByPerson: false })
    expect(await call('embedders.choose', { ...ref, embedderId: 'lexical-3' })).toMatchObject({
      embedder: { id: 'lexical-3' },
      problem: null,
    })
    expect(await call('embedders.parity', { ...ref, embedderId: 'lexical-3' })).toBeNull()
    const parity = await call('embedders.checkParity', { ...ref, embedderId: 'lexical-3' })
    expect(parity).toMatchObject({ verdict: 'different', compared: 20 })
    expect(await call('embedders.parity', { ...ref, embedderId: 'lexical-3' })).toEqual(parity)
  })

  test('a collection is searched, and the search is kept, named, copied and forgotten', async ({ skip }) => {
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    const settings = { nResults: 3, filter: noFilter, method: 'exact' } as const
    const probe = { kind: 'record', id: 'answer-4' } as const
    expect(await call('search.methods', ref)).toMatchObject({ engine: false })
    const answer = await call('search.run', { ...ref, probe, settings })
    expect(answer.neighbours[0]).toMatchObject({ record: { id: 'answer-4' }, similarity: 1 })
    expect((await call('search.runList', { ...ref, probes: [probe, probe], settings })).map(({ neighbours }) => neighbours)).toEqual([
      answer.neighbours,
      answer.neighbours,
    ])
    const { id } = await call('search.remember', { ...ref, probes: [probe], settings })
    await call('search.name', { ...ref, id, name: 'Four' })
    expect(await call('search.history', { ...ref, find: 'FOUR', savedOnly: true })).toMatchObject([
      { id, probes: [probe], settings, name: 'Four' },
    ])
    expect((await call('search.program', { ...ref, probes: [probe], settings, language: 'python' })).text).toContain('"answer-4"')
    await call('search.forget', { ...ref, id })
    expect(await call('search.history', { ...ref, find: '', savedOnly: false })).toEqual([])
  })

  test('records are kept under a name, found again, renamed and forgotten', async ({ skip }) => {
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    const saved = await call('sets.save', { ...ref, name: ' Fours ', ids: ['answer-4', 'answer-14', 'answer-4'] })
    expect(saved).toMatchObject({ name: 'Fours', count: 2 })
    expect(await call('sets.ids', { ...ref, id: saved.id })).toEqual(['answer-4', 'answer-14'])
    await call('sets.rename', { ...ref, id: saved.id, name: 'Four' })
    expect(await call('sets.list', ref)).toEqual([{ ...saved, name: 'Four' }])
    await call('sets.remove', { ...ref, id: saved.id })
    expect(await call('sets.list', ref)).toEqual([])
    await expect(call('sets.ids', { ...ref, id: saved.id })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('a map is opened, seen, told and frozen', async ({ skip }) => {
    if (!store) return skip()
    const { mapId } = await call('maps.open', { connectionId, collectionId, settings: defaultMapSettings, fresh: false })
    expect(await call('maps.freeze', { mapId })).toEqual({})
    await expect.poll(async () => (await call('maps.frame', { mapId, after: 0 }))?.final).toBe(true)
    const frame = await call('maps.frame', { mapId, after: 0 })
    expect(frame?.positions).toBeInstanceOf(Float32Array)
    expect(frame?.positions).toHaveLength(2 * store.count)
    expect((await call('maps.points', { mapId })).ids).toHaveLength(store.count)
    expect((await call('maps.fidelity', { mapId })).shares).toHaveLength(store.count)
    const colours = await call('maps.values', { mapId, colour: { by: 'metadata', key: 'topic' } })
    expect(colours).toMatchObject({ kind: 'categories', missing: 0, others: 0 })
    const someTopic = { ...noFilter, where: { kind: 'compare', key: 'topic', operator: '$ne', value: 'absent' } } as const
    const matching = await call('maps.matching', { mapId, filter: someTopic })
    expect([matching.flags.length, matching.count]).toEqual([store.count, store.count])
    const { values, point } = await call('maps.similarities', { mapId, probe: { kind: 'record', id: 'answer-4' } })
    expect(values[4]).toBeCloseTo(1, 6)
    expect(point).toBe(4)
    expect((await call('maps.labels', { mapId })).members).toHaveLength(store.count)
    expect(reached.events.some((event) => event.type === 'map' && event.mapId === mapId)).toBe(true)
  })

  test('a lookup is tried under settings that are kept', async ({ skip }) => {
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    const settings = { ...(await call('lookups.settings', ref)), threshold: 0.5, embedderId: 'lexical-3' }
    await call('lookups.setSettings', { ...ref, settings })
    expect(await call('lookups.settings', ref)).toEqual(settings)
    expect((await call('lookups.dryRun', { ...ref, query: ' ANSWER number 3', settings })).verdict).toMatchObject({
      outcome: 'exact-hit',
      entryId: 'answer-3',
    })
  })

  test('a log of lookups is found, read, told, watched, mapped and closed', async ({ skip }) => {
    if (!store) return skip()
    await writeFile(
      path.join(home, 'lookups.csv'),
      'query,outcome,similarity,entry_id\nWhat is this?,hit,0.9,answer-2\nAnd this?,miss,0.5,\n',
    )
    const ref = { connectionId, collectionId }
    const [root] = await call('connections.places', {})
    const files = await call('lookupLogs.files', { handle: root?.handle ?? '' })
    expect(files.map(({ name }) => name)).toEqual(['lookups.csv'])
    const finished = async (jobId: string) => {
      const job = async () => (await call('jobs.list', {})).find(({ id }) => id === jobId)
      await expect.poll(async () => (await job())?.state).toBe('done')
      return (await job())?.result ?? ''
    }
    const logId = await finished((await call('lookupLogs.open', { ...ref, handle: files[0]?.handle ?? '' })).jobId)
    const [log] = await call('lookupLogs.list', ref)
    if (!log?.facts) throw new Error('The log is not listed.')
    expect(log).toMatchObject({ id: logId, name: 'lookups.csv', facts: { format: 'csv', lookups: 2, watching: false } })
    const one = { ...ref, logId }
    expect(await call('lookupLogs.overview', { ...one, filter: wholeLog })).toMatchObject({
      lookups: 2,
      unspecified: 1,
      miss: 1,
      hitRate: 0.5,
    })
    const sort = { by: 'similarity', descending: false } as const
    const page = await call('lookupLogs.lookups', { ...one, filter: wholeLog, sort, offset: 0, limit: 1 })
    expect(page).toMatchObject({ total: 2, lookups: [{ query: 'And this?', outcome: 'miss' }] })
    const entries = { ...one, filter: wholeLog, offset: 0, limit: 5 }
    expect(await call('lookupLogs.entries', { ...entries, ranking: 'most-hit' })).toMatchObject({
      total: 1,
      entries: [{ entryId: 'answer-2', hits: 1, exists: true }],
    })
    const never = await call('lookupLogs.entries', { ...entries, ranking: 'never-hit' })
    expect(never.total).toBe(store.count - 1)
    expect(never.entries.map(({ entryId }) => entryId)).not.toContain('answer-2')
    expect(await call('lookupLogs.malformed', one)).toEqual({ total: 0, lines: [] })
    expect(await call('lookupLogs.watch', { ...one, watching: true })).toMatchObject({ facts: { watching: true } })
    await finished((await call('lookupLogs.map', { ...one, mapping: { ...log.facts.mapping, columns: { query: 'query' } } })).jobId)
    expect(await call('lookupLogs.overview', { ...one, filter: wholeLog })).toMatchObject({ lookups: 2, unknown: 2, hitRate: null })
    const replayed = (await call('lookupLogs.replay', one)).jobId
    await expect.poll(async () => (await call('jobs.list', {})).find(({ id }) => id === replayed)?.state).toMatch(/done|failed/)
    expect(await finished((await call('lookupLogs.reopen', one)).jobId)).toBe(logId)
    await call('lookupLogs.close', one)
    await expect(call('lookupLogs.malformed', one)).rejects.toMatchObject({ code: 'not-found' })
    expect(await call('lookupLogs.list', ref)).toEqual([])

    expect(await call('lookupLogs.sample', ref)).toEqual({ available: false })
    await expect(call('lookupLogs.openSample', ref)).rejects.toMatchObject({ code: 'not-found' })
    if (transport === 'over HTTP') await expect(call('lookupLogs.openWithDialog', ref)).rejects.toMatchObject({ code: 'unsupported' })
    else expect(await call('lookupLogs.openWithDialog', ref)).toBeNull()
    expect((await call('lookupLogs.snippets', {})).map(({ id }) => id)).toContain('python')
  })

  test('evidence for thresholds is listed, read, labelled, asked for, kept as experiments and reported', async ({ skip }) => {
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    await writeFile(
      path.join(home, 'pairs.csv'),
      'query,entry_id,label,similarity\nNumber two?,answer-2,1,0.9\nNumber three?,answer-3,0,0.8\nNumber four?,answer-4,1,0.7\n',
    )
    const [root] = await call('connections.places', {})
    const file = (await call('thresholds.files', { handle: root?.handle ?? '' })).find(({ name }) => name === 'pairs.csv')
    const imported = await call('thresholds.importPairs', { ...ref, handle: file?.handle ?? '' })
    expect(imported).toMatchObject({ name: 'pairs.csv', pairs: 3, labelled: 3, malformed: { total: 0 }, mappingGuessed: true })
    const pairs = { ...ref, pairsId: imported.id }
    expect(await call('thresholds.mapPairs', { ...pairs, mapping: imported.mapping })).toMatchObject({ mappingGuessed: false })
    expect(await call('thresholds.pairs', pairs)).toMatchObject({ pairs: 3 })
    if (transport === 'over HTTP')
      await expect(call('thresholds.importPairsWithDialog', ref)).rejects.toMatchObject({ code: 'unsupported' })
    else expect(await call('thresholds.importPairsWithDialog', ref)).toBeNull()

    const source = { from: 'pairs', pairsId: imported.id, name: 'pairs.csv' } as const
    const listed = await call('thresholds.sources', ref)
    expect(listed.map((each) => each.source.from)).toEqual(['pairs', 'self-calibration'])
    const { evidence, version } = await call('thresholds.evidence', { ...ref, source })
    expect(evidence.similarity).toBeInstanceOf(Float64Array)
    expect([...evidence.similarity]).toEqual([0.9, 0.8, 0.7])
    expect(evidence.entries).toEqual(['answer-2', 'answer-3', 'answer-4'])
    const [item] = await call('thresholds.rows', { ...ref, source, version, rows: [1] })
    expect(item).toMatchObject({ query: 'Number three?', entryId: 'answer-3', exists: true, label: 'wrong', labelSource: 'log', line: 3 })
    await expect(call('thresholds.rows', { ...ref, source, version: 'other', rows: [0] })).rejects.toMatchObject({ code: 'stale' })

    expect(await call('thresholds.queue', { ...ref, source, settings: usualThresholdSettings })).toMatchObject({ items: [], population: 0 })
    const key = item?.key ?? ''
    expect(await call('thresholds.label', { ...ref, source, key, label: 'right', chosenBy: 'person' })).toEqual({ humanLabels: 1 })
    expect((await call('thresholds.rows', { ...ref, source, version, rows: [1] }))[0]).toMatchObject({
      label: 'right',
      labelSource: 'human',
    })
    expect(JSON.parse((await call('thresholds.labels', { ...ref, source: null })).text)).toMatchObject({
      label: 'right',
      entry_id: 'answer-3',
    })
    expect(await call('thresholds.undoLabel', { ...ref, source })).toMatchObject({ key, label: 'right' })
    const fits = await call('thresholds.entries', { ...ref, source, sources: ['log'] })
    expect(fits.map(({ entryId, observations, threshold }) => [entryId, observations, threshold])).toEqual([
      ['answer-2', 1, null],
      ['answer-3', 1, null],
      ['answer-4', 1, null],
    ])
    const { negatives } = await call('thresholds.hardNegatives', { ...ref, embedderId: 'lexical-3', most: 5 })
    expect(negatives.length).toBeGreaterThan(0)

    const settings = { ...usualThresholdSettings, candidate: 0.75 }
    const json = await call('thresholds.report', { ...ref, source, settings, threshold: 0.75, format: 'json' })
    const report = thresholdReportSchema.parse(JSON.parse(json.text))
    expect(report).toMatchObject({ collection: 'answers', threshold: 0.75, space: 'cosine', labels: { right: 2, wrong: 1, unknown: 0 } })
    const saved = await call('thresholds.saveExperiment', {
      ...ref,
      experiment: { name: 'First', evidence: source, settings, result: report.result },
    })
    await call('thresholds.renameExperiment', { ...ref, experimentId: saved.id, name: 'Second' })
    expect(await call('thresholds.experiments', ref)).toEqual([{ ...saved, name: 'Second' }])
    await call('thresholds.removeExperiment', { ...ref, experimentId: saved.id })
    expect(await call('thresholds.experiments', ref)).toEqual([])
    await call('thresholds.removePairs', pairs)
    await expect(call('thresholds.evidence', { ...ref, source })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('preferences and table layouts are kept', async () => {
    expect(await call('settings.preferences', {})).toEqual({ theme: 'system', density: 'compact' })
    expect(await call('settings.setPreferences', { theme: 'dark' })).toEqual({ theme: 'dark', density: 'compact' })
    expect(await call('settings.preferences', {})).toEqual({ theme: 'dark', density: 'compact' })
    const ref = { connectionId: 'one', collectionId: 'two' }
    const layout = { columns: [{ id: 'key:topic', width: 120 }] }
    expect(await call('settings.tableLayout', ref)).toBeNull()
    await call('settings.setTableLayout', { ...ref, layout })
    expect(await call('settings.tableLayout', ref)).toEqual(layout)
    await call('settings.setTableLayout', { ...ref, layout: null })
    expect(await call('settings.tableLayout', ref)).toBeNull()
  })

  test('the sample is opened by a job that tells its progress and can be cancelled', async () => {
    const { jobId } = await call('connections.openSample', {})
    expect(await call('connections.openSample', {})).toEqual({ jobId })
    expect((await call('jobs.list', {})).find(({ id }) => id === jobId)).toMatchObject({ state: 'running' })
    await call('jobs.cancel', { jobId })
    await expect.poll(async () => (await call('jobs.list', {})).find(({ id }) => id === jobId)?.state).toMatch(/cancelled|failed/)
    await expect.poll(() => reached.events.filter((event) => event.type === 'job' && event.job.id === jobId).length).toBeGreaterThan(1)
    expect((await call('connections.list', {})).filter(({ isSample }) => isSample)).toEqual([])
  })

  test('neighbours of records are found for one and for all of them', async ({ skip }) => {
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    const graph = { ...ref, k: 4, metric: 'cosine' as const }
    const { neighbours, reason } = await call('neighbours.of', { ...graph, id: 'answer-2' })
    expect(reason).toBeNull()
    expect(neighbours).toHaveLength(4)
    expect(neighbours.map(({ distance }) => distance)).toEqual(neighbours.map(({ distance }) => distance).toSorted((a, b) => a - b))
    await expect(call('neighbours.of', { ...graph, id: 'none' })).rejects.toMatchObject({ code: 'not-found' })

    expect(await call('neighbours.status', graph)).toBeNull()
    const { jobId } = await call('neighbours.build', graph)
    await expect.poll(async () => (await call('jobs.list', {})).find(({ id }) => id === jobId)?.state).toBe('done')
    expect(await call('neighbours.status', graph)).toMatchObject({
      rows: store.count,
      report: { method: 'exact', recomputed: store.count },
    })
  })

  test('changes are previewed and checked on a store that is read-only, and refused when they are to be made', async ({ skip }) => {
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    const scope = { kind: 'filter' as const, filter: noFilter }
    const operation = { kind: 'set' as const, key: 'topic', value: 'refund' }
    const preview = await call('curation.preview', { ...ref, scope, operation })
    expect(preview).toMatchObject({
      records: store.count,
      changed: (store.count / 3) * 2,
      unchanged: store.count / 3,
      refused: [],
      notes: [],
    })
    const [seen] = await call('records.get', { ...ref, ids: ['answer-2'] })
    if (!seen) throw new Error('The record is not there.')
    const edit = { id: 'answer-2', seen, document: 'Changed', vector: { kind: 'keep' as const } }
    expect(await call('curation.check', { ...ref, edits: [edit] })).toEqual([])

    const vector = { kind: 'given' as const, vector: Float32Array.of(1, 2, 3) }
    const { tenant, database } = { tenant: 'default_tenant', database: 'default_database' }
    const hnsw = { space: 'l2' as const, efConstruction: null, efSearch: null, maxNeighbors: null }
    const started = [
      await call('curation.edit', { ...ref, edits: [edit] }),
      await call('curation.add', { ...ref, records: [{ id: 'new', document: null, metadata: null, uri: null, vector }] }),
      await call('curation.apply', { ...ref, scope, operation, state: preview.state, rule: null }),
      await call('curation.createCollection', { connectionId, tenant, database, name: 'another', hnsw, metadata: null }),
      await call('curation.modifyCollection', { ...ref, name: 'renamed' }),
      await call('curation.duplicateCollection', { ...ref, name: 'copied', embed: false }),
      await call('curation.deleteCollection', ref),
    ]
    const itself = await call('curation.mergeCollection', { ...ref, from: ref, existing: 'leave' })
    const failed = async (jobId: string) => {
      const job = async () => (await call('jobs.list', {})).find(({ id }) => id === jobId)
      await expect.poll(async () => (await job())?.state).toBe('failed')
      return (await job())?.error?.code
    }
    expect(await Promise.all(started.map(({ jobId }) => failed(jobId)))).toEqual(started.map(() => 'forbidden'))
    expect(await failed(itself.jobId)).toBe('invalid-input')
  })

  test('a locked connection is not edited, and History says what it keeps', async ({ skip }) => {
    if (!store) return skip()
    const ended = async (jobId: string) => {
      const job = async () => (await call('jobs.list', {})).find(({ id }) => id === jobId)
      await expect.poll(async () => (await job())?.state).not.toBe('running')
      return job()
    }
    expect(await call('editing.outlook', { connectionId })).toMatchObject({ kind: 'directory', openedBy: [] })
    expect(await call('editing.lock', { connectionId, locked: true })).toMatchObject({ locked: true, state: 'read-only' })
    const { jobId } = await call('editing.start', { connectionId, snapshot: false, migrate: false })
    expect(await ended(jobId)).toMatchObject({ state: 'failed', error: { code: 'forbidden' } })
    await call('editing.lock', { connectionId, locked: false })
    expect(await call('editing.stop', { connectionId })).toMatchObject({ locked: false, state: 'read-only' })
    expect(await call('editing.status', { connectionId })).toMatchObject({ unsettled: 0, engine: null })

    await call('changes.setLimit', { bytes: 2_000_000 })
    const page = { connectionId, collectionId: null, offset: 0, limit: 10 }
    expect(await call('changes.list', page)).toEqual({ total: 0, changes: [], bytes: 0, limit: 2_000_000 })
    await expect(call('changes.records', { changeId: 'none', offset: 0, limit: 10 })).rejects.toMatchObject({ code: 'not-found' })
    await expect(call('changes.conflicts', { changeId: 'none' })).rejects.toMatchObject({ code: 'not-found' })
    expect(await call('changes.undo', { changeId: 'none', overwrite: [] }).then((job) => ended(job.jobId))).toMatchObject({
      state: 'failed',
    })
    expect(await call('changes.settle', { connectionId }).then((job) => ended(job.jobId))).toMatchObject({ state: 'done' })
    await call('changes.forget', { changeIds: [] })
    await call('thresholds.allowSending', { connectionId, collectionId })
  })

  test('files to import are picked or dropped, cut, previewed and closed', async ({ skip }) => {
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    await writeFile(path.join(home, 'rows.jsonl'), '{"id":"answer-1","embedding":[1,2,3]}\n{"id":"r","embedding":[1,2]}\nno JSON\n')
    const [root] = await call('connections.places', {})
    const [picked] = await call('imports.files', { handle: root?.handle ?? '' })
    expect(picked).toMatchObject({ name: 'rows.jsonl' })
    const rows = await call('imports.open', { handle: picked?.handle ?? '' })
    const notes = await call('imports.drop', { name: 'notes.md', text: '# One\n\nfirst\n\n# Two\n\nsecond' })
    expect([rows.kind, notes.kind]).toEqual(['records', 'markdown'])
    const chunks = { by: 'heading' as const, size: 1000, overlap: 0 }
    const request = { ...ref, fileIds: [rows.id, notes.id], chunks, existing: 'leave' as const }
    const preview = await call('imports.preview', request)
    expect(preview).toMatchObject({ records: 3, withVector: 1, existing: 1, lengths: { min: 12, max: 13 }, last: null })
    expect(preview.refused.map(({ reason, count }) => [reason, count])).toEqual([
      ['The vector has 2 dimensions; those of the collection have 3.', 1],
      ['The line is no JSON object.', 1],
    ])
    expect(preview.first[1]).toEqual({
      id: 'notes.md#1',
      document: '# One\n\nfirst',
      uri: null,
      metadata: new Map<string, string | bigint>([
        ['source', 'notes.md'],
        ['heading', 'One'],
        ['position', 1n],
      ]),
    })
    expect(preview.embedder).not.toBeNull()
    const { jobId } = await call('imports.apply', request)
    await expect.poll(async () => (await call('jobs.list', {})).find(({ id }) => id === jobId)?.state).toBe('failed')
    await call('imports.close', { fileIds: [rows.id] })
    await expect(call('imports.preview', request)).rejects.toMatchObject({ code: 'stale' })
    if (transport === 'over HTTP') await expect(call('imports.openWithDialog', {})).rejects.toMatchObject({ code: 'unsupported' })
    else expect(await call('imports.openWithDialog', {})).toBeNull()
  })

  test('what could be cleaned up is found, judged and previewed; nothing is removed while the connection is read-only', async ({
    skip,
  }) => {
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    const rule = cleanupRuleSchema.parse({ rule: 'near-duplicates', threshold: 0.9 })
    const short = cleanupRuleSchema.parse({ rule: 'short', characters: 16 })
    const { records, findings, nearest } = await call('cleanup.findings', ref)
    expect(records).toBe(store.count)
    expect(findings.find(({ rule: { rule: name } }) => name === 'empty')).toMatchObject({
      records: 1,
      examples: [{ id: 'answer-7', text: null }],
    })
    const curve = await call('cleanup.curve', { ...ref, rule })
    expect(curve.records).toHaveLength(Math.round((1 - (nearest?.floor ?? 0)) / curve.step) + 1)
    expect(await call('cleanup.finding', { ...ref, rule: short })).toMatchObject({ records: 9, groups: null })
    expect((await call('cleanup.records', { ...ref, rule: short, offset: 8, limit: 5 })).records).toEqual([
      { id: 'answer-9', reason: '15 characters' },
    ])
    expect(await call('cleanup.ids', { ...ref, rule: short })).toHaveLength(9)
    // Answers with different numbers are no duplicates, however similar their vectors are.
    expect(await call('cleanup.groups', { ...ref, rule, offset: 0, limit: 10 })).toEqual({ total: 0, removed: 0, groups: [] })
    await call('cleanup.decide', { ...ref, ids: ['answer-20'], decision: 'keep' })
    await call('cleanup.judgePair', { ...ref, ids: ['answer-20', 'answer-21'], verdict: 'different', similarity: 0.9 })

    const rules = [short]
    const preview = await call('cleanup.preview', { ...ref, rules })
    expect(preview).toMatchObject({ removed: 9, changed: 0, rules: [{ records: 9 }] })
    const { id } = await call('cleanup.savePolicy', { ...ref, name: 'tidy', rules })
    expect(await call('cleanup.policies', ref)).toMatchObject([{ id, name: 'tidy', rules }])
    await call('cleanup.removePolicy', { ...ref, id })
    expect(await call('cleanup.policies', ref)).toEqual([])

    expect(await call('cleanup.forgettable', { connectionId, kind: 'user' })).toEqual([])
    const target = { kind: 'user', value: 'somebody' } as const
    const forgotten = await call('cleanup.forgetPreview', { connectionId, target })
    expect(forgotten).toMatchObject({ records: 0, collections: [{ collectionId, records: 0, total: store.count }] })
    const started = [
      await call('cleanup.apply', { ...ref, rules, state: preview.state }),
      await call('cleanup.forget', { connectionId, target, state: forgotten.state }),
      await call('cleanup.compact', { connectionId: 'none' }),
    ]
    for (const { jobId } of started)
      await expect.poll(async () => (await call('jobs.list', {})).find((job) => job.id === jobId)?.state).toBe('failed')
    await expect(call('cleanup.report', { changeId: 'none' })).rejects.toMatchObject({ code: 'not-found' })
    expect(await call('cleanup.store', { connectionId })).toMatchObject({ orphans: [], trash: [] })
    await expect(call('cleanup.removeOrphans', { connectionId, names: ['none'] })).rejects.toMatchObject({ code: 'stale' })
    await expect(call('cleanup.restoreOrphan', { connectionId, id: 'none' })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('a connection that is forgotten is gone, and naming it again says so', async ({ skip }) => {
    if (!store) return skip()
    await call('connections.forget', { connectionId })
    expect(await call('connections.list', {})).toEqual([])
    await expect(call('collections.catalog', { connectionId })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('no procedure was left out', ({ skip }) => {
    if (!store) return skip()
    const names = Object.entries(contract).flatMap(([namespace, methods]) =>
      Object.keys(methods).map((method) => `${namespace}.${method}` as QueryName | MutationName),
    )
    expect(names.filter((name) => !asked.has(name))).toEqual([])
  })
})
