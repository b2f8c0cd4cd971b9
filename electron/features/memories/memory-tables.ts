import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { maxPageSize, maxSelectedIds, storedOrder } from '../../../shared/contract/records.ts'
import { MemoryColumnsBuilder, type MemoryColumns } from '../../../shared/domain/memory/memory-columns.ts'
import { memoryRowOf, userNameField } from '../../../shared/domain/memory/memory-row.ts'
import { makeTimeline, type MemoryTimeline, type TimelineUser } from '../../../shared/domain/memory/memory-timeline.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import { isUnfiltered, noFilter, type Filter } from '../../../shared/domain/where.ts'
import { encode } from '../../../shared/rpc/codec.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { collectionKey } from '../../platform/app-settings.ts'
import { Kept } from '../../store/kept.ts'
import type { Store, StoreOptions } from '../../store/store.ts'

const numbers = new Intl.NumberFormat('en')

/** All that a filter leaves of a collection, as memory: who, when, in which session. */
export interface MemoryTable {
  readonly columns: MemoryColumns
  readonly timeline: MemoryTimeline
  /** By place in the columns' `userNames`; -1 for what names no user. */
  readonly users: ReadonlyMap<number, TimelineUser>
}

interface WholeTable extends MemoryTable {
  /** Rows by their ids. */
  readonly rowOf: ReadonlyMap<string, number>
}

function tableOf(columns: MemoryColumns, chosen: Int32Array | null): MemoryTable {
  const timeline = makeTimeline(columns, chosen)
  return { columns, timeline, users: new Map(timeline.users.map((user) => [user.user, user])) }
}

async function readColumns(store: Store, collectionId: string, mapping: ProfileMapping, options: StoreOptions): Promise<MemoryColumns> {
  const keys = await store.keys(collectionId, options)
  const nameField = userNameField(
    mapping,
    keys.map(({ key }) => key),
  )
  const view = { collectionId, filter: noFilter, sort: storedOrder }
  const builder = new MemoryColumnsBuilder()
  for (let [offset, total] = [0, Infinity]; offset < total;) {
    const page = await store.page(view, offset, maxPageSize, options)
    total = page.total
    if (total > maxSelectedIds) {
      throw new AppError(
        'unsupported',
        `A timeline is made of at most ${numbers.format(maxSelectedIds)} records, and this collection has ${numbers.format(total)}.`,
        'Filter the records in Records instead.',
      )
    }
    for (const record of page.records) builder.add(memoryRowOf(mapping, nameField, record))
    offset += page.records.length
    options.onProgress?.('Reading who said what when', offset, total)
    if (page.records.length === 0) break
  }
  return builder.finish()
}

/** Tables of the collections that were looked at lately; made again where the store or the profile changed. Texts are not kept. */
export class MemoryTables {
  readonly #whole = new Kept<WholeTable>({ most: 4 })
  readonly #filtered = new Kept<MemoryTable>({ most: 6 })

  /** @throws AppError 'unsupported' for more than a million records, and whatever the store throws */
  async get(store: Store, ref: CollectionRef, mapping: ProfileMapping, filter: Filter, options: StoreOptions): Promise<MemoryTable> {
    const key = [collectionKey(ref), await store.snapshot(), encode(mapping)].join('\n')
    const whole = await this.#whole.get(key, options.signal, async () => {
      const columns = await readColumns(store, ref.collectionId, mapping, options)
      return { ...tableOf(columns, null), rowOf: new Map(columns.ids.map((id, row) => [id, row])) }
    })
    if (isUnfiltered(filter)) return whole
    return this.#filtered.get(`${key}\n${encode(filter)}`, options.signal, async () => {
      const view = { collectionId: ref.collectionId, filter, sort: storedOrder }
      const ids = await store.idsAt(view, [{ from: 0, to: maxSelectedIds }], options)
      // A store that is changed meanwhile can name ids that were not there before.
      return tableOf(whole.columns, Int32Array.from(ids.flatMap((id) => whole.rowOf.get(id) ?? [])))
    })
  }
}
