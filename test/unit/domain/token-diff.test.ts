import { expect, test } from 'vitest'
import { diffTokens, mostTokens } from '../../../shared/domain/token-diff.ts'
import { seededRandom } from '../../support/random.ts'

const changed = (tokens: readonly { text: string; isSame: boolean }[]): string[] =>
  tokens.filter(({ isSame }) => !isSame).map(({ text }) => text)

test.each([
  ['How do I cancel my plan?', 'How do I not cancel my plan?', ['negation']],
  ["I can't log in", 'I can log in', ['negation']],
  ['Wie kann ich kündigen?', 'Wie kann ich nicht kündigen?', ['negation']],
  ['怎么取消订阅', '怎么不取消订阅', ['negation']],
  ['Refund within 30 days', 'Refund within 60 days', ['number']],
  ['Refund within 30 days', 'Refund within 30 months', ['unit']],
  ['Is it 5 GB or less?', 'Is it 5GB or less?', []],
  ['The limit is 10 MB', 'The limit is 20 GB', ['number', 'unit']],
  ['Costs 20 € a month', 'Costs 20 $ a month', ['unit']],
  ['How do I connect Slack to it?', 'How do I connect Stripe to it?', ['name']],
  ['export to CSV', 'export to PDF', ['name']],
  ['Which two plans are there?', 'Which three plans are there?', ['number']],
  ['reset my password', 'change my password', []],
] as const)('%j against %j differs in %j', (left, right, marks) => {
  expect(diffTokens(left, right).differing).toEqual(marks)
  expect(diffTokens(right, left).differing).toEqual(marks)
})

test('capitals, white space and ways to write a number are no difference', () => {
  const { left, right, differing, share } = diffTokens('  How MANY users:\n1,000 or ２０?', 'how many users: 1000 or 20?')
  expect(changed(left)).toEqual([])
  expect(changed(right)).toEqual([])
  expect(differing).toEqual([])
  expect(share).toBe(1)
})

test('a word in another place is a difference in the order', () => {
  const { left, right } = diffTokens('move data from A to B', 'move data from B to A')
  expect(changed(left).length).toBe(changed(right).length)
  expect(changed(left).length).toBeGreaterThan(0)
})

test('tokens put together are the text, and what is the same stands in the same order in both', () => {
  const random = seededRandom(77)
  const words = [
    'cache',
    ' ',
    'not',
    '30',
    'MB',
    '\n',
    'Slack',
    "don't",
    '不',
    'é',
    '🙂',
    '-',
    '…',
    'über',
    '1,000.50',
    '\t',
    'naïve-bayes',
    '',
  ]
  for (let run = 0; run < 200; run += 1) {
    const text = (): string => Array.from({ length: random.below(30) }, () => random.pick(words)).join(random.pick(['', ' ']))
    const [a, b] = [text(), text()]
    const diff = diffTokens(a, b)
    expect(diff.left.map(({ space, text: word }) => space + word).join('') + diff.leftEnd).toBe(a)
    expect(diff.right.map(({ space, text: word }) => space + word).join('') + diff.rightEnd).toBe(b)
    const same = (tokens: typeof diff.left): string[] => tokens.filter(({ isSame }) => isSame).map(({ text: word }) => word.toLowerCase())
    expect(same(diff.left)).toEqual(same(diff.right))
  }
})

test('long texts are compared up to a limit, which is said', () => {
  const long = 'word '.repeat(mostTokens + 50)
  const { left, isCut, share } = diffTokens(long, long)
  expect(isCut).toBe(true)
  expect(left).toHaveLength(mostTokens + 50)
  expect(share).toBeLessThan(1)
})

test('two empty texts are the same', () => {
  expect(diffTokens('', ' ')).toMatchObject({ left: [], right: [], rightEnd: ' ', share: 1, differing: [], isCut: false })
})
