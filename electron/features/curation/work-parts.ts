import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { collectionSubject } from '../../../shared/contract/jobs.ts'
import type { ChangePlan, ChangeRunner } from '../../curation/change.ts'
import { RecordEmbedder, type RecordEmbedderOptions } from '../../curation/plans/record-embedder.ts'
import type { JobContext, Jobs } from '../../jobs/jobs.ts'
import type { OpenStores } from '../../store/open-stores.ts'

export interface WorkParts extends RecordEmbedderOptions {
  readonly stores: OpenStores
  readonly jobs: Jobs
  readonly changes: ChangeRunner
}

/** The embedder of a collection, opened once and only where it is asked for. */
export function embedderOnce(parts: RecordEmbedderOptions, ref: CollectionRef, signal: AbortSignal): () => Promise<RecordEmbedder> {
  let opened: Promise<RecordEmbedder> | null = null
  return () => (opened ??= RecordEmbedder.ofCollection(parts, ref, signal))
}

/** Starts a job that makes a plan and carries it out; its result is the id of the change. */
export function startChange(
  { jobs, changes }: Pick<WorkParts, 'jobs' | 'changes'>,
  { title, method, ref }: { readonly title: string; readonly method: string; readonly ref: CollectionRef },
  plan: (context: JobContext) => Promise<ChangePlan>,
): { jobId: string } {
  const purpose = { method: `curation.${method}`, subject: collectionSubject(ref) }
  return { jobId: jobs.start(title, async (context) => changes.apply(ref.connectionId, await plan(context), context), purpose) }
}
