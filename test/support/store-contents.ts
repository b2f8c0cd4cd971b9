import { rm } from 'node:fs/promises'
import type { RecordState } from '../../electron/curation/change.ts'
import { openDirectoryStore } from '../../electron/store/directory/directory-store.ts'
import { maxPageSize, storedOrder } from '../../shared/contract/records.ts'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { encode } from '../../shared/rpc/codec.ts'
import type { RunningApp } from './app.ts'
import { temporaryFolder } from './fixtures.ts'

/**
 * Every record of a collection of at most 2,000 with its vector, as texts by id: equal where not one bit differs.
 * @param vectorsOf ids of the records whose vectors are compared; all where absent
 */
export async function storeContents(
  app: RunningApp,
  collection: CollectionRef,
  vectorsOf: ReadonlySet<string> | null = null,
): Promise<Map<string, string>> {
  const view = { ...collection, filter: noFilter, sort: storedOrder }
  const pages = await Promise.all([0, 1000].map((offset) => app.call('records.page', { view, offset, limit: 1000 })))
  const texts = pages.flatMap(({ records }) =>
    records.map(async (record): Promise<[string, string]> => {
      const isCompared = vectorsOf === null || vectorsOf.has(record.id)
      const { vector } = isCompared ? await app.call('records.vector', { ...collection, id: record.id }) : { vector: null }
      const metadata = [...(record.metadata ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1))
      return [record.id, encode({ ...record, metadata, vector: vector?.values ?? null })]
    }),
  )
  return new Map((await Promise.all(texts)).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Every record of a collection of at most 1,000 with its vector. A server of a cosine collection answers vectors rounded. */
export async function storeStates(app: Pick<RunningApp, 'call'>, collection: CollectionRef): Promise<Map<string, RecordState>> {
  const view = { ...collection, filter: noFilter, sort: storedOrder }
  const states = new Map<string, RecordState>()
  for (const record of (await app.call('records.page', { view, offset: 0, limit: maxPageSize })).records) {
    const { vector } = await app.call('records.vector', { ...collection, id: record.id })
    states.set(record.id, { ...record, vector: vector?.values ?? null })
  }
  return states
}

/** Every record of a collection with its vector, read from the files by the own reader. */
export async function directoryStates(directory: string, collectionId: string): Promise<Map<string, RecordState>> {
  const scratch = await temporaryFolder('contents')
  const store = await openDirectoryStore({ directory, scratch })
  try {
    const { ids, dimension, data } = await store.vectors(collectionId, null)
    const vectors = new Map(ids.map((id, row) => [id, data.slice(row * dimension, (row + 1) * dimension)]))
    const states = new Map<string, RecordState>()
    for (let total = 1; states.size < total;) {
      const page = await store.page({ collectionId, filter: noFilter, sort: storedOrder }, states.size, maxPageSize)
      total = page.total
      if (page.records.length === 0) break
      for (const record of page.records) states.set(record.id, { ...record, vector: vectors.get(record.id) ?? null })
    }
    return states
  } finally {
    await store.close()
    await rm(scratch, { recursive: true, force: true })
  }
}

/** The records of {@link directoryStates} as texts by id: equal where not one bit differs, by id in order. */
export async function directoryContents(directory: string, collectionId: string): Promise<Map<string, string>> {
  const states = [...(await directoryStates(directory, collectionId))].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return new Map(
    states.map(([id, state]) => {
      const metadata = [...(state.metadata ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1))
      return [id, encode({ ...state, metadata })]
    }),
  )
}
