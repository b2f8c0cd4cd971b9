import { encode } from '../../shared/rpc/codec.ts'
import { maxPageSize, storedOrder } from '../../shared/contract/records.ts'
import { type LookupEntry, lookupEntryOf } from '../../shared/domain/lookup-entry.ts'
import { indexTexts } from '../../shared/domain/lookup.ts'
import type { Normalisation } from '../../shared/domain/lookup-normalise.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import { Kept } from '../store/kept.ts'
import type { Store, StoreOptions } from '../store/store.ts'
import type { VectorBlock } from './vector-block.ts'

const mostEntries = 1_000_000
const mostNamespaces = 1000
const numbers = new Intl.NumberFormat('en')

/** All records of a collection as entries of a cache, in stored order. */
export class EntryTable {
  readonly ids: readonly string[]
  readonly entries: readonly LookupEntry[]
  readonly #texts = new Map<string, Map<string, number[]>>()
  #places: { block: VectorBlock; places: Int32Array } | null = null
  #namespaces: { namespace: string; entries: number }[] | null = null

  constructor(ids: readonly string[], entries: readonly LookupEntry[]) {
    this.ids = ids
    this.entries = entries
  }

  /** Positions of the entries with this normalised text, ascending. */
  withText(text: string, normalise: Normalisation): readonly number[] {
    const key = JSON.stringify(normalise)
    let index = this.#texts.get(key)
    if (!index) {
      this.#texts.clear()
      index = indexTexts(this.entries, normalise)
      this.#texts.set(key, index)
    }
    return index.get(text) ?? []
  }

  /** Most entries first, at most 1,000. */
  namespaces(): { namespace: string; entries: number }[] {
    if (this.#namespaces) return this.#namespaces
    const counts = new Map<string, number>()
    for (const { namespace } of this.entries) if (namespace !== null) counts.set(namespace, (counts.get(namespace) ?? 0) + 1)
    this.#namespaces = [...counts].map(([namespace, entries]) => ({ namespace, entries })).toSorted((a, b) => b.entries - a.entries)
    this.#namespaces.splice(mostNamespaces)
    return this.#namespaces
  }

  /** Values of a block's vectors, by the positions of this table; NaN for entries without a vector. */
  align(block: VectorBlock, values: Float64Array): Float64Array {
    if (this.#places?.block !== block) {
      this.#places = { block, places: Int32Array.from(this.ids, (id) => block.positionOf(id) ?? -1) }
    }
    return Float64Array.from(this.#places.places, (place) => (place === -1 ? Number.NaN : (values[place] ?? Number.NaN)))
  }
}

async function readTable(store: Store, collectionId: string, mapping: ProfileMapping, options: StoreOptions): Promise<EntryTable> {
  const view = { collectionId, filter: noFilter, sort: storedOrder }
  const ids: string[] = []
  const entries: LookupEntry[] = []
  for (let total = Infinity; ids.length < total;) {
    const page = await store.page(view, ids.length, maxPageSize, options)
    total = page.total
    if (total > mostEntries) {
      throw new AppError(
        'unsupported',
        `A lookup reads all entries, and ${numbers.format(total)} are more than the ${numbers.format(mostEntries)} it keeps in memory.`,
        'Search the collection instead.',
      )
    }
    for (const record of page.records) {
      ids.push(record.id)
      entries.push(lookupEntryOf(mapping, record))
    }
    options.onProgress?.('Reading entries', ids.length, total)
    if (page.records.length === 0) break
  }
  return new EntryTable(ids, entries)
}

/** Tables of the collections that were looked up in lately; read again where the store or the profile changed. */
export class EntryTables {
  readonly #kept = new Kept<EntryTable>({ most: 4 })
  readonly #stores = new WeakMap<Store, number>()
  #lastStore = 0

  /** @throws AppError 'unsupported' for more than a million entries, and whatever the store throws */
  async get(store: Store, collectionId: string, mapping: ProfileMapping, options: StoreOptions): Promise<EntryTable> {
    let number = this.#stores.get(store)
    if (number === undefined) {
      this.#lastStore += 1
      number = this.#lastStore
      this.#stores.set(store, number)
    }
    const key = [number, collectionId, await store.snapshot(), encode(mapping)].join('\n')
    return this.#kept.get(key, options.signal, () => readTable(store, collectionId, mapping, options))
  }
}
