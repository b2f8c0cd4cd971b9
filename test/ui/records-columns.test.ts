import { expect, test } from 'vitest'
import type { MetadataKey } from '../../shared/contract/collections.ts'
import type { MetadataType } from '../../shared/domain/metadata.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { chooseColumns } from '../../renderer/features/records/columns/choose-columns.ts'
import { availableColumns } from '../../renderer/features/records/columns/column.ts'
import { fillWidth, moveColumn, nudgeColumn, placeColumns, resizeColumn } from '../../renderer/features/records/columns/layout.ts'

function key(name: string, type: MetadataType, count: number, distinct: number, longest = 20): MetadataKey {
  return { key: name, types: [{ type, count }], count, distinct, longest }
}

const none: ProfileMapping = { kind: 'unknown', fields: {} }
const cache: ProfileMapping = {
  kind: 'cache',
  fields: {
    query: { from: 'document' },
    response: { from: 'metadata', key: 'answer', path: null },
    createdAt: { from: 'metadata', key: 'created_at', path: null },
    model: { from: 'metadata', key: 'blob', path: 'model.name' },
  },
}

function chosen(keys: readonly MetadataKey[], mapping: ProfileMapping, total: number): string[] {
  return chooseColumns(availableColumns(keys, mapping), keys, mapping, total).columns.map(({ id }) => id)
}

test('a collection without a profile starts with id, document and its keys by coverage', () => {
  expect(chosen([key('b', 'string', 50, 5), key('a', 'integer', 100, 5)], none, 100)).toEqual(['id', 'document', 'key:a', 'key:b'])
})

test('what the profile names comes first, once, and takes the place of the field it is read from', () => {
  const keys = [
    key('answer', 'string', 100, 100, 4000),
    key('created_at', 'string', 100, 100),
    key('blob', 'string', 100, 90, 90),
    key('lang', 'string', 90, 3),
  ]
  expect(chosen(keys, cache, 100)).toEqual(['id', 'role:query', 'role:response', 'role:createdAt', 'role:model', 'key:blob', 'key:lang'])
})

test('keys that never differ, that few records have or whose texts are very long are hidden at first', () => {
  const keys = [
    key('constant', 'string', 100, 1),
    key('rare', 'string', 3, 3),
    key('huge', 'string', 100, 100, 9000),
    key('good', 'boolean', 100, 2),
  ]
  expect(chosen(keys, none, 100)).toEqual(['id', 'document', 'key:good'])
})

test('a hundred keys do not become a hundred columns', () => {
  const keys = Array.from({ length: 100 }, (_, index) => key(`k${index}`, 'string', 100, 5))
  expect(chosen(keys, none, 100).length).toBeLessThan(12)
})

test('a column whose value is a part of a text cannot be sorted, all others can', () => {
  const columns = availableColumns([key('blob', 'string', 10, 10)], cache)
  expect(columns.find(({ id }) => id === 'role:model')?.sortBy).toBeNull()
  expect(columns.find(({ id }) => id === 'role:query')?.sortBy).toEqual({ kind: 'document' })
  expect(columns.find(({ id }) => id === 'key:blob')?.sortBy).toEqual({ kind: 'metadata', key: 'blob' })
})

test('a kept layout survives keys that came and went', () => {
  const columns = availableColumns([key('here', 'string', 1, 1)], none)
  expect(
    placeColumns(
      {
        columns: [
          { id: 'key:gone', width: 90 },
          { id: 'key:here', width: 91 },
        ],
      },
      columns,
    ).map(({ id, width }) => [id, width]),
  ).toEqual([['key:here', 91]])
})

test('columns move where they are dropped, by drag and by keys', () => {
  const layout = { columns: ['a', 'b', 'c', 'd'].map((id) => ({ id, width: 100 })) }
  const order = (next: typeof layout) => next.columns.map(({ id }) => id).join('')
  expect(order(moveColumn(layout, 'a', 'c'))).toBe('bcad')
  expect(order(moveColumn(layout, 'd', 'b'))).toBe('adbc')
  expect(order(nudgeColumn(layout, 'b', 1))).toBe('acbd')
  expect(order(nudgeColumn(layout, 'a', -1))).toBe('abcd')
})

test('spare width goes to the texts that are read, and no column shrinks below what can be grabbed', () => {
  const placed = placeColumns(
    {
      columns: [
        { id: 'id', width: 100 },
        { id: 'document', width: 200 },
      ],
    },
    availableColumns([], none),
  )
  expect(fillWidth(placed, 1000).map(({ width }) => width)).toEqual([100, 900])
  expect(fillWidth(placed, 150).map(({ width }) => width)).toEqual([100, 200])
  expect(resizeColumn({ columns: [{ id: 'id', width: 100 }] }, 'id', 3).columns[0]?.width).toBe(56)
})
