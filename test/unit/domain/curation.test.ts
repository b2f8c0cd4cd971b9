import { describe, expect, test } from 'vitest'
import { changeRecord, type TextChange } from '../../../shared/domain/curation/change-record.ts'
import { collectionNameProblem } from '../../../shared/domain/curation/collection-name-problem.ts'
import { convertValue, type ScalarType } from '../../../shared/domain/curation/convert-value.ts'
import { editRecord, metadataProblem, recordProblem } from '../../../shared/domain/curation/edit-record.ts'
import { newConfiguration, sameConfiguration } from '../../../shared/domain/curation/index-configuration.ts'
import { sameMetadata, sameRecord } from '../../../shared/domain/curation/same-record.ts'
import type { Metadata, MetadataValue } from '../../../shared/domain/metadata.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'

const newest = { arrays: true }
const compat = { arrays: false }

function metadataOf(values: Record<string, MetadataValue>): Metadata {
  return new Map(Object.entries(values))
}

function recordWith(values: Record<string, MetadataValue>, document: string | null = null): StoredRecord {
  return { id: 'a', document, uri: null, metadata: metadataOf(values) }
}

/** The metadata after a change, as a list to show the order of keys; else 'same', or why it was refused. */
function changed(change: TextChange, record: StoredRecord): [string, MetadataValue][] | string {
  const outcome = changeRecord(change, newest)(record)
  if (outcome.kind === 'same') return 'same'
  return outcome.kind === 'refused' ? outcome.reason : [...(outcome.record.metadata ?? [])]
}

describe('Metadata that Chroma cannot keep', () => {
  test.each<[string, MetadataValue, string]>([
    ['chroma:document', 'x', 'reserved by Chroma'],
    ['', 'x', 'cannot be empty'],
    ['#id', 'x', 'begin with #'],
    ['$and', 'x', 'begin with #'],
    ['n', 2n ** 63n, 'more than the 64 bits'],
    ['n', -(2n ** 63n) - 1n, 'more than the 64 bits'],
    ['n', Number.NaN, 'cannot store the number NaN'],
    ['n', Number.POSITIVE_INFINITY, 'cannot store the number Infinity'],
    ['n', [], 'empty lists'],
    ['n', [1n, 2], 'one type'],
    ['n', ['a', true], 'one type'],
    ['n', 'half \ud83d', 'half of a character'],
  ])('%s: %s', (key, value, reason) => {
    expect(metadataProblem(new Map([[key, value]]), null, newest)).toContain(reason)
  })

  test('What it can keep is let through, to the last integer and float', () => {
    const metadata = metadataOf({ '7': -(2n ** 63n), most: 2n ** 63n - 1n, float: 5e-324, text: '🙂', list: [1, 2.5] })
    metadata.set('__proto__', 1n)
    expect(metadataProblem(metadata, null, newest)).toBeNull()
    expect(metadataProblem(metadata, null, compat)).toContain('no lists')
  })

  test('What a record has already is not looked at again, so that another key can still be edited', () => {
    const before = metadataOf({ $odd: 1n })
    expect(metadataProblem(metadataOf({ $odd: 1n, kind: 'note' }), before, newest)).toBeNull()
    expect(metadataProblem(metadataOf({ $odd: 2n ** 64n }), before, newest)).toContain('64 bits')
  })

  test('Ids are not empty, and texts are whole', () => {
    const record = recordWith({}, 'text')
    expect(recordProblem({ ...record, id: '' }, record, newest)).toBe('An id cannot be empty.')
    expect(recordProblem({ ...record, document: '\udc00' }, record, newest)).toContain('half of a character')
    expect(recordProblem({ ...record, id: 'b', document: '' }, record, newest)).toBeNull()
  })
})

describe('Records that are the same', () => {
  test('3 and 3.0 are different, the order of keys and none or empty metadata are not', () => {
    expect(sameMetadata(metadataOf({ n: 3n }), metadataOf({ n: 3 }))).toBe(false)
    expect(sameMetadata(metadataOf({ n: [1n, 2n] }), metadataOf({ n: [1n, 2] }))).toBe(false)
    expect(sameMetadata(metadataOf({ a: 1n, b: 'x' }), metadataOf({ b: 'x', a: 1n }))).toBe(true)
    expect(sameMetadata(null, new Map())).toBe(true)
    expect(sameRecord(recordWith({}, null), recordWith({}, ''))).toBe(false)
  })

  test('An edit leaves absent parts, takes the whole metadata, and turns empty metadata into none', () => {
    const record = recordWith({ a: 1n, b: 2 }, 'text')
    expect(editRecord(record, {})).toEqual(record)
    expect(editRecord(record, { newId: 'b', document: null, metadata: new Map() })).toEqual({
      id: 'b',
      document: null,
      uri: null,
      metadata: null,
    })
    expect(editRecord(record, { metadata: metadataOf({ z: -0 }) }).metadata).toEqual(metadataOf({ z: 0 }))
  })
})

describe('Values in another type', () => {
  test.each<[MetadataValue, ScalarType, MetadataValue]>([
    ['9007199254740993', 'integer', 9_007_199_254_740_993n],
    [' +7 ', 'integer', 7n],
    [3, 'integer', 3n],
    [true, 'integer', 1n],
    [3n, 'float', 3],
    ['2.50', 'float', 2.5],
    ['.5e1', 'float', 5],
    [3, 'string', '3.0'],
    [3n, 'string', '3'],
    ['TRUE', 'boolean', true],
    [0n, 'boolean', false],
    [['1', '2'], 'integer', [1n, 2n]],
  ])('%s as %s', (value, to, expected) => {
    expect(convertValue(value, to)).toEqual({ value: expected })
  })

  test.each<[MetadataValue, ScalarType, string]>([
    [2.5, 'integer', '2.5 is not a whole number.'],
    ['3.0', 'integer', '"3.0" is not a whole number.'],
    ['0x10', 'integer', 'is not a whole number.'],
    ['', 'integer', 'is not a whole number.'],
    ['9223372036854775808', 'integer', 'needs more than 64 bits.'],
    [1e300, 'integer', 'needs more than 64 bits.'],
    [9_007_199_254_740_993n, 'float', 'would lose digits'],
    ['1e400', 'float', 'is not a number.'],
    ['Infinity', 'float', 'is not a number.'],
    ['yes', 'boolean', 'is neither true nor false.'],
    [2n, 'boolean', 'is neither true nor false.'],
    [['1', 'x'], 'integer', '"x" is not a whole number.'],
  ])('%s has no exact counterpart as %s', (value, to, reason) => {
    expect(convertValue(value, to)).toEqual({ reason: expect.stringContaining(reason) as string })
  })
})

describe('One change to many records', () => {
  test('Setting keeps the place of a key and tells integers from floats', () => {
    const record = recordWith({ a: 1n, b: 'x' })
    expect(changed({ kind: 'set', key: 'a', value: 1n }, record)).toBe('same')
    expect(changed({ kind: 'set', key: 'a', value: 1 }, record)).toEqual([
      ['a', 1],
      ['b', 'x'],
    ])
    expect(() => changeRecord({ kind: 'set', key: 'chroma:uri', value: 'x' }, newest)).toThrow('reserved')
    expect(() => changeRecord({ kind: 'set', key: 'a', value: ['x'] }, compat)).toThrow('no lists')
  })

  test('Removing the last key leaves no metadata', () => {
    const remove: TextChange = { kind: 'remove', key: 'a' }
    expect(changeRecord(remove, newest)(recordWith({ a: 1n }))).toMatchObject({ record: { metadata: null } })
    expect(changed(remove, recordWith({ b: 1n }))).toBe('same')
  })

  test('Renaming keeps the place, and overwrites only where it may', () => {
    const record = recordWith({ a: 1n, b: 'x', c: 2 })
    const rename = (key: string, to: string, overwrite: boolean): TextChange => ({ kind: 'rename', key, to, overwrite })
    expect(changed(rename('a', 'z', false), record)).toEqual([
      ['z', 1n],
      ['b', 'x'],
      ['c', 2],
    ])
    expect(changed(rename('a', 'c', false), record)).toBe('The key "c" exists already.')
    expect(changed(rename('a', 'c', true), record)).toEqual([
      ['c', 1n],
      ['b', 'x'],
    ])
    expect(changed(rename('q', 'c', false), record)).toBe('same')
    expect(() => changeRecord(rename('a', 'chroma:x', true), newest)).toThrow('reserved')
  })

  test('Converting leaves what has the type already, and says why a value has none', () => {
    const convert: TextChange = { kind: 'convert', key: 'n', to: 'integer' }
    expect(changed(convert, recordWith({ n: '12' }))).toEqual([['n', 12n]])
    expect(changed(convert, recordWith({ n: 12n }))).toBe('same')
    expect(changed(convert, recordWith({}))).toBe('same')
    expect(changed(convert, recordWith({ n: 1.5 }))).toBe('1.5 is not a whole number.')
  })

  test('Replacing is literal unless a pattern is wanted, and leaves what is no text', () => {
    const replace = (find: string, replacement: string, more: { isPattern?: boolean; matchCase?: boolean } = {}): TextChange => ({
      kind: 'replace',
      key: 'k',
      find,
      replacement,
      isPattern: false,
      matchCase: true,
      ...more,
    })
    const record = recordWith({ k: 'A.b a.b $1' })
    expect(changed(replace('a.b', '$&'), record)).toEqual([['k', 'A.b $& $1']])
    expect(changed(replace('A.B', '$&', { matchCase: false }), record)).toEqual([['k', '$& $& $1']])
    expect(changed(replace('(a)\\.(?P<last>b)', '$2$1', { isPattern: true, matchCase: false }), record)).toEqual([['k', 'bA ba $1']])
    expect(changed(replace('a-b', 'c', { matchCase: false }), recordWith({ k: 'A-B' }))).toEqual([['k', 'c']])
    expect(changed(replace('zzz', 'x'), record)).toBe('same')
    expect(changed(replace('3', 'x'), recordWith({ k: 3n }))).toBe('same')
    expect(changed(replace('x', 'y'), recordWith({ k: ['x', 'z'] }))).toEqual([['k', ['y', 'z']]])
    expect(() => changeRecord(replace('(', 'x', { isPattern: true }), newest)).toThrow('cannot be read')
    expect(() => changeRecord(replace('', 'x'), newest)).toThrow('nothing to find')
  })

  test('Documents are replaced too, down to an empty one, and a missing one stays missing', () => {
    const change = changeRecord({ kind: 'replace', key: null, find: 'old', replacement: '', isPattern: false, matchCase: false }, newest)
    expect(change(recordWith({}, 'Old'))).toMatchObject({ kind: 'changed', record: { document: '' } })
    expect(change(recordWith({}, null))).toEqual({ kind: 'same' })
  })
})

describe('Collections', () => {
  test.each(['ab', '-abc', 'abc-', 'a b', 'a..b', '127.0.0.1', 'x'.repeat(513)])('Chroma refuses the name %s', (name) => {
    expect(collectionNameProblem(name)).not.toBeNull()
  })

  test('Other names are let through', () => {
    expect(['abc', 'A.b-c_1', 'x'.repeat(512)].map(collectionNameProblem)).toEqual([null, null, null])
  })

  test('A configuration is read in each of its forms', () => {
    const hnsw = { ef_construction: 50, max_neighbors: 8, space: 'ip', resize_factor: 1.2 }
    const known = { type: 'known', name: 'default', config: {} }
    const config = { hnsw, embedding_function: known }
    const schema = JSON.stringify({ keys: { '#embedding': { float_list: { vector_index: { config } } } } })
    const expected = { hnsw: { space: 'cosine', ef_construction: 50, max_neighbors: 8, resize_factor: 1.2 } }
    for (const settings of [
      { configuration: '{}', schema },
      { configuration: JSON.stringify({ vector_index: { hnsw }, embedding_function: known }), schema: null },
      { configuration: JSON.stringify({ hnsw, spann: null, embedding_function: known }), schema: null },
    ]) {
      expect(JSON.parse(sameConfiguration(settings, 'cosine', true))).toEqual({ ...expected, embedding_function: known })
      expect(JSON.parse(sameConfiguration(settings, 'cosine', false))).toEqual(expected)
    }
    expect(JSON.parse(sameConfiguration({ configuration: 'torn {', schema: null }, 'l2', true))).toEqual({ hnsw: { space: 'l2' } })
    expect(JSON.parse(newConfiguration({ space: 'l2', efConstruction: null, efSearch: 40, maxNeighbors: null }))).toEqual({
      hnsw: { space: 'l2', ef_search: 40 },
    })
  })
})
