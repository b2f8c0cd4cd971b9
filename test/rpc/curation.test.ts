import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createCore, type Core } from '../../electron/core.ts'
import type { BulkOperation, RecordEdit, Scope } from '../../shared/contract/curation.ts'
import { storedOrder } from '../../shared/contract/records.ts'
import type { MetadataValue } from '../../shared/domain/metadata.ts'
import type { StoredRecord } from '../../shared/domain/record.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { fromWireError } from '../../shared/rpc/errors.ts'
import type { RunningApp } from '../support/app.ts'
import { testEngines, type TestEngine } from '../support/engines.ts'
import { mostlyOne } from '../support/quick.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { startOpenAi } from '../support/openai-server.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { smallMetadata } from '../support/small-store.ts'

const count = 24
const everything: Scope = { kind: 'filter', filter: noFilter }
const texts = ['how do I cancel my plan', 'refund my invoice please', 'export all my data', 'reset the password']

async function makeStore(engine: TestEngine, directory: string): Promise<void> {
  const engines = await engine.create()
  try {
    const { api } = await engines.start(directory, { create: true, kind: engine.kind })
    const places = Array.from({ length: count }, (_, index) => index)
    const embedding_function = { type: 'known', name: 'default', config: {} }
    const configuration = JSON.stringify({ hnsw: { space: 'cosine', ef_construction: 60, max_neighbors: 12 }, embedding_function })
    const answers = await api.createCollection(defaultDatabase, { name: 'answers', metadata: new Map([['about', 'tests']]), configuration })
    const embeddings = places.map((index) => Float32Array.of(1, index, -index, index / 3))
    const documents = places.map((index) => (index === 7 ? null : `${texts[index % texts.length]} ${index}`))
    await api.add(
      { ...defaultDatabase, id: answers.id },
      { ids: places.map((index) => `answer-${index}`), embeddings, documents, metadatas: places.map(smallMetadata) },
    )
    const others = await api.createCollection(defaultDatabase, { name: 'others', space: 'l2', metadata: null })
    await api.add(
      { ...defaultDatabase, id: others.id },
      { ids: ['answer-1', 'other'], embeddings: [Float32Array.of(1, 2, 3, 4), Float32Array.of(4, 3, 2, 1)], documents: ['kept', null] },
    )
    const many = await api.createCollection(defaultDatabase, { name: 'many', space: 'cosine', metadata: null })
    const names = Array.from({ length: 300 }, (_, index) => `many-${index}`)
    const vectors = names.map((_, index) => Float32Array.of(1, index))
    await api.add({ ...defaultDatabase, id: many.id }, { ids: names, embeddings: vectors, documents: names })
    await api.settled()
  } finally {
    await engines.close()
  }
}

interface WholeRecord extends StoredRecord {
  readonly vector: number[] | null
}

describe.each(mostlyOne(await testEngines(), 'compat'))('Changes by hand and in bulk, made by the $name engine', (engine) => {
  let home: string
  let data: string
  let core: Core
  let connectionId: string

  const call: RunningApp['call'] = async (name, input, signal) => {
    const reply = await core.dispatch(name, input, { signal: signal ?? new AbortController().signal })
    if (!reply.ok) throw fromWireError(reply.error)
    return reply.value as never
  }
  const job = async (jobId: string) => {
    const ended = async () => (await call('jobs.list', {})).find(({ id, state }) => id === jobId && state !== 'running')
    return vi.waitUntil(ended, { timeout: 60_000, interval: 20 })
  }
  /** The id of the change that a job made. */
  const changeOf = async (started: Promise<{ jobId: string }>): Promise<string> => {
    const { state, error, result } = await job((await started).jobId)
    expect({ state, error }).toEqual({ state: 'done', error: null })
    return result ?? ''
  }
  const errorOf = async (started: Promise<{ jobId: string }>) => (await job((await started).jobId)).error
  const undo = (changeId: string): Promise<string> => changeOf(call('changes.undo', { changeId, overwrite: [] }))

  async function collections(): Promise<Map<string, string>> {
    const { tenants } = await call('collections.catalog', { connectionId })
    const all = tenants.flatMap(({ databases }) => databases.flatMap((database) => database.collections))
    return new Map(all.map(({ name, id }) => [name, id]))
  }
  const refOf = async (name: string) => ({ connectionId, collectionId: (await collections()).get(name) ?? '' })

  /** Every record of a collection with its vector, by id. */
  async function whole(name: string): Promise<Map<string, WholeRecord>> {
    const ref = await refOf(name)
    const page = await call('records.page', { view: { ...ref, filter: noFilter, sort: storedOrder }, offset: 0, limit: 1000 })
    const records = new Map<string, WholeRecord>()
    for (const record of page.records) {
      const { vector } = await call('records.vector', { ...ref, id: record.id })
      // A cosine collection gives vectors back within a rounding of float32.
      records.set(record.id, { ...record, vector: vector && [...vector.values].map((value) => Number(value.toPrecision(5))) })
    }
    return records
  }
  /** All collections but the large one, which is only copied. */
  const everywhere = async () => {
    const names = [...(await collections()).keys()].filter((name) => name !== 'many')
    return new Map(await Promise.all(names.map(async (name) => [name, await whole(name)] as const)))
  }
  const recordOf = async (id: string): Promise<StoredRecord> => {
    const [record] = await call('records.get', { ...(await refOf('answers')), ids: [id] })
    if (!record) throw new Error(`There is no ${id}.`)
    return record
  }
  async function bulk(operation: BulkOperation, scope: Scope = everything): Promise<string> {
    const ref = await refOf('answers')
    const { state } = await call('curation.preview', { ...ref, scope, operation })
    return changeOf(call('curation.apply', { ...ref, scope, operation, state, rule: 'a rule' }))
  }

  beforeAll(async () => {
    home = await temporaryFolder('home')
    data = await temporaryFolder('data')
    const directory = path.join(home, 'store')
    await makeStore(engine, directory)
    core = await createCore({
      mode: 'browser',
      version: '0.0.0',
      data,
      workingDirectory: home,
      home,
      dialogs: null,
      engineCommand: engine.command,
    })
    connectionId = (await core.openDirectoryByPath(directory)).id
    await changeOf(call('editing.start', { connectionId, snapshot: false, migrate: false }))
    await call('embedders.choose', { ...(await refOf('answers')), embedderId: 'lexical-4' })
  })
  afterAll(async () => {
    await core?.close()
    await removeTemporary(home, data)
  })

  test('Edits change what they say and nothing else: metadata with types, document, vector, id', async () => {
    const before = await everywhere()
    const seen = await Promise.all(['answer-2', 'answer-3', 'answer-4'].map(recordOf))
    const metadata = new Map<string, MetadataValue>([
      ['float', 3],
      ['exact', 2n ** 63n - 1n],
      ['flag', false],
    ])
    const given = { kind: 'given' as const, vector: Float32Array.of(4, 3, 2, 1) }
    const keep = { kind: 'keep' as const }
    const edits: RecordEdit[] = [
      { id: 'answer-2', seen: seen[0] as StoredRecord, metadata, vector: keep },
      { id: 'answer-3', seen: seen[1] as StoredRecord, newId: 'three', document: '', uri: 'file:///three', vector: given },
      { id: 'answer-4', seen: seen[2] as StoredRecord, document: 'export all my data', vector: { kind: 'embed' } },
    ]
    const ref = await refOf('answers')
    expect(await call('curation.check', { ...ref, edits })).toEqual([])
    const changeId = await changeOf(call('curation.edit', { ...ref, edits }))
    const after = await whole('answers')
    expect(after.get('answer-2')?.metadata).toEqual(metadata)
    expect(after.get('answer-3')).toBeUndefined()
    expect(after.get('three')).toMatchObject({ document: '', uri: 'file:///three', vector: [4, 3, 2, 1] })
    expect(after.get('answer-4')?.document).toBe('export all my data')
    expect(after.get('answer-4')?.vector).not.toEqual(before.get('answers')?.get('answer-4')?.vector)
    const untouched = [...after.keys()].filter((id) => !['answer-2', 'three', 'answer-4'].includes(id))
    for (const id of untouched) expect(after.get(id)).toEqual(before.get('answers')?.get(id))
    // What was seen before is not what is there now.
    expect(await call('curation.check', { ...ref, edits: edits.slice(0, 1) })).toMatchObject([{ id: 'answer-2' }])
    expect(await errorOf(call('curation.edit', { ...ref, edits: edits.slice(0, 1) }))).toMatchObject({ code: 'conflict' })
    await undo(changeId)
    expect(await everywhere()).toEqual(before)
  })

  test('Lists are kept where the engine has them, and else refused with a sentence', async () => {
    const ref = await refOf('answers')
    const seen = await recordOf('answer-5')
    const tags = new Map<string, MetadataValue>([['tags', ['a', 'b']]])
    const edits: RecordEdit[] = [{ id: 'answer-5', seen, metadata: tags, vector: { kind: 'keep' } }]
    if (engine.name === 'compat') {
      expect(await call('curation.check', { ...ref, edits })).toEqual([
        { id: 'answer-5', reason: '"tags": This version of Chroma has no lists in metadata.' },
      ])
      return
    }
    const changeId = await changeOf(call('curation.edit', { ...ref, edits }))
    expect((await recordOf('answer-5')).metadata).toEqual(tags)
    await undo(changeId)
    expect(await recordOf('answer-5')).toEqual(seen)
  })

  test('Records are added with a vector of their own, of another record, or of the embedder', async () => {
    const before = await everywhere()
    const ref = await refOf('answers')
    const bare = { document: 'refund my invoice please', metadata: null, uri: null }
    const changeId = await changeOf(
      call('curation.add', {
        ...ref,
        records: [
          { ...bare, id: 'given', vector: { kind: 'given', vector: Float32Array.of(1, 2, 3, 4) } },
          { ...bare, id: 'of', vector: { kind: 'of', id: 'answer-9' } },
          { ...bare, id: 'embedded', vector: { kind: 'embed' } },
        ],
      }),
    )
    const after = await whole('answers')
    expect(after.get('given')?.vector).toEqual([1, 2, 3, 4])
    expect(after.get('of')?.vector).toEqual(after.get('answer-9')?.vector)
    expect(after.get('embedded')?.vector?.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 3)
    await undo(changeId)
    expect(await everywhere()).toEqual(before)
  })

  test.each<[string, BulkOperation, number]>([
    ['Setting a key', { kind: 'set', key: 'topic', value: 'refund' }, (count / 3) * 2],
    ['Removing a key', { kind: 'remove', key: 'hits' }, count],
    ['Renaming a key', { kind: 'rename', key: 'score', to: 'points', overwrite: false }, count],
    ['Converting a key', { kind: 'convert', key: 'score', to: 'integer' }, count / 2],
    [
      'Replacing in documents with new vectors',
      { kind: 'replace', key: null, find: 'refund', replacement: 'repay', isPattern: false, matchCase: true, vector: 'embed' },
      6,
    ],
    ['Making vectors anew', { kind: 'embed' }, count - 1],
    ['Deleting', { kind: 'delete' }, count],
  ])('%s changes as many records as the preview says, and undoing restores every one', async (_, operation, changed) => {
    const before = await everywhere()
    expect(await call('curation.preview', { ...(await refOf('answers')), scope: everything, operation })).toMatchObject({ changed })
    const changeId = await bulk(operation)
    const after = await whole('answers')
    const differs = [...(before.get('answers') ?? [])].filter(
      ([id, record]) => JSON.stringify(after.get(id)?.vector) !== JSON.stringify(record.vector) || !sameText(after.get(id), record),
    )
    expect(differs).toHaveLength(changed)
    expect((await call('changes.list', { connectionId, collectionId: null, offset: 0, limit: 1 })).changes).toMatchObject([
      { id: changeId, records: changed, rule: 'a rule', state: 'done' },
    ])
    await undo(changeId)
    expect(await everywhere()).toEqual(before)
    // Nothing of the vectors that were made meanwhile is left.
    expect(await readdir(path.join(data, 'embedded')).catch(() => [])).toEqual([])
  })

  test('Moving adds there and deletes here as one change; what exists there stays where it is', async () => {
    const before = await everywhere()
    const to = await refOf('others')
    const changeId = await bulk({ kind: 'copy', to, move: true, existing: 'leave' })
    const after = await everywhere()
    expect([...(after.get('answers')?.keys() ?? [])]).toEqual(['answer-1'])
    expect(after.get('others')?.get('answer-1')).toMatchObject({ document: 'kept' })
    expect(after.get('others')?.get('answer-8')).toEqual(before.get('answers')?.get('answer-8'))
    await undo(changeId)
    expect(await everywhere()).toEqual(before)
    const overwriting = await bulk({ kind: 'copy', to, move: false, existing: 'overwrite' })
    expect(await whole('answers')).toEqual(before.get('answers'))
    expect((await whole('others')).get('answer-1')).toEqual(before.get('answers')?.get('answer-1'))
    await undo(overwriting)
    expect(await everywhere()).toEqual(before)
  })

  test('A preview of another state is not applied', async () => {
    const ref = await refOf('answers')
    const operation: BulkOperation = { kind: 'remove', key: 'hits' }
    const started = call('curation.apply', { ...ref, scope: everything, operation, state: 'another', rule: null })
    expect(await errorOf(started)).toMatchObject({ code: 'stale' })
  })

  test('Collections are created, changed, duplicated, merged and deleted, and each is taken back', async () => {
    const before = await everywhere()
    const hnsw = { space: 'ip' as const, efConstruction: 77, efSearch: null, maxNeighbors: 9 }
    const metadata = new Map<string, MetadataValue>([['kind', 'new']])
    const created = await changeOf(call('curation.createCollection', { connectionId, ...defaultDatabase, name: 'fresh', hnsw, metadata }))
    const fresh = await call('collections.detail', await refOf('fresh'))
    expect(fresh).toMatchObject({ metadata, summary: { space: 'ip', count: 0 } })
    expect(fresh.index.parameters).toEqual(
      expect.arrayContaining([
        { name: 'ef_construction', value: '77' },
        { name: 'max_neighbors', value: '9' },
      ]),
    )
    const merged = await changeOf(
      call('curation.mergeCollection', { ...(await refOf('fresh')), from: await refOf('answers'), existing: 'leave' }),
    )
    expect(await whole('fresh')).toEqual(before.get('answers'))
    const renamed = await changeOf(
      call('curation.modifyCollection', { ...(await refOf('fresh')), name: 'renamed', metadata: new Map([['kind', 'old']]) }),
    )
    expect(await call('collections.detail', await refOf('renamed'))).toMatchObject({ metadata: new Map([['kind', 'old']]) })
    const deleted = await changeOf(call('curation.deleteCollection', await refOf('renamed')))
    expect((await collections()).has('renamed')).toBe(false)
    await undo(deleted)
    expect(await whole('renamed')).toEqual(before.get('answers'))
    expect((await call('collections.detail', await refOf('renamed'))).summary.space).toBe('ip')
    await undo(renamed)
    await undo(merged)
    expect((await whole('fresh')).size).toBe(0)
    await undo(created)
    expect(await everywhere()).toEqual(before)
  })

  test('A duplicate keeps space, parameters and embedding function; with another embedder it has that one’s vectors', async () => {
    const before = await everywhere()
    const ref = await refOf('answers')
    const copied = await changeOf(call('curation.duplicateCollection', { ...ref, name: 'copied', embed: false }))
    expect(await whole('copied')).toEqual(before.get('answers'))
    const [one, two] = await Promise.all([call('collections.detail', ref), call('collections.detail', await refOf('copied'))])
    const configured = ({ index }: typeof one) => index.parameters.filter(({ name }) => !name.includes('index file'))
    expect([two.summary.space, two.metadata, configured(two), two.embeddingFunction]).toEqual([
      one.summary.space,
      one.metadata,
      configured(one),
      one.embeddingFunction,
    ])
    await undo(copied)
    const embedded = await changeOf(call('curation.duplicateCollection', { ...ref, name: 'wider', embed: true, embedderId: 'lexical-16' }))
    const wider = await refOf('wider')
    const detail = await call('collections.detail', wider)
    expect(detail).toMatchObject({ summary: { dimension: 16, space: 'cosine', count: count - 1 }, embeddingFunction: null })
    expect(await call('embedders.choice', wider)).toMatchObject({ embedder: { id: 'lexical-16' }, chosenByPerson: true })
    expect(await call('embedders.parity', { ...wider, embedderId: 'lexical-16' })).toMatchObject({ verdict: 'same' })
    const [change] = (await call('changes.list', { connectionId, collectionId: null, offset: 0, limit: 1 })).changes
    expect(change).toMatchObject({ id: embedded, rule: '1 record without text left out' })
    await undo(embedded)
    expect(await everywhere()).toEqual(before)
  })

  test('A copy with another embedder that is interrupted goes on with the vectors that were made', async () => {
    const server = await startOpenAi()
    try {
      const prefixes = { queryPrefix: '', documentPrefix: '' }
      const config = { kind: 'openai' as const, baseUrl: server.baseUrl, model: 'any', dimensions: 6, ...prefixes }
      const { id: embedderId } = await call('embedders.save', { id: null, title: 'Server', config })
      const asked = () => server.requests.flatMap(({ body }) => body.input)
      server.rearrange = (vectors) => (asked().length > 260 ? [] : vectors)
      const copy = { ...(await refOf('many')), name: 'made-anew', embed: true, embedderId }
      expect(await errorOf(call('curation.duplicateCollection', copy))).toMatchObject({ code: expect.any(String) as string })
      expect((await collections()).has('made-anew')).toBe(false)
      const before = asked().length
      server.rearrange = (vectors) => vectors
      const changeId = await changeOf(call('curation.duplicateCollection', copy))
      // What was missing, and the sample of the parity check.
      expect(asked().length - before).toBeLessThan(100)
      expect(await call('collections.detail', await refOf('made-anew'))).toMatchObject({ summary: { count: 300, dimension: 6 } })
      expect(await call('embedders.parity', { ...(await refOf('made-anew')), embedderId })).toMatchObject({ verdict: 'same' })
      expect(await readdir(path.join(data, 'embedded'))).toEqual([])
      await undo(changeId)
    } finally {
      await server.stop()
    }
  })

  test('Files are imported as one change: chunks are embedded, rows bring their vectors', async () => {
    const before = await everywhere()
    const ref = await refOf('answers')
    const notes = await call('imports.drop', { name: 'notes.md', text: '# Plans\n\nCancel a plan.\n\n# Money\n\nRefund an invoice.' })
    const rows = await call('imports.drop', {
      name: 'rows.jsonl',
      text: '{"id":"answer-1","document":"new","metadata":{"n":1.0},"embedding":[1,0,0,0]}\n{"id":"row","embedding":[0,1,0,0]}',
    })
    const chunks = { by: 'heading' as const, size: 500, overlap: 0 }
    const request = { ...ref, fileIds: [notes.id, rows.id], chunks, existing: 'overwrite' as const }
    expect(await call('imports.preview', request)).toMatchObject({
      records: 4,
      withVector: 2,
      existing: 1,
      embedder: { title: 'Lexical', problem: null },
    })
    const changeId = await changeOf(call('imports.apply', request))
    const after = await whole('answers')
    expect(after.get('notes.md#2')).toMatchObject({
      document: '# Money\n\nRefund an invoice.',
      metadata: new Map<string, MetadataValue>([
        ['source', 'notes.md'],
        ['heading', 'Money'],
        ['position', 2n],
      ]),
    })
    expect(after.get('answer-1')).toMatchObject({ document: 'new', metadata: new Map([['n', 1]]), vector: [1, 0, 0, 0] })
    expect(after.get('row')).toMatchObject({ document: null, metadata: null, vector: [0, 1, 0, 0] })
    expect(after.size).toBe(count + 3)
    await undo(changeId)
    expect(await everywhere()).toEqual(before)
  })
})

function sameText(a: StoredRecord | undefined, b: StoredRecord): boolean {
  return a !== undefined && a.document === b.document && JSON.stringify(shown(a)) === JSON.stringify(shown(b))
}

function shown({ metadata }: StoredRecord): string[] {
  return [...(metadata ?? [])].map(([key, value]) => `${key} ${typeof value} ${String(value)}`).sort()
}
