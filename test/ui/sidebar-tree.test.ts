import { expect, test } from 'vitest'
import { treeRows, type TreeStore } from '../../renderer/features/collections/sidebar/tree.ts'
import type { CollectionSummary } from '../../shared/contract/collections.ts'
import type { Connection } from '../../shared/contract/connections.ts'

const connection: Connection = {
  id: 'c1',
  kind: 'directory',
  title: 'my-app/chroma',
  location: '/home/me/my-app/chroma',
  isSample: false,
  server: null,
  isOpen: true,
  pinned: false,
  lastOpenedAt: 0,
  holds: null,
}

function collection(name: string, tenant = 'default_tenant', database = 'default_database'): CollectionSummary {
  return { id: name, name, tenant, database, count: 1, dimension: 3, space: 'l2', bytes: null, problem: null }
}

function store(...collections: CollectionSummary[]): TreeStore {
  const tenants = [...new Set(collections.map((item) => item.tenant))].map((tenant) => {
    const own = collections.filter((item) => item.tenant === tenant)
    const databases = [...new Set(own.map((item) => item.database))]
    return {
      name: tenant,
      databases: databases.map((name) => ({ id: name, name, collections: own.filter((item) => item.database === name) })),
    }
  })
  return { connection, catalog: { tenants }, error: null, problems: 0 }
}

const all = { search: '', folded: new Set<string>() }

function outline(rows: ReturnType<typeof treeRows>): string[] {
  return rows.map((row) => `${row.level} ${row.kind} ${'collection' in row ? row.collection.name : 'name' in row ? row.name : ''}`.trim())
}

test('tenant and database are left out where only the default ones exist', () => {
  expect(outline(treeRows([store(collection('cache'), collection('facts'))], all))).toEqual([
    '1 connection',
    '2 collection cache',
    '2 collection facts',
    '2 history',
  ])
})

test('tenant and database are shown as soon as one of them has a name of its own', () => {
  const rows = treeRows([store(collection('cache'), collection('fruit', 'acme', 'shop'))], all)
  expect(outline(rows)).toEqual([
    '1 connection',
    '2 tenant default_tenant',
    '3 database default_database',
    '4 collection cache',
    '2 tenant acme',
    '3 database shop',
    '4 collection fruit',
    '2 history',
  ])
})

test('a search ignores case and folding, and leaves out what holds no match', () => {
  const rows = treeRows([store(collection('Query_Cache'), collection('fruit', 'acme', 'shop'))], { search: 'FRU', folded: new Set(['c1']) })
  expect(outline(rows)).toEqual(['1 connection', '2 tenant acme', '3 database shop', '4 collection fruit'])
})

test('a folded line hides what is below it, and each line knows its place among its siblings', () => {
  expect(outline(treeRows([store(collection('cache'))], { search: '', folded: new Set(['c1']) }))).toEqual(['1 connection'])
  const rows = treeRows([store(collection('a'), collection('b'))], all)
  expect(rows.slice(1).map((row) => [row.position, row.siblings])).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ])
})

test('a store that is loading, empty, broken or without a match says so in one line', () => {
  expect(outline(treeRows([{ connection, catalog: undefined, error: null, problems: 0 }], all))).toEqual(['1 connection', '2 loading'])
  expect(outline(treeRows([{ connection, catalog: { tenants: [] }, error: null, problems: 0 }], all))).toEqual([
    '1 connection',
    '2 empty',
    '2 history',
  ])
  expect(outline(treeRows([{ connection, catalog: undefined, error: 'Broken.', problems: 0 }], all))).toEqual(['1 connection', '2 error'])
  expect(outline(treeRows([store(collection('a'))], { ...all, search: 'z' }))).toEqual(['1 connection', '2 no-match'])
})
