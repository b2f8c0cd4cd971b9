import { storedOrder } from '../../shared/contract/records.ts'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { encode } from '../../shared/rpc/codec.ts'
import type { RunningApp } from './app.ts'

/** Every record of a small collection with its vector, as texts by id: equal where not one bit differs. */
export async function storeContents(app: RunningApp, collection: CollectionRef): Promise<Map<string, string>> {
  const view = { ...collection, filter: noFilter, sort: storedOrder }
  const { records } = await app.call('records.page', { view, offset: 0, limit: 1000 })
  const contents = new Map<string, string>()
  for (const record of records) {
    const { vector } = await app.call('records.vector', { ...collection, id: record.id })
    const metadata = [...(record.metadata ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1))
    contents.set(record.id, encode({ ...record, metadata, vector: vector?.values ?? null }))
  }
  return new Map([...contents].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
