import { describe, expect, test } from 'vitest'
import { evictions } from '../../../shared/domain/cleanup/evictions.ts'
import { countGroups, keeperGroups, makeAdjacency, rankRows } from '../../../shared/domain/cleanup/keeper-groups.ts'
import { KeyShapes } from '../../../shared/domain/cleanup/key-shapes.ts'
import { mergeMetadata } from '../../../shared/domain/cleanup/merge-metadata.ts'
import { pairRelation } from '../../../shared/domain/cleanup/pair-relation.ts'
import type { RecordFacts } from '../../../shared/domain/cleanup/record-facts.ts'
import { robustScores } from '../../../shared/domain/cleanup/robust-scores.ts'
import { suggestThreshold } from '../../../shared/domain/cleanup/suggest-threshold.ts'
import { isEmptyText, repeatsItself } from '../../../shared/domain/cleanup/text-rules.ts'
import type { MetadataValue } from '../../../shared/domain/metadata.ts'

function facts(id: string, part: Partial<RecordFacts> = {}): RecordFacts {
  const nothing = { namespace: null, user: null, session: null, createdAt: null, expiresAt: null, lastHitAt: null, hits: null }
  return { id, text: null, answer: null, length: 0, ...nothing, ...part }
}

describe('groups anchored at keepers', () => {
  // A chain: each is like its neighbour, the ends are not alike.
  const pairs = [
    { a: 0, b: 1, similarity: 0.96 },
    { a: 1, b: 2, similarity: 0.95 },
    { a: 2, b: 3, similarity: 0.94 },
  ]
  const adjacency = makeAdjacency(4, pairs)
  const ranked = Int32Array.of(0, 1, 2, 3)

  test('do not chain to records that are far from what stays', () => {
    expect(keeperGroups(ranked, adjacency, { threshold: 0.9 })).toEqual([
      { keeper: 0, members: [{ row: 1, similarity: 0.96 }] },
      { keeper: 2, members: [{ row: 3, similarity: 0.94 }] },
    ])
    expect(keeperGroups(Int32Array.of(1, 0, 2, 3), adjacency, { threshold: 0.9 })).toEqual([
      {
        keeper: 1,
        members: [
          { row: 0, similarity: 0.96 },
          { row: 2, similarity: 0.95 },
        ],
      },
    ])
  })

  test('are counted as they are made, without what is excluded or refused', () => {
    for (const threshold of [0.9, 0.945, 0.955, 0.97]) {
      const made = keeperGroups(ranked, adjacency, { threshold })
      const members = made.reduce((sum, group) => sum + group.members.length, 0)
      expect(countGroups(ranked, adjacency, { threshold })).toEqual({ groups: made.length, members })
    }
    expect(keeperGroups(ranked, adjacency, { threshold: 0.9, excluded: Uint8Array.of(1, 0, 0, 1) })).toEqual([
      { keeper: 1, members: [{ row: 2, similarity: 0.95 }] },
    ])
    expect(countGroups(ranked, adjacency, { threshold: 0.9, canStandFor: (_, row) => row === 1 })).toEqual({ groups: 1, members: 1 })
  })

  test('rank by what a person decided, then by the policy, and what is not known last', () => {
    const rows = [
      facts('a', { createdAt: 1, hits: 9 }),
      facts('b', { createdAt: 3, length: 5 }),
      facts('c', { hits: 2, length: 9 }),
      facts('d', { createdAt: 2 }),
    ]
    expect([...rankRows(rows, 'newest', new Map())]).toEqual([1, 3, 0, 2])
    expect([...rankRows(rows, 'oldest', new Map())]).toEqual([0, 3, 1, 2])
    expect([...rankRows(rows, 'longest', new Map())]).toEqual([2, 1, 0, 3])
    expect([...rankRows(rows, 'most-hits', new Map())]).toEqual([0, 2, 1, 3])
    expect([
      ...rankRows(
        rows,
        'newest',
        new Map([
          ['b', 'delete'],
          ['c', 'keep'],
        ]),
      ),
    ]).toEqual([2, 3, 0, 1])
  })
})

describe('two similar records', () => {
  const asked = (text: string, answer: string): RecordFacts => facts(text, { text, answer })

  test.each([
    ['How do I cancel?', 'Hi, how do I cancel? Thanks!', 'duplicate'],
    ['How do I cancel?', 'Where can I cancel?', 'duplicate'],
    ['Send it 3 days before', 'Send it 14 days before', 'different'],
    ['Enable the export', 'Disable the export', 'different'],
  ])('%j and %j with one answer: %s', (left, right, relation) => {
    const answer = 'Settings > Billing, then follow what it says there.'
    expect(pairRelation(asked(left, answer), asked(right, answer), false)).toBe(relation)
  })

  test('the same question with another answer is a conflict, another question is none', () => {
    const [yes, no] = ['Yes: it works offline and syncs later.', 'No. It needs a connection at all times.']
    expect(pairRelation(asked('Does it work offline?', yes), asked('hello does it wrok offline', no), false)).toBe('different')
    expect(pairRelation(asked('Does it work offline?', yes), asked('hello does it work offlien', no), false)).toBe('conflict')
    expect(pairRelation(asked('Does it work offline?', yes), asked('Does it work online?', no), false)).toBe('different')
    const [there, back] = ['Choose from EUR to USD and confirm it.', 'Choose from USD to EUR and confirm it.']
    expect(pairRelation(asked('Convert EUR to USD', there), asked('Convert USD to EUR', back), false)).toBe('different')
  })

  test('facts that differ in a number contradict each other, other texts merely differ', () => {
    const [left, right] = [facts('a', { text: 'Acme has 12 users.' }), facts('b', { text: 'Acme has 19 users.' })]
    expect(pairRelation(left, right, true)).toBe('conflict')
    expect(pairRelation(left, right, false)).toBe('different')
    expect(pairRelation(left, facts('c', { text: 'ACME has 12 users' }), true)).toBe('duplicate')
  })
})

test('a quota evicts what was used longest ago, or what has the fewest hits, in each namespace of its own', () => {
  const rows = [
    facts('a', { namespace: 'x', createdAt: 1, hits: 9 }),
    facts('b', { namespace: 'x', createdAt: 2, hits: 0 }),
    facts('c', { namespace: 'x', createdAt: 3, lastHitAt: 8, hits: 1 }),
    facts('d', { namespace: 'y', createdAt: 0 }),
    facts('e', { namespace: 'x' }),
  ]
  expect(evictions(rows, { by: 'namespace', most: 2, evict: 'lru' })).toEqual([4, 0])
  expect(evictions(rows, { by: 'namespace', most: 2, evict: 'least-useful' })).toEqual([4, 1])
  expect(evictions(rows, { by: 'namespace', most: 4, evict: 'lru' })).toEqual([])
})

test('keys that few records lack and types that few values have are found, also under odd names', () => {
  const shapes = new KeyShapes()
  for (let row = 0; row < 20; row += 1) {
    const metadata = new Map<string, MetadataValue>([['__proto__', row === 3 ? 'three' : BigInt(row)]])
    if (row !== 7) metadata.set('topic', 'x')
    shapes.add(metadata)
  }
  shapes.add(null)
  expect(shapes.missing(0.9)).toEqual([
    { key: '__proto__', type: 'integer', rows: [20] },
    { key: 'topic', type: 'string', rows: [7, 20] },
  ])
  expect(shapes.mistyped(0.9)).toEqual([{ key: '__proto__', type: 'integer', rows: [3] }])
  expect(shapes.mistyped(0.99)).toEqual([])
})

test('merging keeps the values of what stays, adds what it lacks, and counts hits and times', () => {
  const metadata = (role: string) => ({ from: 'metadata' as const, key: role, path: null })
  const mapping = { kind: 'cache' as const, fields: { hitCount: metadata('hits'), createdAt: metadata('made') } }
  const keeper = new Map<string, MetadataValue>([
    ['hits', 2n],
    ['made', '2026-05-01T00:00:00Z'],
    ['topic', 'a'],
  ])
  const other = new Map<string, MetadataValue>([
    ['hits', 7n],
    ['made', '2026-01-01T00:00:00Z'],
    ['topic', 'b'],
    ['score', 3.0],
  ])
  expect([...(mergeMetadata(mapping, keeper, [other, null]) ?? [])]).toEqual([
    ['hits', 7n],
    ['made', '2026-01-01T00:00:00Z'],
    ['topic', 'a'],
    ['score', 3.0],
  ])
  expect(mergeMetadata(mapping, null, [null])).toBeNull()
})

test('judged pairs suggest a threshold once there are twenty, and both verdicts', () => {
  const pairs = Array.from({ length: 20 }, (_, at) => ({
    similarity: 0.8 + at / 100,
    verdict: at < 8 ? ('different' as const) : ('same' as const),
  }))
  expect(suggestThreshold(pairs.slice(1))).toBeNull()
  expect(suggestThreshold(pairs.map((pair) => ({ ...pair, verdict: 'same' as const })))).toBeNull()
  const found = suggestThreshold(pairs)
  expect(found).toMatchObject({ wrong: 0, judged: 20 })
  expect(found?.threshold).toBeCloseTo(0.875, 6)
})

test('loops, empty texts and values far from the others are told apart from ordinary ones', () => {
  expect(repeatsItself('I am sorry, I cannot do that. '.repeat(12))).toBe(true)
  expect(
    repeatsItself(
      'The quick brown fox jumps over the lazy dog while the cat, who never liked either, looks on from a warm window sill today.',
    ),
  ).toBe(false)
  expect([isEmptyText(null), isEmptyText(' \n\t'), isEmptyText('0')]).toEqual([true, true, false])
  const scores = robustScores(Float64Array.of(1, 1.1, 0.9, 1, 1.05, 9, Number.NaN))
  expect(scores[5]).toBeGreaterThan(6)
  expect([...scores].filter((score) => score > 6)).toHaveLength(1)
  expect([...robustScores(Float64Array.of(2, 2, 2, 2))]).toEqual([0, 0, 0, 0])
})
