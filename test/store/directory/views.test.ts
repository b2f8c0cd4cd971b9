import { cp, rm } from 'node:fs/promises'
import path from 'node:path'
import sqlite3 from 'node-sqlite3-wasm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDirectoryStore } from '../../../electron/store/directory/directory-store.ts'
import type { Store, StoreView } from '../../../electron/store/store.ts'
import { type Facet, type Sort, storedOrder } from '../../../shared/contract/records.ts'
import { computeFacet } from '../../../shared/domain/facets.ts'
import type { MetadataValue } from '../../../shared/domain/metadata.ts'
import { isInPeriod } from '../../../shared/domain/period.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { metadataComparator } from '../../../shared/domain/sort.ts'
import { type Filter, noFilter, type Where } from '../../../shared/domain/where.ts'
import { compileWhereDocument, matchesWhere } from '../../../shared/domain/where-evaluate.ts'
import { temporaryFolder } from '../../support/fixtures.ts'
import { seededRandom } from '../../support/random.ts'
import { randomWhere, randomWhereDocument } from '../../support/random-filter.ts'
import { makeBaseStore } from './base-store.ts'

const base = await makeBaseStore()
const words = ['cache', 'Refund', 'naïve', 'ÜBER', '東京', '🙂', '100%', 'under_score', 'back\\slash', 'a\0b', '\ufeffbom', 'new\nline']

/** Adds records to `kept` by SQL: enough that the reader takes the ways it takes for large stores. */
function enlarge(directory: string, kept: string, count: number): void {
  const random = seededRandom(11)
  const database = new sqlite3.Database(path.join(directory, 'chroma.sqlite3'))
  const segment = String(database.get("SELECT id FROM segments WHERE scope = 'METADATA' AND collection = ?", kept)?.['id'])
  const record = database.prepare('INSERT INTO embeddings (segment_id, embedding_id, seq_id) VALUES (?, CAST(? AS TEXT), 1)')
  const value = database.prepare(
    'INSERT INTO embedding_metadata (id, key, string_value, int_value, float_value, bool_value) VALUES (?, ?, CAST(? AS TEXT), ?, ?, ?)',
  )
  const bytes = (text: string): Uint8Array | string => (text === '' ? '' : Buffer.from(text))
  database.exec('BEGIN')
  for (let index = 0; index < count; index += 1) {
    const id = record.run([segment, bytes(`${random.pick(words)}/${index}`)]).lastInsertRowid
    const set = (
      key: string,
      ...[text, whole, float, truth]: [string | null, number | bigint | null, number | null, boolean | null]
    ): void => {
      value.run([id, key, text === null ? null : bytes(text), whole, float, truth])
    }
    if (random.chance(0.9))
      set('chroma:document', Array.from({ length: random.below(6) }, () => random.pick(words)).join(' '), null, null, null)
    if (random.chance(0.9)) set('topic', `topic ${random.below(7)}`, null, null, null)
    if (random.chance(0.9)) set('n', null, random.below(20), null, null)
    if (random.chance(0.9)) set('score', null, null, random.below(20) / 4, null)
    set('price', null, null, random.next() * 1000, null)
    set('created_at', null, 1_700_000_000 + random.below(20_000_000), null, null)
    if (random.chance(0.5)) set('count', null, random.below(100_000), null, null)
    if (random.chance(0.5)) set('odd', null, null, null, random.chance(0.5))
    const kind = random.below(6)
    if (kind === 0) set('mixed', random.pick(words), null, null, null)
    if (kind === 1) set('mixed', null, random.below(5), null, null)
    if (kind === 2) set('mixed', null, null, random.below(10) / 2, null)
    if (kind === 3) set('mixed', null, null, null, random.chance(0.5))
    if (kind === 4) set('mixed', null, 9_007_199_254_740_993n - BigInt(random.below(3)), null, null)
    if (random.chance(0.3)) set('at', `2026-0${1 + random.below(9)}-1${random.below(10)}T10:00:00Z`, null, null, null)
    if (random.chance(0.2)) set('chroma:uri', `file:///${index}.png`, null, null, null)
    if (random.chance(0.1)) set('chroma:hidden', 'no', null, null, null)
    // One record alone brings in more keys than a store usually has.
    if (index === 0) for (let extra = 0; extra < 250; extra += 1) set(`extra ${extra}`, null, extra, null, null)
  }
  database.exec('COMMIT')
  record.finalize()
  value.finalize()
  database.close()
}

async function allRecords(store: Store, view: StoreView): Promise<StoredRecord[]> {
  const all: StoredRecord[] = []
  for (;;) {
    const page = await store.page(view, all.length, 1000)
    all.push(...page.records)
    if (page.records.length === 0 || all.length >= page.total) return all
  }
}

function passes({ where, whereDocument, find, periods }: Filter): (record: StoredRecord) => boolean {
  const text = find.toLowerCase()
  const matchesDocument = whereDocument === null ? () => true : compileWhereDocument(whereDocument)
  return ({ id, document, metadata }) =>
    (where === null || matchesWhere(where, metadata, document)) &&
    periods.every((period) => isInPeriod(period, metadata?.get(period.key))) &&
    matchesDocument(document) &&
    (find === '' || id.toLowerCase().includes(text) || (document ?? '').toLowerCase().includes(text))
}

describe.skipIf(!base).each([
  ['a small collection', 0, 'kept'],
  ['a large collection', 9000, 'kept'],
  ['a small collection beside a large one', 9000, 'young'],
] as const)('views of %s', (_, more, name) => {
  let folder: string
  let store: Store
  let collectionId: string
  let records: StoredRecord[]
  const sets = new Map<string, readonly string[]>()
  const view = (filter: Partial<Filter> = {}, sort: Sort = storedOrder): StoreView => ({
    collectionId,
    filter: { ...noFilter, ...filter },
    sort,
  })

  beforeAll(async () => {
    if (!base) return
    folder = await temporaryFolder('views')
    const directory = path.join(folder, 'store')
    await cp(base.directory, directory, { recursive: true })
    if (more > 0) enlarge(directory, base.kept, more)
    store = await openDirectoryStore({ directory, scratch: folder, setIds: (_collection, setId) => Promise.resolve(sets.get(setId) ?? []) })
    collectionId = base[name]
    records = await allRecords(store, view())
  })

  afterAll(async () => {
    await store?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('hold every record once, with texts that have a NUL or a byte order mark in them', () => {
    expect(new Set(records.map((record) => record.id)).size).toBe(records.length)
    expect(records.length).toBe(name === 'kept' ? (base?.ids.length ?? 0) + more : 12)
    if (more > 0 && name === 'kept') {
      expect(records.some((record) => record.id.startsWith('a\0b/'))).toBe(true)
      expect(records.some((record) => record.document?.startsWith('\ufeffbom'))).toBe(true)
      expect(records.some((record) => [...(record.metadata?.keys() ?? [])].some((key) => key.startsWith('chroma:')))).toBe(false)
    }
  })

  test('are filtered as the evaluation of single records says', async () => {
    const random = seededRandom(3)
    const needles = ['naïve', 'über', 'cache ref', '%', '_', '\\', 'a\0b', '東', 'TOPIC', 'document of']
    const filters: Partial<Filter>[] = [
      ...Array.from({ length: 40 }, () => ({ where: randomWhere(random, { records, arrays: false }) })),
      ...Array.from({ length: 20 }, () => ({ whereDocument: randomWhereDocument(random, { records, arrays: false }) })),
      ...needles.map((find) => ({ find })),
      { where: randomWhere(random, { records, arrays: false }), find: 'e' },
      { where: { kind: 'and', clauses: [] } },
      { where: { kind: 'or', clauses: [] } },
      { where: { kind: 'compare', key: 'n', operator: '$gte', value: 2.7 } },
      { where: { kind: 'compare', key: 'mixed', operator: '$eq', value: 9_007_199_254_740_992n } },
      { whereDocument: { kind: 'text', operator: '$contains', value: '' } },
      { periods: [{ key: 'at', from: Date.UTC(2026, 2, 11), to: Date.UTC(2026, 4, 15, 10) }] },
      { periods: [{ key: 'at', from: null, to: null }], find: 'e' },
      { periods: [{ key: 'created_at', from: 1_705_000_000_000, to: 1_710_000_000_000 }] },
      {
        periods: [
          { key: 'at', from: Date.UTC(2026, 5, 1), to: null },
          { key: 'created_at', from: null, to: 1_712_000_000_000 },
        ],
      },
      { periods: [{ key: 'mixed', from: null, to: null }] },
    ]
    for (const part of filters) {
      const filter = { ...noFilter, ...part }
      const expected = records.filter(passes(filter)).map((record) => record.id)
      const page = await store.page(view(filter), 0, 200)
      expect({ filter, total: page.total, ids: page.records.map((record) => record.id) }).toEqual({
        filter,
        total: expected.length,
        ids: expected.slice(0, 200),
      })
    }
  })

  test('are sorted by any key in both directions, missing values last, equal ones in stored order', async () => {
    const value = (record: StoredRecord, by: Sort['by']): MetadataValue | null | undefined => {
      if (by.kind === 'id') return record.id
      return by.kind === 'document' ? record.document : by.kind === 'metadata' ? record.metadata?.get(by.key) : null
    }
    const keys = ['topic', 'n', 'score', 'odd', 'mixed', 'at', 'absent'].map((key) => ({ kind: 'metadata', key }) as const)
    for (const by of [...keys, { kind: 'id' }, { kind: 'document' }] as Sort['by'][]) {
      for (const direction of ['ascending', 'descending'] as const) {
        const compare = metadataComparator(direction)
        const expected = records.toSorted((a, b) => compare(value(a, by), value(b, by))).map((record) => record.id)
        const sorted = await store.idsAt(view({}, { by, direction }), [{ from: 0, to: records.length }])
        expect({ by, direction, sorted }).toEqual({ by, direction, sorted: expected })
      }
    }
    const backwards = await store.page(view({}, { by: { kind: 'stored' }, direction: 'descending' }), 0, 5)
    expect(backwards.records).toEqual(records.slice(-5).toReversed())
  })

  test('tell the place of a record, and null for one that the filter leaves out', async () => {
    const filter: Partial<Filter> = { where: { kind: 'compare', key: 'topic', operator: '$eq', value: 'topic 1' } }
    const sort: Sort = { by: { kind: 'metadata', key: 'score' }, direction: 'descending' }
    const sorted = await allRecords(store, view(filter, sort))
    const one = sorted[Math.floor(sorted.length / 2)]
    expect(await store.locate(view(filter, sort), one?.id ?? '')).toEqual({ index: Math.floor(sorted.length / 2), total: sorted.length })
    const other = records.find((record) => record.metadata?.get('topic') !== 'topic 1')
    expect(await store.locate(view(filter, sort), other?.id ?? '')).toEqual({ index: null, total: sorted.length })
    expect(await store.locate(view(), 'no such id')).toEqual({ index: null, total: records.length })
  })

  test('have facets with the counts of the records in them', async () => {
    for (const filter of [
      {},
      { where: { kind: 'compare', key: 'n', operator: '$lt', value: 6n } },
      { periods: [{ key: 'at', from: Date.UTC(2026, 3, 1), to: null }] },
    ] as Partial<Filter>[]) {
      const inside = records.filter(passes({ ...noFilter, ...filter }))
      const keys = ['topic', 'n', 'score', 'odd', 'mixed', 'at', 'price', 'created_at', 'count', 'absent']
      const facets = await store.facets(view(filter), keys, 10)
      const expected = keys.map((key): Facet => {
        const values = inside.map((record) => record.metadata?.get(key)).filter((one) => one !== undefined)
        return computeFacet(
          key,
          values.map((one) => [one, 1] as const),
          inside.length - values.length,
          10,
        )
      })
      expect(facets).toEqual(expected)
    }
  })

  test('are narrowed to a saved set, in its records, places and facets, whatever else holds', async () => {
    const every = records.filter((_record, at) => at % 3 === 0).map(({ id }) => id)
    sets.set('thirds', [...every.toReversed(), 'gone since'])
    const where: Where = { kind: 'compare', key: 'n', operator: '$lt', value: 6n }
    for (const filter of [{ set: 'thirds' }, { set: 'thirds', where }, { set: 'none such' }] as Partial<Filter>[]) {
      const inSet = new Set(sets.get(filter.set ?? ''))
      const expected = records.filter((record) => inSet.has(record.id) && passes({ ...noFilter, ...filter })(record))
      const page = await store.page(view(filter), 0, 200)
      expect({ total: page.total, records: page.records }).toEqual({ total: expected.length, records: expected.slice(0, 200) })
      const [facet] = await store.facets(view(filter), ['topic'], 10)
      const topics = expected.flatMap((record) => record.metadata?.get('topic') ?? [])
      expect(facet).toEqual(
        computeFacet(
          'topic',
          topics.map((topic) => [topic, 1] as const),
          expected.length - topics.length,
          10,
        ),
      )
    }
    expect(await store.locate(view({ set: 'thirds' }), every[1] ?? '')).toEqual({ index: 1, total: every.length })
    expect(await store.locate(view({ set: 'thirds' }), records[1]?.id ?? '')).toEqual({ index: null, total: every.length })
  })

  test('have the keys of their records with types and counts', async () => {
    const keys = await store.keys(collectionId)
    const counts = new Map<string, number>()
    for (const record of records) for (const key of record.metadata?.keys() ?? []) counts.set(key, (counts.get(key) ?? 0) + 1)
    expect(new Map(keys.map((entry) => [entry.key, entry.count]))).toEqual(counts)
    expect(keys.find((entry) => entry.key === 'n')?.types.map((entry) => entry.type)).toEqual(['integer'])
    const longest = Math.max(...records.map((record) => String(record.metadata?.get('topic') ?? '').length))
    expect(keys.find((entry) => entry.key === 'topic')?.longest).toBe(longest)
  })

  test('give records by id in stored order, whatever the order of asking', async () => {
    const some = records.filter((_record, index) => index % 97 === 0)
    const ids = [...some.map((record) => record.id).toReversed(), 'no such id', some[0]?.id ?? '']
    expect(await store.records(collectionId, ids)).toEqual(some)
  })

  test('count documents and uris of the collection', async () => {
    const { summary, records: counts } = await store.detail(collectionId)
    const withDocument = records.filter((record) => record.document !== null).length
    const withUri = records.filter((record) => record.uri !== null).length
    expect(summary.count).toBe(records.length)
    expect(counts).toEqual({ withDocument, withoutDocument: records.length - withDocument, withUri })
  })

  test('refuse what Chroma refuses, with a sentence', async () => {
    const refused: Partial<Filter>[] = [
      { where: { kind: 'compare', key: 'topic', operator: '$gt', value: 'a' } },
      { where: { kind: 'in', key: 'n', operator: '$in', values: [] } },
      { whereDocument: { kind: 'text', operator: '$regex', value: '(' } },
    ]
    for (const filter of refused) await expect(store.page(view(filter), 0, 10)).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(store.page({ ...view(), collectionId: 'other' }, 0, 10)).rejects.toMatchObject({ code: 'not-found' })
  })
})
