import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHashingEmbedder } from '../../electron/embedder/hashing.ts'
import { openDirectoryStore } from '../../electron/store/directory/directory-store.ts'
import { type SampleContent } from '../../electron/sample/sample.ts'
import type { DryRun, LookupSettings } from '../../shared/contract/lookups.ts'
import { copyFixture, haveFixtures, temporaryFolder } from '../support/fixtures.ts'
import { startOpenAi } from '../support/openai-server.ts'
import { sampleStore } from '../support/sample-store.ts'
import { openInCore, type OpenedStore } from './support.ts'
import { sampleContent } from '../support/sample-content.ts'

const directory = (await sampleStore())?.directory ?? null
const alike = { unicode: true, lowerCase: true, stripPunctuation: true, collapseSpace: true, trim: true }
const hashing = createHashingEmbedder(384)

interface Entry {
  readonly id: string
  readonly namespace: string
  readonly text: string
  readonly from: number
  readonly until: number
  readonly vector: Float32Array
}

/** A cache in the fewest words, on the sample's records as they were meant, not as they were read. */
function entriesOf(content: SampleContent): Entry[] {
  const [cache] = content.collections
  if (!cache) throw new Error('The sample has no collections.')
  return cache.records.map(({ id, document, metadata }, index) => ({
    id,
    namespace: String(metadata.get('namespace')),
    text: document,
    from: Date.parse(String(metadata.get('created_at'))),
    until: metadata.has('expires_at') ? Number(metadata.get('expires_at')) * 1000 : Infinity,
    vector: cache.vectors.data.subarray(index * 384, (index + 1) * 384),
  }))
}

function plain(text: string): string {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
  return (words ?? []).join(' ')
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, left, right] = [0, 0, 0]
  for (let at = 0; at < a.length; at += 1) {
    product += (a[at] as number) * (b[at] as number)
    left += (a[at] as number) ** 2
    right += (b[at] as number) ** 2
  }
  return product / Math.sqrt(left * right)
}

interface Expected {
  readonly outcome: 'exact-hit' | 'semantic-hit' | 'miss'
  readonly similarity: number
  /** All that may answer: those as near as the nearest, but for rounding. */
  readonly winners: readonly string[]
}

/** The layered lookup as its definition says it, entry by entry. */
function reference(
  entries: readonly Entry[],
  query: string,
  vector: Float32Array,
  namespace: string,
  threshold: number,
  at: number,
): Expected {
  const served = entries.filter((entry) => entry.namespace === namespace && entry.from <= at && entry.until > at)
  const same = served.filter((entry) => plain(entry.text) === plain(query))
  const last = same.at(-1)
  if (last) return { outcome: 'exact-hit', similarity: cosine(vector, last.vector), winners: [last.id] }
  const near = served
    .map((entry) => ({ id: entry.id, similarity: cosine(vector, entry.vector) }))
    .sort((a, b) => b.similarity - a.similarity)
  const similarity = near[0]?.similarity ?? Number.NaN
  if (!(similarity >= threshold)) return { outcome: 'miss', similarity, winners: [] }
  return { outcome: 'semantic-hit', similarity, winners: near.filter((entry) => entry.similarity > similarity - 1e-6).map(({ id }) => id) }
}

describe.skipIf(directory === null)('on the sample', () => {
  let store: OpenedStore
  let content: SampleContent
  let entries: Entry[]
  let settings: LookupSettings

  beforeAll(async () => {
    store = await openInCore(directory ?? '')
    content = await sampleContent()
    entries = entriesOf(content)
    settings = { ...(await store.call('lookups.settings', store.ref('support_cache'))), normalise: alike }
  }, 180_000)
  afterAll(() => store.stop())

  function look(query: string, changes: Partial<LookupSettings>): Promise<DryRun> {
    return store.call('lookups.dryRun', { ...store.ref('support_cache'), query, settings: { ...settings, ...changes } })
  }

  test('lookups of the log come out as the truth says, with the same entry, at the time they were made', { timeout: 120_000 }, async () => {
    const counts = { hit_exact: 0, hit_semantic: 0, miss: 0 }
    for (const [index, line] of content.lookups.entries()) {
      const truth = content.truth.lookups[index]
      if (!truth || index % 30 !== 0) continue
      const { verdict, similarity } = await look(line.query, {
        namespace: line.namespace,
        at: Date.parse(line.time),
        threshold: content.truth.threshold,
      })
      const outcome = { 'exact-hit': 'hit_exact', 'semantic-hit': 'hit_semantic', miss: 'miss' }[verdict.outcome]
      expect([line.query, outcome, verdict.entryId]).toEqual([line.query, truth.outcome, truth.winner])
      if (outcome !== 'hit_exact' && line.similarity !== null) expect(similarity).toBeCloseTo(line.similarity, 5)
      counts[truth.outcome] += 1
    }
    // Neither kind is there by chance.
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(20)
  })

  test(
    'at the reference time it agrees with a lookup written from its definition, at several thresholds',
    { timeout: 120_000 },
    async () => {
      const at = content.truth.referenceTime
      const queries = [...new Set(content.lookups.filter((_, index) => index % 60 === 0).map(({ query }) => query))]
      const vectors = await hashing.embed(queries, { purpose: 'query' })
      for (const [index, query] of queries.entries()) {
        const threshold = [0.7, 0.85, 0.95][index % 3] ?? 0.85
        const namespace = ['billing', 'product', 'account'][(index % 7) % 3] ?? ''
        const expected = reference(entries, query, vectors.subarray(index * 384, (index + 1) * 384), namespace, threshold, at)
        const { verdict, similarity } = await look(query, { namespace, at, threshold })
        expect([query, verdict.outcome]).toEqual([query, expected.outcome])
        if (expected.winners.length > 0) expect(expected.winners).toContain(verdict.entryId)
        else expect(verdict.entryId).toBeNull()
        expect(similarity).toBeCloseTo(expected.similarity, 5)
      }
    },
  )

  test('an entry past its expiry is skipped and named, with what renewing it would do', async () => {
    const at = content.truth.referenceTime
    const alone = entries.find(
      (entry) =>
        entry.until <= at &&
        !entries.some((other) => other !== entry && other.namespace === entry.namespace && cosine(other.vector, entry.vector) > 0.8),
    )
    if (!alone) throw new Error('The sample has no expired entry without likeness.')
    const { verdict, ladder } = await look(alone.text, { namespace: alone.namespace, at })
    expect(verdict).toMatchObject({ outcome: 'miss', missReason: 'expired', entryId: null })
    expect(verdict.message).toContain(`expired on ${new Date(alone.until).toISOString().slice(0, 10)}`)
    expect(verdict.flips[0]).toMatchObject({ change: 'expiry', entryId: alone.id })
    expect(ladder[0]).toMatchObject({
      record: { id: alone.id },
      expiredSince: alone.until,
      eligible: false,
      exactText: true,
      aboveThreshold: true,
    })
    const ignoring = await look(alone.text, { namespace: alone.namespace, at, honourExpiry: false })
    expect(ignoring.verdict).toMatchObject({ outcome: 'exact-hit', entryId: alone.id })
    const before = await look(alone.text, { namespace: alone.namespace, at: alone.until - 1 })
    expect(before.verdict).toMatchObject({ outcome: 'exact-hit', entryId: alone.id })
  })

  test('an entry of another namespace is named, and asking there is a hit', async () => {
    const at = content.truth.referenceTime
    const entry = entries.find(({ namespace, until, from }) => namespace === 'billing' && until > at && from <= at)
    if (!entry) throw new Error('The sample has no billing entry.')
    const { verdict, ladder } = await look(entry.text, { namespace: 'product', at })
    expect(verdict).toMatchObject({ outcome: 'miss', missReason: 'other-namespace' })
    expect(verdict.flips[0]).toMatchObject({ change: 'namespace', namespace: 'billing' })
    expect(ladder[0]).toMatchObject({ inNamespace: false, namespace: 'billing' })
    const there = await look(entry.text, { namespace: verdict.flips[0]?.namespace ?? null, at })
    expect(there.verdict.outcome).toBe('exact-hit')
  })

  test(
    'what a flip says comes true: a miss at its threshold is a hit, and a hit just above its own is none',
    { timeout: 120_000 },
    async () => {
      const at = content.truth.referenceTime
      let flipped = 0
      for (const line of content.lookups.slice(0, 40)) {
        const asked = { namespace: line.namespace, at }
        const { verdict } = await look(line.query, asked)
        const flip = verdict.flips.find(({ change }) => change === 'threshold')
        if (flip?.threshold == null) continue
        flipped += 1
        if (verdict.outcome === 'miss') {
          const hit = await look(line.query, { ...asked, threshold: flip.threshold })
          expect(hit.verdict).toMatchObject({ outcome: 'semantic-hit', entryId: flip.entryId })
          const rounded = Number(/threshold of ([\d.]+) or less/.exec(flip.message)?.[1])
          expect((await look(line.query, { ...asked, threshold: rounded })).verdict.outcome).toBe('semantic-hit')
        } else {
          const rounded = Number(/threshold above ([\d.]+) /.exec(flip.message)?.[1])
          expect((await look(line.query, { ...asked, threshold: Math.min(1, rounded + 1e-9) })).verdict.outcome).toBe(
            rounded >= 1 ? 'semantic-hit' : 'miss',
          )
        }
      }
      expect(flipped).toBeGreaterThan(15)
    },
  )

  test('the ladder runs from near to far over all namespaces, and the margin is that of the first two who could answer', async () => {
    const {
      ladder,
      margin,
      similarity,
      namespaces,
      entries: count,
    } = await look('How do I get a refund for an invoice?', { namespace: 'billing', at: content.truth.referenceTime })
    const similarities = ladder.map((rung) => rung.similarity ?? -2)
    // Those that differ by no more than float32 rounds stand in stored order.
    const digits = similarities.map((value) => Number(value.toFixed(5)))
    expect(digits).toEqual(digits.toSorted((a, b) => b - a))
    const [first, second] = ladder.filter((rung) => rung.eligible)
    expect(similarity).toBeCloseTo(first?.similarity ?? Number.NaN, 12)
    expect(margin).toBeCloseTo(Math.max(0, (first?.similarity ?? 0) - (second?.similarity ?? 0)), 12)
    expect(new Set(ladder.map((rung) => rung.namespace)).size).toBeGreaterThan(1)
    expect(namespaces.map(({ namespace }) => namespace).toSorted()).toEqual(['account', 'billing', 'product'])
    expect(count).toBe(namespaces.find(({ namespace }) => namespace === 'billing')?.entries)
  })

  test('a query that is nothing but space, or layers that are off, bypass the cache', async () => {
    expect((await look('  \n', {})).verdict).toMatchObject({ outcome: 'miss', missReason: 'bypass' })
    expect((await look('?!', {})).verdict).toMatchObject({ outcome: 'miss', missReason: 'bypass' })
    expect((await look('refund', { exactLayer: false, semanticLayer: false })).verdict).toMatchObject({ missReason: 'bypass' })
    const unheard = await look('Zebras juggle quantum marmalade', { semanticLayer: false })
    expect(unheard.verdict).toMatchObject({ missReason: 'bypass' })
    expect((await look('refund', { namespace: 'no such namespace', exactLayer: true, threshold: 1 })).verdict).toMatchObject({
      missReason: 'empty',
    })
  })

  test('an embedder of another dimension is a miss that says so, while the exact layer still answers', async () => {
    const [wrong] = await store.call('embedders.list', { dimension: 128 })
    const embedderId = wrong?.id ?? ''
    const at = content.truth.referenceTime
    const miss = await look('Zebras juggle quantum marmalade', { embedderId, at })
    expect(miss.verdict).toMatchObject({ outcome: 'miss', missReason: 'dimension' })
    expect(miss.verdict.message).toContain('128')
    expect(miss.verdict.message).toContain('384')
    const alive = entries.find(({ until, from }) => until > at && from <= at)
    const hit = await look(alive?.text ?? '', { embedderId, at, namespace: alive?.namespace ?? '' })
    expect(hit.verdict.outcome).toBe('exact-hit')
    expect(hit.warnings.join(' ')).toContain('128')
  })

  test('without an embedder the exact layer answers and says so; where it has nothing, the lookup fails with the reason', async () => {
    const at = content.truth.referenceTime
    const alive = entries.find(({ until, from }) => until > at && from <= at)
    const embedderId = 'gone'
    const hit = await look(alive?.text ?? '', { embedderId, at, namespace: alive?.namespace ?? '' })
    expect(hit.verdict.outcome).toBe('exact-hit')
    expect(hit.similarity).toBeNull()
    expect(hit.ladder.find(({ record }) => record.id === hit.verdict.entryId)?.exactText).toBe(true)
    expect(hit.warnings.join(' ')).toContain('Only the exact layer was asked.')
    await expect(look('Zebras juggle quantum marmalade', { embedderId, at })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('settings are kept for each collection', async () => {
    const cache = store.ref('support_cache')
    await store.call('lookups.setSettings', { ...cache, settings: { ...settings, threshold: 0.91, namespace: 'billing' } })
    expect(await store.call('lookups.settings', cache)).toMatchObject({ threshold: 0.91, namespace: 'billing' })
    await store.call('lookups.setSettings', { ...cache, settings: { exactLayer: false } })
    expect(await store.call('lookups.settings', cache)).toMatchObject({ threshold: 0.91, namespace: 'billing', exactLayer: false })
    expect(await store.call('lookups.settings', store.ref('user_facts'))).toMatchObject({ threshold: 0.85, namespace: null })
  })

  test('in a collection that is no cache, the fact itself is looked up', async () => {
    const facts = content.collections.find(({ name }) => name === 'user_facts')
    const [fact] = facts?.records ?? []
    const run = await store.call('lookups.dryRun', {
      ...store.ref('user_facts'),
      query: `  ${fact?.document.toUpperCase() ?? ''} `,
      settings: { ...settings, namespace: null },
    })
    expect(run.verdict.outcome).toBe('exact-hit')
    expect(run.ladder.find(({ record }) => record.id === run.verdict.entryId)?.record.document?.toLowerCase()).toBe(
      fact?.document.toLowerCase(),
    )
  })
})

test.skipIf(!haveFixtures)(
  'a cache of others, in l2 and without namespaces, answers its own questions and says what its numbers mean',
  async () => {
    const store = await openInCore(await copyFixture('cache-llm-gateway'))
    try {
      const ref = store.ref('query_cache')
      const settings = await store.call('lookups.settings', ref)
      const view = {
        ...ref,
        filter: { where: null, whereDocument: null, find: '' },
        sort: { by: { kind: 'stored' as const }, direction: 'ascending' as const },
      }
      const { records } = await store.call('records.page', { view, offset: 0, limit: 100 })
      const [lexical] = await store.call('embedders.list', { dimension: 384 })
      for (const record of records.slice(0, 5)) {
        const run = await store.call('lookups.dryRun', {
          ...ref,
          query: ` ${record.document?.toUpperCase() ?? ''}`,
          settings: { ...settings, embedderId: lexical?.id ?? null, honourExpiry: false },
        })
        expect(run.verdict.outcome).toBe('exact-hit')
        expect(
          records
            .find(({ id }) => id === run.verdict.entryId)
            ?.document?.trim()
            .toLowerCase(),
        ).toBe(record.document?.trim().toLowerCase())
        expect(run.warnings.join(' ')).toContain('1 - distance')
      }
    } finally {
      await store.stop()
    }
  },
)

test.skipIf(!haveFixtures)('between the stored vectors of that cache the semantic layer finds what its definition says', async () => {
  const cache = await copyFixture('cache-llm-gateway')
  const scratch = await temporaryFolder('scratch')
  const read = await openDirectoryStore({ directory: cache, scratch })
  const server = await startOpenAi()
  const store = await openInCore(cache)
  try {
    const ref = store.ref('query_cache')
    const { ids, dimension, data } = await read.vectors(ref.collectionId, null)
    const stored = ids.map((id, at) => ({ id, vector: data.subarray(at * dimension, (at + 1) * dimension) }))
    // The embedder stands for the model that is not here: a text names two entries and how near the query is to the first.
    const between = (text: string): Float32Array => {
      const [first = 0, second = 0, share = 1] = text.match(/\d+(?:\.\d+)?/g)?.map(Number) ?? []
      const [near, far] = [stored[first]?.vector ?? [], stored[second]?.vector ?? []]
      return Float32Array.from(near, (value, at) => share * value + (1 - share) * (far[at] ?? 0))
    }
    server.vectorOf = (text) => Array.from(between(text))
    const config = {
      kind: 'openai',
      baseUrl: server.baseUrl,
      model: 'between',
      dimensions: null,
      queryPrefix: '',
      documentPrefix: '',
    } as const
    const { id: embedderId } = await store.call('embedders.save', { id: null, title: 'Between', config })
    const settings = { ...(await store.call('lookups.settings', ref)), embedderId, honourExpiry: false }
    const outcomes = { 'exact-hit': 0, 'semantic-hit': 0, miss: 0 }
    for (let at = 0; at < 45; at += 1) {
      const query = `Between ${at % stored.length} and ${(at * 7 + 3) % stored.length}, ${[1, 0.75, 0.5][at % 3]}`
      const threshold = [0.6, 0.85, 0.97][Math.floor(at / 3) % 3] ?? 0.85
      const near = stored
        .map(({ id, vector }) => ({ id, similarity: cosine(between(query), vector) }))
        .toSorted((a, b) => b.similarity - a.similarity)
      const [first, second] = near
      if (!first || !second) throw new Error('The cache is empty.')
      const { verdict, similarity, margin, ladder, nearMisses } = await store.call('lookups.dryRun', {
        ...ref,
        query,
        settings: { ...settings, threshold },
      })
      expect([query, verdict.outcome]).toEqual([query, first.similarity >= threshold ? 'semantic-hit' : 'miss'])
      expect(similarity).toBeCloseTo(first.similarity, 5)
      expect(margin).toBeCloseTo(first.similarity - second.similarity, 5)
      expect(ladder[0]?.similarity).toBeCloseTo(first.similarity, 5)
      expect(nearMisses).toBe(near.filter((entry) => entry.similarity < threshold && entry.similarity >= threshold - 0.05).length)
      const equals = near.filter((entry) => entry.similarity > first.similarity - 1e-6).map(({ id }) => id)
      if (verdict.outcome === 'semantic-hit') expect(equals).toContain(verdict.entryId)
      else expect(verdict).toMatchObject({ entryId: null, missReason: 'below-threshold' })
      outcomes[verdict.outcome] += 1
    }
    expect(Math.min(outcomes['semantic-hit'], outcomes.miss)).toBeGreaterThan(5)
  } finally {
    await Promise.all([store.stop(), read.close(), server.stop()])
  }
})
