import { maxPageSize, storedOrder } from '../../../shared/contract/records.ts'
import { lookupEntryOf } from '../../../shared/domain/lookup-entry.ts'
import type { MetadataValue } from '../../../shared/domain/metadata.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import { readRole } from '../../../shared/domain/profiles/read-role.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import type { OpenMap } from '../../projection/open-map.ts'
import type { StoreOptions } from '../../store/store.ts'

type Column = (MetadataValue | null)[]

/** What a map can be coloured by, one value for each point. */
export interface RecordColumns {
  readonly metadata: ReadonlyMap<string, Column>
  readonly namespace: Column
  /** Milliseconds since 1970; NaN where a record never expires, or does not say when it was made. */
  readonly expiresAt: Float64Array<ArrayBuffer>
  readonly createdAt: Float64Array<ArrayBuffer>
  readonly hitCount: Float64Array<ArrayBuffer>
}

/** Reads all records of a map once. Equal texts are kept once. */
export async function readColumns(map: OpenMap, mapping: ProfileMapping, options: StoreOptions): Promise<RecordColumns> {
  const ids = await map.points()
  const rowOf = new Map(ids.map((id, row) => [id, row]))
  const texts = new Map<string, string>()
  const shared = <Value>(value: Value): Value => {
    if (typeof value !== 'string') return value
    const known = texts.get(value)
    if (known === undefined) texts.set(value, value)
    return (known ?? value) as Value
  }
  const empty = (): Column => Array.from({ length: ids.length }, () => null)
  const metadata = new Map<string, Column>()
  const namespace = empty()
  const numbers = (): Float64Array<ArrayBuffer> => new Float64Array(ids.length).fill(Number.NaN)
  const [expiresAt, createdAt, hitCount] = [numbers(), numbers(), numbers()]
  const view = { collectionId: map.ref.collectionId, filter: noFilter, sort: storedOrder }
  for (let [offset, total] = [0, Infinity]; offset < total;) {
    const page = await map.store.page(view, offset, maxPageSize, options)
    total = page.total
    offset += page.records.length
    if (page.records.length === 0) break
    for (const record of page.records) {
      const row = rowOf.get(record.id)
      if (row === undefined) continue
      for (const [key, value] of record.metadata ?? []) {
        const column = metadata.get(key) ?? empty()
        metadata.set(key, column)
        column[row] = shared(value)
      }
      const entry = lookupEntryOf(mapping, record)
      namespace[row] = shared(entry.namespace)
      expiresAt[row] = entry.expiresAt ?? Number.NaN
      createdAt[row] = entry.createdAt ?? Number.NaN
      const hits = readRole(mapping, 'hitCount', record)
      hitCount[row] = typeof hits === 'bigint' || typeof hits === 'number' ? Number(hits) : Number.NaN
    }
  }
  return { metadata, namespace, expiresAt, createdAt, hitCount }
}
