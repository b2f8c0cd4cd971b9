import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { BulkOperation } from '../../../shared/contract/curation.ts'
import { changeRecord, type RecordOutcome } from '../../../shared/domain/curation/change-record.ts'
import { unitVector, type VectorOutcome } from '../../../shared/domain/curation/unit-vector.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { Store } from '../../store/store.ts'
import { metadataRules } from './metadata-rules.ts'
import type { RecordEmbedder } from './record-embedder.ts'

/** Everything but copying, which concerns two collections. */
export type LocalOperation = Exclude<BulkOperation, { kind: 'copy' }>

export interface BulkContext {
  readonly store: Store
  readonly ref: CollectionRef
  /** Asked for only where the operation needs it. */
  readonly embedder: () => Promise<RecordEmbedder>
  readonly signal: AbortSignal
}

/** What becomes of a record, without its vector; `deleted` where nothing does. */
type BulkOutcome = RecordOutcome | { readonly kind: 'deleted' }

export interface BulkChange {
  readonly outcome: (record: StoredRecord) => BulkOutcome
  /** Makes vectors anew; null where all stay. */
  readonly embedder: RecordEmbedder | null
  /** Else a record whose text is the same before and after keeps its vector. */
  readonly embedsAll: boolean
  /** What becomes of a vector where the operation is about nothing else; null where it is about texts or metadata. */
  readonly rescale: ((vector: Float32Array | null) => VectorOutcome) | null
}

const withoutText: RecordOutcome = { kind: 'refused', reason: 'It has no text that a vector could be made of.' }

/**
 * An operation as a function of one record.
 * @throws AppError 'invalid-input' where no record could be changed so, and as the embedder does where one is needed.
 */
export async function bulkChange({ store, embedder }: BulkContext, operation: LocalOperation): Promise<BulkChange> {
  switch (operation.kind) {
    case 'delete':
      return { outcome: () => ({ kind: 'deleted' }), embedder: null, embedsAll: false, rescale: null }
    case 'normalise':
      return { outcome: () => ({ kind: 'same' }), embedder: null, embedsAll: false, rescale: unitVector }
    case 'embed': {
      const maker = await embedder()
      const outcome = (record: StoredRecord): RecordOutcome => (maker.textOf(record) === null ? withoutText : { kind: 'changed', record })
      return { outcome, embedder: maker, embedsAll: true, rescale: null }
    }
    default: {
      const change = changeRecord(operation, await metadataRules(store))
      const maker = operation.kind === 'replace' && operation.vector === 'embed' ? await embedder() : null
      if (maker === null) return { outcome: change, embedder: null, embedsAll: false, rescale: null }
      const outcome = (record: StoredRecord): RecordOutcome => {
        const changed = change(record)
        return changed.kind === 'changed' && maker.textOf(changed.record) === null && maker.textOf(record) !== null ? withoutText : changed
      }
      return { outcome, embedder: maker, embedsAll: false, rescale: null }
    }
  }
}

/** What an operation does, for History. */
export function titleOf(operation: BulkOperation): string {
  const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
  switch (operation.kind) {
    case 'delete':
      return 'Delete records'
    case 'set':
      return `Set ${quoted(operation.key)}`
    case 'remove':
      return `Remove ${quoted(operation.key)}`
    case 'rename':
      return `Rename ${quoted(operation.key)} to ${quoted(operation.to)}`
    case 'convert':
      return `Convert ${quoted(operation.key)} to ${operation.to}`
    case 'replace':
      return `Replace ${quoted(operation.find)} in ${operation.key === null ? 'documents' : quoted(operation.key)}`
    case 'embed':
      return 'Embed again'
    case 'normalise':
      return 'Normalise vectors'
    case 'copy':
      return operation.move ? 'Move records' : 'Copy records'
  }
}

/** @throws AppError 'stale' where a store was read anew since a preview, so that its figures may no longer hold */
export function assertState(before: string, now: string): void {
  if (before === now) return
  throw new AppError('stale', 'The store was read anew since the preview was made.', 'Look at the preview again, then apply it.')
}
