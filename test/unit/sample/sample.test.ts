import { createHash } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { normaliseQuery } from '../../../electron/sample/phrasing.ts'
import { makeSampleContent, type SampleCollection, type SampleContent } from '../../../electron/sample/sample.ts'
import { truthSchema } from '../../../electron/sample/truth.ts'
import { recogniseProfile } from '../../../shared/domain/profiles/recognise.ts'
import { sampleContent } from '../../support/sample-content.ts'

let content: SampleContent
let cache: SampleCollection
let indexById: ReadonlyMap<string, number>

beforeAll(async () => {
  content = await sampleContent()
  cache = named('support_cache')
  indexById = new Map(cache.records.map(({ id }, index) => [id, index]))
})

function named(name: string): SampleCollection {
  const found = content.collections.find((collection) => collection.name === name)
  if (found === undefined) throw new Error(`There is no ${name}.`)
  return found
}

function entry(id: string) {
  const record = cache.records[indexById.get(id) ?? -1]
  if (record === undefined) throw new Error(`There is no entry ${id}.`)
  return record
}

/** Plain cosine, without the shortcuts of the generator. */
function cosine(a: string, b: string): number {
  const { dimension, data } = cache.vectors
  const [left, right] = [(indexById.get(a) ?? 0) * dimension, (indexById.get(b) ?? 0) * dimension]
  let [product, squaresA, squaresB] = [0, 0, 0]
  for (let at = 0; at < dimension; at++) {
    const [x, y] = [data[left + at] ?? 0, data[right + at] ?? 0]
    product += x * y
    squaresA += x * x
    squaresB += y * y
  }
  return product / Math.sqrt(squaresA * squaresB)
}

function digest({ collections, lookups, truth }: SampleContent): string {
  const hash = createHash('sha256')
  for (const { name, records, vectors } of collections) {
    hash.update(name)
    for (const { id, document, metadata } of records) {
      hash.update(JSON.stringify([id, document, [...metadata].map(([key, value]) => [key, typeof value, String(value)])]))
    }
    hash.update(new Uint8Array(vectors.data.buffer, vectors.data.byteOffset, vectors.data.byteLength))
  }
  return hash.update(JSON.stringify([lookups, truth])).digest('hex')
}

test('a second making gives the same bytes', async () => {
  expect(digest(await makeSampleContent(new AbortController().signal))).toBe(digest(content))
})

test('the store is as large as announced and every id is unique', () => {
  expect(cache.records.length).toBeGreaterThanOrEqual(1500)
  expect(named('chat_memory').records).toHaveLength(600)
  expect(named('user_facts').records.length).toBeGreaterThanOrEqual(150)
  expect(content.lookups).toHaveLength(3000)
  for (const { records, vectors } of content.collections) {
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length)
    expect(vectors.data.length).toBe(records.length * vectors.dimension)
  }
  expect(new Set(cache.records.map(({ metadata }) => metadata.get('namespace')))).toEqual(new Set(['billing', 'product', 'account']))
})

test('texts are finished: no empty place of a template is left', () => {
  for (const { records } of content.collections) {
    for (const { document, metadata } of records) {
      const text = `${document} ${String(metadata.get('response') ?? '')}`
      expect(text).not.toMatch(/[{}]|undefined|\bnull\b/)
      if (metadata.has('response')) expect(String(metadata.get('response'))).not.toMatch(/ {2}/)
    }
  }
})

test('the truth can be read back as JSON', () => {
  expect(truthSchema.parse(JSON.parse(JSON.stringify(content.truth)))).toEqual(content.truth)
})

test('expired entries are exactly those whose expiry lies before the reference time', () => {
  const { referenceTime, supportCache } = content.truth
  const expired = cache.records.filter(({ metadata }) => {
    const expiry = metadata.get('expires_at')
    return typeof expiry === 'bigint' && Number(expiry) * 1000 <= referenceTime
  })
  expect(supportCache.expired.toSorted()).toEqual(expired.map(({ id }) => id).toSorted())
  expect(expired.length).toBeGreaterThan(80)
  expect(expired.length).toBeLessThan(cache.records.length / 5)
})

test('expiry is creation plus time to live', () => {
  for (const { metadata } of cache.records) {
    const ttl = metadata.get('ttl_seconds')
    if (ttl === undefined) expect(metadata.has('expires_at')).toBe(false)
    else expect(BigInt(Date.parse(String(metadata.get('created_at'))) / 1000) + BigInt(ttl as bigint)).toBe(metadata.get('expires_at'))
  }
})

test('duplicates are duplicates: equal texts, or nearly equal vectors and the same answer', () => {
  const { exactDuplicates, nearDuplicates } = content.truth.supportCache
  expect(exactDuplicates.length).toBeGreaterThanOrEqual(40)
  for (const {
    ids: [a, b],
    kind,
  } of exactDuplicates) {
    expect(normaliseQuery(entry(a).document)).toBe(normaliseQuery(entry(b).document))
    expect(entry(a).document === entry(b).document).toBe(kind === 'identical')
    expect(entry(a).metadata.get('response')).toBe(entry(b).metadata.get('response'))
  }
  expect(nearDuplicates.length).toBeGreaterThanOrEqual(150)
  for (const {
    ids: [a, b],
    similarity,
  } of nearDuplicates) {
    expect(cosine(a, b)).toBeCloseTo(similarity, 5)
    expect(similarity).toBeGreaterThanOrEqual(0.93)
    expect(entry(a).metadata.get('response')).toBe(entry(b).metadata.get('response'))
  }
})

test('conflicting entries ask the same and answer differently', () => {
  const { conflicts } = content.truth.supportCache
  expect(conflicts.length).toBeGreaterThanOrEqual(15)
  for (const { current, outdated } of conflicts) {
    expect(current.length).toBeGreaterThan(0)
    for (const old of outdated)
      for (const id of current) expect(entry(old).metadata.get('response')).not.toBe(entry(id).metadata.get('response'))
  }
})

test('wordings of one question mostly lie above the threshold', () => {
  const similarities = content.truth.supportCache.groups.flatMap(({ ids }) =>
    ids.flatMap((a, at) => ids.slice(at + 1).map((b) => cosine(a, b))),
  )
  const above = similarities.filter((similarity) => similarity >= content.truth.threshold).length
  expect(above / similarities.length).toBeGreaterThan(0.7)
})

test('lookalikes of every kind are there, some above the threshold, with different answers', () => {
  const { lookalikes } = content.truth.supportCache
  for (const kind of ['negation', 'number', 'unit', 'entity', 'order'] as const) {
    expect(
      lookalikes.filter((pair) => pair.kind === kind && pair.similarity >= content.truth.threshold).length,
      kind,
    ).toBeGreaterThanOrEqual(5)
  }
  expect(lookalikes.some(({ similarity }) => similarity < content.truth.threshold)).toBe(true)
  for (const {
    ids: [a, b],
    similarity,
  } of lookalikes) {
    expect(cosine(a, b)).toBeCloseTo(similarity, 5)
    expect(entry(a).document).not.toBe(entry(b).document)
    expect(entry(a).metadata.get('namespace')).toBe(entry(b).metadata.get('namespace'))
  }
  const different = lookalikes.filter(({ ids: [a, b] }) => entry(a).metadata.get('response') !== entry(b).metadata.get('response'))
  expect(different.length).toBe(lookalikes.length)
})

test('the log agrees with the store: every hit served an entry that was alive and near enough', () => {
  for (const { outcome, matched_id, nearest_id, similarity, time, query, namespace, near_miss } of content.lookups) {
    expect(similarity).not.toBeNull()
    if (outcome === 'miss') {
      expect(matched_id).toBeNull()
      expect(nearest_id).not.toBeNull()
      expect(similarity).toBeLessThan(content.truth.threshold)
      expect(near_miss).toBe((similarity ?? 0) >= 0.8)
      continue
    }
    const { document, metadata } = entry(matched_id ?? '')
    expect(metadata.get('namespace')).toBe(namespace)
    expect(Date.parse(String(metadata.get('created_at')))).toBeLessThanOrEqual(Date.parse(time))
    const expiry = metadata.get('expires_at')
    if (expiry !== undefined) expect(Number(expiry) * 1000).toBeGreaterThan(Date.parse(time))
    if (outcome === 'hit_exact') expect(normaliseQuery(document)).toBe(normaliseQuery(query))
    else expect(similarity).toBeGreaterThanOrEqual(content.truth.threshold)
  }
})

test('entries were hit at least as often as the log says, and last when it says', () => {
  const logged = new Map<string, string[]>()
  for (const { matched_id, time } of content.lookups)
    if (matched_id !== null) logged.set(matched_id, [...(logged.get(matched_id) ?? []), time])
  expect(logged.size).toBeGreaterThan(300)
  for (const [id, times] of logged) {
    expect(Number(entry(id).metadata.get('hit_count'))).toBeGreaterThanOrEqual(times.length)
    expect(entry(id).metadata.get('last_hit_at')).toBe(times.at(-1))
  }
  for (const { id, metadata } of cache.records)
    if (!logged.has(id)) expect(metadata.has('last_hit_at')).toBe(metadata.get('hit_count') !== 0n)
})

test('the log holds right hits, wrong hits, misses that should have hit, near misses and expired matches', () => {
  const count = (verdict: string) => content.truth.lookups.filter((lookup) => lookup.verdict === verdict).length
  expect(count('correct')).toBeGreaterThan(1500)
  expect(count('wrong')).toBeGreaterThan(60)
  expect(count('wrong')).toBeLessThan(300)
  expect(count('missed')).toBeGreaterThan(100)
  expect(count('correct-miss')).toBeGreaterThan(400)
  expect(content.lookups.filter(({ near_miss }) => near_miss).length).toBeGreaterThan(100)
  expect(content.lookups.filter(({ expired_id }) => expired_id !== null).length).toBeGreaterThan(5)
  for (const [index, { id, winner, verdict, correct }] of content.truth.lookups.entries()) {
    expect(content.lookups[index]).toMatchObject({ id, matched_id: winner })
    if (verdict === 'correct') expect(correct).toContain(winner)
    if (verdict === 'wrong') expect(correct).not.toContain(winner)
  }
})

test('facts point to the episode they were learned from, and superseded ones are no longer active', () => {
  const episodes = new Set(named('chat_memory').records.map(({ id }) => id))
  const facts = new Map(named('user_facts').records.map((fact) => [fact.id, fact]))
  for (const { metadata } of facts.values()) expect(episodes.has(String(metadata.get('source_episode')))).toBe(true)
  expect(content.truth.facts.superseded.length).toBeGreaterThan(5)
  for (const [old, next] of content.truth.facts.superseded) {
    expect(facts.get(old)?.metadata.get('active')).toBe(false)
    expect(facts.get(old)?.metadata.get('superseded_by')).toBe(next)
    expect(facts.get(old)?.document).not.toBe(facts.get(next)?.document)
  }
  expect(content.truth.facts.duplicates.length).toBeGreaterThan(10)
})

test('the sample is recognised as what it is, with the roles that a person needs', () => {
  const recognise = ({ name, metadata, records }: SampleCollection) =>
    recogniseProfile(
      { name, metadata, count: records.length, keys: [] },
      records.slice(0, 200).map((record) => ({ ...record, uri: null })),
    )
  const support = recognise(cache)
  expect(support.id).toBe('semantic-cache')
  expect(support.confidence).toBeGreaterThan(0.85)
  expect(support.mapping.fields).toMatchObject({
    query: { from: 'document' },
    response: { key: 'response' },
    namespace: { key: 'namespace' },
    createdAt: { key: 'created_at' },
    expiresAt: { key: 'expires_at' },
    ttl: { key: 'ttl_seconds' },
    hitCount: { key: 'hit_count' },
    lastHitAt: { key: 'last_hit_at' },
    model: { key: 'model' },
  })
  expect(recognise(named('chat_memory'))).toMatchObject({
    id: 'conversation-turns',
    mapping: { kind: 'memory', fields: { user: { key: 'user_id' }, session: { key: 'session_id' }, topic: { key: 'topic' } } },
  })
  expect(recognise(named('user_facts'))).toMatchObject({
    id: 'facts',
    mapping: { kind: 'facts', fields: { fact: { from: 'document' }, user: { key: 'user_id' } } },
  })
})
