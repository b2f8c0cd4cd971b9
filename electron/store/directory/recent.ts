/** Keeps the results that were used last. Work that fails or is cancelled is not kept. */
export class Recent<Value> {
  readonly #most: number
  readonly #entries = new Map<string, Promise<Value>>()

  /** @param most how many results are kept */
  constructor(most: number) {
    this.#most = most
  }

  get(key: string, make: () => Promise<Value>): Promise<Value> {
    const known = this.#entries.get(key)
    if (known) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known
    }
    const made = make()
    this.#entries.set(key, made)
    made.catch(() => {
      if (this.#entries.get(key) === made) this.#entries.delete(key)
    })
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > this.#most && oldest !== undefined) this.#entries.delete(oldest)
    return made
  }
}
