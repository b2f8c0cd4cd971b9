import type { Catalog, CollectionSummary } from '../../../../shared/contract/collections.ts'
import type { Connection } from '../../../../shared/contract/connections.ts'
import { hasOnlyDefaults } from '../default-names.ts'

/** One line of the sidebar. `level` starts at 1; `expanded` is null for lines that hold nothing. */
export type TreeRow = { key: string; level: number; expanded: boolean | null; position: number; siblings: number } & (
  | { kind: 'connection'; connection: Connection; problems: number }
  | { kind: 'tenant' | 'database'; name: string }
  | { kind: 'collection'; connectionId: string; collection: CollectionSummary }
  | { kind: 'history' | 'loading' | 'empty' | 'no-match'; connectionId: string }
  | { kind: 'error'; connectionId: string; message: string }
)

export interface TreeStore {
  connection: Connection
  catalog: Catalog | undefined
  error: string | null
  /** Ids of collections that have a finding or a problem. */
  problems: number
}

export interface TreeOptions {
  /** Shows only collections whose name holds this text, whatever its case; '' shows all. */
  search: string
  /** Keys of lines that the person folded. While searching all are unfolded. */
  folded: ReadonlySet<string>
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never
type Unplaced = DistributiveOmit<TreeRow, 'position' | 'siblings'>

interface Node {
  row: Unplaced
  children: Node[]
}

function leaf(row: Unplaced): Node {
  return { row, children: [] }
}

function branch(row: DistributiveOmit<Unplaced, 'expanded'>, children: Node[], options: TreeOptions): Node {
  const expanded = children.length === 0 ? null : options.search !== '' || !options.folded.has(row.key)
  return { row: { ...row, expanded }, children }
}

function catalogNodes(connectionId: string, catalog: Catalog, options: TreeOptions): Node[] {
  const needle = options.search.toLowerCase()
  const places = catalog.tenants.flatMap((tenant) => tenant.databases.map((database) => ({ tenant: tenant.name, database: database.name })))
  const flat = hasOnlyDefaults(places)

  function collectionNodes(collections: readonly CollectionSummary[], level: number): Node[] {
    return collections
      .filter((collection) => needle === '' || collection.name.toLowerCase().includes(needle))
      .map((collection) =>
        leaf({ kind: 'collection', key: `${connectionId}/${collection.id}`, level, expanded: null, connectionId, collection }),
      )
  }

  if (flat) return catalog.tenants.flatMap((tenant) => tenant.databases.flatMap((database) => collectionNodes(database.collections, 2)))
  return catalog.tenants.flatMap((tenant) => {
    const tenantKey = `${connectionId}/tenant/${tenant.name}`
    const databases = tenant.databases.flatMap((database) => {
      const children = collectionNodes(database.collections, 4)
      if (needle !== '' && children.length === 0) return []
      return [branch({ kind: 'database', key: `${tenantKey}/database/${database.name}`, level: 3, name: database.name }, children, options)]
    })
    if (needle !== '' && databases.length === 0) return []
    return [branch({ kind: 'tenant', key: tenantKey, level: 2, name: tenant.name }, databases, options)]
  })
}

function storeNode({ connection, catalog, error, problems }: TreeStore, options: TreeOptions): Node {
  const connectionId = connection.id
  const note = { level: 2, expanded: null, connectionId }
  let children: Node[]
  if (error !== null) children = [leaf({ kind: 'error', key: `${connectionId}/error`, message: error, ...note })]
  else if (!catalog) children = [leaf({ kind: 'loading', key: `${connectionId}/loading`, ...note })]
  else {
    children = catalogNodes(connectionId, catalog, options)
    if (children.length === 0) {
      const kind = options.search === '' ? 'empty' : 'no-match'
      children = [leaf({ kind, key: `${connectionId}/${kind}`, ...note })]
    }
    if (options.search === '') children.push(leaf({ kind: 'history', key: `${connectionId}/history`, ...note }))
  }
  return branch({ kind: 'connection', key: connectionId, level: 1, connection, problems }, children, options)
}

/** The lines of the sidebar from top to bottom, without what is folded. Tenant and database are left out where only the default ones exist. */
export function treeRows(stores: readonly TreeStore[], options: TreeOptions): TreeRow[] {
  const rows: TreeRow[] = []
  function add(nodes: readonly Node[]): void {
    nodes.forEach(({ row, children }, place) => {
      rows.push({ ...row, position: place + 1, siblings: nodes.length })
      if (row.expanded === true) add(children)
    })
  }
  add(stores.map((store) => storeNode(store, options)))
  return rows
}
