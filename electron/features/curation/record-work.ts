import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { BulkOperation, BulkPreview, BulkSample, NewRecord, RecordEdit, Scope } from '../../../shared/contract/curation.ts'
import { collectionSubject } from '../../../shared/contract/jobs.ts'
import { addPlan } from '../../curation/plans/add-plan.ts'
import { assertState, titleOf, type BulkContext, type LocalOperation } from '../../curation/plans/bulk-change.ts'
import { bulkPlan } from '../../curation/plans/bulk-plan.ts'
import { bulkPreview, bulkSample } from '../../curation/plans/bulk-preview.ts'
import { copyPlans, copyPreview, copyState, type CopyContext } from '../../curation/plans/copy-plan.ts'
import { checkEdits, editPlan } from '../../curation/plans/edit-plan.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import { embedderOnce, startChange, type WorkParts } from './work-parts.ts'

type CopyOperation = Extract<BulkOperation, { kind: 'copy' }>

interface BulkRequest {
  readonly scope: Scope
  readonly operation: BulkOperation
  /** Of the preview that the person saw. */
  readonly state: string
  readonly rule: string | null
}

/** Changes of records: looked at beforehand, then carried out as jobs whose results are ids of changes. */
export class RecordWork {
  readonly #parts: WorkParts

  constructor(parts: WorkParts) {
    this.#parts = parts
  }

  async check(ref: CollectionRef, edits: readonly RecordEdit[], signal: AbortSignal): Promise<{ id: string; reason: string }[]> {
    const context = { ...(await this.#context(ref, signal)), progress: () => undefined }
    return (await checkEdits(context, edits)).map(({ id, reason }) => ({ id, reason }))
  }

  edit(ref: CollectionRef, edits: readonly RecordEdit[]): { jobId: string } {
    const title = edits.length === 1 ? 'Edit a record' : `Edit ${edits.length} records`
    return startChange(this.#parts, { title, method: 'edit', ref }, async ({ signal, progress }) =>
      editPlan({ ...(await this.#context(ref, signal)), progress }, edits),
    )
  }

  add(ref: CollectionRef, records: readonly NewRecord[]): { jobId: string } {
    const title = records.length === 1 ? 'Add a record' : `Add ${records.length} records`
    return startChange(this.#parts, { title, method: 'add', ref }, async ({ signal, progress }) =>
      addPlan({ ...(await this.#context(ref, signal)), progress }, records),
    )
  }

  /** What an operation would do; shown as a job where it takes longer. */
  preview(ref: CollectionRef, scope: Scope, operation: BulkOperation, signal: AbortSignal): Promise<BulkPreview> {
    const purpose = { method: 'curation.preview', subject: collectionSubject(ref) }
    return this.#parts.jobs.follow({ title: `Preview: ${titleOf(operation)}`, purpose, signal }, async (context) => {
      context.progress('Reading records', 0, null)
      if (operation.kind === 'copy') return copyPreview(await this.#copyContext(ref, operation, context.signal), scope)
      return bulkPreview(await this.#context(ref, context.signal), scope, operation)
    })
  }

  async sample(ref: CollectionRef, scope: Scope, operation: BulkOperation, signal: AbortSignal): Promise<BulkSample | null> {
    return operation.kind === 'copy' ? null : bulkSample(await this.#context(ref, signal), scope, operation)
  }

  apply(ref: CollectionRef, request: BulkRequest): { jobId: string } {
    const { operation } = request
    const purpose = { method: 'curation.apply', subject: collectionSubject(ref) }
    const work = (job: JobContext): Promise<string> =>
      operation.kind === 'copy' ? this.#copy(ref, request, operation, job) : this.#change(ref, request, operation, job)
    return { jobId: this.#parts.jobs.start(titleOf(operation), work, purpose) }
  }

  async #change(ref: CollectionRef, { scope, state, rule }: BulkRequest, operation: LocalOperation, job: JobContext): Promise<string> {
    const context = await this.#context(ref, job.signal)
    assertState(state, await context.store.snapshot())
    const plan = await bulkPlan({ ...context, progress: job.progress }, scope, operation, rule)
    let isDone = false
    try {
      const changeId = await this.#parts.changes.apply(ref.connectionId, plan, job)
      isDone = true
      return changeId
    } finally {
      if (operation.kind === 'embed') await (await context.embedder()).finish(isDone)
    }
  }

  async #copy(ref: CollectionRef, { scope, state, rule }: BulkRequest, operation: CopyOperation, job: JobContext): Promise<string> {
    const { changes } = this.#parts
    const context = { ...(await this.#copyContext(ref, operation, job.signal)), progress: job.progress }
    assertState(state, await copyState(context))
    const { add, remove } = await copyPlans(context, scope, rule)
    if (remove) changes.refuseUnchangeable(ref.connectionId)
    const changeId = await changes.apply(operation.to.connectionId, add, job)
    try {
      if (remove) await changes.apply(ref.connectionId, remove, job)
    } catch (error) {
      await this.#takeBackCopy(changeId, job)
      throw error
    }
    return changeId
  }

  /** Records that could not be removed here are not to be in two stores. */
  async #takeBackCopy(changeId: string, { progress }: JobContext): Promise<void> {
    try {
      await this.#parts.changes.undo(changeId, [], { progress, signal: new AbortController().signal })
    } catch (cause) {
      throw new AppError(
        'conflict',
        'The records were copied, but could not be removed here; they are in both stores now.',
        'Undo the copy in the History of the other store, or delete the records here.',
        { cause },
      )
    }
  }

  async #context(ref: CollectionRef, signal: AbortSignal): Promise<BulkContext> {
    const store = await this.#parts.stores.get(ref.connectionId, signal)
    return { store, ref, embedder: embedderOnce(this.#parts, ref, signal), signal }
  }

  async #copyContext(ref: CollectionRef, { to, move, existing }: CopyOperation, signal: AbortSignal): Promise<CopyContext> {
    const { stores } = this.#parts
    const [from, target] = await Promise.all([stores.get(ref.connectionId, signal), stores.get(to.connectionId, signal)])
    return { from: { store: from, ref }, to: { store: target, ref: to }, move, existing, signal }
  }
}
