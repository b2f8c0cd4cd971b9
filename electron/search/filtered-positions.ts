import { storedOrder } from '../../shared/contract/records.ts'
import { isUnfiltered, type Filter } from '../../shared/domain/where.ts'
import { encode } from '../../shared/rpc/codec.ts'
import { Kept } from '../store/kept.ts'
import type { Store, StoreOptions } from '../store/store.ts'
import type { VectorBlock } from './vector-block.ts'

export interface Positions {
  /** Places in the block, ascending; null for all of them. */
  readonly places: Int32Array<SharedArrayBuffer> | null
  /** Records that the filter leaves and that have a vector. */
  readonly count: number
  /** Those that have none. */
  readonly withoutVector: number
}

/** Places as workers take them: ascending, in memory that they share. */
export function sharedPlaces(places: readonly number[]): Int32Array<SharedArrayBuffer> {
  const shared = new Int32Array(new SharedArrayBuffer(places.length * 4))
  shared.set(places)
  return shared.sort()
}

/** Which vectors of a block belong to the records that a filter leaves. The store itself says which records those are. */
export class FilteredPositions {
  readonly #kept = new Kept<Positions>({ most: 24 })

  /** @throws AppError 'invalid-input' for a filter that Chroma would refuse, and whatever the store throws */
  get(store: Store, collectionId: string, block: VectorBlock, filter: Filter, options: StoreOptions): Promise<Positions> {
    if (isUnfiltered(filter)) {
      return Promise.resolve({ places: null, count: block.ids.length, withoutVector: block.missing.length })
    }
    return this.#kept.get(`${block.key} ${encode(filter)}`, options.signal, async () => {
      const all = [{ from: 0, to: Number.MAX_SAFE_INTEGER }]
      const ids = await store.idsAt({ collectionId, filter, sort: storedOrder }, all, options)
      const places = ids.map((id) => block.positionOf(id)).filter((place) => place !== null)
      return { places: sharedPlaces(places), count: places.length, withoutVector: ids.length - places.length }
    })
  }
}
