import type { DensityView } from './density-picture.ts'
import type { PointIndex } from './point-index.ts'
import { scatterReplySchema, type ScatterReply, type ScatterRequest } from './scatter-messages.ts'

export interface Picture {
  /** Rows from the top, 4 bytes a pixel, colours multiplied by their alpha. */
  readonly pixels: Uint8Array<ArrayBuffer>
  readonly width: number
  readonly height: number
}

type Plain<T> = T extends unknown ? Omit<T, 'request'> : never

/** The view's worker: it keeps a copy of the points, paints them whole and builds their index. */
export class PointWorker {
  readonly #worker = new Worker(new URL('./scatter.worker.ts', import.meta.url), { type: 'module' })
  readonly #waiting = new Map<number, (reply: ScatterReply) => void>()
  #requests = 0

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const reply = scatterReplySchema.parse(data)
      this.#waiting.get(reply.request)?.(reply)
      this.#waiting.delete(reply.request)
    })
  }

  /** Hands over what the next requests are about. */
  send(message: Exclude<ScatterRequest, { request: number }>): void {
    this.#worker.postMessage(message)
  }

  /** Never settles where the worker was ended before. */
  async paint(view: DensityView): Promise<Picture> {
    const reply = await this.#ask({ kind: 'paint', view })
    if (reply.kind !== 'picture') throw new Error('The worker of the map answered with something else than a picture.')
    return reply
  }

  /** Null where no point is placed. */
  async index(): Promise<PointIndex | null> {
    const reply = await this.#ask({ kind: 'index' })
    return reply.kind === 'index' ? reply.index : null
  }

  end(): void {
    this.#worker.terminate()
  }

  #ask(message: Plain<Extract<ScatterRequest, { request: number }>>): Promise<ScatterReply> {
    this.#requests += 1
    const request = this.#requests
    return new Promise((resolve) => {
      this.#waiting.set(request, resolve)
      this.#worker.postMessage({ ...message, request })
    })
  }
}
