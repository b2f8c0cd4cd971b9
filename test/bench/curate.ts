/**
 * Edits the metadata of 100,000 records, takes that back, deletes 50,000 by a filter, and takes that back; beside the same requests sent
 * to a bare engine, each right before; the edit three times. Then finds near-duplicates among 50,000 records.
 * `npm run bench -- curate 20000` uses fewer records.
 */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ChangePart, ChangePlan, CollectionState, RecordChange, RecordState } from '../../electron/curation/change.ts'
import { readStates } from '../../electron/curation/store-states.ts'
import type { ChromaApi } from '../../electron/store/server/api.ts'
import type { Metadata } from '../../shared/domain/metadata.ts'
import { openWorkbench, type Workbench } from '../curation/workbench.ts'
import { testEngines } from '../support/engines.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { seededRandom } from '../support/random.ts'
import { groupNearDuplicates } from './support/grouping.ts'
import { machine, median, milliseconds, printTable } from './support/measure.ts'

const records = Number(process.argv[2] ?? 100_000)
const dimension = Number(process.argv[3] ?? 384)
const batch = 500
const rounds = 3
/** Milliseconds before each measurement, for what an engine still does with what it was sent before. */
const calm = 2000
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
  await wait(calm)
  const start = performance.now()
  for (let from = 0; from < items.length; from += batch) await work(items.slice(from, from + batch))
  return performance.now() - start
}

/** Milliseconds of the bare engine, and with the journal. */
type Pair = readonly [number, number]

/** Medians of some pairs, and of their ratios the median, the least and the most. */
function row(name: string, pairs: readonly Pair[]): string[] {
  const ratios = pairs.map(([bare, kept]) => kept / bare)
  const times = [median(pairs.map(([bare]) => bare)), median(pairs.map(([, kept]) => kept))].map(milliseconds)
  const shares = [median(ratios), Math.min(...ratios), Math.max(...ratios)].map((ratio) => `${Math.round((ratio - 1) * 100)} %`)
  return [name, String(pairs.length), ...times, ...shares]
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  await wait(calm)
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
  const manager = await engine.create()
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

  const bareManager = await engine.create()
  const api: ChromaApi = (await bareManager.start(bare, { kind: engine.kind })).api
  const vectors = new Map<string, Float32Array>()
  const odd = numbers.filter(isOdd)
  await inBatches(odd, async (part) => {
    const answer = await api.vectors(ref, { ids: part.map(idOf) })
    for (const [place, each] of answer.ids.entries()) vectors.set(each, answer.vectors[place] ?? new Float32Array(dimension))
  })
  await mkdir(data)
  const bench = await openWorkbench({ data, engines: await engine.create({ dataFolder: data }), place: directory })
  await bench.edit()
  const collection = await bench.collection('records')
  let change = ''
  const apply = async (ids: readonly string[], work: (state: RecordState) => RecordState | null): Promise<void> => {
    change = await bench.apply(await planOf(bench, collection, partsOf(bench, collection, ids, work)))
  }
  const undo = (): Promise<number> => timed(() => bench.undo(change))
  const update = (value: string | null) => (part: readonly number[]) =>
    api.update(ref, { ids: part.map(idOf), metadatas: part.map(() => new Map([['reviewed', value]])) })
  const reviewed = (state: RecordState): RecordState => ({ ...state, metadata: new Map([...(state.metadata ?? []), ['reviewed', 'yes']]) })
  const add = (part: readonly number[]): Promise<void> =>
    api.add(ref, {
      ids: part.map(idOf),
      embeddings: part.map((index) => vectors.get(idOf(index)) ?? new Float32Array(dimension)),
      documents: part.map((index) => `The text of record ${index}, which is about topic ${index % 12} and some more words.`),
      metadatas: part.map(metadataOf),
    })

  // What is compared is done right after each other, because a machine may be twice as fast a minute later.
  const [edits, editUndos, deletes, deleteUndos]: [Pair[], Pair[], Pair[], Pair[]] = [[], [], [], []]
  for (let round = 0; round < rounds; round += 1) {
    edits.push([await inBatches(numbers, update('yes')), await timed(() => apply(numbers.map(idOf), reviewed))])
    editUndos.push([await inBatches(numbers, update(null)), await undo()])
  }
  const drop = (part: readonly number[]): Promise<void> => api.delete(ref, part.map(idOf))
  deletes.push([await inBatches(odd, drop), await timed(() => apply(odd.map(idOf), () => null))])
  deleteUndos.push([await inBatches(odd, add), await undo()])
  await bench.close()
  await bareManager.close()
  printTable(
    ['change', 'times', 'bare engine', 'with journal', 'overhead', 'from', 'to'],
    [row('metadata of all', edits), row('undo of it', editUndos), row('delete every other', deletes), row('undo of it', deleteUndos)],
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
