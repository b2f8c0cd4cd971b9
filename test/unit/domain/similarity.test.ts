import { expect, test } from 'vitest'
import { conversionWarning, cosineSimilarity, distanceFromSimilarity, similarityFromDistance } from '../../../shared/domain/similarity.ts'
import { seededRandom } from '../../support/random.ts'

const spaces = ['l2', 'cosine', 'ip'] as const

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
}

test('a distance and the norms give back the cosine of the vectors, in every space, unit vectors or not', () => {
  const random = seededRandom(5)
  for (let run = 0; run < 300; run += 1) {
    const scale = random.pick([1, 0.01, 40])
    const [q, v] = [0, 1].map(() => Array.from({ length: 6 }, () => random.normal() * scale)) as [number[], number[]]
    const [queryNorm, norm] = [Math.sqrt(dot(q, q)), Math.sqrt(dot(v, v))]
    const cosine = dot(q, v) / (queryNorm * norm)
    const distances = { l2: dot(q, q) - 2 * dot(q, v) + dot(v, v), cosine: 1 - cosine, ip: 1 - dot(q, v) }
    for (const space of spaces) {
      expect(similarityFromDistance(space, distances[space], queryNorm, norm)).toBeCloseTo(cosine, 9)
      expect(distanceFromSimilarity(space, cosine, queryNorm, norm)).toBeCloseTo(distances[space], 6)
    }
    expect(cosineSimilarity(dot(q, v), queryNorm, norm)).toBeCloseTo(cosine, 12)
  }
})

test('a rule of distance <= 0.15 in l2 asks for a similarity of 0.925', () => {
  expect(similarityFromDistance('l2', 0.15, 1, 1)).toBeCloseTo(0.925, 12)
  expect(similarityFromDistance('cosine', 0.15, 1, 1)).toBeCloseTo(0.85, 12)
})

test('a zero vector, and one that is not finite, are similar to nothing', () => {
  for (const space of spaces) {
    expect(similarityFromDistance(space, 1, 1, 0)).toBeNull()
    expect(similarityFromDistance(space, 1, 0, 1)).toBeNull()
    expect(similarityFromDistance(space, Number.NaN, 1, 1)).toBeNull()
    expect(similarityFromDistance(space, 1, 1, Infinity)).toBeNull()
  }
  expect(cosineSimilarity(Number.NaN, 1, 1)).toBeNull()
})

test('rounding never makes a similarity larger than 1', () => {
  expect(cosineSimilarity(1.0000001, 1, 1)).toBe(1)
  expect(similarityFromDistance('ip', 2.1, 1, 1)).toBe(-1)
})

test('where 1 - distance is the similarity nothing is said; elsewhere what it is instead', () => {
  const unit = { min: 0.9999, max: 1.0001, nonUnit: 0, count: 10 }
  const various = { min: 0.5, max: 3, nonUnit: 4, count: 10 }
  expect(conversionWarning('cosine', various, 2)).toBeNull()
  expect(conversionWarning('ip', unit, 1)).toBeNull()
  expect(conversionWarning('l2', unit, 1)).toContain('1 - distance / 2')
  expect(conversionWarning('ip', unit, 2)).toContain('the query has norm 2')
  expect(conversionWarning('l2', various, 1)).toContain('norms go from 0.5 to 3')
})
