import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createHashingEmbedder } from '../../../../electron/embedder/hashing.ts'
import { analyseThresholds } from '../../../../shared/domain/thresholds/analyse.ts'
import { placeOf, thresholdCurve } from '../../../../shared/domain/thresholds/curve.ts'
import { makeEvidence, type EvidenceRow } from '../../../../shared/domain/thresholds/evidence.ts'
import {
  experimentResultSchema,
  experimentSchema,
  thresholdReportSchema,
  usualThresholdSettings,
  type EvidenceRef,
  type Experiment,
  type ThresholdReport,
} from '../../../../shared/domain/thresholds/experiment.ts'
import { thresholdFlips } from '../../../../shared/domain/thresholds/flips.ts'
import { hardNegatives } from '../../../../shared/domain/thresholds/hard-negatives.ts'
import { guessPairColumns, jsonLineRows, readLabelledPairs } from '../../../../shared/domain/thresholds/labelled-pairs.ts'
import { measuresAt } from '../../../../shared/domain/thresholds/measures.ts'
import { fromUnit, inUnit, thresholdUnits, unitIds } from '../../../../shared/domain/thresholds/units.ts'
import { fixturePath, haveFixtures } from '../../../support/fixtures.ts'
import { sampleContent } from '../../../support/sample-content.ts'

test('A threshold in every scale is the published one, and comes back', () => {
  expect(inUnit('gptcache', 0.6)).toBe(0.8)
  expect(fromUnit('gptcache', 0.8)).toBe(0.6)
  expect(fromUnit('squared-l2', 0.15)).toBe(0.925)
  expect(fromUnit('langchain-redis', 0.2)).toBe(0.8)
  expect(fromUnit('betterdb', 0.1)).toBe(0.9)
  expect(fromUnit('redisvl-normalised', 0.9)).toBe(0.8)
  expect(fromUnit('mem0', 1 / 1.1)).toBe(0.9)
  for (const unit of unitIds) expect(fromUnit(unit, inUnit(unit, 0.87))).toBeCloseTo(0.87, 5)
  const shown = thresholdUnits(0.913)
  expect(shown.find(({ unit }) => unit === 'redisvl')!.setting).toBe('SemanticCache(distance_threshold=0.087)')
  expect(shown.filter(({ warning }) => warning === null).map(({ unit }) => unit)).toEqual([
    'similarity',
    'cosine-distance',
    'semantic-router',
  ])
})

test('Hard negatives change one thing, by its kind, and are the same each time', () => {
  const queries = [
    'How do I enable two-factor login?',
    'Can I keep files for 30 days?',
    'Is the Basic plan free?',
    'Move data from Slack to Notion',
    'Is the Team plan free?',
  ]
  const pairs = hardNegatives(queries)
  const changed = (kind: string, original: string): string | undefined =>
    pairs.find((pair) => pair.kind === kind && pair.original === original)?.changed
  expect(changed('negation', queries[0]!)).toBe('How do I disable two-factor login?')
  expect(changed('negation', queries[1]!)).toBe('Can I not keep files for 30 days?')
  expect(changed('number', queries[1]!)).toBe('Can I keep files for 60 days?')
  expect(changed('unit', queries[1]!)).toBe('Can I keep files for 30 weeks?')
  expect(changed('order', queries[3]!)).toBe('Move data from Notion to Slack')
  expect(pairs.filter(({ kind }) => kind === 'entity').length).toBeGreaterThan(0)
  expect(pairs.every((pair) => pair.changed !== pair.original && !queries.includes(pair.changed))).toBe(true)
  const orderOf = (text: string) => hardNegatives([text]).find(({ kind }) => kind === 'order')?.changed
  expect(orderOf('Is sign-in with Entra ID over SAML possible?')).toBe('Is sign-in with SAML over Entra ID possible?')
  expect(orderOf('Can I pay by card instead of invoice?')).toBe('Can I pay by invoice instead of card?')
  for (const text of [
    'Send it 14 days before the due date',
    'How long is it kept after I close it',
    'How to pay',
    'I moved from the office to Berlin',
  ])
    expect(orderOf(text)).toBeUndefined()
  expect(hardNegatives(queries)).toEqual(pairs)
  expect(hardNegatives([])).toEqual([])
  expect(hardNegatives(queries, 2).length).toBe(2)
})

test('Labelled pairs are read by the names of their columns; what cannot be read is named by line', () => {
  const columns = guessPairColumns(['id', 'Question', 'matched_query', 'is_correct', 'note'])
  expect(columns).toEqual({ query: 'Question', matchedQuery: 'matched_query', entryId: 'id', label: 'is_correct' })
  const row = (Question: unknown, matched: unknown, label: unknown): Record<string, unknown> => ({
    Question,
    matched_query: matched,
    is_correct: label,
  })
  const rows = [row('a', 'b', 'Yes'), row('a', 'b', '0'), row('', 'b', 1), row('a', 'b', 'perhaps'), row('a', '', ''), row('a', null, null)]
  const { pairs, malformed } = readLabelledPairs(
    rows.map((one, at) => ({ line: at + 2, row: one })),
    columns,
  )
  expect(pairs.map(({ line, label, matchesNothing }) => [line, label, matchesNothing])).toEqual([
    [2, 'right', false],
    [3, 'wrong', false],
    [6, null, true],
  ])
  expect(malformed.map(({ line }) => line)).toEqual([4, 5, 7])
  const lines = jsonLineRows('{"query":"a"}\n\nnot json\n[1]\n[{"query":"b"}]')
  expect(lines.rows.map(({ line, row: one }) => [line, one['query']])).toEqual([
    [1, 'a'],
    [5, 'b'],
  ])
  expect(lines.malformed.map(({ line }) => line)).toEqual([3, 4])
})

test.skipIf(!haveFixtures)('The pairs of GPTCache’s benchmark are read whole', () => {
  const { rows, malformed } = jsonLineRows(readFileSync(fixturePath('pairs', 'gptcache_mock_999.jsonl'), 'utf8'))
  const read = readLabelledPairs(rows, guessPairColumns(Object.keys(rows[0]!.row)))
  expect([malformed.length, read.malformed.length, read.pairs.length]).toEqual([0, 0, 999])
  expect(read.pairs.every(({ label, matchedQuery }) => label === 'right' && matchedQuery !== null)).toBe(true)
})

const optimizerSchema = z.object({
  cache: z.object({
    entries: z.array(z.object({ prompt: z.string() })),
    test_data: z.array(z.record(z.string(), z.string())),
  }),
})

/**
 * What RedisVL did: for each of 60 distances all entries strictly below are found, or `no match`; F1 per query, averaged; the best
 * score at the least distance.
 */
function redisvlBest(distances: readonly number[][], truth: readonly number[]): { distance: number; score: number } {
  let best = { distance: 0, score: -1 }
  for (let step = 0; step < 60; step += 1) {
    const distance = 0.01 + (0.79 * step) / 59
    const scores = distances.map((list, at) => {
      const found = list.flatMap((value, entry) => (value < distance ? [entry] : []))
      const run = found.length === 0 ? [-1] : found
      return run.includes(truth[at]!) ? 2 / (run.length + 1) : 0
    })
    const score = scores.reduce((sum, value) => sum + value, 0) / scores.length
    if (score > best.score + 1e-12) best = { distance, score }
  }
  return best
}

test.skipIf(!haveFixtures)(
  'On RedisVL’s optimizer data the accuracy of the curve is RedisVL’s own F1, and its best is no worse',
  async () => {
    const { cache } = optimizerSchema.parse(JSON.parse(readFileSync(fixturePath('pairs', 'redisvl_threshold_optimizer.json'), 'utf8')))
    const read = readLabelledPairs(
      cache.test_data.map((row, at) => ({ line: at + 1, row })),
      guessPairColumns(Object.keys(cache.test_data[0]!)),
    )
    expect([read.pairs.length, read.malformed.length, read.pairs.filter(({ matchesNothing }) => matchesNothing).length]).toEqual([9, 0, 5])
    const embedder = createHashingEmbedder()
    const texts = [...cache.entries.map(({ prompt }) => prompt), ...read.pairs.map(({ query }) => query)]
    const data = await embedder.embed(texts, { signal: new AbortController().signal, purpose: 'query' })
    const vector = (at: number): Float32Array => data.subarray(at * embedder.dimension, (at + 1) * embedder.dimension)
    const similarity = (a: number, b: number): number => vector(a).reduce((sum, value, at) => sum + value * vector(b)[at]!, 0)
    const similarities = read.pairs.map((_, at) => cache.entries.map((__, entry) => similarity(entry, cache.entries.length + at)))
    const truth = read.pairs.map(({ matchedQuery }) => cache.entries.findIndex(({ prompt }) => prompt === matchedQuery))
    const best = redisvlBest(
      similarities.map((list) => list.map((value) => 1 - value)),
      truth,
    )
    const rows = similarities.map((list, at): EvidenceRow => {
      const top = Math.max(...list)
      return { similarity: top, label: list.indexOf(top) === truth[at] ? 'right' : 'wrong', source: 'human' }
    })
    const curve = thresholdCurve(makeEvidence(rows).evidence)
    const accuracies = [...curve.thresholds.keys()].map((place) => measuresAt(curve, place, 1).accuracy!)
    // Below the best distance no query finds two entries, so that F1 of one result is whether it is right.
    expect(similarities.every((list) => list.filter((value) => 1 - value < best.distance).length <= 1)).toBe(true)
    expect(accuracies[placeOf(curve, 1 - best.distance)]).toBeCloseTo(best.score, 12)
    expect(Math.max(...accuracies)).toBeGreaterThanOrEqual(best.score - 1e-12)
  },
)

test('What was planted in the sample’s log is recovered: its hits, its wrong answers, what another threshold changes', async () => {
  const { lookups, truth } = await sampleContent()
  const facts = new Map(truth.lookups.map((one) => [one.id, one]))
  const rows = lookups.map((line): EvidenceRow => {
    const nearest = line.matched_id ?? line.nearest_id
    const label = nearest === null ? 'unknown' : facts.get(line.id)!.correct.includes(nearest) ? 'right' : 'wrong'
    return {
      similarity: line.similarity,
      label,
      source: 'human',
      exact: line.outcome === 'hit_exact',
      group: line.namespace,
      entryId: nearest,
    }
  })
  const { evidence, leftOut } = makeEvidence(rows)
  expect(leftOut).toBe(lookups.filter(({ similarity }) => similarity === null).length)
  const analysis = analyseThresholds(evidence, {
    ...usualThresholdSettings,
    exact: 'count',
    guarantee: { of: 'lookups', bound: 0.05, confidence: 0.9 },
  })
  const { curve, result } = analysis
  const at = placeOf(curve, truth.threshold)
  const verdicts = (verdict: string): number => truth.lookups.filter((one) => one.verdict === verdict).length
  expect([curve.right[at], curve.wrong[at]]).toEqual([verdicts('correct'), verdicts('wrong')])
  expect(curve.hits[at]).toBe(lookups.filter(({ outcome }) => outcome !== 'miss').length)
  const looser = truth.threshold - 0.05
  const flips = thresholdFlips(evidence, truth.threshold, looser)
  const near = lookups.filter(({ near_miss: isNear }) => isNear).length
  expect(flips.gainedRight.length + flips.gainedWrong.length + flips.gainedUnknown.length).toBe(near)
  expect(flips.exactHits).toBe(lookups.filter(({ outcome }) => outcome === 'hit_exact').length)
  experimentResultSchema.parse(result)
  expect(analysis.readings.length).toBeGreaterThan(20)
  for (const { measures, bands } of analysis.readings) {
    expect(bands.errorRate!.low).toBeLessThanOrEqual(measures.errorRate!)
    expect(bands.errorRate!.high).toBeGreaterThanOrEqual(measures.errorRate!)
  }
  const billing = analyseThresholds(evidence, { ...usualThresholdSettings, group: 'billing' })
  expect(billing.part.similarity.length).toBeLessThan(analysis.part.similarity.length)
  expect(analyseThresholds(evidence, { ...usualThresholdSettings, group: 'nowhere' }).part.similarity.length).toBe(0)
})

test('An experiment and its report come back from JSON as they were, and say in a sentence what may be promised', () => {
  const rows = Array.from({ length: 412 }, (_, at): EvidenceRow => ({ similarity: at < 250 ? 0.93 : 0.3, label: 'right', source: 'human' }))
  const settings = usualThresholdSettings
  const { result } = analyseThresholds(makeEvidence(rows).evidence, settings)
  expect(result.statement).toBe('At 0.5: 61% hits, wrong answers at most 2% of lookups with 95% confidence, from 412 labels.')
  const evidence: EvidenceRef = { from: 'pairs', pairsId: 'p', name: 'pairs.csv' }
  const experiment: Experiment = { id: 'e', name: 'First', createdAt: 1, evidence, settings, result }
  expect(experimentSchema.parse(JSON.parse(JSON.stringify(experiment)))).toEqual(experiment)
  const report: ThresholdReport = {
    format: 'mnemoscope-threshold-report',
    version: 1,
    date: '2026-11-01T09:00:00.000Z',
    collection: 'support_cache',
    embedder: null,
    metric: 'cosine similarity',
    space: 'l2',
    threshold: 0.5,
    distance: 1,
    labels: { ...result.labels, sources: ['human'] },
    guarantee: settings.guarantee,
    result,
    units: thresholdUnits(0.5).map(({ unit, label, hit, value, warning }) => ({ unit, label, hit, value, warning })),
  }
  expect(thresholdReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report)
  const statementOf = (weak: number): string => {
    const mixed = rows.map((row, at): EvidenceRow => ({ ...row, source: at < weak ? 'weak' : 'human' }))
    return analyseThresholds(makeEvidence(mixed).evidence, { ...settings, sources: ['human', 'weak'] }).result.statement
  }
  expect(statementOf(412)).toMatch(/, from 412 labels, all of them weak\.$/)
  expect(statementOf(3)).toMatch(/, from 412 labels, some of them weak\.$/)
  const few = analyseThresholds(makeEvidence(rows.slice(0, 100)).evidence, settings)
  expect(few.result.statement).toBe('Not enough labels to keep wrong answers to at most 2% of lookups with 95% confidence: about 49 more.')
})
