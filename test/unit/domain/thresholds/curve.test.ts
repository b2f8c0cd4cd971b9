import { expect, test } from 'vitest'
import { bestThreshold } from '../../../../shared/domain/thresholds/best-threshold.ts'
import { clopperPearson } from '../../../../shared/domain/thresholds/binomial-interval.ts'
import { meanCallCost } from '../../../../shared/domain/thresholds/call-cost.ts'
import { breakEvenHitRate, breakEvenPrecision, gainCurve } from '../../../../shared/domain/thresholds/cost.ts'
import { placeOf, thresholdAt, thresholdCurve } from '../../../../shared/domain/thresholds/curve.ts'
import { makeEvidence, selectEvidence, type EvidenceRow } from '../../../../shared/domain/thresholds/evidence.ts'
import { thresholdFlips } from '../../../../shared/domain/thresholds/flips.ts'
import { isotonicRight } from '../../../../shared/domain/thresholds/isotonic.ts'
import { measureBands, measuresAt } from '../../../../shared/domain/thresholds/measures.ts'
import { precisionRecall } from '../../../../shared/domain/thresholds/precision-recall.ts'
import { seededRandom, type Random } from '../../../support/random.ts'

function row(similarity: number, label: EvidenceRow['label'], more: Partial<EvidenceRow> = {}): EvidenceRow {
  return { similarity, label, source: 'human', ...more }
}

/** Similarities with many ties, weights of three sizes, more right ones among the similar. */
function randomRows(random: Random, count: number, unknown = 0): EvidenceRow[] {
  return Array.from({ length: count }, () => {
    const similarity = Math.round(random.next() * 40) / 40
    const label = random.chance(unknown) ? 'unknown' : random.next() < similarity ? 'right' : 'wrong'
    return row(similarity, label, { weight: random.pick([1, 2.5, 7]) })
  })
}

// By hand: at 0.9 two right (one of weight 3) and one wrong; at 0.8 a wrong one; at 0.7 right, wrong and one nobody labelled.
const few = [
  row(0.9, 'right'),
  row(0.9, 'right', { weight: 3 }),
  row(0.9, 'wrong'),
  row(0.8, 'wrong', { weight: 2 }),
  row(0.7, 'right'),
  row(0.7, 'wrong'),
  row(0.7, 'unknown'),
]

test('A threshold at a similarity takes all lookups that have it, with their weights', () => {
  const curve = thresholdCurve(makeEvidence(few).evidence)
  expect([...curve.thresholds]).toEqual([Infinity, 0.9, 0.8, 0.7])
  expect([...curve.right]).toEqual([0, 4, 4, 5])
  expect([...curve.wrong]).toEqual([0, 1, 3, 4])
  expect([...curve.hits]).toEqual([0, 3, 4, 7])
  expect(curve.population).toBe(7)
  const measures = measuresAt(curve, placeOf(curve, 0.85), 0.5)
  expect(measures.hitRate).toBeCloseTo(3 / 7, 12)
  expect(measures.precision).toBeCloseTo(4 / 5, 12)
  expect(measures.falseHitShare).toBeCloseTo(1 / 5, 12)
  expect(measures.recall).toBeCloseTo(4 / 5, 12)
  expect(measures.errorRate).toBeCloseTo(1 / 9, 12)
  expect(measures.accuracy).toBeCloseTo(7 / 9, 12)
  // (1 + b^2) P R / (b^2 P + R) with P = R = 4/5.
  expect(measures.fBeta).toBeCloseTo(0.8, 12)
  expect(measuresAt(curve, placeOf(curve, 0.8), 2).fBeta).toBeCloseTo((5 * 4) / (5 * 4 + 4 * 1 + 3), 12)
})

test('Every figure at every threshold is that of a plain count', () => {
  const random = seededRandom(1)
  for (let run = 0; run < 40; run += 1) {
    const rows = randomRows(random, 1 + random.below(60), random.pick([0, 0.3]))
    const curve = thresholdCurve(makeEvidence(rows).evidence)
    const labelled = rows.filter(({ label }) => label !== 'unknown')
    const sum = (list: EvidenceRow[]): number => list.reduce((total, { weight }) => total + weight!, 0)
    for (const threshold of [-0.5, 0, 0.3, 0.500001, 0.625, 0.9, 1, 1.1]) {
      const place = placeOf(curve, threshold)
      const isHit = ({ similarity }: EvidenceRow): boolean => similarity! >= threshold
      const [tp, fp] = (['right', 'wrong'] as const).map((label) => sum(labelled.filter((one) => isHit(one) && one.label === label)))
      const positives = sum(labelled.filter(({ label }) => label === 'right'))
      const measures = measuresAt(curve, place, 1)
      const all = labelled.length === rows.length
      const hits = all ? sum(rows.filter(isHit)) / sum(rows) : rows.filter(isHit).length / rows.length
      expect(measures.hitRate).toBeCloseTo(hits, 12)
      if (tp! + fp! > 0) expect(measures.precision).toBeCloseTo(tp! / (tp! + fp!), 12)
      else expect(measures.precision).toBeNull()
      if (labelled.length > 0) expect(measures.errorRate).toBeCloseTo(fp! / sum(labelled), 12)
      if (positives > 0) {
        expect(measures.recall).toBeCloseTo(tp! / positives, 12)
        expect(measures.fBeta).toBeCloseTo((2 * tp!) / (tp! + fp! + positives), 12)
      } else expect(measures.recall).toBeNull()
    }
  }
})

test('Nothing, and nothing labelled, give figures that are absent rather than zero', () => {
  for (const rows of [[], [row(0.8, 'unknown')]]) {
    const curve = thresholdCurve(makeEvidence(rows).evidence)
    expect(measuresAt(curve, 0, 1)).toMatchObject({ precision: null, recall: null, errorRate: null, fBeta: null })
    expect(measureBands(curve, 0, 1, 0.95)).toMatchObject({ precision: null, errorRate: null })
    expect(precisionRecall(curve).average).toBeNull()
    expect(bestThreshold(curve, { by: 'f-beta', beta: 1 })).toBeNull()
  }
})

test('Bands are those of Clopper and Pearson, on the effective number of labels where weights differ', () => {
  const plain = thresholdCurve(makeEvidence([...few.slice(0, 6).map((one) => ({ ...one, weight: 1 }))]).evidence)
  const bands = measureBands(plain, 1, 1, 0.9)
  expect(bands.precision).toEqual(clopperPearson(2, 3, 0.9))
  expect(bands.errorRate!.high).toBeCloseTo(clopperPearson(1, 6, 0.9).high, 12)
  expect(bands.falseHitShare!.low).toBeCloseTo(1 - clopperPearson(2, 3, 0.9).high, 12)
  // F1 = 2 J / (1 + J) with J = TP / (TP + FP + FN) = 2 of 4.
  const jaccard = clopperPearson(2, 4, 0.9)
  expect(bands.fBeta!.low).toBeCloseTo((2 * jaccard.low) / (1 + jaccard.low), 12)
  expect(bands.fBeta!.high).toBeCloseTo((2 * jaccard.high) / (1 + jaccard.high), 12)
  const weighted = thresholdCurve(makeEvidence(few.slice(0, 6)).evidence)
  // Weights 1, 3, 1: as sure as 25 / 11 equal ones.
  expect(measureBands(weighted, 1, 1, 0.9).precision!.low).toBeCloseTo(clopperPearson((4 / 5) * (25 / 11), 25 / 11, 0.9).low, 12)
})

test('Average precision is the plain sum of precision times what recall gains, ties taken together', () => {
  const random = seededRandom(2)
  for (let run = 0; run < 40; run += 1) {
    const rows = randomRows(random, 2 + random.below(80))
    if (!rows.some(({ label }) => label === 'right')) continue
    const sum = (list: EvidenceRow[]): number => list.reduce((total, { weight }) => total + weight!, 0)
    const positives = sum(rows.filter(({ label }) => label === 'right'))
    let [average, before] = [0, 0]
    for (const threshold of [...new Set(rows.map(({ similarity }) => similarity!))].sort((a, b) => b - a)) {
      const hits = rows.filter(({ similarity }) => similarity! >= threshold)
      const right = sum(hits.filter(({ label }) => label === 'right'))
      average += (right / positives - before) * (right / sum(hits))
      before = right / positives
    }
    expect(precisionRecall(thresholdCurve(makeEvidence(rows).evidence)).average).toBeCloseTo(average, 12)
  }
  // The example of sklearn's documentation: 0.83.
  const example = [row(0.1, 'wrong'), row(0.4, 'wrong'), row(0.35, 'right'), row(0.8, 'right')]
  expect(precisionRecall(thresholdCurve(makeEvidence(example).evidence)).average).toBeCloseTo(0.8333333333, 9)
})

test('The best threshold is the best of all there are, the strictest of equals, and lies between two similarities', () => {
  const random = seededRandom(3)
  const costs = { hit: 1, wrong: 4, lookup: 0.1, perCall: false }
  for (let run = 0; run < 30; run += 1) {
    const curve = thresholdCurve(makeEvidence(randomRows(random, 5 + random.below(60))).evidence)
    const best = bestThreshold(curve, { by: 'f-beta', beta: 0.5 })!
    const values = [...curve.thresholds.keys()].map((place) => measuresAt(curve, place, 0.5).fBeta ?? 0)
    expect(best.value).toBe(Math.max(...values))
    expect(best.place).toBe(values.indexOf(best.value))
    const gains = gainCurve(curve, costs)
    const gainful = bestThreshold(curve, { by: 'gain', costs })!
    expect(gainful.value).toBe(Math.max(...gains))
    const bounded = bestThreshold(curve, { by: 'bound', of: 'hits', bound: 0.2 })!
    expect(bounded.measures.falseHitShare ?? 0).toBeLessThanOrEqual(0.2)
    for (let place = 0; place < curve.thresholds.length; place += 1) expect(placeOf(curve, thresholdAt(curve, place))).toBe(place)
  }
  const curve = thresholdCurve(makeEvidence(few).evidence)
  expect([0, 1, 2, 3].map((place) => thresholdAt(curve, place))).toEqual([0.91, 0.85, 0.75, 0.7])
})

test('The gain is highest where the probability of a right answer crosses break-even', () => {
  const random = seededRandom(4)
  for (let run = 0; run < 30; run += 1) {
    const { evidence } = makeEvidence(randomRows(random, 60))
    const costs = { hit: 1, wrong: random.pick([0.5, 2, 9]), lookup: 0, perCall: false }
    const steps = isotonicRight(evidence)
    const first = [...steps.right.keys()].find((at) => steps.right[at]! > breakEvenPrecision(costs))
    const curve = thresholdCurve(evidence)
    const crossing = first === undefined ? 0 : placeOf(curve, steps.from[first]!)
    expect(gainCurve(curve, costs)[crossing]).toBeCloseTo(bestThreshold(curve, { by: 'gain', costs })!.value, 12)
    for (let at = 1; at < steps.right.length; at += 1) expect(steps.right[at]).toBeGreaterThan(steps.right[at - 1]!)
  }
})

test('Costs: a wrong answer twenty times as dear as a saved call asks for 95.2%, and remote lookups for a hit rate', () => {
  const usual = { perCall: false }
  expect(breakEvenPrecision({ ...usual, hit: 1, wrong: 20, lookup: 0 })).toBeCloseTo(0.952, 3)
  expect(breakEvenHitRate({ ...usual, hit: 200, wrong: 0, lookup: 30 })).toBeCloseTo(0.15, 12)
  expect(breakEvenHitRate({ ...usual, hit: 1, wrong: 20, lookup: 0.01 }, 0.95)).toBeNull()
  const curve = thresholdCurve(makeEvidence(few).evidence)
  expect([...gainCurve(curve, { ...usual, hit: 1, wrong: 2, lookup: 0.1 })].map((gain) => gain.toFixed(6))).toEqual(
    [0, 4 - 2, 4 - 6, 5 - 8].map((gain) => (gain / 9 - 0.1).toFixed(6)),
  )
})

test('Hits are worth what their own calls cost, and the mean of those where nothing is told', () => {
  const { evidence } = makeEvidence([
    row(0.9, 'right', { callCost: 0.06 }),
    row(0.8, 'right', { callCost: 0 }),
    row(0.7, 'wrong', { callCost: 0.02 }),
    row(0.6, 'right', { callCost: 0.01, group: 'cheap' }),
    row(0.5, 'unknown', { callCost: null }),
  ])
  expect(meanCallCost(evidence)).toBeCloseTo(0.03, 12)
  const curve = thresholdCurve(evidence)
  const costs = { hit: 0.03, wrong: 0.05, lookup: 0.001, perCall: true }
  const gains = [0, 0.06, 0.06 + 0.03, 0.09 - 0.05, 0.1 - 0.05, 0.1 - 0.05].map((gain) => gain / 4 - 0.001)
  expect([...gainCurve(curve, costs)].map((gain) => gain.toFixed(9))).toEqual(gains.map((gain) => gain.toFixed(9)))
  const alike = [0, 1, 2, 2, 3, 3].map((right, at) => (0.03 * right - (at > 2 ? 0.05 : 0)) / 4 - 0.001)
  expect([...gainCurve(curve, { ...costs, perCall: false })].map((gain) => gain.toFixed(9))).toEqual(alike.map((gain) => gain.toFixed(9)))
  const cheap = selectEvidence(evidence, { sources: ['human'], exact: 'count', group: 0 }).evidence
  expect(meanCallCost(cheap)).toBe(0.01)
  expect(meanCallCost(makeEvidence([row(0.9, 'right')]).evidence)).toBeNull()
})

test('Another threshold changes the lookups between, gains and losses apart, and no exact hit', () => {
  const { evidence } = makeEvidence([
    row(0.95, 'right'),
    row(0.88, 'right'),
    row(0.87, 'wrong'),
    row(0.86, 'unknown'),
    row(0.85, 'right'),
    row(0.7, 'wrong', { exact: true }),
    row(0.87, 'wrong', { exact: true }),
  ])
  const looser = thresholdFlips(evidence, 0.9, 0.85)
  expect([...looser.gainedRight]).toEqual([1, 4])
  expect([...looser.gainedWrong]).toEqual([2])
  expect([...looser.gainedUnknown]).toEqual([3])
  expect([looser.lostRight.length, looser.exactHits, looser.unchanged]).toEqual([0, 2, 3])
  const stricter = thresholdFlips(evidence, 0.85, 0.9)
  expect([...stricter.lostRight]).toEqual([4, 1])
  expect([...stricter.lostWrong]).toEqual([2])
  expect(stricter.gainedRight.length).toBe(0)
  expect(thresholdFlips(evidence, 0.86, 0.86).unchanged).toBe(7)
})

test('Exact hits are hits at every threshold where they are counted, and nothing where they are left out', () => {
  const { evidence } = makeEvidence([row(0.6, 'right', { exact: true }), row(0.9, 'wrong'), row(0.5, 'right')])
  const counted = thresholdCurve(selectEvidence(evidence, { sources: ['human'], exact: 'count', group: null }).evidence)
  expect([...counted.right]).toEqual([1, 1, 2])
  expect([...counted.thresholds]).toEqual([Infinity, 0.9, 0.5])
  const without = thresholdCurve(selectEvidence(evidence, { sources: ['human'], exact: 'leave-out', group: null }).evidence)
  expect([...without.hits]).toEqual([0, 1, 2])
})

test('Labels count by who gave them; pairs with weak labels are no lookups', () => {
  const made = makeEvidence([
    row(0.9, 'right', { source: 'human', group: 'a' }),
    row(0.8, 'wrong', { source: 'log', group: 'b' }),
    row(0.7, 'right', { source: 'weak', group: 'a' }),
    row(Number.NaN, 'right'),
  ])
  expect([made.leftOut, ...made.rows]).toEqual([1, 0, 1, 2])
  const human = selectEvidence(made.evidence, { sources: ['human'], exact: 'count', group: null })
  expect([...human.rows]).toEqual([0, 1])
  expect([...human.evidence.label]).toEqual([1, 0])
  const weak = selectEvidence(made.evidence, { sources: ['weak', 'log'], exact: 'count', group: 0 })
  expect([...weak.rows]).toEqual([0, 2])
  expect([...weak.evidence.label]).toEqual([0, 1])
})
