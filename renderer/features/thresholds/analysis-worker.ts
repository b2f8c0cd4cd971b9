import type { Evidence } from '../../../shared/domain/thresholds/evidence.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { LabSettings } from '../../lib/thresholds-search.ts'
import { analysisReplySchema, type AnalysisReply, type AnalysisRequest } from './analysis-messages.ts'

type Kind = AnalysisReply['kind']
type ReplyOf<K extends Kind> = Extract<AnalysisReply, { kind: K }>

interface Waiting {
  readonly settle: (reply: AnalysisReply) => void
  readonly fail: (error: Error) => void
}

/** The statistics of one evidence, computed aside so that the page stays quick. */
export class AnalysisWorker {
  readonly #worker = new Worker(new URL('./analysis.worker.ts', import.meta.url), { type: 'module' })
  readonly #waiting = new Map<number, Waiting>()
  #requests = 0

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const reply = analysisReplySchema.parse(data)
      this.#waiting.get(reply.request)?.settle(reply)
      this.#waiting.delete(reply.request)
    })
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault()
      for (const { fail } of this.#waiting.values())
        fail(new AppError('internal', `The statistics could not be computed: ${event.message}`, 'Choose the evidence anew.'))
      this.#waiting.clear()
    })
  }

  /** Hands over what the next requests are about. */
  setEvidence(evidence: Evidence): void {
    this.#post({ kind: 'evidence', evidence })
  }

  /** Never settles where the worker was ended before. */
  async ask<K extends Kind>(kind: K, settings: LabSettings): Promise<ReplyOf<K>> {
    this.#requests += 1
    const request = this.#requests
    const reply = await new Promise<AnalysisReply>((settle, fail) => {
      this.#waiting.set(request, { settle, fail })
      this.#post({ kind, request, settings })
    })
    if (reply.kind !== kind) throw new AppError('internal', 'The worker of the statistics answered another question.')
    return reply as ReplyOf<K>
  }

  end(): void {
    this.#worker.terminate()
  }

  #post(message: AnalysisRequest): void {
    this.#worker.postMessage(message)
  }
}
