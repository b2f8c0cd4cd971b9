import { expect, test } from 'vitest'
import type { Metadata, MetadataValue } from '../../../shared/domain/metadata.ts'
import type { Where, WhereDocument } from '../../../shared/domain/where.ts'
import {
  compileWhereDocument,
  matchesWhere,
  matchesWhereDocument,
  validateWhere,
  validateWhereDocument,
} from '../../../shared/domain/where-evaluate.ts'
import { parseWhere, parseWhereDocument } from '../../../shared/domain/where-json.ts'

interface Sample {
  readonly id: string
  readonly metadata: Metadata
  readonly document: string | null
}

function sample(id: string, value: MetadataValue | null, document: string | null): Sample {
  return { id, metadata: value === null ? new Map([['m', 1n]]) : new Map([['n', value]]), document }
}

const samples: readonly Sample[] = [
  sample('i2', 2n, 'two 2'),
  sample('i3', 3n, 'three'),
  sample('f2', 2, '二 two２'),
  sample('f27', 2.7, null),
  sample('s', '2', ''),
  sample('b', true, 'Hello\nWorld'),
  sample('none', null, 'über Straße'),
  sample('ai', [2n, 3n], 'naïve café'),
  sample('af', [2, 3.5], 'a_b%c'),
  sample('as', ['x', '2'], '中文文档'),
  sample('big', 9_007_199_254_740_993n, 'x'),
  sample('bigf', 9_007_199_254_740_992, 'y'),
  sample('neg', -0.5, 'end'),
]
const everything = samples.map(({ id }) => id).join(' ')

function whereIds(text: string): string {
  const parsed = parseWhere(text)
  if (!parsed.ok || parsed.tree === null) throw new Error(`cannot read ${text}`)
  const where = parsed.tree
  return samples
    .filter(({ metadata, document }) => matchesWhere(where, metadata, document))
    .map(({ id }) => id)
    .join(' ')
}

function documentIds(text: string): string {
  const parsed = parseWhereDocument(text)
  if (!parsed.ok || parsed.tree === null) throw new Error(`cannot read ${text}`)
  const matches = compileWhereDocument(parsed.tree)
  return samples
    .filter(({ document }) => matches(document))
    .map(({ id }) => id)
    .join(' ')
}

// Right-hand sides are the answers of Chroma 1.4.4 to the same filters on the same records.
test.each([
  ['{"n":2}', 'i2 f2'],
  ['{"n":2.0}', 'i2 f2'],
  ['{"n":{"$ne":2}}', 'i3 f27 s b none ai af as big bigf neg'],
  ['{"n":{"$ne":2.0}}', 'i3 f27 s b none ai af as big bigf neg'],
  ['{"n":{"$gt":2}}', 'i3 f27 big bigf'],
  ['{"n":{"$gte":2.0}}', 'i2 i3 f2 f27 big bigf'],
  ['{"n":{"$lt":3}}', 'i2 f2 f27 neg'],
  ['{"n":{"$lt":2.0}}', 'neg'],
  ['{"n":{"$lte":2.0}}', 'i2 f2 neg'],
  ['{"n":{"$in":[2,3]}}', 'i2 i3 f2'],
  ['{"n":{"$in":[2.0,3]}}', 'i2 i3 f2'],
  ['{"n":{"$nin":[2]}}', 'i3 f27 s b none ai af as big bigf neg'],
  ['{"n":true}', 'b'],
  ['{"n":{"$ne":true}}', 'i2 i3 f2 f27 s none ai af as big bigf neg'],
  ['{"n":"2"}', 's'],
  ['{"n":{"$in":["2","x"]}}', 's'],
  ['{"n":{"$in":[true,false]}}', 'b'],
  ['{"n":{"$contains":2}}', 'ai'],
  ['{"n":{"$contains":2.0}}', 'af'],
  ['{"n":{"$contains":"2"}}', 'as'],
  ['{"n":{"$contains":true}}', ''],
  ['{"n":{"$not_contains":2}}', 'i2 i3 f2 f27 s b none af as big bigf neg'],
  ['{"n":9007199254740992}', 'bigf'],
  ['{"n":9007199254740993}', 'big bigf'],
  ['{"n":{"$gt":9007199254740992}}', 'big'],
  ['{"n":{"$gt":9007199254740992.0}}', 'big'],
  ['{"n":{"$lt":99999999999999999999}}', 'i2 i3 f2 f27 big bigf neg'],
  ['{"$and":[]}', everything],
  ['{"$or":[]}', ''],
  ['{"$and":[{"n":2},{"n":{"$ne":3}}]}', 'i2 f2'],
  ['{"chroma:document":"three"}', 'i3'],
  ['{"chroma:document":{"$ne":"three"}}', 'i2 f2 f27 s b none ai af as big bigf neg'],
  ['{"#document":{"$contains":"two"}}', 'i2 f2'],
  ['{"#document":{"$not_contains":"two"}}', 'i3 f27 s b none ai af as big bigf neg'],
  ['{"#id":"i2"}', ''],
  ['{"":1}', ''],
])('where %s matches what Chroma matches', (text, ids) => {
  expect(whereIds(text)).toBe(ids)
})

test.each([
  ['{"n":2.7}', 'f27'],
  ['{"n":{"$gte":2.7}}', 'i3 f27 big bigf'],
  ['{"n":{"$lt":2.7}}', 'i2 f2 neg'],
  ['{"n":{"$in":[2.7]}}', 'f27'],
])('a float in where %s is not cut to an integer, as Chroma does', (text, ids) => {
  expect(whereIds(text)).toBe(ids)
})

test.each([
  ['{"$contains":"two"}', 'i2 f2'],
  ['{"$contains":"Two"}', ''],
  ['{"$contains":""}', 'i2 i3 f2 s b none ai af as big bigf neg'],
  ['{"$not_contains":"two"}', 'i3 f27 s b none ai af as big bigf neg'],
  ['{"$not_contains":""}', 'f27'],
  ['{"$contains":"x"}', 'big'],
  ['{"$contains":"_b%"}', 'af'],
  ['{"$regex":"(?i)TWO"}', 'i2 f2'],
  ['{"$regex":""}', 'i2 i3 f2 s b none ai af as big bigf neg'],
  ['{"$not_regex":"two"}', 'i3 f27 s b none ai af as big bigf neg'],
  ['{"$regex":"\\\\d"}', 'i2 f2'],
  ['{"$regex":"\\\\w{4}"}', 'i3 f2 b none ai as'],
  ['{"$regex":"[\\\\W_]b"}', 'af'],
  ['{"$regex":"\\\\bdoc"}', ''],
  ['{"$regex":"^two"}', 'i2'],
  ['{"$regex":"(?m)^World"}', 'b'],
  ['{"$regex":"Hello.World"}', ''],
  ['{"$regex":"(?s)Hello.World"}', 'b'],
  ['{"$regex":"(?i)ÜBER"}', 'none'],
  ['{"$regex":"\\\\p{Han}+"}', 'f2 as'],
  ['{"$regex":"[[:alpha:]]{5}"}', 'i3 b'],
  ['{"$regex":"\\\\s"}', 'i2 f2 b none ai'],
  ['{"$regex":"\\\\A"}', 'i2 i3 f2 s b none ai af as big bigf neg'],
  ['{"$regex":"\\\\u{4e2d}"}', 'as'],
  ['{"$regex":"\\\\x{e9}"}', 'ai'],
  ['{"$and":[]}', everything],
  ['{"$or":[]}', ''],
])('where_document %s matches what Chroma matches', (text, ids) => {
  expect(documentIds(text)).toBe(ids)
})

test.each(['(?=a)', '(', '(a)\\1', '(?-u)\\w', '[a-z&&[^aeiou]]', '\\Qa\\E', '(?x) a'])(
  'the pattern %s is refused in a sentence',
  (pattern) => {
    const filter: WhereDocument = { kind: 'text', operator: '$regex', value: pattern }
    expect(() => matchesWhereDocument(filter, 'a')).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error)
    expect(() => validateWhereDocument(filter)).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error)
  },
)

test('a pattern that would take other engines for ever takes no time', () => {
  const started = performance.now()
  expect(matchesWhereDocument({ kind: 'text', operator: '$regex', value: '(a+)+$' }, `${'a'.repeat(5000)}!`)).toBe(false)
  expect(performance.now() - started).toBeLessThan(2000)
})

test('each operator is the exact opposite of its counterpart, for every record', () => {
  const operands: MetadataValue[] = samples.flatMap(({ metadata }) => [...metadata.values()]).filter((value) => !Array.isArray(value))
  for (const operand of operands) {
    if (Array.isArray(operand)) continue
    for (const { metadata } of samples) {
      const compare = (operator: '$eq' | '$ne' | '$gt' | '$gte' | '$lt' | '$lte'): boolean =>
        matchesWhere({ kind: 'compare', key: 'n', operator, value: operand }, metadata)
      expect(compare('$ne')).toBe(!compare('$eq'))
      expect(matchesWhere({ kind: 'in', key: 'n', operator: '$in', values: [operand] }, metadata)).toBe(compare('$eq'))
      const value = metadata.get('n')
      const comparable =
        (typeof value === 'bigint' || typeof value === 'number') && (typeof operand === 'bigint' || typeof operand === 'number')
      expect(compare('$gte')).toBe(comparable && !compare('$lt'))
      expect(compare('$lte')).toBe(comparable && !compare('$gt'))
    }
  }
})

test('filters that Chroma would refuse are refused before they are tried', () => {
  const refused: Where[] = [
    { kind: 'in', key: 'n', operator: '$in', values: [] },
    { kind: 'in', key: 'n', operator: '$in', values: ['a', 1n] },
    { kind: 'compare', key: 'n', operator: '$gt', value: 'a' },
    { kind: 'compare', key: 'n', operator: '$eq', value: Number.NaN },
    { kind: 'and', clauses: [{ kind: 'compare', key: '$gt', operator: '$eq', value: 1n }] },
  ]
  for (const where of refused) expect(() => validateWhere(where)).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error)
  expect(() => validateWhere(null)).not.toThrow()
  expect(() => validateWhere({ kind: 'compare', key: 'n', operator: '$gt', value: 2n })).not.toThrow()
})
