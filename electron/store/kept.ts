import { AppError } from '../../shared/rpc/errors.ts'

export interface KeptOptions<Value> {
  /** Most answers that are kept. */
  readonly most: number
  /** Most that they may weigh together; the newest stays even where it alone weighs more. */
  readonly mostSize?: number
  readonly sizeOf?: (value: Value) => number
  /** Told of every answer that is no longer kept. Somebody may still use it. */
  readonly onDropped?: (value: Value) => void
}

interface Entry<Value> {
  readonly value: Promise<Value>
  size: number
}

/** Keeps the most recently used answers. A failed one is forgotten at once, and asked for again where another caller had cancelled it. */
export class Kept<Value> {
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #options: KeptOptions<Value>

  constructor(options: KeptOptions<Value>) {
    this.#options = options
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  async get(key: string, signal: AbortSignal | undefined, make: () => Promise<Value>): Promise<Value> {
    for (;;) {
      const entry = this.#entries.get(key) ?? { value: make(), size: 0 }
      this.#use(key, entry)
      try {
        const value = await entry.value
        entry.size = this.#options.sizeOf?.(value) ?? 0
        this.#shrink()
        return value
      } catch (error) {
        if (this.#entries.get(key) === entry) this.#entries.delete(key)
        const cancelledByOther = error instanceof AppError && error.code === 'cancelled' && !signal?.aborted
        if (!cancelledByOther) throw error
      }
    }
  }

  /** Forgets the answers whose key `isMeant`. */
  drop(isMeant: (key: string) => boolean): void {
    for (const [key, entry] of this.#entries) {
      if (!isMeant(key)) continue
      this.#entries.delete(key)
      const { onDropped } = this.#options
      if (onDropped) entry.value.then(onDropped, () => undefined)
    }
  }

  clear(): void {
    this.drop(() => true)
  }

  #use(key: string, entry: Entry<Value>): void {
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    this.#shrink()
  }

  #shrink(): void {
    const { most, mostSize = Infinity } = this.#options
    let size = [...this.#entries.values()].reduce((sum, entry) => sum + entry.size, 0)
    let count = this.#entries.size
    for (const [key, entry] of this.#entries) {
      if (count <= 1 || (count <= most && size <= mostSize)) break
      count -= 1
      size -= entry.size
      this.drop((other) => other === key)
    }
  }
}
