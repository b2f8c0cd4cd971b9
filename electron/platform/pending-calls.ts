import { AppError } from '../../shared/rpc/errors.ts'

interface Pending<Value, Heard> {
  readonly resolve: (value: Value) => void
  readonly reject: (error: unknown) => void
  readonly onHeard: ((heard: Heard) => void) | undefined
}

export interface PendingCallOptions<Heard> {
  readonly signal?: AbortSignal | undefined
  /** Hears of what is told before the answer, such as progress. */
  readonly onHeard?: ((heard: Heard) => void) | undefined
  /** The signal came; the call is rejected as cancelled whatever the other side makes of it. */
  readonly onAbort?: (id: number) => void
}

export function cancelled(): AppError {
  return new AppError('cancelled', 'The operation was cancelled.')
}

/** Calls to a worker that wait for their answers, told apart by numbers. */
export class PendingCalls<Value, Heard = never> {
  readonly #pending = new Map<number, Pending<Value, Heard>>()
  #lastId = 0

  /**
   * Sends a call under a new number and waits for its answer.
   * @throws AppError 'cancelled' after the signal, and whatever the call is rejected with
   */
  async ask(send: (id: number) => void, { signal, onHeard, onAbort }: PendingCallOptions<Heard> = {}): Promise<Value> {
    if (signal?.aborted) throw cancelled()
    this.#lastId += 1
    const id = this.#lastId
    const abort = (): void => {
      onAbort?.(id)
      this.reject(id, cancelled())
    }
    try {
      return await new Promise<Value>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject, onHeard })
        signal?.addEventListener('abort', abort, { once: true })
        send(id)
      })
    } finally {
      this.#pending.delete(id)
      signal?.removeEventListener('abort', abort)
    }
  }

  tell(id: number, heard: Heard): void {
    this.#pending.get(id)?.onHeard?.(heard)
  }

  resolve(id: number, value: Value): void {
    this.#pending.get(id)?.resolve(value)
  }

  reject(id: number, error: unknown): void {
    this.#pending.get(id)?.reject(error)
  }

  rejectAll(error: unknown): void {
    for (const { reject } of this.#pending.values()) reject(error)
  }
}
