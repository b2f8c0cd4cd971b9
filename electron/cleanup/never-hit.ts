import type { CollectionRef } from '../../shared/contract/collections.ts'
import { wholeLog } from '../../shared/contract/lookup-logs.ts'
import { storedOrder } from '../../shared/contract/records.ts'
import { noFilter } from '../../shared/domain/where.ts'
import type { LookupLogs } from '../lookup-logs/lookup-logs.ts'
import type { Store } from '../store/store.ts'

/** Ids of a collection that no lookup of its logs was answered with; null where no log is in memory. */
export async function neverHit(store: Store, ref: CollectionRef, logs: LookupLogs, signal: AbortSignal): Promise<Set<string> | null> {
  const open = (await logs.list(ref)).filter(({ facts }) => facts !== null)
  if (open.length === 0) return null
  const view = { collectionId: ref.collectionId, filter: noFilter, sort: storedOrder }
  const { total } = await store.page(view, 0, 1, { signal })
  let ids = total === 0 ? [] : await store.idsAt(view, [{ from: 0, to: total }], { signal })
  for (const { id } of open) {
    const host = await logs.host(ref, id)
    const question = { type: 'entries', filter: wholeLog, ranking: 'never-hit', ids, offset: 0, limit: ids.length } as const
    const { entries } = await host.ask(question, { signal })
    ids = entries.map(({ entryId }) => entryId)
  }
  return new Set(ids)
}
