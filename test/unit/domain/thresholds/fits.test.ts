import { expect, test } from 'vitest'
import { entryThresholds, fitEntryThreshold } from '../../../../shared/domain/thresholds/entry-thresholds.ts'
import { makeEvidence, type EvidenceRow } from '../../../../shared/domain/thresholds/evidence.ts'
import { firthLogistic } from '../../../../shared/domain/thresholds/firth-logistic.ts'
import { groupDifference } from '../../../../shared/domain/thresholds/group-difference.ts'
import { groupThresholds } from '../../../../shared/domain/thresholds/group-thresholds.ts'
import { labelPlan, labelWeights } from '../../../../shared/domain/thresholds/label-plan.ts'
import { answersAgree, neighbourPairs, weakLabelBias } from '../../../../shared/domain/thresholds/weak-labels.ts'
import { seededRandom, type Random } from '../../../support/random.ts'

test('For a yes or no against a yes or no, Firth’s fit is that of adding a half to every count', () => {
  for (const [a, b, c, d] of [
    [3, 7, 6, 2],
    [0, 5, 4, 0],
    [1, 9, 1, 1],
  ] as const) {
    // a yes and b no at 0, c yes and d no at 1.
    const x = Float64Array.from([...Array(a + b).fill(0), ...Array(c + d).fill(1)] as number[])
    const y = Uint8Array.from([...Array(a).fill(1), ...Array(b).fill(0), ...Array(c).fill(1), ...Array(d).fill(0)] as number[])
    const { intercept, slope } = firthLogistic(x, y)
    expect(intercept).toBeCloseTo(Math.log((a + 0.5) / (b + 0.5)), 6)
    expect(slope).toBeCloseTo(Math.log((c + 0.5) / (d + 0.5)) - Math.log((a + 0.5) / (b + 0.5)), 6)
  }
})

test('An entry’s threshold lies between its wrong and its right lookups, nearer bounds with more of them, and none below four', () => {
  const few = fitEntryThreshold([0.8, 0.82, 0.94, 0.96], [false, false, true, true], 0.9)
  expect(few.threshold).toBeCloseTo(0.88, 6)
  expect(few.lower).toBeLessThan(few.threshold)
  expect(few.upper).toBeGreaterThan(few.threshold)
  const repeated = Array.from({ length: 10 }, () => [0.8, 0.82, 0.94, 0.96]).flat()
  const many = fitEntryThreshold(
    repeated,
    repeated.map((value) => value > 0.9),
    0.9,
  )
  expect(many.upper - many.lower).toBeLessThan((few.upper - few.lower) / 2)
  const right = fitEntryThreshold([0.9, 0.92, 0.95, 0.97], [true, true, true, true], 0.9)
  expect([right.threshold > 0, right.threshold < 0.9]).toEqual([true, true])
  expect(fitEntryThreshold([0.9, 0.92, 0.95, 0.97], [false, false, false, false], 0.9).threshold).toBeGreaterThan(0.95)
  const upsideDown = fitEntryThreshold([0.8, 0.82, 0.94, 0.96], [true, true, false, false], 0.9)
  expect(upsideDown).toEqual({ threshold: 1, lower: 0, upper: 1 })
  expect(fitEntryThreshold([0.9, 0.9, 0.9, 0.9], [true, true, true, false], 0.9)).toEqual({ threshold: 0, lower: 0, upper: 1 })
  const rows = (entryId: string, count: number): EvidenceRow[] =>
    Array.from({ length: count }, (_, at) => ({ similarity: 0.8 + at / 50, label: at > 1 ? 'right' : 'wrong', source: 'human', entryId }))
  const fitted = entryThresholds(makeEvidence([...rows('a', 3), ...rows('b', 6)]).evidence)
  expect(fitted[0]).toEqual({ entry: 0, observations: 3, wrong: 2, threshold: null, lower: null, upper: null })
  expect(fitted[1]).toMatchObject({ entry: 1, observations: 6, wrong: 2 })
  expect(fitted[1]!.threshold).toBeGreaterThan(0.8)
})

function grouped(random: Random, count: number, shift: number): EvidenceRow[] {
  return Array.from({ length: count }, (_, at) => {
    const similarity = 0.6 + 0.4 * random.next()
    const chance = 1 / (1 + Math.exp(-20 * (similarity - 0.8 - (at % 2) * shift)))
    return { similarity, label: random.chance(chance) ? 'right' : 'wrong', source: 'human', group: at % 2 === 0 ? 'a' : 'b' }
  })
}

test('Groups that differ are told apart, and those that do not are called different no more often than chance says', () => {
  const random = seededRandom(8)
  const runs = 60
  let called = 0
  for (let run = 0; run < runs; run += 1) {
    const { pValue } = groupDifference(makeEvidence(grouped(random, 120, 0)).evidence, 99, run)!
    if (pValue <= 0.1) called += 1
  }
  expect(called / runs).toBeLessThan(0.1 + 3 * Math.sqrt(0.09 / runs))
  const { evidence } = makeEvidence(grouped(random, 300, 0.12))
  const difference = groupDifference(evidence)!
  expect(difference.pValue).toBeLessThan(0.01)
  expect(groupDifference(evidence)).toEqual(difference)
  expect(groupDifference(makeEvidence(grouped(random, 50, 0).filter(({ group }) => group === 'a')).evidence)).toBeNull()
})

test('A group has a threshold of its own where its labels suffice, that of all where they do not, and none where they speak against it', () => {
  const rows = (group: string, count: number, similarity: number, wrong = 0): EvidenceRow[] =>
    Array.from({ length: count }, (_, at) => ({ similarity, label: at < wrong ? 'wrong' : 'right', source: 'human', group }))
  const { evidence } = makeEvidence([...rows('many', 200, 0.9), ...rows('few', 10, 0.9), ...rows('bad', 40, 0.999, 20)])
  const guarantee = { of: 'hits', bound: 0.1, confidence: 0.9 } as const
  const { groups, pooled } = groupThresholds(evidence, { sources: ['human'], exact: 'leave-out' }, guarantee, [0.95, 0.9, 0.8])
  expect(pooled.outcome).toBe('bound-exceeded')
  expect(groups.map(({ basis, threshold, own }) => [basis, threshold, own.outcome])).toEqual([
    ['own', 0.8, 'certified'],
    ['pooled', null, 'not-enough-labels'],
    ['own', null, 'bound-exceeded'],
  ])
  const good = makeEvidence([...rows('many', 200, 0.9), ...rows('few', 10, 0.9)]).evidence
  const lent = groupThresholds(good, { sources: ['human'], exact: 'leave-out' }, guarantee, [0.95, 0.9, 0.8]).groups[1]!
  expect([lent.basis, lent.threshold]).toEqual(['pooled', 0.8])
})

test('Sums over the labels that a plan asks for are on average those over all lookups, wherever labelling stops', () => {
  const random = seededRandom(12)
  const similarities = Float64Array.from({ length: 800 }, () => 0.5 + 0.5 * random.next())
  const isWrong = similarities.map((value) => (value > 0.8 && random.chance(1.4 - value) ? 1 : 0))
  const whole = isWrong.reduce((sum, value) => sum + value, 0)
  for (const stop of [1, 0.4]) {
    const runs = 150
    const estimates: number[] = []
    for (let run = 0; run < runs; run += 1) {
      const plan = labelPlan(similarities, { total: 200, threshold: 0.85, seed: run })
      expect(plan.order.length).toBe(200)
      const labelled = plan.order.subarray(0, Math.round(200 * stop))
      const { weights, uncovered } = labelWeights(plan, labelled)
      expect(uncovered).toBe(0)
      estimates.push([...labelled].reduce((sum, at, place) => sum + isWrong[at]! * weights[place]!, 0))
    }
    const mean = estimates.reduce((sum, value) => sum + value, 0) / runs
    const deviation = Math.sqrt(estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / runs)
    expect(Math.abs(mean - whole)).toBeLessThan(3.5 * (deviation / Math.sqrt(runs)))
  }
})

test('A plan asks for more labels near the threshold, some in every band, each lookup once, and all there are where more are wanted', () => {
  const similarities = Float64Array.from({ length: 1000 }, (_, at) => at / 1000)
  const plan = labelPlan(similarities, { total: 200, threshold: 0.82 })
  expect(plan.bands.reduce((sum, { quota }) => sum + quota, 0)).toBe(200)
  expect(Math.min(...plan.bands.map(({ quota }) => quota))).toBeGreaterThanOrEqual(1)
  expect(plan.bands.find(({ from }) => Math.abs(from - 0.8) < 1e-9)!.quota).toBeGreaterThan(plan.bands[2]!.quota * 3)
  expect(new Set(plan.order).size).toBe(200)
  expect(Math.abs(similarities[plan.order[0]!]! - 0.825)).toBeLessThanOrEqual(0.026)
  expect(labelPlan(similarities, { total: 5000, threshold: 0.82 }).order.length).toBe(1000)
  expect(labelPlan(new Float64Array(), { total: 10, threshold: 0.8 }).order.length).toBe(0)
})

test('Answers agree but for punctuation or in most of their words; a number that differs makes them differ', () => {
  expect(answersAgree('Go to Settings.', 'go to  settings')).toBe('right')
  expect(answersAgree('You can export up to 10 files at once here', 'You can export up to 20 files at once here')).toBe('wrong')
  expect(answersAgree('Open the billing page', 'Call your bank about it')).toBe('wrong')
  expect(answersAgree(null, 'x')).toBe('unknown')
  expect(answersAgree('', 'x')).toBe('unknown')
})

test('Two entries that are nearest to each other are one pair, and what weak labels cannot show can be said', () => {
  expect(weakLabelBias).toContain('under-represented')
  const neighbours = [
    { id: 'a', nearestId: 'b', similarity: 0.9 },
    { id: 'b', nearestId: 'a', similarity: 0.9 },
    { id: 'c', nearestId: 'a', similarity: 0.7 },
    { id: 'd', nearestId: null, similarity: null },
  ]
  expect(neighbourPairs(neighbours).map(({ id, nearestId }) => [id, nearestId])).toEqual([
    ['a', 'b'],
    ['c', 'a'],
  ])
})
