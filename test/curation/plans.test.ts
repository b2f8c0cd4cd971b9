import { rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assertState } from '../../electron/curation/plans/bulk-change.ts'
import { bulkPlan } from '../../electron/curation/plans/bulk-plan.ts'
import { bulkPreview } from '../../electron/curation/plans/bulk-preview.ts'
import { createPlan, deletePlan, modifyPlan } from '../../electron/curation/plans/collection-plans.ts'
import { copyPlans, copyPreview } from '../../electron/curation/plans/copy-plan.ts'
import { duplicatePlan } from '../../electron/curation/plans/duplicate-plan.ts'
import { addPlan } from '../../electron/curation/plans/add-plan.ts'
import { checkEdits, editPlan } from '../../electron/curation/plans/edit-plan.ts'
import type { ChangePart, ChangePlan, RecordChange } from '../../electron/curation/change.ts'
import { openDirectoryStore } from '../../electron/store/directory/directory-store.ts'
import type { Store } from '../../electron/store/store.ts'
import type { RecordEdit, Scope } from '../../shared/contract/curation.ts'
import type { StoredRecord } from '../../shared/domain/record.ts'
import { noFilter, type Where } from '../../shared/domain/where.ts'
import { testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { smallMetadata } from '../support/small-store.ts'

const [engine] = await testEngines()
if (!engine) console.log('Skipped: no engine runs here to make stores with.')

const count = 30
const { signal } = new AbortController()
const progress = (): void => undefined
const everything: Scope = { kind: 'filter', filter: noFilter }
const refunds: Where = { kind: 'compare', key: 'topic', operator: '$eq', value: 'refund' }

async function partsOf(plan: ChangePlan): Promise<ChangePart[]> {
  const parts: ChangePart[] = []
  for await (const part of plan.parts) parts.push(part)
  return parts
}

function changesIn(parts: readonly ChangePart[]): RecordChange[] {
  return parts.flatMap((part) => (part.kind === 'records' ? part.changes : []))
}

describe.skipIf(!engine)('Plans of changes, from a store that an engine made', () => {
  let folder: string
  let store: Store
  const ids = new Map<string, string>()
  const ref = (name = 'answers') => ({ connectionId: 'here', collectionId: ids.get(name) ?? '' })
  const context = (name?: string) => ({
    store,
    ref: ref(name),
    signal,
    progress,
    embedder: () => Promise.reject(new Error('No embedder is needed here.')),
  })

  beforeAll(async () => {
    if (!engine) return
    folder = await temporaryFolder('plans')
    const directory = path.join(folder, 'store')
    const engines = await engine.create()
    const { api } = await engines.start(directory, { create: true, kind: engine.kind })
    const places = Array.from({ length: count }, (_, index) => index)
    for (const [name, size] of [
      ['answers', count],
      ['others', 5],
    ] as const) {
      const { id } = await api.createCollection(defaultDatabase, { name, space: 'cosine', metadata: new Map([['about', name]]) })
      const shown = places.slice(0, size)
      await api.add(
        { ...defaultDatabase, id },
        {
          ids: shown.map((index) => `answer-${index}`),
          embeddings: shown.map((index) => Float32Array.of(1, index, -index)),
          documents: shown.map((index) => (index === 7 ? null : `Answer number ${index}`)),
          metadatas: shown.map(smallMetadata),
        },
      )
      ids.set(name, id)
    }
    const wide = await api.createCollection(defaultDatabase, { name: 'wide', space: 'l2', metadata: null })
    await api.add({ ...defaultDatabase, id: wide.id }, { ids: ['w'], embeddings: [Float32Array.of(1, 2, 3, 4)] })
    ids.set('wide', wide.id)
    await api.settled()
    await engines.close()
    store = await openDirectoryStore({ directory, scratch: path.join(folder, 'scratch') })
  })
  afterAll(async () => {
    await store?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  const recordOf = async (id: string): Promise<StoredRecord> => {
    const [record] = await store.records(ref().collectionId, [id])
    if (!record) throw new Error(`There is no ${id}.`)
    return record
  }
  const edit = async (id: string, changes: Partial<RecordEdit>): Promise<RecordEdit> => ({
    id,
    seen: await recordOf(id),
    vector: { kind: 'keep' },
    ...changes,
  })

  describe('Edits', () => {
    test('An edit holds the whole record before and after, with types and vector', async () => {
      const metadata = new Map([...smallMetadata(4), ['flag', true] as const])
      metadata.delete('topic')
      const plan = await editPlan(context(), [await edit('answer-4', { document: 'New', metadata })])
      const [change] = changesIn(await partsOf(plan))
      expect(plan).toMatchObject({ kind: 'edit', title: 'Edit answer-4', collectionName: 'answers' })
      expect(change?.before).toMatchObject({ document: 'Answer number 4', metadata: smallMetadata(4) })
      expect(change?.before?.vector?.map(Math.round)).toEqual(Float32Array.of(1, 4, -4))
      expect(change?.after).toEqual({ id: 'answer-4', document: 'New', uri: null, metadata, vector: change?.before?.vector })
    })

    test('Another id is a deletion and an addition with the same vector', async () => {
      const [gone, come] = changesIn(await partsOf(await editPlan(context(), [await edit('answer-4', { newId: 'four' })])))
      expect(gone).toMatchObject({ id: 'answer-4', after: null })
      expect(come).toMatchObject({ id: 'four', before: null, after: { id: 'four', document: 'Answer number 4' } })
      expect(come?.after?.vector).toEqual(gone?.before?.vector)
    })

    test('A record that is not as it was seen is a conflict', async () => {
      const stale = await edit('answer-4', { document: 'New' })
      const edits = [{ ...stale, seen: { ...stale.seen, metadata: new Map([['score', 2n]]) } }]
      expect(await checkEdits(context(), edits)).toMatchObject([{ id: 'answer-4', isConflict: true }])
      await expect(editPlan(context(), edits)).rejects.toMatchObject({ code: 'conflict' })
      const gone = { ...stale, id: 'nobody', seen: { ...stale.seen, id: 'nobody' } }
      await expect(editPlan(context(), [gone])).rejects.toMatchObject({ code: 'conflict' })
    })

    test('What cannot be written is refused for each edit, with a reason, and nothing is planned', async () => {
      const edits = await Promise.all([
        edit('answer-0', { newId: 'answer-1' }),
        edit('answer-2', { metadata: new Map([['chroma:document', 'x']]) }),
        edit('answer-3', { metadata: new Map([['n', 2n ** 63n]]) }),
        edit('answer-4', { metadata: new Map([['n', Number.NaN]]) }),
        edit('answer-5', { vector: { kind: 'given', vector: Float32Array.of(1, 2) } }),
        edit('answer-6', { vector: { kind: 'given', vector: Float32Array.of(1, 2, Number.NaN) } }),
        edit('answer-8', { newId: 'eight' }),
        edit('answer-9', { newId: 'eight' }),
      ])
      expect((await checkEdits(context(), edits)).map(({ id, reason }) => [id, reason])).toEqual([
        ['answer-0', 'A record with the id "answer-1" exists already.'],
        ['answer-2', '"chroma:document": Keys that begin with "chroma:" are reserved by Chroma.'],
        ['answer-3', '"n": The integer 9223372036854775808 needs more than the 64 bits Chroma has.'],
        ['answer-4', '"n": Chroma cannot store the number NaN.'],
        ['answer-5', 'The vector has 2 dimensions; those of the collection have 3.'],
        ['answer-6', 'The vector holds a number that is not finite.'],
        ['answer-9', 'Another edit uses the id "eight".'],
      ])
      await expect(editPlan(context(), edits)).rejects.toMatchObject({ code: 'invalid-input' })
    })

    test('New records take a given vector or that of another record, and no id that exists', async () => {
      const record = { id: 'new', document: null, metadata: new Map(), uri: 'file:///a' }
      const plan = await addPlan(context(), [{ ...record, vector: { kind: 'of', id: 'answer-3' } }])
      expect(changesIn(await partsOf(plan))).toMatchObject([{ id: 'new', before: null, after: { metadata: null, uri: 'file:///a' } }])
      const given = { kind: 'given' as const, vector: Float32Array.of(1, 2, 3) }
      await expect(addPlan(context(), [{ ...record, id: 'answer-3', vector: given }])).rejects.toMatchObject({ code: 'conflict' })
      await expect(
        addPlan(context(), [
          { ...record, vector: given },
          { ...record, vector: given },
        ]),
      ).rejects.toMatchObject({ code: 'invalid-input' })
    })
  })

  describe('Bulk changes', () => {
    test('A preview counts, names reasons and shows a sample, and the plan changes just those records', async () => {
      const rename = { kind: 'rename' as const, key: 'hits', to: 'score', overwrite: false }
      expect(await bulkPreview(context(), everything, rename)).toMatchObject({
        records: count,
        changed: 0,
        refused: [{ reason: 'The key "score" exists already.', count, exampleId: 'answer-0' }],
        sample: [],
      })
      const filter = { ...noFilter, where: refunds }
      const convert = { kind: 'convert' as const, key: 'score', to: 'integer' as const }
      const preview = await bulkPreview(context(), { kind: 'filter', filter }, convert)
      expect(preview).toMatchObject({ records: 10, changed: 5, unchanged: 0 })
      expect(preview.refused.map(({ count: refused }) => refused)).toEqual([1, 1, 1, 1, 1])
      expect(preview.sample[0]).toMatchObject({ id: 'answer-0' })
      expect(preview.sample.at(-1)).toMatchObject({ id: 'answer-24' })
      expect(preview.sample.at(-1)?.after?.metadata?.get('score')).toBe(12n)
      const changes = changesIn(await partsOf(await bulkPlan(context(), { kind: 'filter', filter }, convert, 'topic is refund')))
      expect(changes.map(({ id }) => id)).toEqual(['answer-0', 'answer-6', 'answer-12', 'answer-18', 'answer-24'])
      expect(changes.map(({ before, after }) => [before?.metadata?.get('score'), after?.metadata?.get('score')])).toContainEqual([3, 3n])
      expect(changes.every(({ before, after }) => before?.vector === after?.vector)).toBe(true)
    })

    test('A selection means places of a view in its order, and single ids besides', async () => {
      const view = {
        ...ref(),
        filter: { ...noFilter, where: refunds },
        sort: { by: { kind: 'id' as const }, direction: 'descending' as const },
      }
      const selection = { view, ranges: [{ from: 0, to: 2 }], ids: ['answer-1', 'answer-9', 'unknown'] }
      const plan = await bulkPlan(context(), { kind: 'selection', selection }, { kind: 'delete' }, null)
      const changes = changesIn(await partsOf(plan))
      expect(changes.map(({ id }) => id)).toEqual(['answer-1', 'answer-6', 'answer-9'])
      expect(changes.every(({ before, after }) => before !== null && before.vector !== null && after === null)).toBe(true)
      const elsewhere = { kind: 'selection' as const, selection: { ...selection, view: { ...view, connectionId: 'there' } } }
      await expect(bulkPreview(context(), elsewhere, { kind: 'delete' })).rejects.toMatchObject({ code: 'invalid-input' })
    })

    test('Replacing in documents says that vectors stay', async () => {
      const replace = { key: null, find: 'number', replacement: 'no.', isPattern: false, matchCase: true, vector: 'keep' as const }
      const preview = await bulkPreview(context(), everything, { kind: 'replace', ...replace })
      expect(preview).toMatchObject({ changed: count - 1, unchanged: 1 })
      expect(preview.notes).toEqual([expect.stringContaining('The vectors stay as they are')])
    })

    test('What was previewed on another state of the store is not applied', async () => {
      const before = await store.snapshot()
      expect(() => assertState(before, before)).not.toThrow()
      await store.refresh()
      const now = await store.snapshot()
      expect(() => assertState(before, now)).toThrow('read anew since the preview')
    })
  })

  describe('Copying and moving', () => {
    const ends = (to: string, connectionId = 'here') => ({
      from: { store, ref: ref() },
      to: { store, ref: { ...ref(to), connectionId } },
      signal,
      progress,
    })

    test('Records that exist there are left, or overwritten as whole records', async () => {
      const leave = { ...ends('others'), move: false, existing: 'leave' as const }
      expect(await copyPreview(leave, everything)).toMatchObject({
        changed: count - 5,
        refused: [{ reason: 'The other collection has a record with this id.', count: 5 }],
      })
      const { add, remove } = await copyPlans(leave, everything, null)
      expect(remove).toBeNull()
      expect(changesIn(await partsOf(add))).toHaveLength(count - 5)
      const overwrite = await copyPlans({ ...leave, existing: 'overwrite' }, everything, null)
      // The five that are there are the same already.
      expect(changesIn(await partsOf(overwrite.add))).toHaveLength(count - 5)
    })

    test('Moving adds there before it deletes here; what stays there by its own right stays here too', async () => {
      const { add } = await copyPlans({ ...ends('others'), move: true, existing: 'leave' }, everything, null)
      const parts = await partsOf(add)
      expect(parts.map((part) => part.kind === 'records' && part.collection.name)).toEqual(['others', 'answers'])
      expect(changesIn(parts.slice(1)).map(({ id }) => id)).not.toContain('answer-0')
      expect(changesIn(parts.slice(1)).every(({ after }) => after === null)).toBe(true)
      expect(changesIn(parts.slice(1))).toHaveLength(count - 5)
    })

    test('Between connections it is two changes, the second of what the first brought over', async () => {
      const { add, remove } = await copyPlans({ ...ends('others', 'there'), move: true, existing: 'leave' }, everything, null)
      expect(changesIn(await partsOf(add))).toHaveLength(count - 5)
      expect(remove).toMatchObject({ kind: 'delete', collectionName: 'answers' })
      expect(remove && changesIn(await partsOf(remove))).toHaveLength(count - 5)
    })

    test('Another dimension is refused, and so is the collection itself', async () => {
      const copy = { move: false, existing: 'leave' as const }
      await expect(copyPreview({ ...ends('wide'), ...copy }, everything)).rejects.toMatchObject({
        code: 'invalid-input',
        message: 'The vectors of wide have 4 dimensions; those of answers have 3.',
      })
      await expect(copyPreview({ ...ends('answers'), ...copy }, everything)).rejects.toMatchObject({ code: 'invalid-input' })
    })
  })

  describe('Collections', () => {
    const request = {
      ...defaultDatabase,
      name: 'fresh',
      hnsw: { space: 'ip' as const, efConstruction: 50, efSearch: null, maxNeighbors: 8 },
      metadata: new Map([['about', 'tests']]),
    }

    test('A new one has a name of its own that Chroma takes', async () => {
      const [part] = await partsOf(await createPlan(context(), request))
      expect(part).toMatchObject({ kind: 'create-collection', collection: { id: '', name: 'fresh', metadata: request.metadata } })
      await expect(createPlan(context(), { ...request, name: 'answers' })).rejects.toMatchObject({ code: 'conflict' })
      await expect(createPlan(context(), { ...request, name: 'no spaces' })).rejects.toMatchObject({ code: 'invalid-input' })
      await expect(createPlan(context(), { ...request, database: 'none' })).rejects.toMatchObject({ code: 'not-found' })
    })

    test('Renaming keeps metadata, and metadata cannot be emptied', async () => {
      const [part] = await partsOf(await modifyPlan(context(), ref(), { name: 'renamed' }))
      expect(part).toMatchObject({ kind: 'modify-collection', before: { name: 'answers' }, after: { name: 'renamed' } })
      expect(part?.kind === 'modify-collection' && part.after.metadata).toEqual(new Map([['about', 'answers']]))
      await expect(modifyPlan(context(), ref(), { name: 'others' })).rejects.toMatchObject({ code: 'conflict' })
      await expect(modifyPlan(context(), ref(), { metadata: new Map() })).rejects.toMatchObject({ code: 'invalid-input' })
      await expect(modifyPlan(context(), ref(), { name: 'answers' })).rejects.toMatchObject({ code: 'invalid-input' })
    })

    test('Records are deleted before their collection', async () => {
      const parts = await partsOf(await deletePlan(context(), ref()))
      expect(parts.map(({ kind }) => kind)).toEqual(['records', 'delete-collection'])
      expect(changesIn(parts)).toHaveLength(count)
    })

    test('A copy is made with the space of the first one, then filled with all its records', async () => {
      const parts = await partsOf(await duplicatePlan(context(), ref(), 'copied', null))
      const [made] = parts
      expect(parts.map(({ kind }) => kind)).toEqual(['create-collection', 'records'])
      const configuration: unknown = made?.kind === 'create-collection' ? JSON.parse(made.collection.configuration ?? '') : null
      expect(configuration).toMatchObject({ hnsw: { space: 'cosine' } })
      expect(changesIn(parts)).toHaveLength(count)
    })
  })
})
