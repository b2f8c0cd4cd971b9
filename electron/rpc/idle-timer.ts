/** Calls `onIdle` once nobody has been there for a while. Time starts with the timer; 0 or less means never. */
export class IdleTimer {
  readonly #milliseconds: number
  readonly #onIdle: () => void
  #timer: NodeJS.Timeout | null = null

  constructor(milliseconds: number, onIdle: () => void) {
    this.#milliseconds = milliseconds
    this.#onIdle = onIdle
    this.present(0)
  }

  /** How many are there now. */
  present(count: number): void {
    this.stop()
    if (count === 0 && this.#milliseconds > 0) this.#timer = setTimeout(this.#onIdle, this.#milliseconds)
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }
}
