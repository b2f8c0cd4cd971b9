import type { BulkOperation } from '../../../shared/contract/curation.ts'
import { formatQuantity } from '../../lib/format.ts'

/** The words on the button that applies an operation to a number of records, and what is said afterwards. */
export function bulkWords(operation: BulkOperation, count: number): { readonly button: string; readonly done: string } {
  const records = formatQuantity(count, 'record')
  const documents = formatQuantity(count, 'document')
  switch (operation.kind) {
    case 'delete':
      return { button: `Delete ${records}`, done: `${records} deleted.` }
    case 'embed':
      return { button: `Embed ${documents} again`, done: `${documents} embedded again.` }
    case 'normalise':
      return { button: `Normalise ${formatQuantity(count, 'vector')}`, done: `${formatQuantity(count, 'vector')} normalised.` }
    case 'copy':
      return operation.move
        ? { button: `Move ${records}`, done: `${records} moved.` }
        : { button: `Copy ${records}`, done: `${records} copied.` }
    default:
      return { button: `Change ${records}`, done: `${records} changed.` }
  }
}

/** What an operation does to vectors, in a few words; null where they stay and still fit. */
export function vectorWords(operation: BulkOperation): string | null {
  if (operation.kind === 'embed') return 'made anew from the document'
  if (operation.kind === 'normalise') return 'brought to norm 1, in its direction'
  if (operation.kind !== 'replace' || operation.key !== null) return null
  return operation.vector === 'embed' ? 'made anew from the document' : 'kept, although the document differs'
}
