import { expect, test } from 'vitest'
import { draftOf, newClause, newGroup, readDraft, replaceNode } from '../../renderer/features/filters/builder/draft.ts'
import { documentDraftOf, readDocumentDraft } from '../../renderer/features/filters/builder/document-draft.ts'
import { readValue } from '../../renderer/features/filters/builder/values.ts'
import { jsonContextAt } from '../../renderer/features/filters/editor/json-context.ts'
import { suggestWhere } from '../../renderer/features/filters/editor/suggest.ts'
import { searchOfFilter, searchOfSort, viewFromSearch } from '../../renderer/pages/records-view-from-search.ts'
import type { MetadataKey } from '../../shared/contract/collections.ts'
import { addClause, pickedValues, replaceBounds, sameWhere, togglePicked, withoutFacet } from '../../shared/domain/where-edit.ts'
import { parseWhere, parseWhereDocument } from '../../shared/domain/where-json.ts'
import { noFilter, type Where, type WhereDocument } from '../../shared/domain/where.ts'

function where(text: string): Where | null {
  const parsed = parseWhere(text)
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
  return parsed.tree
}

const filters = [
  '{"a": 3}',
  '{"a": {"$gte": 2.0}}',
  '{"$and": [{"a": "x"}, {"b": {"$in": [1, 2]}}]}',
  '{"$or": [{"a": true}, {"$and": [{"b": {"$ne": ""}}, {"c": {"$lt": -5}}]}]}',
  '{"tags": {"$contains": "x"}}',
  '{"big": 9007199254740993}',
]

test.each(filters)('the builder gives back the filter it was given: %s', (text) => {
  const tree = where(text)
  const read = readDraft(draftOf(tree))
  expect(sameWhere(read.where, tree)).toBe(true)
  expect(read.problems.size).toBe(0)
})

test('an unfinished condition is kept in the builder and left out of the filter, with what is missing', () => {
  const draft = newGroup('and', [newClause('a', 'string'), ...draftOf(where('{"b": 1}')).children])
  const { where: read, problems } = readDraft(draft)
  expect(sameWhere(read, where('{"b": 1}'))).toBe(true)
  expect([...problems.values()]).toEqual(['Enter a value.'])
})

test('a range on texts is refused with the reason and a way out', () => {
  const clause = { ...newClause('created', 'string', '$gt'), values: ['2026-01-01'] }
  const { where: read, problems } = readDraft(newGroup('and', [clause]))
  expect(read).toBeNull()
  expect(problems.get(clause.id)).toMatch(/compares numbers only.*under “Dates/)
})

test('values are read with their exact type', () => {
  expect(readValue('9007199254740993', 'integer')).toEqual({ ok: true, value: 9007199254740993n })
  expect(readValue('3', 'float')).toEqual({ ok: true, value: 3 })
  expect(readValue('1,712', 'integer')).toEqual({ ok: true, value: 1712n })
  expect(readValue('1.5', 'integer').ok).toBe(false)
  expect(readValue('99999999999999999999', 'integer').ok).toBe(false)
  expect(readValue('', 'float').ok).toBe(false)
})

test('a condition is taken out of a nested group without touching its neighbours', () => {
  const draft = draftOf(where('{"$and": [{"a": 1}, {"$or": [{"b": 2}, {"c": 3}]}]}'))
  const group = draft.children[1]
  const inner = group?.kind === 'or' ? group.children[0] : undefined
  expect(inner).toBeDefined()
  expect(sameWhere(readDraft(replaceNode(draft, inner?.id ?? 0, null)).where, where('{"$and": [{"a": 1}, {"c": 3}]}'))).toBe(true)
})

test('the document builder gives back the filter it was given', () => {
  const parsed = parseWhereDocument('{"$or": [{"$contains": "x"}, {"$not_regex": "y+"}]}')
  const tree: WhereDocument | null = parsed.ok ? parsed.tree : null
  expect(readDocumentDraft(documentDraftOf(tree))).toEqual(tree)
})

test('clicking values of a facet picks them, one more, and takes them away again', () => {
  const one = togglePicked(null, 'kind', 'a')
  expect(one).toEqual(where('{"kind": "a"}'))
  const two = togglePicked(one, 'kind', 'b')
  expect(two).toEqual(where('{"kind": {"$in": ["a", "b"]}}'))
  expect(togglePicked(togglePicked(two, 'kind', 'a'), 'kind', 'b')).toBeNull()
})

test('picked values of different types become a filter that Chroma accepts', () => {
  const mixed = togglePicked(togglePicked(null, 'n', 3n), 'n', 3)
  expect(mixed).toEqual(where('{"$or": [{"n": 3}, {"n": 3.0}]}'))
  expect(pickedValues(mixed, 'n')).toEqual([3n, 3])
})

test('a facet counts without its own conditions and keeps those of others', () => {
  const all = where('{"$and": [{"kind": "a"}, {"n": {"$gte": 1}}, {"n": {"$lt": 5}}]}')
  expect(withoutFacet(all, 'kind')).toEqual(where('{"$and": [{"n": {"$gte": 1}}, {"n": {"$lt": 5}}]}'))
  expect(withoutFacet(all, 'n')).toEqual(where('{"kind": "a"}'))
  expect(replaceBounds(all, 'n', where('{"n": {"$gte": 7}}'))).toEqual(where('{"$and": [{"kind": "a"}, {"n": {"$gte": 7}}]}'))
})

test('the same condition is not added twice', () => {
  const once = addClause(null, { kind: 'compare', key: 'a', operator: '$ne', value: 1n })
  expect(addClause(once, { kind: 'compare', key: 'a', operator: '$ne', value: 1n })).toEqual(once)
})

test.each([
  ['{', 'key', [], ''],
  ['{"ca', 'key', [], 'ca'],
  ['{"category": ', 'value', ['category'], ''],
  ['{"category": "Un', 'value', ['category'], 'Un'],
  ['{"category": {"$', 'key', ['category'], '$'],
  ['{"$and": [{"a": 1}, {"', 'key', ['$and', '[]'], ''],
  ['{"a": {"$in": ["x", "', 'value', ['a', '$in', '[]'], ''],
  ['{"a": tr', 'value', ['a'], 'tr'],
  ['{"a": 1}', 'nothing', [], ''],
])('the place after %s is understood', (text, expects, path, written) => {
  expect(jsonContextAt(text)).toMatchObject({ expects, path, written })
})

test('completion offers keys, operators of the key’s type, and values of the key', async () => {
  const keys: MetadataKey[] = [
    { key: 'category', types: [{ type: 'string', count: 9 }], count: 9, distinct: 2, longest: 4 },
    { key: 'weight', types: [{ type: 'float', count: 9 }], count: 9, distinct: 5, longest: 0 },
  ]
  const valuesOf = async (key: string) => (key === 'category' ? ['Emotion', 'Safety'] : [])
  const labels = async (text: string) => (await suggestWhere(jsonContextAt(text), keys, valuesOf)).map(({ label }) => label)
  expect(await labels('{"')).toEqual(['category', 'weight', '$and', '$or'])
  expect(await labels('{"weight": {"')).toContain('$gte')
  expect(await labels('{"category": {"')).not.toContain('$gte')
  expect(await labels('{"$or": [{"category": {"$in": [')).toEqual(['"Emotion"', '"Safety"'])
})

test.each(filters)('an address keeps the filter exactly: %s', (text) => {
  const filter = {
    where: where(text),
    whereDocument: { kind: 'text' as const, operator: '$contains' as const, value: '50% & "more" #1' },
    find: 'a b',
    periods: [
      { key: 'day: 1', from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 1, 1) + 1 },
      { key: 'seen', from: null, to: Date.UTC(2026, 1, 1) },
    ],
    set: 'a set',
  }
  const view = viewFromSearch('c', 'd', searchOfFilter(filter))
  expect(view.filter).toEqual(filter)
})

test('an address keeps the order, also by a key with a colon', () => {
  const sort = { by: { kind: 'metadata' as const, key: 'a:b' }, direction: 'descending' as const }
  expect(viewFromSearch('c', 'd', searchOfSort(sort)).sort).toEqual(sort)
  expect(viewFromSearch('c', 'd', {}).filter).toEqual(noFilter)
})

test.each(['[', '{}', '[{"key":"day","from":"yesterday","to":null}]'])(
  'an address with dates that cannot be read is refused: %s',
  (dates) => {
    expect(() => viewFromSearch('c', 'd', { dates })).toThrow(/dates in this link cannot be read/)
  },
)

test('an address with a broken filter is refused in a sentence', () => {
  expect(() => viewFromSearch('c', 'd', { where: '{"a": {"$like": 1}}' })).toThrow(/filter in this link cannot be read/)
})
