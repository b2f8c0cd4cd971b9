import { log } from '../platform/log.ts'
import type { VectorBlock } from './vector-block.ts'
import { WorkerPool } from './worker-pool.ts'

/** Has the pivots of blocks made in the background, one block after the other, by a worker that ends with its work. */
export class PivotWork {
  readonly #place: number
  readonly #made = new WeakMap<VectorBlock, Promise<void>>()
  #last: Promise<void> = Promise.resolve()
  #pool: WorkerPool | null = null
  #closed = false

  /** @param place the part of the blocks' scratch room that is meant for this */
  constructor(place: number) {
    this.#place = place
  }

  /** Begins where that was not done before. Resolves when the block has its pivots, or will never have any. */
  make(block: VectorBlock): Promise<void> {
    const known = this.#made.get(block)
    if (known) return known
    const made = block.layout.pivots === 0 ? Promise.resolve() : this.#last.then(() => this.#make(block))
    this.#made.set(block, made)
    this.#last = made
    return made
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#pool?.close()
  }

  async #make({ key, memory, layout }: VectorBlock): Promise<void> {
    if (this.#closed) return
    const pool = new WorkerPool(1, this.#place)
    this.#pool = pool
    try {
      await pool.run(0, { type: 'pivots', block: { key, shared: { memory, layout } } })
    } catch (error) {
      // Searches read every row then.
      if (!this.#closed) log.warn('Searches in a collection cannot be made faster', error)
    } finally {
      this.#pool = null
      await pool.close()
    }
  }
}
