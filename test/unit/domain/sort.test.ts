import { expect, test } from 'vitest'
import type { MetadataValue } from '../../../shared/domain/metadata.ts'
import { compareText, metadataComparator } from '../../../shared/domain/sort.ts'
import { seededRandom } from '../../support/random.ts'

const ascending: (MetadataValue | null)[] = [
  -Infinity,
  -5n,
  -4.5,
  0n,
  3n,
  3.5,
  9_007_199_254_740_992,
  9_007_199_254_740_993n,
  Infinity,
  Number.NaN,
  '',
  '10',
  '9',
  'B',
  ['a', 'b'],
  'a',
  'é',
  '中',
  '\uff5e',
  '🙂',
  false,
  true,
  null,
]

test('numbers come before texts and lists, texts before booleans, missing values last', () => {
  const random = seededRandom(5)
  for (let round = 0; round < 50; round++) {
    const shuffled = ascending.map((value) => ({ value, at: random.next() })).toSorted((a, b) => a.at - b.at)
    expect(shuffled.map(({ value }) => value).toSorted(metadataComparator('ascending'))).toEqual(ascending)
  }
})

test('descending turns the order round, but missing values stay last', () => {
  const descending = [...ascending.slice(0, -1).toReversed(), null]
  expect(ascending.toSorted(metadataComparator('descending'))).toEqual(descending)
})

test('the comparator is antisymmetric and transitive over every three values', () => {
  const compare = metadataComparator('ascending')
  for (const a of ascending)
    for (const b of ascending) {
      expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0)
      for (const c of ascending) if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0)
    }
})

test('texts are in the order of their UTF-8 bytes', () => {
  const random = seededRandom(6)
  const letters = ['a', 'Z', 'é', '中', '\uff5e', '\ue000', '🙂', '𠮷', '\u0000']
  const make = () => Array.from({ length: random.below(4) }, () => random.pick(letters)).join('')
  for (let round = 0; round < 2000; round++) {
    const [a, b] = [make(), make()]
    expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
  }
})
