import { isChanged, type StoreStamp, stampStore } from './store-stamp.ts'

const interval = 1500

/** Looks every now and then whether a store was changed; tells once. Reads a hundred bytes each time and takes no lock. */
export class StoreWatch {
  readonly #directory: string
  readonly #onChanged: () => void
  #since: StoreStamp
  #timer: NodeJS.Timeout
  #told = false

  constructor(directory: string, since: StoreStamp, onChanged: () => void) {
    this.#directory = directory
    this.#since = since
    this.#onChanged = onChanged
    this.#timer = setInterval(() => void this.look(), interval)
    this.#timer.unref()
  }

  /** Whether the store differs from the view that was taken. A store that cannot be reached now counts as changed. */
  async look(): Promise<boolean> {
    const since = this.#since
    const changed = await stampStore(this.#directory).then(
      (now) => isChanged(since, now),
      () => true,
    )
    if (changed && !this.#told && since === this.#since) {
      this.#told = true
      this.#onChanged()
    }
    return changed
  }

  /** A new view was taken. */
  restart(since: StoreStamp): void {
    this.#since = since
    this.#told = false
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
