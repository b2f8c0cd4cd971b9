import type { CollectionRef } from '../../shared/contract/collections.ts'
import { collectionSubject } from '../../shared/contract/jobs.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { LookupLogs } from '../lookup-logs/lookup-logs.ts'
import type { OpenStores } from '../store/open-stores.ts'
import type { CleanupAnalyses } from './cleanup-analyses.ts'
import { neverHit } from './never-hit.ts'
import type { CleanupAnswer, CleanupQuestion } from './protocol.ts'
import type { ReviewFile } from './review-file.ts'

export interface CleanupOptions {
  readonly stores: OpenStores
  readonly jobs: Jobs
  readonly logs: LookupLogs
  readonly analyses: CleanupAnalyses
  readonly reviews: ReviewFile
}

/** A store that is written without pause is another one at every look. */
const mostAttempts = 5

type Asked = Extract<CleanupQuestion, { context: unknown }>

/** Looks for what could be cleaned up in a collection, under what people said. Nothing here changes a store. */
export class Cleanup {
  readonly #options: CleanupOptions

  constructor(options: CleanupOptions) {
    this.#options = options
  }

  /**
   * Asks about a collection. Work that takes long, as the first question does, shows as a job.
   * @throws AppError as reading the store does, 'invalid-input' for a rule that is asked for in another way, 'cancelled'
   */
  ask<Type extends Asked['type']>(
    ref: CollectionRef,
    type: Type,
    part: Omit<Extract<Asked, { type: Type }>, 'type' | 'context'>,
    signal: AbortSignal,
  ): Promise<CleanupAnswer<Type>> {
    const { jobs, analyses, stores, logs, reviews } = this.#options
    const purpose = { method: 'cleanup.findings', subject: collectionSubject(ref) }
    return jobs.follow({ title: 'Look for what could be cleaned up', purpose, signal }, async (job) => {
      for (let attempt = 1; ; attempt += 1) {
        const host = await analyses.get(ref, { signal: job.signal, onProgress: job.progress })
        const store = await stores.get(ref.connectionId, job.signal)
        const review = await reviews.review(ref)
        const context = { ...review, now: Date.now(), neverHit: await neverHit(store, ref, logs, job.signal) }
        const whole = { type, ...part, context } as unknown as Extract<CleanupQuestion, { type: Type }>
        try {
          return await host.ask<Type>(whole, { signal: job.signal, onProgress: job.progress })
        } catch (error) {
          // Another question found a newer state of the store, and what knew the older one was let go.
          const isLetGo = error instanceof AppError && error.code === 'cancelled' && !job.signal.aborted
          if (!isLetGo || attempt === mostAttempts) throw error
        }
      }
    })
  }
}
