import { expect, test } from 'vitest'
import { bestThreshold } from '../../../../shared/domain/thresholds/best-threshold.ts'
import { clopperPearsonUpper } from '../../../../shared/domain/thresholds/binomial-interval.ts'
import { certifiedThreshold, evenLevels } from '../../../../shared/domain/thresholds/certified-threshold.ts'
import { placeOf, thresholdCurve } from '../../../../shared/domain/thresholds/curve.ts'
import { labelCodes, makeEvidence, type Evidence } from '../../../../shared/domain/thresholds/evidence.ts'
import type { Guarantee } from '../../../../shared/domain/thresholds/guarantee.ts'
import { seededRandom, type Random } from '../../../support/random.ts'

/** Half the lookups are right; similarities of both kinds are normal, `apart` standard deviations from each other. */
interface Model {
  readonly apart: number
  readonly deviation: number
  readonly middle: number
}
const easy: Model = { apart: 2.93, deviation: 0.08, middle: 0.75 }
const hard: Model = { apart: 1.285, deviation: 0.08, middle: 0.75 }

function sample({ apart, deviation, middle }: Model, count: number, random: Random): Evidence {
  const { evidence } = makeEvidence([])
  evidence.similarity = new Float64Array(count)
  evidence.label = new Uint8Array(count)
  evidence.exact = new Uint8Array(count)
  evidence.weight = new Float64Array(count).fill(1)
  for (let at = 0; at < count; at += 1) {
    const isRight = random.chance(0.5)
    evidence.label[at] = isRight ? labelCodes.right : labelCodes.wrong
    evidence.similarity[at] = middle + deviation * ((isRight ? apart / 2 : -apart / 2) + random.normal())
  }
  return evidence
}

/** Share of a normal variable above z: Abramowitz and Stegun 26.2.17, to 7.5e-8. */
function above(z: number): number {
  if (z < 0) return 1 - above(-z)
  const t = 1 / (1 + 0.2316419 * z)
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series
}

function truth({ apart, deviation, middle }: Model, threshold: number, of: Guarantee['of']): { error: number; hitRate: number } {
  const z = (threshold - middle) / deviation
  const [right, wrong] = [above(z - apart / 2) / 2, above(z + apart / 2) / 2]
  return { error: of === 'hits' ? wrong / (right + wrong) : wrong, hitRate: right + wrong }
}

test('The certified threshold breaks its bound in at most alpha of runs, where the best on the labels breaks it in about half', () => {
  const random = seededRandom(2110)
  const runs = 150
  const [bound, alpha] = [0.05, 0.1]
  const limit = alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / runs)
  // Share of runs in which the true error exceeds 5%, and mean hit rate, as published for two score models like these.
  const rows = [
    ['hits', easy, 100, 0.52, 0.475, 0.081],
    ['hits', easy, 300, 0.53, 0.475, 0.332],
    ['hits', easy, 1000, 0.41, 0.473, 0.431],
    ['lookups', easy, 100, 0.62, 0.538, 0.441],
    ['lookups', hard, 300, 0.54, 0.317, 0.239],
  ] as const
  const levels = evenLevels(1.1, 0.4, 100)
  for (const [of, model, labels, empiricalBroken, empiricalHits, certifiedHits] of rows) {
    let [empiricalBreaks, certifiedBreaks, empiricalSum, certifiedSum] = [0, 0, 0, 0]
    for (let run = 0; run < runs; run += 1) {
      const curve = thresholdCurve(sample(model, labels, random))
      const best = bestThreshold(curve, { by: 'bound', of, bound })!
      const empirical = truth(model, best.threshold, of)
      empiricalBreaks += empirical.error > bound ? 1 : 0
      empiricalSum += empirical.hitRate
      const certified = certifiedThreshold(curve, { of, bound, confidence: 1 - alpha }, levels)
      if (certified.outcome !== 'certified') continue
      const promised = truth(model, certified.level.threshold, of)
      certifiedBreaks += promised.error > bound ? 1 : 0
      certifiedSum += promised.hitRate
    }
    const name = `${of}, ${model === easy ? 'easy' : 'hard'}, ${labels}`
    expect(certifiedBreaks / runs, name).toBeLessThanOrEqual(limit)
    expect(Math.abs(empiricalBreaks / runs - empiricalBroken), `${name}: ${empiricalBreaks / runs}`).toBeLessThan(0.15)
    expect(Math.abs(empiricalSum / runs - empiricalHits), `${name}: ${empiricalSum / runs}`).toBeLessThan(0.03)
    expect(Math.abs(certifiedSum / runs - certifiedHits), `${name}: ${certifiedSum / runs}`).toBeLessThan(0.06)
  }
})

test('The promise holds with labels sampled unevenly, by weight', () => {
  const random = seededRandom(77)
  const guarantee: Guarantee = { of: 'lookups', bound: 0.05, confidence: 0.9 }
  const runs = 100
  let [broken, certifiedRuns] = [0, 0]
  for (let run = 0; run < runs; run += 1) {
    const whole = sample(easy, 1000, random)
    // One in ten of the lookups that are very alike, one in two of the others.
    const kept = [...whole.similarity.keys()].filter((at) => random.chance(whole.similarity[at]! > 0.85 ? 0.1 : 0.5))
    const rows = kept.map((at) => ({
      similarity: whole.similarity[at]!,
      label: whole.label[at] === labelCodes.right ? ('right' as const) : ('wrong' as const),
      source: 'human' as const,
      weight: whole.similarity[at]! > 0.85 ? 10 : 2,
    }))
    const certified = certifiedThreshold(thresholdCurve(makeEvidence(rows).evidence), guarantee)
    expect(certified.isExact).toBe(false)
    if (certified.outcome !== 'certified') continue
    certifiedRuns += 1
    broken += truth(easy, certified.level.threshold, 'lookups').error > 0.05 ? 1 : 0
  }
  expect(certifiedRuns).toBeGreaterThan(runs / 2)
  expect(broken / runs).toBeLessThanOrEqual(0.1 + 3 * Math.sqrt(0.09 / runs))
})

function evidenceOf(right: number, wrong: number, similarity: number): Parameters<typeof makeEvidence>[0] {
  return Array.from({ length: right + wrong }, (_, at) => ({ similarity, label: at < right ? 'right' : 'wrong', source: 'human' }))
}

test('The walk skips levels with too few labels, stops at the first that fails and answers with the last that passed', () => {
  const rows = [...evidenceOf(20, 0, 0.97), ...evidenceOf(60, 0, 0.92), ...evidenceOf(40, 20, 0.82), ...evidenceOf(900, 0, 0.72)]
  const curve = thresholdCurve(makeEvidence(rows).evidence)
  const certified = certifiedThreshold(curve, { of: 'hits', bound: 0.05, confidence: 0.95 }, [0.95, 0.9, 0.85, 0.8, 0.7])
  expect(certified.levels.map(({ threshold, verdict, labels }) => [threshold, verdict, labels])).toEqual([
    [0.95, 'skipped', 20],
    [0.9, 'passed', 80],
    [0.85, 'passed', 80],
    [0.8, 'failed', 140],
  ])
  expect(certified).toMatchObject({ outcome: 'certified', isExact: true, level: { threshold: 0.85, observed: 0 } })
  expect(certified.levels[3]!.upper).toBe(clopperPearsonUpper(20, 140, 1 - 0.95))
  // Of all lookups: every level has the 1,040 labels to speak for it.
  const ofLookups = certifiedThreshold(curve, { of: 'lookups', bound: 0.05, confidence: 0.95 }, [0.95, 0.9, 0.85, 0.8, 0.7])
  expect(ofLookups).toMatchObject({ outcome: 'certified', level: { threshold: 0.7, labels: 1040 } })
})

test('Where labels are too few it says how many more, and so many more are enough', () => {
  const guarantee: Guarantee = { of: 'lookups', bound: 0.02, confidence: 0.95 }
  const short = certifiedThreshold(thresholdCurve(makeEvidence(evidenceOf(100, 0, 0.9)).evidence), guarantee)
  expect(short).toMatchObject({ outcome: 'not-enough-labels', more: 49 })
  expect(certifiedThreshold(thresholdCurve(makeEvidence(evidenceOf(149, 0, 0.9)).evidence), guarantee).outcome).toBe('certified')
  // Half the lookups are hits, and only hits speak for a promise about hits.
  const half = [...evidenceOf(50, 0, 0.9), ...evidenceOf(0, 50, 0.3)]
  const ofHits = certifiedThreshold(thresholdCurve(makeEvidence(half).evidence), { ...guarantee, of: 'hits' })
  expect(ofHits).toMatchObject({ outcome: 'not-enough-labels', more: 198 })
  expect(certifiedThreshold(thresholdCurve(makeEvidence([]).evidence), guarantee)).toMatchObject({
    outcome: 'not-enough-labels',
    more: 149,
  })
})

test('Where the most similar are wrong too often no number of labels is promised to help', () => {
  const curve = thresholdCurve(makeEvidence(evidenceOf(150, 50, 0.999)).evidence)
  const result = certifiedThreshold(curve, { of: 'hits', bound: 0.05, confidence: 0.9 })
  expect(result).toMatchObject({ outcome: 'bound-exceeded', more: null })
  expect(placeOf(curve, result.levels.at(-1)!.threshold)).toBe(1)
})
