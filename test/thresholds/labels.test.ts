import { appendFile, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LabelFile, type LabelLine } from '../../electron/thresholds/label-file.ts'
import { labelQueue } from '../../electron/thresholds/label-queue.ts'
import { labelledEvidence, rowNumbers } from '../../electron/thresholds/labelled-evidence.ts'
import { rowNames, type SourceRow } from '../../electron/thresholds/source-row.ts'
import { placeOf, thresholdCurve } from '../../shared/domain/thresholds/curve.ts'
import { labelCodes, selectEvidence } from '../../shared/domain/thresholds/evidence.ts'
import { usualThresholdSettings } from '../../shared/domain/thresholds/experiment.ts'
import { measuresAt } from '../../shared/domain/thresholds/measures.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { seededRandom } from '../support/random.ts'

const ref = { connectionId: 'one', collectionId: 'two' }
const settings = { ...usualThresholdSettings, present: 0.85, sources: ['human' as const] }
let folder: string

beforeEach(async () => {
  folder = await temporaryFolder('labels')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function sourceRow(place: number, query: string, similarity: number, part: Partial<SourceRow> = {}): SourceRow {
  const entryId = part.entryId ?? `entry of ${query}`
  return {
    ...rowNames(place, query, entryId),
    line: place,
    query,
    entryId,
    matchedText: null,
    expected: null,
    expectedId: null,
    similarity,
    namespace: null,
    time: null,
    callCost: null,
    exact: false,
    label: 'unknown',
    labelSource: 'log',
    ...part,
  }
}

function line({ key, pair, query, entryId, similarity }: SourceRow, label: LabelLine['label'], part: Partial<LabelLine> = {}): LabelLine {
  const texts = { query, entryId, matchedQuery: null, similarity, namespace: null }
  return { type: 'label', source: 'log', key, pair, label, chosenBy: 'queue', at: 1, ...texts, ...part }
}

/** Lookups of which frequent ones repeat, and the more similar ones are right more often. */
function traffic(count: number, seed: number): { rows: SourceRow[]; isRight: (row: SourceRow) => boolean } {
  const random = seededRandom(seed)
  const questions = Array.from({ length: count / 2 }, (_, at) => ({ query: `question ${at}`, similarity: 0.6 + 0.4 * random.next() }))
  const right = new Set(questions.filter(({ similarity }) => random.next() < (similarity - 0.55) / 0.45).map(({ query }) => query))
  const rows = Array.from({ length: count }, (_, at) => {
    const { query, similarity } = questions[Math.floor(random.next() ** 2 * questions.length)] ?? { query: '', similarity: 0 }
    return sourceRow(at + 1, query, similarity)
  })
  return { rows, isRight: ({ query }) => right.has(query ?? '') }
}

/** Answers what the queue asks, as many at a time and as many times. */
function answer(rows: readonly SourceRow[], isRight: (row: SourceRow) => boolean, [most, times]: [number, number]): LabelLine[] {
  const numbers = rowNumbers(rows)
  const lines: LabelLine[] = []
  for (let time = 0; time < times; time += 1) {
    for (const next of labelQueue(rows, labelledEvidence(rows, numbers, lines), settings, most).next) {
      const row = rows[next] as SourceRow
      lines.push(line(row, isRight(row) ? 'right' : 'wrong'))
    }
  }
  return lines
}

function errorRateOf(rows: readonly SourceRow[], lines: readonly LabelLine[], threshold: number): number {
  const { evidence } = labelledEvidence(rows, rowNumbers(rows), lines)
  const curve = thresholdCurve(selectEvidence(evidence, { sources: ['human'], exact: 'leave-out', group: null }).evidence)
  return measuresAt(curve, placeOf(curve, threshold), 1).errorRate ?? Number.NaN
}

test('Labels outlive the app, are taken back one by one, and a line that a crash cut off costs no other', async () => {
  const rows = [sourceRow(1, 'a', 0.9), sourceRow(2, 'b', 0.8), sourceRow(3, 'c', 0.7)]
  const file = new LabelFile(folder)
  await file.add(ref, line(rows[0] as SourceRow, 'right'))
  await file.add(ref, line(rows[1] as SourceRow, 'wrong'))
  await file.add(ref, line(rows[2] as SourceRow, 'right', { source: 'pairs' }))
  expect((await file.undo(ref, 'log'))?.query).toBe('b')
  const [name = ''] = await readdir(folder)
  await appendFile(path.join(folder, name), '{"type":"label","source":"lo')

  const again = new LabelFile(folder)
  expect((await again.of(ref, null)).map(({ query }) => query)).toEqual(['a', 'c'])
  await again.add(ref, line(rows[1] as SourceRow, 'skip'))
  const third = new LabelFile(folder)
  expect((await third.of(ref, 'log')).map(({ query, label }) => [query, label])).toEqual([
    ['a', 'right'],
    ['b', 'skip'],
  ])
  expect((await third.undo(ref, 'log'))?.label).toBe('skip')
  expect((await third.undo(ref, 'log'))?.label).toBe('right')
  expect(await third.undo(ref, 'log')).toBeNull()
})

test('Estimates from labels that the queue asked for are unbiased, although it asks near the threshold first', () => {
  const estimates: number[] = []
  let truth = 0
  for (let seed = 1; seed <= 30; seed += 1) {
    const { rows, isRight } = traffic(600, 7)
    // Another log of the same lookups: only the random numbers of its rows differ.
    const other = rows.map((row, at) => sourceRow(at + 1 + seed * 1000, row.query ?? '', row.similarity ?? 0))
    truth = rows.filter((row) => (row.similarity ?? 0) >= 0.8 && !isRight(row)).length / rows.length
    estimates.push(errorRateOf(other, answer(other, isRight, [20, 3]), 0.8))
  }
  const mean = estimates.reduce((sum, value) => sum + value, 0) / estimates.length
  const deviation = Math.sqrt(estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (estimates.length - 1))
  expect(truth).toBeGreaterThan(0.05)
  expect(Math.abs(mean - truth)).toBeLessThan((3 * deviation) / Math.sqrt(estimates.length))
})

test('An equal lookup is asked about once, labels stay where a log grows, and what was skipped is not asked again', () => {
  const { rows, isRight } = traffic(400, 3)
  const lines = answer(rows, isRight, [8, 10])
  expect([lines.length, new Set(lines.map(({ pair }) => pair)).size]).toEqual([80, 80])
  const before = labelledEvidence(rows, rowNumbers(rows), lines)
  expect(before.labelled).toBeGreaterThanOrEqual(80)
  for (const [place, row] of before.rows.entries()) {
    const label = before.evidence.label[place]
    if (label !== labelCodes.unknown) expect(label).toBe(isRight(rows[row] as SourceRow) ? labelCodes.right : labelCodes.wrong)
  }

  const grown = [...rows, ...traffic(100, 4).rows.map((row, at) => sourceRow(401 + at, `new ${row.query}`, row.similarity ?? 0))]
  const after = labelledEvidence(grown, rowNumbers(grown), lines)
  const answered = new Set(lines.map(({ key }) => key))
  const stayed = [...after.rows.keys()].filter((place) => answered.has(grown[after.rows[place] ?? 0]?.key ?? ''))
  expect(stayed).toHaveLength(80)
  for (const place of stayed) expect(after.evidence.label[place]).not.toBe(labelCodes.unknown)

  const [next = 0] = labelQueue(rows, before, settings, 1).next
  const skipped = [...lines, line(rows[next] as SourceRow, 'skip')]
  const going = labelQueue(rows, labelledEvidence(rows, rowNumbers(rows), skipped), settings, 50)
  expect(going.skipped).toBeGreaterThanOrEqual(1)
  expect(going.next.map((at) => rows[at]?.pair)).not.toContain(rows[next]?.pair)
})

test('A lookup that somebody picks counts for all that are like it, and does not stand for others', () => {
  const rows = [sourceRow(1, 'a', 0.81), sourceRow(2, 'a', 0.81), sourceRow(3, 'b', 0.82), sourceRow(4, 'c', 0.83)]
  const labelled = labelledEvidence(rows, rowNumbers(rows), [line(rows[0] as SourceRow, 'wrong', { chosenBy: 'person' })])
  const { evidence } = selectEvidence(labelled.evidence, { sources: ['human'], exact: 'count', group: null })
  expect([...evidence.label]).toEqual([labelCodes.wrong, labelCodes.wrong, 0, 0])
  expect([...evidence.weight]).toEqual([1, 1, 1, 1])
  const taken = labelledEvidence(rows, rowNumbers(rows), [
    line(rows[0] as SourceRow, 'wrong', { chosenBy: 'person' }),
    line(rows[0] as SourceRow, null, { chosenBy: 'person' }),
  ])
  expect(taken.labelled).toBe(0)
})

test('The weights of drawn labels add up to the lookups of their band, whichever other labels count', () => {
  const rows = Array.from({ length: 20 }, (_, at) =>
    sourceRow(at + 1, `q${at}`, 0.801 + at / 1000, { label: at % 4 === 0 ? 'right' : 'wrong', labelSource: 'weak' }),
  )
  const lines = answer(rows, () => true, [1, 5])
  const { evidence } = labelledEvidence(rows, rowNumbers(rows), lines)
  const weightOf = (sources: ('human' | 'weak')[]): number =>
    selectEvidence(evidence, { sources, exact: 'count', group: null }).evidence.weight.reduce((sum, weight) => sum + weight, 0)
  expect(weightOf(['human'])).toBeCloseTo(20, 9)
  expect(weightOf(['human', 'weak'])).toBeCloseTo(20, 9)
})
