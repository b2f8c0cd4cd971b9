import { AppError } from '../../../shared/rpc/errors.ts'

const longestTurn = 12

/** Lets other requests and cancellations in between the steps of long work. */
export class Breath {
  readonly #signal: AbortSignal | undefined
  #since = performance.now()

  constructor(signal?: AbortSignal) {
    this.#signal = signal
  }

  /** Whether it is time to call {@link take}. */
  get isDue(): boolean {
    return performance.now() - this.#since > longestTurn
  }

  /** @throws AppError 'cancelled' after the signal. */
  async take(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve))
    if (this.#signal?.aborted) throw new AppError('cancelled', 'The operation was cancelled.')
    this.#since = performance.now()
  }
}
