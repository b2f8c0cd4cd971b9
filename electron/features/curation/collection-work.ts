import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { Metadata } from '../../../shared/domain/metadata.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import {
  createPlan,
  deletePlan,
  modifyPlan,
  type CollectionContext,
  type NewCollectionRequest,
} from '../../curation/plans/collection-plans.ts'
import { copyPlans } from '../../curation/plans/copy-plan.ts'
import { duplicatePlan } from '../../curation/plans/duplicate-plan.ts'
import { RecordEmbedder } from '../../curation/plans/record-embedder.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import { startChange, type WorkParts } from './work-parts.ts'

interface DuplicateRequest {
  readonly name: string
  readonly embed: boolean
  /** Null for the one that is chosen for the collection. */
  readonly embedderId: string | null
}

/** Changes of whole collections, as jobs whose results are ids of changes. */
export class CollectionWork {
  readonly #parts: WorkParts

  constructor(parts: WorkParts) {
    this.#parts = parts
  }

  create(connectionId: string, request: NewCollectionRequest, embedderId: string | null): { jobId: string } {
    const { jobs, changes } = this.#parts
    const work = async (job: JobContext): Promise<string> => {
      const context = await this.#context(connectionId, job)
      const changeId = await changes.apply(connectionId, await createPlan(context, request), job)
      if (embedderId !== null) await this.#choose(context, connectionId, request, embedderId)
      return changeId
    }
    return { jobId: jobs.start(`Create ${request.name}`, work, { method: 'curation.createCollection', subject: connectionId }) }
  }

  modify(ref: CollectionRef, request: { name?: string | undefined; metadata?: Metadata | undefined }): { jobId: string } {
    return startChange(this.#parts, { title: 'Edit a collection', method: 'modifyCollection', ref }, async (job) =>
      modifyPlan(await this.#context(ref.connectionId, job), ref, request),
    )
  }

  duplicate(ref: CollectionRef, { name, embed, embedderId }: DuplicateRequest): { jobId: string } {
    const { jobs, changes } = this.#parts
    const { connectionId, collectionId } = ref
    const work = async (job: JobContext): Promise<string> => {
      const context = await this.#context(connectionId, job)
      const embedder = embed ? await this.#embedderFor(ref, embedderId, job.signal) : null
      let isDone = false
      try {
        const changeId = await changes.apply(connectionId, await duplicatePlan(context, ref, name, embedder), job)
        isDone = true
        const { tenant, database } = (await context.store.detail(collectionId, { signal: job.signal })).summary
        if (embedder) await this.#choose(context, connectionId, { tenant, database, name }, embedder.info.id)
        return changeId
      } finally {
        await embedder?.finish(isDone)
      }
    }
    return { jobId: jobs.start(`Duplicate as ${name}`, work, { method: 'curation.duplicateCollection', subject: connectionId }) }
  }

  merge(ref: CollectionRef, from: CollectionRef, existing: 'leave' | 'overwrite'): { jobId: string } {
    return startChange(this.#parts, { title: 'Merge collections', method: 'mergeCollection', ref }, async ({ signal, progress }) => {
      const { stores } = this.#parts
      const [source, target] = await Promise.all([stores.get(from.connectionId, signal), stores.get(ref.connectionId, signal)])
      const ends = { from: { store: source, ref: from }, to: { store: target, ref } }
      const { add } = await copyPlans({ ...ends, move: false, existing, signal, progress }, { kind: 'filter', filter: noFilter }, null)
      return add
    })
  }

  delete(ref: CollectionRef): { jobId: string } {
    return startChange(this.#parts, { title: 'Delete a collection', method: 'deleteCollection', ref }, async (job) =>
      deletePlan(await this.#context(ref.connectionId, job), ref),
    )
  }

  async #context(connectionId: string, { signal, progress }: JobContext): Promise<CollectionContext> {
    return { store: await this.#parts.stores.get(connectionId, signal), signal, progress }
  }

  #embedderFor(ref: CollectionRef, embedderId: string | null, signal: AbortSignal): Promise<RecordEmbedder> {
    return embedderId === null
      ? RecordEmbedder.ofCollection(this.#parts, ref, signal)
      : RecordEmbedder.forCopyOf(this.#parts, ref, embedderId, signal)
  }

  /** Makes an embedder the one of a collection that was just made, and compares what it makes with what is stored. */
  async #choose(
    { store, signal }: CollectionContext,
    connectionId: string,
    made: { readonly tenant: string; readonly database: string; readonly name: string },
    embedderId: string,
  ): Promise<void> {
    const { tenants } = await store.catalog({ signal })
    const databases = tenants.find(({ name }) => name === made.tenant)?.databases
    const found = databases?.find(({ name }) => name === made.database)?.collections.find(({ name }) => name === made.name)
    if (!found) return
    const ref = { connectionId, collectionId: found.id }
    await this.#parts.embedders.choose(ref, embedderId, signal)
    if ((found.count ?? 0) > 0) await this.#parts.embedders.checkParity(ref, embedderId, signal)
  }
}
