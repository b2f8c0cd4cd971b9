import type { Space } from '../../shared/domain/space.ts'
import type { NearestRows } from './protocol.ts'
import type { VectorBlock } from './vector-block.ts'
import { VectorScan } from './vector-scan.ts'

/** Queries in a block that are left to the workers at once after one for which pivots left too many rows. */
const pause = 20

interface Quick {
  readonly scan: VectorScan
  left: number
}

/** Searches on this thread where that takes less than a millisecond, since waking workers and hearing from them takes longer. */
export class QuickSearch {
  readonly #place: number
  readonly #blocks = new WeakMap<VectorBlock, Quick>()

  /** @param place the part of the blocks' scratch room that is this thread's */
  constructor(place: number) {
    this.#place = place
  }

  /** The nearest rows, nearest first; null where workers have to find them. @param query padded to a row of the block */
  nearest(
    block: VectorBlock,
    query: Float64Array,
    ranking: Space,
    limit: number,
    positions: Int32Array<SharedArrayBuffer> | null,
  ): NearestRows | null {
    if (block.layout.pivots === 0) return null
    const quick = this.#blocks.get(block) ?? { scan: new VectorScan(block.memory, block.layout, this.#place), left: 0 }
    this.#blocks.set(block, quick)
    if (quick.left > 0) {
      quick.left -= 1
      return null
    }
    if (!quick.scan.hasPivots) return null
    const found = quick.scan.nearestQuickly(query, ranking, limit, positions)
    if (!found) quick.left = pause
    return found
  }
}
