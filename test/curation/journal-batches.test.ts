import { serialize } from 'node:v8'
import { expect, test } from 'vitest'
import type { RecordChange, RecordState } from '../../electron/curation/change.ts'
import { packChanges, unpackChanges } from '../../electron/curation/journal-batches.ts'
import { headerSchema } from '../../electron/curation/journal-payloads.ts'

const state = (part: Partial<RecordState> = {}): RecordState => ({
  id: 'a',
  document: 'text',
  metadata: new Map<string, string | bigint | number | boolean | string[]>([
    ['__proto__', 'x'],
    ['n', 2n ** 63n - 1n],
    ['float', 3],
    ['minus zero', -0],
    ['list', ['a', 'b']],
  ]),
  uri: null,
  vector: Float32Array.of(1, -0, 0.1),
  ...part,
})
const changes: RecordChange[] = [
  { id: 'a', before: state(), after: state({ document: null, vector: Float32Array.of(2, 3, 4) }) },
  { id: 'a', before: null, after: state({ metadata: null, uri: 'file:///a' }) },
  { id: 'a', before: state({ vector: null }), after: null },
  { id: 'a', before: state({ metadata: new Map() }), after: state({ metadata: new Map([['n', 1]]), vector: null }) },
  { id: 'a', before: state(), after: state({ uri: 'file:///b' }) },
]

test('a batch of a journal is read as it was written', () => {
  expect(unpackChanges(packChanges(changes))).toStrictEqual(changes)
  expect(unpackChanges(packChanges([]))).toEqual([])
})

test('a vector that does not change is kept once', () => {
  const vector = new Float32Array(10_000).fill(0.5)
  const before = state({ vector })
  const once = packChanges([{ id: 'a', before, after: { ...before, document: 'other', vector: vector.slice() } }])
  expect(once.length).toBeLessThan(41_000)
  expect(packChanges([{ id: 'a', before, after: { ...before, vector: vector.map((value) => value + 1) } }]).length).toBeGreaterThan(80_000)
})

test('journals of version 1 and their batches can still be read', () => {
  const names = { id: 'c', connectionId: 'k', kind: 'edit', title: 'A change', writer: 'engine', at: 1 }
  const header = { ...names, rule: null, collectionId: null, collectionName: null, undoes: null }
  expect([1, 2, 3].map((version) => headerSchema.safeParse({ ...header, version }).success)).toEqual([true, true, false])
  const packed = { document: 'text', metadata: new Map([['n', 1n]]), uri: null, vector: [0, 2] }
  const payload = serialize({
    changes: [
      { id: 'a', before: packed, after: { document: 'other', metadata: null, uri: null, vector: null }, differs: ['document'] },
      { id: 'b', before: null, after: { ...packed, vector: [2, 1] }, differs: [] },
    ],
    numbers: Float32Array.of(1, 2, 3),
  })
  const kept = { document: 'text', metadata: new Map([['n', 1n]]), uri: null }
  expect(unpackChanges(payload)).toEqual([
    {
      id: 'a',
      before: { ...kept, id: 'a', vector: Float32Array.of(1, 2) },
      after: { ...kept, id: 'a', document: 'other', vector: Float32Array.of(1, 2) },
    },
    { id: 'b', before: null, after: { ...kept, id: 'b', vector: Float32Array.of(3) } },
  ])
})

test('a batch whose columns do not belong together is damaged', () => {
  const columns = { ids: ['a'], bits: Uint8Array.of(1), documents: [], uris: [null], sizes: Int32Array.of(-1), keys: [] }
  const rest = { keyOf: new Uint32Array(0), values: [], lengths: Int32Array.of(-1), numbers: new Float32Array(0) }
  expect(() => unpackChanges(serialize({ ...columns, ...rest }))).toThrow(/cannot be read/)
  expect(unpackChanges(serialize({ ...columns, documents: [null], ...rest }))).toHaveLength(1)
  expect(() => unpackChanges(serialize({ ...columns, documents: [null], ...rest, lengths: Int32Array.of(4) }))).toThrow(/cannot be read/)
  expect(() => unpackChanges(serialize({ ...columns, documents: [null], ...rest, sizes: Int32Array.of(1) }))).toThrow(/cannot be read/)
})
