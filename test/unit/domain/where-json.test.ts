import { expect, test } from 'vitest'
import type { ParsedFilter } from '../../../shared/domain/filter-problem.ts'
import type { MetadataScalar } from '../../../shared/domain/metadata.ts'
import type { Where, WhereDocument } from '../../../shared/domain/where.ts'
import { parseWhere, parseWhereDocument, printWhere, printWhereDocument } from '../../../shared/domain/where-json.ts'
import { seededRandom, type Random } from '../../support/random.ts'

function tree<Tree>(parsed: ParsedFilter<Tree>): Tree | null {
  if (!parsed.ok) throw new Error(parsed.problems.map((problem) => problem.message).join(' '))
  return parsed.tree
}

/** Message, underlined text and mended text of the first problem. */
function firstProblem(text: string, parse: (text: string) => ParsedFilter<unknown> = parseWhere) {
  const { ok, problems } = parse(text)
  const problem = problems[0]
  if (problem === undefined) throw new Error(`${text} has no problem`)
  const { edit } = problem.fix ?? { edit: null }
  return {
    ok,
    message: problem.message,
    remedy: problem.remedy,
    marked: text.slice(problem.from, problem.to),
    mended: edit && text.slice(0, edit.from) + edit.insert + text.slice(edit.to),
  }
}

const awkwardTexts = ['', 'a', 'é', '中文', '🙂', 'quote " and \\ backslash', 'line\nbreak\ttab', '__proto__', '1', '\u2028', '$literal']
const integers = [0n, 3n, -1n, 9_007_199_254_740_993n, 2n ** 63n - 1n, -(2n ** 63n)]
const floats = [0.5, 3, -0, 1e21, 5e-324, -1.7976931348623157e308, 2 ** 53, 1e-7]

function randomScalar(random: Random): MetadataScalar {
  return random.pick<() => MetadataScalar>([
    () => random.pick(awkwardTexts),
    () => random.pick(integers),
    () => random.pick(floats),
    () => random.chance(0.5),
  ])()
}

function randomTree(random: Random, depth = 0): Where {
  if (depth < 3 && random.chance(0.35)) {
    return { kind: random.pick(['and', 'or']), clauses: Array.from({ length: random.below(4) }, () => randomTree(random, depth + 1)) }
  }
  const key = random.pick(awkwardTexts.filter((text) => !text.startsWith('$')))
  const value = randomScalar(random)
  const numeric = typeof value === 'bigint' || typeof value === 'number'
  switch (random.below(3)) {
    case 0: {
      const values = Array.from({ length: 1 + random.below(3) }, () => value)
      return { kind: 'in', key, operator: random.pick(['$in', '$nin']), values }
    }
    case 1:
      return { kind: 'contains', key, operator: random.pick(['$contains', '$not_contains']), value }
    default:
      return { kind: 'compare', key, operator: random.pick(numeric ? ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'] : ['$eq', '$ne']), value }
  }
}

test('whatever is printed is read back as it was, integers and floats apart, pretty and compact', () => {
  const random = seededRandom(1)
  for (let round = 0; round < 2000; round++) {
    const where = randomTree(random)
    expect(tree(parseWhere(printWhere(where, 'pretty')))).toStrictEqual(where)
    const compact = printWhere(where, 'compact')
    expect(tree(parseWhere(compact))).toStrictEqual(where)
    expect(printWhere(tree(parseWhere(compact)), 'compact')).toBe(compact)
  }
})

test('document filters are read back as they were printed', () => {
  const random = seededRandom(2)
  const make = (depth: number): WhereDocument =>
    depth < 3 && random.chance(0.4)
      ? { kind: random.pick(['and', 'or']), clauses: Array.from({ length: random.below(4) }, () => make(depth + 1)) }
      : { kind: 'text', operator: random.pick(['$contains', '$not_contains']), value: random.pick(awkwardTexts) }
  for (let round = 0; round < 1000; round++) {
    const filter = make(0)
    expect(tree(parseWhereDocument(printWhereDocument(filter)))).toStrictEqual(filter)
    expect(tree(parseWhereDocument(printWhereDocument(filter, 'compact')))).toStrictEqual(filter)
  }
})

test('no text makes the parser throw, and every problem lies inside the text', () => {
  const random = seededRandom(3)
  const start = printWhere({ kind: 'and', clauses: [randomTree(random), randomTree(random), randomTree(random)] })
  const pieces = ['{', '}', '[', ']', ',', ':', '"', "'", '\\', '$in', 'null', '3.', '-', '\n', '中', '\u0000', 'True']
  for (let round = 0; round < 3000; round++) {
    const at = random.below(start.length)
    const text = start.slice(0, at) + random.pick(pieces) + start.slice(at + random.below(6))
    for (const parse of [parseWhere, parseWhereDocument]) {
      const { ok, problems } = parse(text)
      expect(ok || problems.some(({ severity }) => severity === 'error')).toBe(true)
      for (const { from, to } of problems) {
        expect(from).toBeGreaterThanOrEqual(0)
        expect(to).toBeGreaterThanOrEqual(from)
        expect(to).toBeLessThanOrEqual(text.length)
      }
    }
  }
})

test('3 is an integer, 3.0 and 3e0 are floats, and 64-bit integers are exact', () => {
  expect(tree(parseWhere('{"n": 3}'))).toStrictEqual({ kind: 'compare', key: 'n', operator: '$eq', value: 3n })
  expect(tree(parseWhere('{"n": 3.0}'))).toStrictEqual({ kind: 'compare', key: 'n', operator: '$eq', value: 3 })
  expect(tree(parseWhere('{"n": 3e0}'))).toStrictEqual({ kind: 'compare', key: 'n', operator: '$eq', value: 3 })
  expect(tree(parseWhere('{"n": {"$ne": 9007199254740993}}'))).toStrictEqual({
    kind: 'compare',
    key: 'n',
    operator: '$ne',
    value: 9_007_199_254_740_993n,
  })
  expect(printWhere({ kind: 'compare', key: 'n', operator: '$eq', value: 3 })).toBe('{ "n": 3.0 }')
})

test('a filter nests a hundred levels deep, and more is refused in a sentence whatever its depth', () => {
  const nested = (levels: number, inner: string) => '{"$and": ['.repeat(levels) + inner + ']}'.repeat(levels)
  expect(parseWhere(nested(100, '{"key": {"$in": [1]}}')).ok).toBe(true)
  expect(parseWhereDocument(nested(100, '{"$contains": "text"}')).ok).toBe(true)
  for (const levels of [102, 10_000, 100_000]) {
    for (const parsed of [parseWhere(nested(levels, '{"key": 1}')), parseWhereDocument(nested(levels, '{"$contains": "text"}'))]) {
      expect(parsed).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining('at most 100 levels') }] })
    }
  }
})

test('nothing, blanks and an empty object filter nothing', () => {
  for (const text of ['', '  \n', '{}', ' { } ']) {
    expect(parseWhere(text)).toStrictEqual({ ok: true, tree: null, problems: [] })
    expect(parseWhereDocument(text)).toStrictEqual({ ok: true, tree: null, problems: [] })
  }
  expect(printWhere(null)).toBe('')
})

test('a filter of several clauses is printed one clause per line', () => {
  const where = tree(parseWhere('{"$and":[{"namespace":"billing"},{"$or":[{"hits":{"$gte":2.0}},{"model":{"$in":["a","b"]}}]}]}'))
  expect(printWhere(where)).toBe(`{
  "$and": [
    { "namespace": "billing" },
    {
      "$or": [
        { "hits": { "$gte": 2.0 } },
        { "model": { "$in": ["a", "b"] } }
      ]
    }
  ]
}`)
  expect(printWhere(where, 'compact')).toBe(
    '{"$and":[{"namespace":"billing"},{"$or":[{"hits":{"$gte":2.0}},{"model":{"$in":["a","b"]}}]}]}',
  )
})

test('two conditions in one object are to be wrapped in $and, and the fix does it', () => {
  const problem = firstProblem('{"a": 3, "b": 3.0}')
  expect(problem).toMatchObject({
    ok: false,
    marked: '{"a": 3, "b": 3.0}',
    remedy: 'Wrap the conditions in $and.',
    mended: '{"$and": [{"a": 3}, {"b": 3.0}]}',
  })
  expect(parseWhere(problem.mended ?? '').ok).toBe(true)
})

test('two operators on one key are to be wrapped in $and, and the fix does it', () => {
  const problem = firstProblem('{"$or": [{"n": {"$gte": 1, "$lt": 5.5}}]}')
  expect(problem.marked).toBe('{"n": {"$gte": 1, "$lt": 5.5}}')
  expect(problem.mended).toBe('{"$or": [{"$and": [{"n": {"$gte": 1}}, {"n": {"$lt": 5.5}}]}]}')
  expect(parseWhere(problem.mended ?? '').ok).toBe(true)
})

test.each([
  ['{"t": {"$gt": "2024-01-01"}}', '"2024-01-01"', /numbers only/],
  ['{"t": {"$lte": true}}', 'true', /numbers only/],
  ['{"t": {"$in": []}}', '[]', /empty \$in/],
  ['{"t": {"$in": [1, "a"]}}', '[1, "a"]', /same type/],
  ['{"t": {"$nin": [1, 2.5]}}', '[1, 2.5]', /same type/],
  ['{"t": null}', 'null', /null/],
  ['{"t": {"$eq": null}}', 'null', /null/],
  ['{"t": {"$exists": true}}', '"$exists"', /no \$exists/],
  ['{"$not": {"t": 1}}', '"$not"', /no \$not/],
  ['{"t": {"$regex": "x"}}', '"$regex"', /no \$regex/],
  ['{"$gt": 3}', '"$gt"', /key before/],
  ['{"t": {}}', '{}', /operator is missing/],
  ['{"t": {"$eq": [1]}}', '[1]', /not a list/],
  ['{"t": {"$contains": {"a": 1}}}', '{"a": 1}', /not an object/],
  ['{"$and": {"t": 1}}', '{"t": 1}', /list of conditions/],
  ['{"$and": [{}]}', '{}', /empty/],
  ['[{"t": 1}]', '[{"t": 1}]', /not a list/],
  ['"t"', '"t"', /object in braces/],
  ['{"t": 1e999}', '1e999', /too large/],
  ['{"#document": "x"}', '"#document"', /#document/],
])('%s is refused where Chroma refuses it, and %s is marked', (text, marked, message) => {
  expect(firstProblem(text)).toMatchObject({ ok: false, marked, message: expect.stringMatching(message) as string })
})

test.each([
  ['{"t": 1', '{"t": 1}'],
  ['{"t": 1,}', '{"t": 1}'],
  ["{'t': 1}", '{"t": 1}'],
  ['{t: 1}', '{"t": 1}'],
  ['{"t": True}', '{"t": true}'],
  ['{"t": abc}', '{"t": "abc"}'],
  ['{"t" 1}', '{"t":  1}'],
  ['{"t": {"gt": 1}}', '{"t": {"$gt": 1}}'],
  ['{"t": {"$GT": 1}}', '{"t": {"$gt": 1}}'],
  ['{"t": [1, 2]}', '{"t": {"$in": [1, 2]}}'],
  ['{"t": {"$eq": ["a"]}}', '{"t": {"$in": ["a"]}}'],
  ['{"t": {"$in": 3}}', '{"t": {"$in": [3]}}'],
  ['{"t": {"$in": [1, 2.5]}}', '{"t": {"$in": [1.0, 2.5]}}'],
  ['{"$or": {"t": 1}}', '{"$or": [{"t": 1}]}'],
  ['[{"t": 1}]', '{"$and": [{"t": 1}]}'],
])('the fix turns %s into %s', (text, mended) => {
  const problem = firstProblem(text)
  expect(problem.mended).toBe(mended)
  expect(parseWhere(mended).ok).toBe(true)
})

test('a list of floats may hold integers after the first, as in Chroma', () => {
  expect(tree(parseWhere('{"n": {"$in": [2.0, 3]}}'))).toStrictEqual({ kind: 'in', key: 'n', operator: '$in', values: [2, 3] })
})

test('empty $and and $or are told, since they match everything and nothing', () => {
  expect(parseWhere('{"$and": []}')).toMatchObject({
    ok: true,
    problems: [{ severity: 'warning', message: 'An empty $and matches every record.' }],
  })
  expect(parseWhere('{"$or": []}')).toMatchObject({
    ok: true,
    problems: [{ severity: 'warning', message: 'An empty $or matches no record.' }],
  })
})

test('an integer beyond 64 bits is read as a float and told', () => {
  expect(parseWhere('{"n": 9223372036854775808}')).toMatchObject({
    ok: true,
    tree: { value: 9223372036854775808 },
    problems: [{ severity: 'warning' }],
  })
})

test('all mistakes of a filter are reported at once', () => {
  const { problems } = parseWhere('{"$and": [{"a": null}, {"b": {"$gt": "x"}}, {"c": {"$in": []}}]}')
  expect(problems).toHaveLength(3)
})

test('document filters know four operators and take text only', () => {
  expect(tree(parseWhereDocument('{"$regex": "^a+"}'))).toStrictEqual({ kind: 'text', operator: '$regex', value: '^a+' })
  expect(firstProblem('{"key": "x"}', parseWhereDocument).message).toMatch(/operator, not with a key/)
  expect(firstProblem('{"$eq": "x"}', parseWhereDocument).message).toMatch(/no \$eq/)
  expect(firstProblem('{"contains": "x"}', parseWhereDocument).mended).toBe('{"$contains": "x"}')
  expect(firstProblem('{"$contains": 3}', parseWhereDocument).mended).toBe('{"$contains": "3"}')
  expect(firstProblem('{"$contains": "a", "$regex": "b"}', parseWhereDocument).mended).toBe(
    '{"$and": [{"$contains": "a"}, {"$regex": "b"}]}',
  )
  expect(firstProblem('{"$regex": "(a"}', parseWhereDocument)).toMatchObject({
    marked: '"(a"',
    message: expect.stringMatching(/cannot be read/) as string,
  })
})
