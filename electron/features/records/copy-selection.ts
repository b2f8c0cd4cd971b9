import type { z } from 'zod'
import { maxCopiedRecords, maxPageSize, type records } from '../../../shared/contract/records.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { recordText } from '../../../shared/domain/record-text.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { Store } from '../../store/store.ts'
import { countPlaces } from './selected-ids.ts'

type CopyRequest = z.output<typeof records.copy.input>

function refuseTooMany({ ranges, ids }: CopyRequest['selection']): void {
  const asked = ids.length + countPlaces(ranges)
  if (asked <= maxCopiedRecords) return
  throw new AppError(
    'invalid-input',
    `${asked.toLocaleString('en')} records are selected, and at most ${maxCopiedRecords.toLocaleString('en')} can be copied at once.`,
    'Select fewer records, or narrow the filter first.',
  )
}

/**
 * The selected records as text: those of the ranges in the view's order, then those named by id.
 * @throws AppError 'invalid-input' for more than {@link maxCopiedRecords}, and as the store does.
 */
export async function copySelection(
  store: Store,
  { selection, format, columns }: CopyRequest,
  signal: AbortSignal,
): Promise<{ text: string; count: number }> {
  refuseTooMany(selection)
  const { view, ranges, ids } = selection
  const wanted = [...new Set([...(await store.idsAt(view, ranges, { signal })), ...ids])]
  const found = new Map<string, StoredRecord>()
  for (let at = 0; at < wanted.length; at += maxPageSize) {
    for (const record of await store.records(view.collectionId, wanted.slice(at, at + maxPageSize), { signal }))
      found.set(record.id, record)
  }
  const copied = wanted.flatMap((id) => found.get(id) ?? [])
  return { text: recordText(copied, format, columns), count: copied.length }
}
