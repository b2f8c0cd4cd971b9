import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { storedOrder } from '../../../shared/contract/records.ts'
import { recogniseProfile } from '../../../shared/domain/profiles/recognise.ts'
import type { ProfileMapping, ProfileMatch } from '../../../shared/domain/profiles/profile.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import { collectionKey, withEntry, type AppSettings } from '../../platform/app-settings.ts'
import { Kept } from '../../store/kept.ts'
import type { OpenStores } from '../../store/open-stores.ts'
import type { Store } from '../../store/store.ts'

const samples = 4
const recordsPerSample = 50

/** Records from the start, the end and between: the oldest ones may have been written by an older producer. */
async function sampleRecords(store: Store, collectionId: string, signal: AbortSignal): Promise<StoredRecord[]> {
  const view = { collectionId, filter: noFilter, sort: storedOrder }
  const first = await store.page(view, 0, recordsPerSample, { signal })
  const found = new Map(first.records.map((record) => [record.id, record]))
  if (first.total <= recordsPerSample) return first.records
  const last = first.total - recordsPerSample
  for (let sample = 1; sample < samples; sample += 1) {
    const { records } = await store.page(view, Math.round((last * sample) / (samples - 1)), recordsPerSample, { signal })
    for (const record of records) found.set(record.id, record)
  }
  return [...found.values()]
}

async function recognise(store: Store, collectionId: string, signal: AbortSignal): Promise<ProfileMatch> {
  const [detail, keys, records] = await Promise.all([
    store.detail(collectionId, { signal }),
    store.keys(collectionId, { signal }),
    sampleRecords(store, collectionId, signal),
  ])
  return recogniseProfile({ name: detail.summary.name, metadata: detail.metadata, count: detail.summary.count, keys }, records)
}

/** Recognises how a producer laid out its records, unless the person has said so. */
export class Profiles {
  readonly #stores: OpenStores
  readonly #settings: AppSettings
  readonly #matches = new Kept<ProfileMatch>({ most: 32 })

  constructor(stores: OpenStores, settings: AppSettings) {
    this.#stores = stores
    this.#settings = settings
  }

  async get(ref: CollectionRef, signal: AbortSignal): Promise<{ match: ProfileMatch; mapping: ProfileMapping; corrected: boolean }> {
    const store = await this.#stores.get(ref.connectionId, signal)
    const key = `${collectionKey(ref)}/${await store.snapshot()}`
    const match = await this.#matches.get(key, signal, () => recognise(store, ref.collectionId, signal))
    const settings = await this.#settings.read()
    const own = settings.profileMappings[collectionKey(ref)]
    return { match, mapping: own ?? match.mapping, corrected: own !== undefined }
  }

  async set(ref: CollectionRef, mapping: ProfileMapping | null): Promise<void> {
    await this.#settings.update((current) => ({
      ...current,
      profileMappings: withEntry(current.profileMappings, collectionKey(ref), mapping),
    }))
  }
}
