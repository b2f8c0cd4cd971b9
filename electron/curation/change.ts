import type { JobContext } from '../jobs/jobs.ts'
import type { ChangeKind } from '../../shared/contract/changes.ts'
import type { Metadata } from '../../shared/domain/metadata.ts'
import type { StoredRecord } from '../../shared/domain/record.ts'

/** A whole record at one moment. `vector` has the collection's dimension; null where the record has none that can be read. */
export interface RecordState extends StoredRecord {
  readonly vector: Float32Array | null
}

/** One record before and after; null where there is none then. `before` is what is expected, and checked before the first write. */
export interface RecordChange {
  readonly id: string
  readonly before: RecordState | null
  readonly after: RecordState | null
}

/** A collection without its records: all that is needed to make it again. Chroma gives a collection that is made again another id. */
export interface CollectionState {
  readonly id: string
  readonly tenant: string
  readonly database: string
  readonly name: string
  readonly metadata: Metadata | null
  /** JSON texts as the store has them. */
  readonly configuration: string | null
  readonly schema: string | null
  readonly dimension: number | null
}

/** A part of a change; parts are done in order, and taken back in the reverse order. */
export type ChangePart =
  | { readonly kind: 'records'; readonly collection: CollectionState; readonly changes: readonly RecordChange[] }
  /** `id` of the collection is unknown ('') until it was made. Records parts that follow name it by name. */
  | { readonly kind: 'create-collection'; readonly collection: CollectionState }
  /** Its records are deleted by parts before this one. */
  | { readonly kind: 'delete-collection'; readonly collection: CollectionState }
  | { readonly kind: 'modify-collection'; readonly before: CollectionState; readonly after: CollectionState }

/** A change that somebody asks for. Parts are taken one after the other, and each is on disk before the next is asked for. */
export interface ChangePlan {
  readonly kind: ChangeKind
  readonly title: string
  readonly rule: string | null
  readonly collectionId: string | null
  readonly collectionName: string | null
  readonly parts: AsyncIterable<ChangePart> | Iterable<ChangePart>
  /** About how many records it touches, where that is known beforehand. */
  readonly records?: number
  /** The state of the store (`Store.snapshot`) that every `before` is read from; left out where they come from elsewhere. */
  readonly readAt?: string
}

/** Carries plans out: see `Changes`. */
export interface ChangeRunner {
  /**
   * Writes down what was there, applies the plan, reads it back, and marks it done. Cancelling takes back what was applied.
   * @returns the id of the change in History.
   * @throws AppError 'forbidden' where the connection is not being edited, 'conflict' where a record is not as `before` says,
   * 'no-space' where History is full or the disk is, 'engine-failed', 'busy' while another change runs, 'cancelled'.
   */
  apply(connectionId: string, plan: ChangePlan, context: JobContext): Promise<string>
  /**
   * Takes a change back as a new change. Records that are no longer as the change left them stay as they are, unless their ids are in
   * `overwrite`.
   * @returns the id of the new change
   * @throws AppError 'not-found', 'conflict' where nothing can be taken back, and as `apply` does
   */
  undo(changeId: string, overwrite: readonly string[], context: JobContext): Promise<string>
  /** @throws AppError 'forbidden' where the connection is not being edited, 'busy' while another change of it runs */
  refuseUnchangeable(connectionId: string): void
}
