import { appendFile, readdir, stat, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChangePlan, CollectionState, RecordChange, RecordState } from '../../electron/curation/change.ts'
import type { Metadata, MetadataValue } from '../../shared/domain/metadata.ts'
import { testEngines } from '../support/engines.ts'
import { mostlyOne } from '../support/quick.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { seededRandom } from '../support/random.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { makeSmallStore } from '../support/small-store.ts'
import { cutEnding } from './cut-ending.ts'
import { expectSame } from './expect-same.ts'
import { randomChanges } from './random-changes.ts'
import { connectionId, jobContext, openWorkbench, recordsPlan, type Workbench } from './workbench.ts'

const engines = await testEngines()

describe.each(mostlyOne(engines, 'newest'))('changes by the $name engine', (engine) => {
  const lists = engine.name === 'newest'
  let data: string
  let directory: string
  let bench: Workbench
  let collection: CollectionState

  beforeAll(async () => {
    data = await temporaryFolder('curation')
    directory = (await makeSmallStore(40, engine))?.directory ?? ''
    bench = await openWorkbench({ data, engines: await engine.create(), place: directory })
    await bench.edit()
    collection = await bench.collection('answers')
  })

  afterAll(async () => {
    await bench.close()
    await removeTemporary(data, directory)
  })

  async function stateOf(id: string): Promise<RecordState> {
    const state = (await bench.all('answers')).get(id)
    if (!state) throw new Error(`There is no ${id}.`)
    return state
  }

  async function journals(): Promise<string[]> {
    return (await readdir(bench.journals.folderOf(connectionId))).filter((name) => name.endsWith('.journal'))
  }

  function editOf(before: RecordState, part: Partial<RecordState>): RecordChange {
    return { id: before.id, before, after: { ...before, ...part } }
  }

  function additions(name: string, count: number): RecordChange[] {
    return Array.from({ length: count }, (_, index) => {
      const id = `${name}-${index}`
      return { id, before: null, after: { id, document: null, metadata: null, uri: null, vector: Float32Array.of(index, 1, 0) } }
    })
  }

  test('an edit is applied, listed, and taken back to what was there, again and again', async () => {
    const whole = await bench.all('answers')
    const before = await stateOf('answer-3')
    const metadata: Metadata = new Map<string, MetadataValue>([
      ['topic', 'refund'],
      ['score', 3],
      ['exact', 2n ** 63n - 1n],
      ['least', -(2n ** 63n)],
      ['__proto__', true],
      ['empty', ''],
      ...(lists ? [['list', [1n, 2n]] satisfies [string, MetadataValue]] : []),
    ])
    const change = editOf(before, { document: 'Another text', metadata, vector: Float32Array.of(3, 2, 1), uri: 'file:///a' })
    const id = await bench.apply(recordsPlan(collection, [change]))
    expect(await stateOf('answer-3')).toEqual(change.after)
    expect(await bench.latest()).toMatchObject({ id, state: 'done', records: 1, undoneBy: null })
    expect(await bench.changes.history.records(id, 0, 10)).toMatchObject({ total: 1, records: [{ id: 'answer-3', vectorChanged: true }] })
    const undo = await bench.undo(id)
    expect(await bench.all('answers')).toEqual(new Map([...whole]))
    const { changes } = await bench.changes.history.list(connectionId, collection.id, 0, 10)
    expect(changes.find((each) => each.id === id)?.undoneBy).toBe(undo)
    await bench.undo(undo)
    expect(await stateOf('answer-3')).toEqual(change.after)
    expect((await bench.latest()).title).toBe('Redo: A change')
    await bench.undo((await bench.latest()).id)
    expect(await bench.all('answers')).toEqual(whole)
  })

  test('random changes of all kinds are what was asked for, and undoing them in any order of time leads back', async () => {
    const random = seededRandom(7)
    const first = await bench.all('answers')
    const states = [first]
    const done: string[] = []
    for (let step = 0; step < 6; step += 1) {
      const current = states.at(-1) ?? first
      const changes = randomChanges(random, current, { lists, dimension: 3, count: step === 5 ? 1600 : 12 })
      done.push(await bench.apply(recordsPlan(collection, changes)))
      const expected = new Map(current)
      for (const { id, after } of changes) {
        if (after === null) expected.delete(id)
        else expected.set(id, after)
      }
      expectSame(await bench.all('answers'), expected)
      states.push(expected)
    }
    for (const id of done.toReversed()) await bench.undo(id)
    expectSame(await bench.all('answers'), first)
  })

  test('a record that is not as the plan says is a conflict, and nothing is sent', async () => {
    const before = await stateOf('answer-5')
    const kept = (await journals()).length
    const wrong = { ...before, document: 'as it never was' }
    const changes = [editOf(await stateOf('answer-4'), { document: 'x' }), { id: 'answer-5', before: wrong, after: null }]
    await expect(bench.apply(recordsPlan(collection, changes))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('"answer-5"') as string,
    })
    expect(await stateOf('answer-5')).toEqual(before)
    expect((await stateOf('answer-4')).document).toBe('Answer number 4')
    expect((await journals()).length).toBe(kept)
  })

  test('undoing leaves records alone that were changed since, unless they are named', async () => {
    const [one, two] = [await stateOf('answer-10'), await stateOf('answer-11')]
    const id = await bench.apply(recordsPlan(collection, [editOf(one, { document: 'first' }), editOf(two, { document: 'first' })]))
    await bench.apply(recordsPlan(collection, [editOf(await stateOf('answer-11'), { document: 'second' })]))
    const { total, conflicts } = await bench.changes.history.conflicts(id, new AbortController().signal)
    expect(total).toBe(1)
    expect(conflicts[0]).toMatchObject({
      id: 'answer-11',
      expected: { document: 'first' },
      current: { document: 'second' },
      restored: { document: 'Answer number 11' },
    })
    await bench.undo(id)
    expect((await stateOf('answer-10')).document).toBe('Answer number 10')
    expect((await stateOf('answer-11')).document).toBe('second')
    await expect(bench.undo(id)).rejects.toMatchObject({ code: 'conflict' })
    await bench.undo(id, ['answer-11'])
    expect((await stateOf('answer-11')).document).toBe('Answer number 11')
  })

  test.each<[string, Partial<RecordState>]>([
    ['keys of Chroma', { metadata: new Map([['chroma:document', 'x']]) }],
    ['integers beyond 64 bits', { metadata: new Map([['n', 2n ** 63n]]) }],
    ['numbers that are none', { metadata: new Map([['n', Number.NaN]]) }],
    ['lists of several types', { metadata: new Map([['n', [1n, 'a']]]) }],
    ['vectors that are not finite', { vector: Float32Array.of(1, Number.NaN, 0) }],
    ['a record without its vector', { vector: null }],
  ])('%s are refused before anything is written', async (_what, part) => {
    const kept = (await journals()).length
    await expect(bench.apply(recordsPlan(collection, [editOf(await stateOf('answer-1'), part)]))).rejects.toMatchObject({
      code: 'invalid-input',
    })
    expect((await journals()).length).toBe(kept)
  })

  test('cancelling halfway takes back what was applied', async () => {
    const whole = await bench.all('answers')
    const controller = new AbortController()
    const added = additions('new', 1200)
    let written = 0
    const context = jobContext(controller.signal, (stage, done) => {
      if (stage === 'Writing' && done > 0) {
        written ||= done
        controller.abort()
      }
    })
    await expect(bench.apply(recordsPlan(collection, added), context)).rejects.toThrow()
    expect(written).toBe(500)
    expectSame(await bench.all('answers'), whole)
    expect(await bench.latest()).toMatchObject({ state: 'failed', note: expect.stringContaining('taken back') as string })
  })

  test('a large change that is cancelled late is taken back, though the engine writes its index meanwhile', async () => {
    const whole = await bench.all('answers')
    const controller = new AbortController()
    const added = additions('many', 11_500)
    const context = jobContext(controller.signal, (stage, done) => {
      if (stage === 'Writing' && done === 11_000) controller.abort()
    })
    await expect(bench.apply(recordsPlan(collection, added), context)).rejects.toThrow()
    expectSame(await bench.all('answers'), whole)
    expect(await bench.latest()).toMatchObject({ state: 'failed', note: expect.stringContaining('taken back') as string })
  })

  test('what Chroma refuses is taken back, and said', async () => {
    const whole = await bench.all('answers')
    const other = { ...(await stateOf('answer-2')), vector: Float32Array.of(1, 2) }
    const changes = [editOf(await stateOf('answer-1'), { document: 'changed' }), editOf(await stateOf('answer-2'), other)]
    await expect(bench.apply(recordsPlan(collection, changes))).rejects.toMatchObject({ code: 'invalid-input' })
    expectSame(await bench.all('answers'), whole)
    expect(await bench.latest()).toMatchObject({ state: 'failed', problem: { code: 'invalid-input' } })
  })

  test('History that is full refuses a change, and forgotten changes make room', async () => {
    const { bytes } = await bench.changes.history.list(connectionId, null, 0, 1)
    await bench.changes.history.setLimit(bytes + 10)
    const change = editOf(await stateOf('answer-1'), { document: 'changed' })
    await expect(bench.apply(recordsPlan(collection, [change]))).rejects.toMatchObject({ code: 'no-space' })
    const { changes } = await bench.changes.history.list(connectionId, null, 0, 200)
    await bench.changes.history.forget(changes.map(({ id }) => id))
    expect(await bench.changes.history.list(connectionId, null, 0, 1)).toMatchObject({ total: 0, bytes: 0 })
    await bench.apply(recordsPlan(collection, [change]))
    await bench.undo((await bench.latest()).id)
    await bench.changes.history.setLimit(2 ** 31)
  })

  test('a collection is made, filled, renamed and deleted, and all of it is taken back step by step', async () => {
    const { tenant, database } = collection
    const fresh: CollectionState = {
      id: '',
      tenant,
      database,
      name: 'notes',
      metadata: new Map([['about', 'notes']]),
      configuration: JSON.stringify({ hnsw: { space: 'l2' } }),
      schema: null,
      dimension: null,
    }
    const record: RecordState = { id: 'a', document: 'text', metadata: null, uri: null, vector: Float32Array.of(1, 2, 3) }
    const plan = (title: string, parts: ChangePlan['parts']): ChangePlan => ({
      kind: 'collection',
      title,
      rule: null,
      collectionId: null,
      collectionName: 'notes',
      parts,
    })
    const made = await bench.apply(
      plan('Make', [
        { kind: 'create-collection', collection: fresh },
        { kind: 'records', collection: fresh, changes: [{ id: 'a', before: null, after: record }] },
      ]),
    )
    expectSame(await bench.all('notes'), new Map([['a', record]]))
    const before = await bench.collection('notes')
    expect((await bench.store()).catalog()).toBeDefined()
    const edited = await bench.apply(recordsPlan(before, [editOf(record, { document: 'edited' })]))
    const renamed = await bench.apply(
      plan('Rename', [{ kind: 'modify-collection', before, after: { ...before, name: 'remarks', metadata: new Map([['about', 'x']]) } }]),
    )
    expect((await bench.collection('remarks')).metadata).toEqual(new Map([['about', 'x']]))
    await bench.undo(renamed)
    expect((await bench.collection('notes')).metadata).toEqual(new Map([['about', 'notes']]))
    const deleted = await bench.apply(
      plan('Delete', [
        { kind: 'records', collection: before, changes: [{ id: 'a', before: { ...record, document: 'edited' }, after: null }] },
        { kind: 'delete-collection', collection: before },
      ]),
    )
    await expect(bench.collection('notes')).rejects.toThrow()
    await bench.undo(deleted)
    const again = await bench.collection('notes')
    expect(again.id).not.toBe(before.id)
    expectSame(await bench.all('notes'), new Map([['a', { ...record, document: 'edited' }]]))
    const { tenants } = await (await bench.store()).catalog()
    const space = tenants.flatMap(({ databases }) => databases.flatMap(({ collections }) => collections)).find(({ id }) => id === again.id)
    expect(space?.space).toBe('l2')
    await bench.undo(edited)
    expectSame(await bench.all('notes'), new Map([['a', record]]))
    await bench.undo(made)
    await expect(bench.collection('notes')).rejects.toThrow()
  })

  test('what a change that was cut off had replaced is kept where somebody else wrote over it', async () => {
    const whole = await bench.all('answers')
    const first = await stateOf('answer-2')
    const cut = await bench.apply(recordsPlan(collection, [editOf(first, { document: 'ours' })]))
    await bench.apply(recordsPlan(collection, [editOf({ ...first, document: 'ours' }, { document: 'theirs' })]))
    await cutEnding(bench.journals.fileOf(connectionId, cut))
    expect(await bench.changes.settle(connectionId, jobContext())).toContain('answer-2')
    expect((await stateOf('answer-2')).document).toBe('theirs')
    await bench.undo(cut, ['answer-2'])
    expectSame(await bench.all('answers'), whole)
  })

  test('a torn journal is a change that never was, and a damaged one changes nothing', async () => {
    const whole = await bench.all('answers')
    const id = await bench.apply(recordsPlan(collection, [editOf(await stateOf('answer-1'), { document: 'changed' })]))
    const file = bench.journals.fileOf(connectionId, id)
    await appendFile(file, Buffer.from([9, 9, 9]))
    expect((await bench.latest()).state).toBe('done')
    await bench.undo(id)
    expectSame(await bench.all('answers'), whole)
    await writeFile(file, Buffer.alloc((await stat(file)).size))
    await expect(bench.undo(id)).rejects.toMatchObject({ code: 'not-found' })
    expectSame(await bench.all('answers'), whole)
  })
})
