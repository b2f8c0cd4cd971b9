/**
 * Edits the metadata of 100,000 records, takes that back, deletes 50,000 by a filter, and takes that back; beside the same requests sent
 * to a bare engine. Then finds near-duplicates among 50,000 records. `npm run bench -- curate 20000` uses fewer records.
 */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { ChangePart, ChangePlan, CollectionState, RecordChange, RecordState } from '../../electron/curation/change.ts'
import { readStates } from '../../electron/curation/store-states.ts'
import type { ChromaApi } from '../../electron/store/server/api.ts'
import type { Metadata } from '../../shared/domain/metadata.ts'
import { openWorkbench, type Workbench } from '../curation/workbench.ts'
import { testEngines } from '../support/engines.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { seededRandom } from '../support/random.ts'
import { groupNearDuplicates } from './support/grouping.ts'
import { machine, milliseconds, printTable } from './support/measure.ts'

const records = Number(process.argv[2] ?? 100_000)
const dimension = Number(process.argv[3] ?? 384)
const batch = 500
const numbers = Array.from({ length: records }, (_, index) => index)
const idOf = (index: number): string => `record-${index}`
const isOdd = (index: number): boolean => index % 2 === 1

function metadataOf(index: number): Metadata {
  return new Map<string, string | bigint>([
    ['topic', `topic ${index % 12}`],
    ['odd', isOdd(index) ? 1n : 0n],
  ])
}

async function inBatches(items: readonly number[], work: (batch: readonly number[]) => Promise<void>): Promise<number> {
  const start = performance.now()
  for (let from = 0; from < items.length; from += batch) await work(items.slice(from, from + batch))
  return performance.now() - start
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function* partsOf(
  bench: Workbench,
  collection: CollectionState,
  ids: readonly string[],
  change: (state: RecordState) => RecordState | null,
): AsyncGenerator<ChangePart> {
  const store = await bench.store()
  for (let from = 0; from < ids.length; from += 10_000) {
    const states = await readStates(store, collection.id, ids.slice(from, from + 10_000))
    const changes: RecordChange[] = [...states.values()].map((before) => ({ id: before.id, before, after: change(before) }))
    yield { kind: 'records', collection, changes }
  }
}

async function planOf(bench: Workbench, collection: CollectionState, parts: ChangePlan['parts']): Promise<ChangePlan> {
  const readAt = await (await bench.store()).snapshot()
  return {
    readAt,
    kind: 'bulk-edit',
    title: 'A bulk change',
    rule: null,
    collectionId: collection.id,
    collectionName: collection.name,
    parts,
  }
}

const [engine] = await testEngines()
if (!engine) throw new Error('No engine runs here.')
const folder = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-curate-'))
const [directory, bare, data] = [path.join(folder, 'store'), path.join(folder, 'bare'), path.join(folder, 'data')]
console.log(`${machine()}\n${records} records x ${dimension}, ${engine.name} engine`)
try {
  const random = seededRandom(5)
  let manager = await engine.create()
  const made = (await manager.start(directory, { create: true, kind: engine.kind })).api
  const { id } = await made.createCollection(defaultDatabase, { name: 'records', space: 'cosine', metadata: null })
  const ref = { ...defaultDatabase, id }
  const vector = (): Float32Array => Float32Array.from({ length: dimension }, () => random.next() - 0.5)
  await inBatches(numbers, (part) =>
    made.add(ref, {
      ids: part.map(idOf),
      embeddings: part.map(vector),
      documents: part.map((index) => `The text of record ${index}, which is about topic ${index % 12} and some more words.`),
      metadatas: part.map(metadataOf),
    }),
  )
  await manager.close()
  await cp(directory, bare, { recursive: true })

  manager = await engine.create()
  const api: ChromaApi = (await manager.start(bare, { kind: engine.kind })).api
  const vectors = new Map<string, Float32Array>()
  const odd = numbers.filter(isOdd)
  await inBatches(odd, async (part) => {
    const answer = await api.vectors(ref, { ids: part.map(idOf) })
    for (const [place, each] of answer.ids.entries()) vectors.set(each, answer.vectors[place] ?? new Float32Array(dimension))
  })
  const edit = (value: string | null) => (part: readonly number[]) =>
    api.update(ref, { ids: part.map(idOf), metadatas: part.map(() => new Map([['reviewed', value]])) })
  const plain = [
    await inBatches(numbers, edit('yes')),
    await inBatches(numbers, edit(null)),
    await inBatches(odd, (part) => api.delete(ref, part.map(idOf))),
    await inBatches(odd, (part) =>
      api.add(ref, {
        ids: part.map(idOf),
        embeddings: part.map((index) => vectors.get(idOf(index)) ?? new Float32Array(dimension)),
        documents: part.map((index) => `The text of record ${index}, which is about topic ${index % 12} and some more words.`),
        metadatas: part.map(metadataOf),
      }),
    ),
  ]
  await manager.close()
  vectors.clear()

  await mkdir(data)
  const bench = await openWorkbench({ data, engines: await engine.create({ dataFolder: data }), place: directory })
  await bench.edit()
  const collection = await bench.collection('records')
  let change = ''
  const reviewed = (state: RecordState): RecordState => ({ ...state, metadata: new Map([...(state.metadata ?? []), ['reviewed', 'yes']]) })
  const kept = [
    await timed(
      async () => (change = await bench.apply(await planOf(bench, collection, partsOf(bench, collection, numbers.map(idOf), reviewed)))),
    ),
    await timed(() => bench.undo(change)),
    await timed(
      async () =>
        (change = await bench.apply(
          await planOf(
            bench,
            collection,
            partsOf(bench, collection, odd.map(idOf), () => null),
          ),
        )),
    ),
    await timed(() => bench.undo(change)),
  ]
  await bench.close()
  const names = ['metadata of all', 'undo of it', 'delete every other', 'undo of it']
  printTable(
    ['change', 'bare engine', 'with journal', 'overhead'],
    names.map((name, row) => {
      const [a, b] = [plain[row] ?? 0, kept[row] ?? 0]
      return [name, milliseconds(a), milliseconds(b), `${Math.round((b / a - 1) * 100)} %`]
    }),
  )
} finally {
  await rm(folder, { recursive: true, force: true })
}

const { first, again, planted, groups, removed } = await groupNearDuplicates(engine, records / 2, dimension)
console.log(`\nnear-duplicates among ${records / 2} records x ${dimension}`)
printTable(
  ['from a cold start', 'at another threshold', 'planted', 'groups', 'would go'],
  [[milliseconds(first), milliseconds(again), String(planted), String(groups), String(removed)]],
)
