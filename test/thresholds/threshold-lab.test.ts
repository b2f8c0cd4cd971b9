import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createHashingEmbedder } from '../../electron/embedder/hashing.ts'
import { analyseThresholds } from '../../shared/domain/thresholds/analyse.ts'
import { placeOf } from '../../shared/domain/thresholds/curve.ts'
import { labels, labelSources } from '../../shared/domain/thresholds/evidence.ts'
import { thresholdReportSchema, usualThresholdSettings, type EvidenceRef } from '../../shared/domain/thresholds/experiment.ts'
import { thresholdFlips } from '../../shared/domain/thresholds/flips.ts'
import { measuresAt } from '../../shared/domain/thresholds/measures.ts'
import { testEngines } from '../support/engines.ts'
import { fixturePath, haveFixtures, temporaryFolder } from '../support/fixtures.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { openConnection } from '../support/open-connection.ts'
import { transports, type Reached } from '../support/reach-core.ts'
import { sampleStore } from '../support/sample-store.ts'

const [inProcess] = transports
const data = await temporaryFolder('data')
const sample = await sampleStore(path.join(data, 'sample'))
const optimizerSchema = z.object({
  cache: z.object({
    entries: z.array(z.object({ prompt: z.string(), response: z.string() })),
    test_data: z.array(z.object({ query: z.string(), query_match: z.string() })),
  }),
})

describe.skipIf(sample === null)('the threshold lab in the core', () => {
  let home: string
  let core: Reached
  let ref: { connectionId: string; collectionId: string }
  const settings = { ...usualThresholdSettings, present: 0.85 }
  const planted = sample?.truth.lookups ?? []

  async function start(): Promise<void> {
    core = await inProcess.reach({ directory: sample?.directory ?? '', home, data })
    const { connectionId, collections } = await openConnection(core as never)
    ref = { connectionId, collectionId: collections.get('support_cache') ?? '' }
  }
  async function finished(started: Promise<{ jobId: string }>): Promise<string> {
    const { jobId } = await started
    const job = async () => (await core.call('jobs.list', {})).find(({ id }) => id === jobId)
    await expect.poll(async () => (await job())?.state).toBe('done')
    return (await job())?.result ?? ''
  }
  async function importPairs(name: string, content: string, to = ref): Promise<EvidenceRef> {
    await writeFile(path.join(home, name), content)
    const [root] = await core.call('connections.places', {})
    const file = (await core.call('thresholds.files', { handle: root?.handle ?? '' })).find((each) => each.name === name)
    const { id } = await core.call('thresholds.importPairs', { ...to, handle: file?.handle ?? '' })
    return { from: 'pairs', pairsId: id, name }
  }

  beforeAll(async () => {
    home = await temporaryFolder('home')
    await start()
  })
  afterAll(async () => {
    await core?.stop()
    await Promise.all([home, data].map((folder) => rm(folder, { recursive: true, force: true })))
  })

  test('What was planted in the sample is found: wrong hits at its threshold, and every label', async () => {
    const source = { from: 'sample' } as const
    const { evidence, present, leftOut, version } = await core.call('thresholds.evidence', { ...ref, source })
    expect(present).toBe(0.85)
    expect(evidence.similarity.length + leftOut).toBe(planted.length)
    const { curve, result } = analyseThresholds(evidence, { ...settings, exact: 'count' })
    const wrong = planted.filter(({ verdict }) => verdict === 'wrong').length
    const hits = planted.filter(({ winner }) => winner !== null).length
    expect(wrong).toBeGreaterThan(0)
    // The log rounds similarities to what it writes, and lookups without any entry are no evidence.
    const at = measuresAt(curve, placeOf(curve, 0.85), 1)
    expect((at.errorRate ?? 0) * (result.labels.right + result.labels.wrong)).toBeCloseTo(wrong, 6)
    expect((at.hitRate ?? 0) * evidence.similarity.length).toBeCloseTo(hits, 6)

    const places = [...evidence.label.keys()].filter(
      (place) => labels[evidence.label[place] ?? 0] === 'wrong' && (evidence.similarity[place] ?? 0) >= 0.85,
    )
    const shown = await core.call('thresholds.rows', { ...ref, source, version, rows: places.slice(0, 500) })
    expect(shown).toHaveLength(wrong)
    for (const item of shown)
      expect(item).toMatchObject({
        exists: true,
        label: 'wrong',
        labelSource: 'log',
        matchedQuery: expect.any(String),
        response: expect.any(String),
      })

    // What flips towards a stricter threshold is counted by the lookups between the two.
    const flips = thresholdFlips(evidence, 0.85, 0.9)
    const between = [...evidence.similarity].filter(
      (similarity, place) => similarity >= 0.85 && similarity < 0.9 && evidence.exact[place] === 0,
    )
    expect(flips.lostRight.length + flips.lostWrong.length).toBe(between.length)
  })

  test('Lookups are told apart by any field of the entries they came near, and labelled and judged by one of its values', async () => {
    const logId = await finished(core.call('lookupLogs.openSample', ref))
    const source = { from: 'log', logId, name: 'sample-lookups.jsonl' } as const
    const { evidence, version } = await core.call('thresholds.evidence', { ...ref, source, groupBy: 'locale' })
    expect(evidence.groups.toSorted()).toEqual(['de', 'en', 'fr', 'ja', 'zh'])
    const german = [...evidence.group.keys()].filter((at) => evidence.groups[evidence.group[at] ?? -1] === 'de').slice(0, 20)
    const items = await core.call('thresholds.rows', { ...ref, source, version, rows: german })
    const records = await core.call('records.get', { ...ref, ids: items.flatMap(({ entryId }) => entryId ?? []) })
    expect(new Set(records.map(({ metadata }) => metadata?.get('locale')))).toEqual(new Set(['de']))
    const asked = { ...settings, groupBy: 'locale', group: 'de' }
    const queue = await core.call('thresholds.queue', { ...ref, source, settings: asked, limit: 10 })
    expect(queue.population).toBeLessThan((await core.call('thresholds.queue', { ...ref, source, settings, limit: 1 })).population)
    const entries = await core.call('records.get', { ...ref, ids: queue.items.flatMap(({ entryId }) => entryId ?? []) })
    expect(entries.every(({ metadata }) => metadata?.get('locale') === 'de')).toBe(true)
    const many = await core.call('thresholds.evidence', { ...ref, source, groupBy: 'created_at' })
    expect(many.evidence.groups).toHaveLength(40)
    await core.call('lookupLogs.close', { ...ref, logId })
  })

  test('No text of the evidence is sent to a server before somebody allowed it', async () => {
    // No name below .invalid is ever found, so an attempt to send shows as a failure of its own.
    const config = {
      kind: 'openai',
      baseUrl: 'http://embeddings.invalid/v1',
      model: 'm',
      dimensions: 384,
      queryPrefix: '',
      documentPrefix: '',
    }
    const { id } = await core.call('embedders.save', { id: null, title: 'Remote', config: { ...config, kind: 'openai' } })
    await core.call('embedders.choose', { ...ref, embedderId: id })
    const source = await importPairs('remote.jsonl', '{"query": "cancel", "query_match": "end my plan", "label": 1}\n')
    const question = { code: 'consent', message: expect.stringContaining('embeddings.invalid') as string }
    await expect(core.call('thresholds.evidence', { ...ref, source })).rejects.toMatchObject(question)
    await expect(core.call('thresholds.hardNegatives', { ...ref, most: 5 })).rejects.toMatchObject(question)
    await core.call('thresholds.allowSending', ref)
    await expect(core.call('thresholds.evidence', { ...ref, source })).rejects.toMatchObject({ code: 'unreachable' })
    await core.call('embedders.choose', { ...ref, embedderId: null })
  })

  test('The log of the sample is labelled one by one as the queue asks, taken back, and remembered after a restart', async () => {
    const logId = await finished(core.call('lookupLogs.openSample', ref))
    const source = { from: 'log', logId, name: 'sample-lookups.jsonl' } as const
    const lines = [...(sample?.lookups.values() ?? [])]
    const correctOf = new Map(planted.map(({ id, correct }) => [id, correct]))
    const first = await core.call('thresholds.queue', { ...ref, source, settings, limit: 1 })
    expect(first).toMatchObject({ labelled: 0, least: 149 })
    expect(first.statement).toContain('Not enough labels')
    for (let time = 0; time < 12; time += 1) {
      const { items } = await core.call('thresholds.queue', { ...ref, source, settings, limit: 1 })
      const [item] = items
      if (!item) throw new Error('The queue is empty.')
      const line = lines[(item.line ?? 0) - 1]
      expect(line?.query).toBe(item.query)
      const label = correctOf.get(line?.id ?? '')?.includes(item.entryId ?? '') ? 'right' : 'wrong'
      await core.call('thresholds.label', { ...ref, source, key: item.key, label, chosenBy: 'queue' })
    }
    const after = await core.call('thresholds.queue', { ...ref, source, settings, limit: 3 })
    expect(after.labelled).toBeGreaterThanOrEqual(12)
    expect(after.items).toHaveLength(3)
    const taken = await core.call('thresholds.undoLabel', { ...ref, source })
    expect((await core.call('thresholds.queue', { ...ref, source, settings, limit: 50 })).items.map(({ key }) => key)).toContain(taken?.key)

    await core.stop()
    await start()
    await finished(core.call('lookupLogs.reopen', { ...ref, logId }))
    expect((await core.call('thresholds.sources', ref)).find((each) => each.source.from === 'log')).toMatchObject({
      humanLabels: 11,
      isReady: true,
    })
    const text = (await core.call('thresholds.labels', { ...ref, source })).text.trimEnd().split('\n')
    expect(text).toHaveLength(11)

    // Exported labels are pairs that can be imported.
    const again = await importPairs('labels.jsonl', `${text.join('\n')}\n`)
    const { evidence } = await core.call('thresholds.evidence', { ...ref, source: again })
    expect(Array.from(evidence.label, (code) => labels[code])).toEqual(text.map((line) => (JSON.parse(line) as { label: string }).label))
  })

  test('Without a log, entries that are nearest to each other give weak labels, which are named so', async () => {
    const { evidence, notes } = await core.call('thresholds.evidence', { ...ref, source: { from: 'self-calibration' } })
    expect(new Set(Array.from(evidence.source, (code) => labelSources[code]))).toEqual(new Set(['weak']))
    expect(notes.join(' ')).toContain('under-represented')
    expect(analyseThresholds(evidence, settings).result.labels).toEqual({ right: 0, wrong: 0, unknown: 0 })
    const { labels: counted } = analyseThresholds(evidence, { ...settings, sources: ['weak'] }).result
    expect(counted.right).toBeGreaterThan(100)
    expect(counted.wrong).toBeGreaterThan(10)
  })

  test('Texts that ask something else are scored by the embedder, the most similar first', async () => {
    const { negatives, embedder } = await core.call('thresholds.hardNegatives', { ...ref, most: 100 })
    expect(embedder.id).toBe('lexical-384')
    expect(new Set(negatives.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(4)
    const similarities = negatives.map(({ similarity }) => similarity ?? -2)
    expect(similarities).toEqual(similarities.toSorted((a, b) => b - a))
    expect(similarities[0]).toBeGreaterThan(0.9)
  })

  test('A report says what stands behind a threshold, and shows hostile text as text', async () => {
    const source = await importPairs('<img src=x onerror=alert(1)>.csv', 'query,label,similarity\na,1,0.9\nb,0,0.5\n')
    const asked = { ...ref, source, settings, threshold: 0.9 }
    const html = await core.call('thresholds.report', { ...asked, format: 'html' })
    expect(html.name).toBe('threshold-support_cache.html')
    expect(html.text).not.toMatch(/<script|<img|\son\w+="|https?:\/\/(?!www\.w3\.org)/i)
    expect(html.text).toContain('&#60;img src=x onerror=alert(1)&#62;.csv')
    const ofSample = await core.call('thresholds.report', { ...asked, source: { from: 'sample' }, format: 'html' })
    expect(ofSample.text).toMatch(
      /This report is about 0\.9, which is looser than the certified one.* wrong answers are [\d.]+% of the labelled lookups, [\d.]+% to [\d.]+% with 95/,
    )
    const json = await core.call('thresholds.report', { ...asked, format: 'json' })
    expect(thresholdReportSchema.parse(JSON.parse(json.text))).toMatchObject({
      collection: 'support_cache',
      distance: 0.1,
      embedder: expect.stringMatching(/./),
      labels: { right: 1, wrong: 1, unknown: 0, sources: ['human', 'log'] },
    })
  })

  test.skipIf(!haveFixtures)('Pairs of GPTCache, which are no entries, are compared text with text', async () => {
    const lines = readFileSync(fixturePath('pairs', 'gptcache_mock_999.jsonl'), 'utf8').trimEnd().split('\n').slice(0, 200)
    const source = await importPairs('gptcache.jsonl', `${lines.join('\n')}\n`)
    const { evidence, leftOut, embedder } = await core.call('thresholds.evidence', { ...ref, source })
    expect([evidence.similarity.length, leftOut, embedder?.id]).toEqual([200, 0, 'lexical-384'])
    expect(evidence.entries).toEqual([])
    const [{ text_a, text_b }] = lines.map((line) => JSON.parse(line) as { text_a: string; text_b: string }) as [
      { text_a: string; text_b: string },
    ]
    const both = await createHashingEmbedder(384).embed([text_a, text_b], { purpose: 'query' })
    const product = both.subarray(0, 384).reduce((sum, value, at) => sum + value * (both[384 + at] ?? 0), 0)
    expect(evidence.similarity[0]).toBeCloseTo(product, 5)
  })

  test.skipIf(!haveFixtures)('Test data of RedisVL is labelled by whether the nearest entry is the one it names', async () => {
    const { cache } = optimizerSchema.parse(JSON.parse(readFileSync(fixturePath('pairs', 'redisvl_threshold_optimizer.json'), 'utf8')))
    const [engine] = await testEngines()
    if (!engine) return
    const directory = path.join(home, 'capitals')
    const engines = await engine.create()
    const prompts = cache.entries.map(({ prompt }) => prompt)
    const vectors = await createHashingEmbedder(384).embed(prompts, { purpose: 'document' })
    try {
      const { api } = await engines.start(directory, { create: true, kind: engine.kind })
      const { id } = await api.createCollection(defaultDatabase, { name: 'llmcache', space: 'cosine', metadata: null })
      const columns = {
        ids: prompts.map((_, at) => `entry-${at}`),
        embeddings: prompts.map((_, at) => vectors.slice(at * 384, (at + 1) * 384)),
        documents: prompts,
        metadatas: cache.entries.map(
          ({ prompt, response }) =>
            new Map([
              ['prompt', prompt],
              ['response', response],
            ]),
        ),
      }
      await api.add({ ...defaultDatabase, id }, columns)
      await api.settled()
    } finally {
      await engines.close()
    }
    const [root] = await core.call('connections.places', {})
    const { children } = await core.call('connections.browse', { handle: root?.handle ?? '' })
    const { id: connectionId } = await core.call('connections.openPlace', {
      handle: children.find(({ name }) => name === 'capitals')?.handle ?? '',
    })
    const catalog = await core.call('collections.catalog', { connectionId })
    const capitals = { connectionId, collectionId: catalog.tenants[0]?.databases[0]?.collections[0]?.id ?? '' }
    const source = await importPairs('redisvl.jsonl', cache.test_data.map((row) => `${JSON.stringify(row)}\n`).join(''), capitals)
    const { evidence } = await core.call('thresholds.evidence', { ...capitals, source, embedderId: 'lexical-384' })
    expect(Array.from(evidence.label, (code) => labels[code])).toEqual(
      cache.test_data.map(({ query_match }) => (query_match === '' ? 'wrong' : 'right')),
    )
    // Its own best threshold: every right query is nearer to its entry than a question that asks something else entirely.
    const strange = cache.test_data.findIndex(({ query }) => query.startsWith('what does laffy'))
    const right = [...evidence.similarity].filter((_, at) => labels[evidence.label[at] ?? 0] === 'right')
    expect(Math.min(...right)).toBeGreaterThan(evidence.similarity[strange] ?? 1)
  })
})
