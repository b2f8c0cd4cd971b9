import { expect } from 'vitest'
import type { ApiCollectionRef, ChromaApi } from '../../../electron/store/server/api.ts'
import type { Store, StoreView } from '../../../electron/store/store.ts'
import type { CollectionSummary } from '../../../shared/contract/collections.ts'
import { formatMetadataValue, metadataTypeOf, type Metadata } from '../../../shared/domain/metadata.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { compileWhereDocument, matchesWhere } from '../../../shared/domain/where-evaluate.ts'
import { printWhere, printWhereDocument } from '../../../shared/domain/where-json.ts'
import { noFilter, type Filter } from '../../../shared/domain/where.ts'
import type { Random } from '../../support/random.ts'
import { hasCutOperand, randomWhere, randomWhereDocument } from '../../support/random-filter.ts'

/** Largest relative difference between a vector in the queue and what an engine makes of it in a cosine collection. */
const cosineTolerance = 2.4e-7

export interface FilterCounts {
  /** Filters whose answer was compared with the engine's. */
  asked: number
  /** Filters on which Chroma's own answer is a known mistake, compared with the evaluation in the app instead. */
  deviating: number
  matching: number
}

function storedView(collectionId: string, filter: Filter = noFilter): StoreView {
  return { collectionId, filter, sort: { by: { kind: 'stored' }, direction: 'ascending' } }
}

/** Metadata as sorted lines with types; an engine has no order of keys. */
function plain(metadata: Metadata | null): string[] | null {
  return metadata && [...metadata].map(([key, value]) => `${key} ${metadataTypeOf(value)} ${formatMetadataValue(value)}`).toSorted()
}

function comparable(record: StoredRecord): unknown {
  return { ...record, metadata: plain(record.metadata) }
}

export async function engineRecords(api: ChromaApi, collection: ApiCollectionRef): Promise<StoredRecord[]> {
  const all: StoredRecord[] = []
  for (;;) {
    const page = await api.get(collection, { limit: 1000, offset: all.length, include: ['documents', 'metadatas', 'uris'] })
    all.push(
      ...page.ids.map((id, index) => ({
        id,
        document: page.documents?.[index] ?? null,
        metadata: page.metadatas?.[index] ?? null,
        uri: page.uris?.[index] ?? null,
      })),
    )
    if (page.ids.length < 1000) return all
  }
}

export async function readerRecords(store: Store, collectionId: string): Promise<StoredRecord[]> {
  const all: StoredRecord[] = []
  for (;;) {
    const page = await store.page(storedView(collectionId), all.length, 1000)
    all.push(...page.records)
    if (all.length >= page.total || page.records.length === 0) return all
  }
}

/** Ids, order, documents, uris and metadata with types must be the same. */
export function expectSameRecords(reader: readonly StoredRecord[], engine: readonly StoredRecord[]): void {
  expect(reader.map((record) => record.id)).toEqual(engine.map((record) => record.id))
  expect(reader.map(comparable)).toEqual(engine.map(comparable))
}

/** Vectors must be the same bit for bit; those of a cosine collection that are in the queue only, nearly. */
export async function expectSameVectors(
  store: Store,
  api: ChromaApi,
  collection: ApiCollectionRef,
  summary: CollectionSummary,
  random: Random,
): Promise<void> {
  const own = await store.vectors(collection.id, null)
  const ids: string[] = []
  const theirs: (Float32Array | null)[] = []
  for (;;) {
    const page = await api.vectors(collection, { limit: 1000, offset: ids.length })
    ids.push(...page.ids)
    theirs.push(...page.vectors)
    if (page.ids.length < 1000) break
  }
  expect(own.missing).toEqual(ids.filter((_, index) => theirs[index] === null))
  expect(own.ids).toEqual(ids.filter((_, index) => theirs[index] !== null))
  const place = new Map(ids.map((id, index) => [id, index]))
  const different: string[] = []
  for (const [index, id] of own.ids.entries()) {
    const mine = own.data.subarray(index * own.dimension, (index + 1) * own.dimension)
    const other = theirs[place.get(id) ?? -1] ?? new Float32Array()
    const norm = Math.hypot(...mine)
    const near = (value: number, at: number): boolean =>
      summary.space === 'cosine' && Math.abs(value - (other[at] ?? NaN)) <= cosineTolerance * norm
    if (mine.length !== other.length || !mine.every((value, at) => Object.is(value, other[at]) || value === other[at] || near(value, at)))
      different.push(id)
  }
  expect(different).toEqual([])
  for (const id of own.ids.filter(() => random.chance(Math.min(1, 60 / own.ids.length)))) {
    const { vector } = await store.vector(collection.id, id)
    if (vector?.source === 'index') expect([...vector.values]).toEqual([...(theirs[place.get(id) ?? -1] ?? [])])
  }
}

async function engineIds(api: ChromaApi, collection: ApiCollectionRef, { where, whereDocument }: Filter): Promise<string[]> {
  const request = {
    where: where && printWhere(where, 'compact'),
    whereDocument: whereDocument && printWhereDocument(whereDocument, 'compact'),
  }
  return (await api.get(collection, { ...request, include: [] })).ids
}

/** Asks both sides the same random filters, several at a time; the ids that match must be the same, in the same order. */
export async function expectSameAnswers(
  store: Store,
  api: ChromaApi,
  collection: ApiCollectionRef,
  records: readonly StoredRecord[],
  options: { random: Random; filters: number; arrays: boolean },
): Promise<FilterCounts> {
  const { random, arrays } = options
  const source = { records, arrays }
  const counts: FilterCounts = { asked: 0, deviating: 0, matching: 0 }

  function randomFilter(): Filter {
    const kind = random.next()
    const where = kind < 0.7 ? randomWhere(random, source) : null
    const whereDocument = kind > 0.5 ? randomWhereDocument(random, source) : null
    return { where, whereDocument, find: '', periods: [], set: null }
  }
  async function ask(filter: Filter): Promise<void> {
    const { where, whereDocument } = filter
    const isCut = where !== null && hasCutOperand(where)
    const evaluated = (): string[] => {
      const matchesDocument = whereDocument === null ? (): boolean => true : compileWhereDocument(whereDocument)
      return records
        .filter((record) => where === null || matchesWhere(where, record.metadata, record.document))
        .filter((record) => matchesDocument(record.document))
        .map((record) => record.id)
    }
    const [own, expected] = await Promise.all([
      store
        .page(storedView(collection.id, filter), 0, 1)
        .then(({ total }) => store.idsAt(storedView(collection.id, filter), [{ from: 0, to: total }])),
      isCut ? evaluated() : engineIds(api, collection, filter),
    ])
    const printed = [printWhere(where), printWhereDocument(whereDocument)]
    expect({ filter: printed, ids: own }).toEqual({ filter: printed, ids: expected })
    counts[isCut ? 'deviating' : 'asked'] += 1
    counts.matching += own.length > 0 ? 1 : 0
  }

  while (counts.asked < options.filters) {
    const together = Math.min(8, options.filters - counts.asked)
    await Promise.all(Array.from({ length: together }, () => ask(randomFilter())))
  }
  return counts
}
