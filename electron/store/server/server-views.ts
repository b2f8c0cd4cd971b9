import type { MetadataScalar, MetadataValue } from '../../../shared/domain/metadata.ts'
import { isInPeriod } from '../../../shared/domain/period.ts'
import { compareText, metadataComparator } from '../../../shared/domain/sort.ts'
import { matchesWhere, validateWhere, validateWhereDocument } from '../../../shared/domain/where-evaluate.ts'
import { printWhere, printWhereDocument } from '../../../shared/domain/where-json.ts'
import { isUnfiltered, type Filter, type Where } from '../../../shared/domain/where.ts'
import { Kept } from '../kept.ts'
import type { SetReader, StoreOptions, StoreView } from '../store.ts'
import type { ServerCollection } from './server-catalog.ts'
import type { Scan, ServerRecords } from './server-records.ts'

const keptViews = 12
const keptScans = 4

/** Ids of a view in its order, with their places. */
export interface ViewOrder {
  readonly ids: readonly string[]
  placeOf(id: string): number | null
}

function orderOf(ids: readonly string[]): ViewOrder {
  let places: Map<string, number> | null = null
  return {
    ids,
    placeOf: (id) => {
      places ??= new Map(ids.map((each, index) => [each, index]))
      return places.get(id) ?? null
    },
  }
}

function isFraction(value: MetadataScalar): boolean {
  return typeof value === 'number' && !Number.isInteger(value)
}

/** Chroma cuts a fraction to an integer where the stored value is one, so such a filter is not left to it. */
export function needsOwnEvaluation(where: Where): boolean {
  switch (where.kind) {
    case 'and':
    case 'or':
      return where.clauses.some(needsOwnEvaluation)
    case 'in':
      return where.values.some(isFraction)
    case 'compare':
      return isFraction(where.value)
    case 'contains':
      return false
  }
}

function needsDocuments(where: Where): boolean {
  if (where.kind === 'and' || where.kind === 'or') return where.clauses.some(needsDocuments)
  return where.key === 'chroma:document' || where.key === '#document'
}

/** Works out which records of a server's collection a view shows and in what order, and remembers it. */
export class ServerViews {
  readonly #records: ServerRecords
  readonly #setIds: SetReader
  readonly #orders = new Kept<ViewOrder>({ most: keptViews })
  readonly #scans = new Kept<Scan>({ most: keptScans })

  constructor(records: ServerRecords, setIds: SetReader) {
    this.#records = records
    this.#setIds = setIds
  }

  forget(): void {
    this.#orders.clear()
    this.#scans.clear()
  }

  hasScan(collection: ServerCollection): boolean {
    return this.#scans.has(collection.id)
  }

  /** All ids and metadata of a collection, read once. */
  scan(collection: ServerCollection, options: StoreOptions): Promise<Scan> {
    return this.#scans.get(collection.id, options.signal, () => this.#records.scan(collection, options))
  }

  /** @throws AppError 'invalid-input' for a filter that Chroma would refuse */
  order(collection: ServerCollection, view: StoreView, options: StoreOptions): Promise<ViewOrder> {
    const { where, whereDocument, find, periods, set } = view.filter
    const key = [
      collection.id,
      printWhere(where, 'compact'),
      printWhereDocument(whereDocument, 'compact'),
      JSON.stringify([find, periods, set, view.sort]),
    ].join('\n')
    return this.#orders.get(key, options.signal, () => this.#work(collection, view, options))
  }

  async #work(collection: ServerCollection, view: StoreView, options: StoreOptions): Promise<ViewOrder> {
    validateWhere(view.filter.where)
    validateWhereDocument(view.filter.whereDocument)
    const { by, direction } = view.sort
    if (by.kind === 'stored') {
      const ids = await this.#filtered(collection, view.filter, options)
      return orderOf(direction === 'ascending' ? ids : ids.toReversed())
    }
    const stored = await this.order(collection, { ...view, sort: { by: { kind: 'stored' }, direction: 'ascending' } }, options)
    if (by.kind === 'id') {
      const sign = direction === 'ascending' ? 1 : -1
      return orderOf(stored.ids.toSorted((a, b) => sign * compareText(a, b)))
    }
    const values = new Map<string, MetadataValue>()
    if (by.kind === 'document') {
      await this.#records.documents(collection, options, (id, document) => void (document !== null && values.set(id, document)))
    } else {
      const { ids, metadatas } = await this.scan(collection, options)
      for (const [index, id] of ids.entries()) {
        const value = metadatas[index]?.get(by.key)
        if (value !== undefined) values.set(id, value)
      }
    }
    const compare = metadataComparator(direction)
    return orderOf(stored.ids.toSorted((a, b) => compare(values.get(a), values.get(b))))
  }

  async #filtered(collection: ServerCollection, filter: Filter, options: StoreOptions): Promise<readonly string[]> {
    if (isUnfiltered(filter)) return (await this.scan(collection, options)).ids
    const { where, whereDocument, find, periods, set } = filter
    if (set !== null) {
      const ofSet = new Set(await this.#setIds(collection.id, set))
      return (await this.#filtered(collection, { ...filter, set: null }, options)).filter((id) => ofSet.has(id))
    }
    if (periods.length > 0) {
      const others = { ...filter, periods: [] }
      const allowed = isUnfiltered(others) ? null : new Set(await this.#filtered(collection, others, options))
      const { ids, metadatas } = await this.scan(collection, options)
      return ids.filter(
        (id, index) =>
          (allowed?.has(id) ?? true) && periods.every((period) => isInPeriod(period, metadatas[index]?.get(period.key) ?? undefined)),
      )
    }
    if (find !== '') {
      const others = { ...filter, find: '' }
      const allowed = isUnfiltered(others) ? null : new Set(await this.#filtered(collection, others, options))
      return this.#finding(collection, find, allowed, options)
    }
    const own = where !== null && needsOwnEvaluation(where) ? where : null
    const server = {
      where: where === null || own ? null : printWhere(where, 'compact'),
      whereDocument: whereDocument === null ? null : printWhereDocument(whereDocument, 'compact'),
    }
    const onServer = server.where !== null || server.whereDocument !== null
    const ids = onServer ? await this.#records.matchingIds(collection, server, options) : null
    if (own === null) return ids ?? []
    const allowed = ids === null ? null : new Set(ids)
    return this.#matching(collection, own, allowed, options)
  }

  async #matching(
    collection: ServerCollection,
    where: Where,
    allowed: ReadonlySet<string> | null,
    options: StoreOptions,
  ): Promise<string[]> {
    const scan = await this.scan(collection, options)
    const documents = new Map<string, string | null>()
    if (needsDocuments(where)) await this.#records.documents(collection, options, (id, document) => void documents.set(id, document))
    return scan.ids.filter(
      (id, index) => (allowed?.has(id) ?? true) && matchesWhere(where, scan.metadatas[index] ?? null, documents.get(id) ?? null),
    )
  }

  async #finding(
    collection: ServerCollection,
    find: string,
    allowed: ReadonlySet<string> | null,
    options: StoreOptions,
  ): Promise<string[]> {
    const needle = find.toLowerCase()
    const found: string[] = []
    await this.#records.documents(collection, options, (id, document) => {
      if (!(allowed?.has(id) ?? true)) return
      if (id.toLowerCase().includes(needle) || (document?.toLowerCase().includes(needle) ?? false)) found.push(id)
    })
    return found
  }
}

/** Whether pages of a view are simply pages of the stored order. */
export function isStoredOrder(view: StoreView): boolean {
  return view.sort.by.kind === 'stored' && isUnfiltered(view.filter)
}
